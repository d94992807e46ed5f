"""Puts marks, run and provenance into one record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from graders.course import assignment_hash, calibration_hash, data_hash
from graders.grading.marking import Marked
from graders.grading.refused import told
from graders.grading.versions import versions
from graders.grading.work import Work
from graders.model import Flag, Mark, Message, Record, Run
from graders.sandbox import other_kernel
from graders.score import totals


def make_record(
    work: Work, marked: Marked, inputs: Mapping[str, str] | None = None, seconds: float = 0.0
) -> Record:
    """The record of one graded submission.

    Args:
        work: what came in and what came out.
        marked: its marks.
        inputs: further hashes, of `graders.grading.inputs`; a record without them is graded again.
        seconds: of wall clock that grading took in all.
    """
    setting, submission = work.setting, work.submission
    earned, provisional, possible = totals(marked.marks)
    record = Record(
        student=submission.student,
        assignment=submission.slug,
        profile=setting.profile,
        public=setting.public,
        sample_secret=setting.course.sample_secret,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        status=_status(work, marked.marks),
        earned=earned,
        provisional=provisional,
        possible=possible,
        run=work.run,
        seconds=seconds,
        marks=marked.marks,
        claims=marked.claims,
        flags=marked.flags,
        checkpoints=marked.checkpoints,
        notes=(*submission.notes, *notes_of(work), *_refused(work.run, marked.flags)),
        versions=versions(setting.course.runtime, other_kernel(work.run.kernel_note)),
        hashes={
            "notebook": submission.notebook_sha256,
            "assignment": assignment_hash(setting.assignment),
            "calibration": calibration_hash(setting.assignment),
            "data": data_hash(setting.assignment, setting.profile),
            **(inputs or {}),
        },
    )
    return _writable(record)


def _refused(run: Run, flags: Sequence[Flag]) -> Iterator[Message]:
    """What was refused and kept nothing from being judged, so that there is no flag for it."""
    flagged = [flag.message for flag in flags]
    return (message for message in told(run) if message not in flagged)


def notes_of(work: Work) -> tuple[Message, ...]:
    """What is said of how the notebooks were run; each thing once."""
    found = [note for part in (work, *work.parts) for note in part.notes]
    return tuple(note for place, note in enumerate(found) if note not in found[:place])


def _writable(record: Record) -> Record:
    """The record with half surrogate pairs, which a student may have put anywhere, replaced by `?`."""
    text = json.dumps(record.model_dump(by_alias=True), ensure_ascii=False)
    return Record.model_validate_json(text.encode("utf-8", "replace"))


def _status(work: Work, marks: tuple[Mark, ...]) -> Literal["graded", "needs_review", "ungradable"]:
    if work.run.status in ("unreadable", "unsupported", "infrastructure"):
        return "ungradable"
    if any(mark.status in ("not_run", "needs_review") for mark in marks):
        return "needs_review"
    return "graded"
