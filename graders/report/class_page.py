"""The class report: students against tasks, how the class did, and who needs a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean, median
from typing import get_args

from graders.model import FOR_A_PERSON, Assignment, Course, Language, Mark, MarkStatus, Message, Record
from graders.report.alike import AlikeGroup
from graders.report.histogram import Histogram, metric, totals
from graders.report.html import render


@dataclass(frozen=True, slots=True)
class Column:
    """One task of the table."""

    task: str
    title: str
    bonus: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One assignment."""

    title: str
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    """By student."""
    mean: float | None
    """Of the totals of those that were graded."""
    median: float | None
    review: tuple[tuple[Record, tuple[tuple[str, Message], ...]], ...]
    """Who needs a person, and why: what it is about, as in `to_review`, and the reason."""
    flagged: tuple[tuple[Record, tuple[tuple[str, Message], ...]], ...]
    """Whose marks are settled, with what a person should look at all the same."""
    answers_only: tuple[Record, ...]
    """Who needs a person for nothing but what all are read for in time."""
    ungradable: tuple[Record, ...]
    exposed: tuple[Record, ...]
    """Graded without a sandbox."""
    weighed: tuple[Record, ...]
    """Whose weights were scored without repeating the training."""
    totals: Histogram | None
    metrics: tuple[tuple[str, Histogram], ...]
    """By title of the task."""
    alike: tuple[AlikeGroup, ...]
    """Theory answers that are nearly the same."""


def class_report(
    records: Sequence[Record],
    course: Course,
    language: Language,
    alike: Mapping[str, tuple[AlikeGroup, ...]] | None = None,
) -> str:
    """One self-contained HTML file for all `records`, a section for each assignment in the course's order.

    Args:
        records: of the class.
        course: theirs.
        language: of the page.
        alike: by assignment, theory answers that are nearly the same.
    """
    slugs = [assignment.slug for assignment in course.assignments]
    present = sorted({record.assignment for record in records})
    ordered = [*(slug for slug in slugs if slug in present), *(slug for slug in present if slug not in slugs)]
    return render(
        "class.html.jinja",
        language,
        course=course.title.to(language),
        sections=[
            part(
                [record for record in records if record.assignment == slug],
                course.assignment(slug),
                language,
                (alike or {}).get(slug, ()),
            )
            for slug in ordered
        ],
        marks_by_task=marks_by_task,
        statuses=get_args(MarkStatus),
    )


def part(
    records: Sequence[Record],
    assignment: Assignment | None,
    language: Language,
    alike: tuple[AlikeGroup, ...] = (),
) -> Part:
    """The section of `records`, all of one assignment, which is None where the course has it no more."""
    ordered = tuple(sorted(records, key=lambda record: record.student))
    made = columns(ordered, assignment, language)
    earned = [record.earned for record in ordered if record.status != "ungradable"]
    drawn = [
        (
            column.title,
            metric([mark for record in ordered for mark in record.marks if mark.task == column.task]),
        )
        for column in made
    ]
    waiting = [(record, to_review(record, made)) for record in ordered if record.status == "needs_review"]
    return Part(
        title=assignment.title.to(language) if assignment else ordered[0].assignment,
        columns=made,
        records=ordered,
        mean=mean(earned) if earned else None,
        median=median(earned) if earned else None,
        review=tuple((record, reasons) for record, reasons in waiting if reasons),
        flagged=tuple(
            (record, to_review(record, made))
            for record in ordered
            if record.status == "graded" and record.flags
        ),
        answers_only=tuple(record for record, reasons in waiting if not reasons),
        ungradable=tuple(record for record in ordered if record.status == "ungradable"),
        exposed=tuple(record for record in ordered if record.run.sandbox == "none"),
        weighed=tuple(record for record in ordered if record.run.mode == "checkpoint"),
        totals=totals(ordered),
        metrics=tuple((title, histogram) for title, histogram in drawn if histogram),
        alike=alike,
    )


def columns(
    records: Sequence[Record], assignment: Assignment | None, language: Language
) -> tuple[Column, ...]:
    """The assignment's tasks, then those that only older records have."""
    tasks = assignment.tasks if assignment else ()
    asked = [Column(task.id, task.title.to(language), task.bonus) for task in tasks]
    marked = [Column(mark.task, mark.task, mark.bonus) for record in records for mark in record.marks]
    found: dict[str, Column] = {}
    for column in [*asked, *marked]:
        found.setdefault(column.task, column)
    return tuple(found.values())


def marks_by_task(record: Record) -> dict[str, Mark]:
    """The record's marks by the id of their task."""
    return {mark.task: mark for mark in record.marks}


def to_review(record: Record, columns: Sequence[Column]) -> tuple[tuple[str, Message], ...]:
    """Why a person should look at `record`: what ended its run, flags, and what is open beside the theory.

    Returns:
        Titles of the tasks that share a reason, separated by commas, and the reason; no title for the others.
    """
    titles = {column.task: column.title for column in columns}
    undecided = [
        mark
        for mark in record.marks
        if mark.status == "not_run" or (mark.status == "needs_review" and mark.kind not in FOR_A_PERSON)
    ]
    said = [
        (", ".join(titles[mark.task] for mark in marks), reason)
        for reason, marks in groupby(undecided, key=lambda mark: mark.reason)
    ]
    found = [("", flag.message) for flag in record.flags]
    ended = record.run.message
    if undecided and ended is not None and all(reason != ended for _, reason in said):
        found.insert(0, ("", ended))
    return (*found, *said)
