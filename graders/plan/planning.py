"""The plan of a class: what is known of each submission, how fast this machine is, what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from statistics import median

from graders.grading import decide, declared_seconds, submission_hash
from graders.index import Index
from graders.model import Limits, Mode, Profile, Record
from graders.plan.budgets import HOST_SECONDS, Planned, planned
from graders.plan.estimating import Known, loop_seconds
from graders.plan.lessons import Lesson
from graders.plan.looking import Looked, estimated, look, told_seconds
from graders.store import read_record
from graders.submissions import Found, student_name

LEAST_RUNS = 3
"""Runs of a lesson from which its pace is taken; of all lessons together twice as many."""
LARGEST_LOOKED = 5 * 2**20
"""Bytes of a notebook that is read only to find its place in the order of work."""
MOST_CLASS = 100
"""Records of a lesson that are read for the median of the class."""
RAN = ("completed", "cell_error", "timed_out")
"""Ends of a run that say how long one takes."""


ClassTimes = Callable[[str], Mapping[str, float]]
"""By lesson, what is known of the class: seconds by student."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is made of, besides the submissions."""

    out: Path
    """Folder of earlier records."""
    lessons: Mapping[str, Lesson]
    limits: Mapping[str, Limits]
    profiles: Mapping[str, Profile]
    modes: Mapping[str, Mode]
    on_gpu: bool


def plan(found: Sequence[Found], asked: Asked, index: Index) -> list[Planned]:
    """Every submission beside its budget, in the order in which they were found."""
    slugs = list(asked.lessons)
    seen = [
        look(
            one, asked.lessons[one.slug], asked.limits[one.slug], [slug for slug in slugs if slug != one.slug]
        )
        for one in found
    ]
    known = [known_of(one, asked, index) for one in found]
    paces = paces_of(seen, known, asked.lessons)
    times = cache(partial(class_times, index, asked))
    return [
        _planned(looked, replace(one, pace=paces.get(looked.slug)), asked, times)
        for looked, one in zip(seen, known, strict=True)
    ]


def _planned(looked: Looked, known: Known, asked: Asked, times: ClassTimes) -> Planned:
    lesson, limits = asked.lessons[looked.slug], asked.limits[looked.slug]
    found = estimated(looked, lesson, known, on_gpu=asked.on_gpu)
    if found.kind in ("reference", "unknown"):
        others = tuple(
            seconds for student, seconds in times(looked.slug).items() if student != looked.student
        )
        found = estimated(looked, lesson, replace(known, class_seconds=others), on_gpu=asked.on_gpu)
    weights = bool(looked.brought) and all(one.usable for one in looked.brought)
    checkpoint = weights and _from_weights(looked, asked)
    if checkpoint:
        found = estimated(looked, lesson, known, on_gpu=asked.on_gpu, checkpoint=True)
    own, host = (lesson.own_seconds if looked.own else 0.0), HOST_SECONDS
    if known.besides is not None:
        own, host = (known.besides, 0.0) if looked.own else (0.0, known.besides)
    return planned(
        looked.student,
        looked.slug,
        found,
        limits,
        notebooks=len(looked.brought),
        weights=weights,
        checkpoint=checkpoint,
        own_seconds=own,
        host_seconds=host,
    )


def _from_weights(looked: Looked, asked: Asked) -> bool:
    """Whether `grade` will score the weights of every notebook in place of its training."""
    mode, budget = asked.modes[looked.slug], asked.limits[looked.slug].total_seconds
    told = told_seconds(looked, asked.lessons[looked.slug], budget, on_gpu=asked.on_gpu)
    return all(
        decide(mode, one, budget, estimate=told, declared=declared_seconds(one.curve)).mode == "checkpoint"
        for one in looked.brought
    )


def known_of(found: Found, asked: Asked, index: Index) -> Known:
    """What a submission's own record says; nothing where it is of another profile, or of no training here."""
    student = student_name(found.folder)
    record = read_record(asked.out, student, found.slug) if index.row(student, found.slug) else None
    if record is None or not _says(record, asked):
        return Known()
    unchanged = record.hashes.get("submission") == submission_hash(found)
    cells = [cell.seconds for cell in record.run.cells]
    return Known(
        seconds=record.run.seconds,
        unchanged=unchanged,
        timed_out=record.run.status == "timed_out",
        longest_cell=max(cells, default=None),
        in_cells=record.run.cell_seconds or None,
        besides=record.seconds - record.run.seconds if unchanged and record.seconds else None,
    )


def expected_seconds(found: Found, lesson: Lesson, limits: Limits, *, on_gpu: bool) -> float | None:
    """How long a submission without a record will take; None where nobody knows.

    A notebook that would take long to read is not looked at.
    """
    path = found.notebook or found.folder / f"{found.slug}.ipynb"
    try:
        if path.is_file() and path.stat().st_size > LARGEST_LOOKED:
            return None
        looked = look(found, lesson, limits)
    except OSError:  # gone meanwhile
        return None
    said = estimated(looked, lesson, Known(), on_gpu=on_gpu)
    own = lesson.own_seconds if looked.own else 0.0
    notebooks = len(looked.brought)
    return planned(looked.student, looked.slug, said, limits, notebooks=notebooks, own_seconds=own).seconds


def training_seconds(found: Found, lesson: Lesson, limits: Limits, *, on_gpu: bool) -> float | None:
    """How long a submission trains, by which `auto` chooses; None where its notebooks do not tell."""
    try:
        return told_seconds(look(found, lesson, limits), lesson, limits.total_seconds, on_gpu=on_gpu)
    except OSError:  # gone meanwhile
        return None


def paces_of(
    seen: Sequence[Looked], known: Sequence[Known], lessons: Mapping[str, Lesson]
) -> dict[str, float]:
    """By lesson, how many times as long as their loops said runs took: on this machine, of these students."""
    ratios: dict[str, list[float]] = {slug: [] for slug in lessons}
    for looked, one in zip(seen, known, strict=True):
        said = loop_seconds(looked.loops, lessons[looked.slug])
        trained = looked.loops is not None and looked.loops.steps > 0
        if one.seconds is not None and one.unchanged and not one.timed_out and said and trained:
            ratios[looked.slug].append(one.seconds / said)
    together = [ratio for some in ratios.values() for ratio in some]
    everywhere = median(together) if len(together) >= 2 * LEAST_RUNS else None
    paces = {slug: median(some) if len(some) >= LEAST_RUNS else everywhere for slug, some in ratios.items()}
    return {slug: pace for slug, pace in paces.items() if pace is not None}


def class_times(index: Index, asked: Asked, slug: str) -> dict[str, float]:
    """By student, the seconds of a run of the lesson."""
    records = [read_record(asked.out, row.student, slug) for row in index.rows(slug)[:MOST_CLASS]]
    return {
        record.student: record.run.seconds
        for record in records
        if record is not None and record.run.status in RAN and _says(record, asked)
    }


def _says(record: Record, asked: Asked) -> bool:
    """Whether a record tells how long a training takes with what is asked for."""
    run = record.run
    return (
        run.seconds > 0
        and run.status != "infrastructure"
        and run.mode == "rerun"
        and (run.device != "cpu") == asked.on_gpu
        and record.profile == asked.profiles.get(record.assignment)
    )
