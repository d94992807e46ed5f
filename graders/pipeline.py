"""The way of one submission: read, run, probe, measure, mark, record, report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from graders.edits import effective, with_edits
from graders.errors import UsageError
from graders.grading import (
    Marked,
    Setting,
    Work,
    average,
    make_record,
    mark_work,
    run_submission,
    scored_arrays,
)
from graders.model import Course, Language, Record, Submission
from graders.report import class_report, student_report
from graders.report.alike import AlikeGroup
from graders.sandbox import Progress
from graders.store import class_path, read_record, read_records, report_path, write_record, write_text

Report = Callable[[Progress], None]


def grade_submission(
    setting: Setting,
    submission: Submission,
    progress: Report,
    *,
    rerun_borderline: bool = False,
    inputs: Mapping[str, str] | None = None,
) -> tuple[Record, Work]:
    """Runs, measures and marks one submission; writes nothing. `inputs` are further hashes of the record."""
    began = monotonic()
    work, marked = _mark(setting, submission, progress)
    if rerun_borderline and any(mark.status == "borderline" for mark in marked.marks):
        _, again = _mark(replace(setting, seed=setting.seed + 1), submission, progress)
        marked = average(setting, marked, again)
    return make_record(work, marked, inputs, round(monotonic() - began, 2)), work


def _mark(setting: Setting, submission: Submission, progress: Report) -> tuple[Work, Marked]:
    work = run_submission(setting, submission, progress)
    return work, mark_work(work)


def write_graded(out: Path, setting: Setting, record: Record, work: Work, language: Language) -> Path:
    """Writes the report, the predictions that were scored and, last, the record that vouches for both.

    What people changed in the record before it is kept: an edit holds for the text that it was made of.

    Returns:
        The report.
    """
    before = read_record(out, record.student, record.assignment)
    record = with_edits(record, before.edits if before is not None else ())
    report = write_report(out, setting.course, record, language)
    write_record(out, record, scored_arrays(work))
    return report


def write_report(out: Path, course: Course, record: Record, language: Language) -> Path:
    """Writes the student's report from a record; returns its path.

    Raises:
        UsageError: the course has no such assignment.
    """
    assignment = course.assignment(record.assignment)
    if assignment is None:
        raise UsageError(f"the record of {record.student} is of {record.assignment}, which this course lacks")
    path = report_path(out, record.student, record.assignment)
    write_text(path, student_report(effective(record), assignment, course, language))
    return path


def write_class(
    out: Path, course: Course, language: Language, records: Sequence[Record] | None = None
) -> Path:
    """Writes the page of the whole class; returns its path. Without `records` it reads those of `out`."""
    if records is None:
        records, _ = read_records(out)
    path = class_path(out)
    shown = [effective(record) for record in records]
    write_text(path, class_report(shown, course, language, _alike(shown, course)))
    return path


def _alike(records: Sequence[Record], course: Course) -> dict[str, tuple[AlikeGroup, ...]]:
    """By assignment, theory answers that are nearly the same."""
    if len(records) < 2:
        return {}
    from graders.review.alike import alike_answers

    return {assignment.slug: alike_answers(records, assignment) for assignment in course.assignments}
