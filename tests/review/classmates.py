"""A class that answered questions of lesson 4 with texts of the course's own marked set, and its records."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from builders import record

from graders.course import open_course
from graders.edits import with_edits
from graders.model import Answer, AnswerScore, Assignment, Question, Record, Rubric, TheoryTask
from graders.review.answers import rescored, taught_by
from graders.review.mark_files import Given
from graders.review.marks import Change, give
from graders.score import theory_mark
from graders.store import read_record, rewrite_record
from graders.theory import load_prior, score_answer, untaught

ROOT = Path(__file__).parents[2]
SLUG = "l04_cnn"
HERE = Path("marks.csv")
"""What messages about marks name."""


@cache
def lesson() -> Assignment:
    """Lesson 4 of the sample course."""
    found = open_course(ROOT, public=True, calibrated=False).assignment(SLUG)
    assert found is not None
    return found


def rubric() -> Rubric:
    """Its questions."""
    found = lesson().rubric
    assert found is not None
    return found


def question(number: str) -> Question:
    """A question of the lesson."""
    return next(one for one in rubric().questions if one.id == number)


@cache
def written(number: str) -> tuple[tuple[str, float], ...]:
    """Twenty answers to question 2 or 5 with a person's share of the points; a reference for a blank one."""
    lines = (ROOT / "benchmarks/theory/course_ru.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    own = [row for row in rows if row["question_id"] == f"{SLUG}/{number}"]
    return tuple(
        (row["answer"], row["score"] / row["max"]) if row["answer"].strip() else (row["reference"], 1.0)
        for row in own
    )


@cache
def score(number: str, text: str) -> AnswerScore:
    """What the machine gives without any mark."""
    answer = Answer(question=number, text=text, source="l04_cnn.md", matched_by="number") if text else None
    return score_answer(question(number), answer, untaught(load_prior()))


def graded(student: str, answers: Mapping[str, str]) -> Record:
    """The record of a student who answered these questions and no others."""
    task = next(task for task in lesson().tasks if isinstance(task, TheoryTask))
    mark = theory_mark(task, [score(one.id, answers.get(one.id, "")) for one in rubric().questions])
    return with_edits(record(mark, student=student), ())


@cache
def classmates(*numbers: str, count: int = 20) -> tuple[Record, ...]:
    """`count` students, each with another answer to each of the questions."""
    return tuple(
        graded(f"s{at:02}", {number: written(number)[at][0] for number in numbers}) for at in range(count)
    )


def marked(
    records: tuple[Record, ...], *marks: tuple[str, str, float], author: str = "a.b."
) -> tuple[Record, ...]:
    """The records after marks of (student, question, points)."""
    return after(records, changes(records, *marks, author=author))


def changes(
    records: tuple[Record, ...], *marks: tuple[str, str, float], author: str = "a.b."
) -> list[Change]:
    """What marks of (student, question, points) change."""
    given = [
        (f"line {at}", Given(student=student, question=number, points=points))
        for at, (student, number, points) in enumerate(marks, 2)
    ]
    return give(records, lesson(), given, source=HERE, author=author)


def after(records: tuple[Record, ...], changed: list[Change]) -> tuple[Record, ...]:
    """The records with what changed in place."""
    new = {change.after.student: change.after for change in changed}
    return tuple(new.get(one.student, one) for one in records)


def graded_again(records: tuple[Record, ...], student: str) -> tuple[Record, ...]:
    """The records after `grade --force`: what a person marked is known by heart, so the machine says it."""
    taught = taught_by(records, lesson())
    return tuple(
        with_edits(rescored(one.model_copy(update={"edits": ()}), lesson(), taught), one.edits)
        if one.student == student
        else one
        for one in records
    )


def people(number: str, count: int) -> list[tuple[str, str, float]]:
    """The marks that a person gave to the first answers of `classmates`."""
    points = question(number).points
    return [(f"s{at:02}", number, share * points) for at, (_, share) in enumerate(written(number)[:count])]


def answer_of(one: Record, number: str) -> AnswerScore:
    """A student's answer as a record has it."""
    return next(
        evidence
        for mark in one.marks
        for evidence in mark.evidence
        if isinstance(evidence, AnswerScore) and evidence.question == number
    )


def put(out: Path, *records: Record) -> Path:
    """The folder with these records in it."""
    for one in records:
        rewrite_record(out, one)
    return out


def of(out: Path, student: str) -> Record:
    """The record of one of them."""
    found = read_record(out, student, SLUG)
    assert found is not None
    return found


def files(out: Path) -> dict[str, bytes]:
    """All files of a folder with their content."""
    return {str(path): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error, on one line."""
    return " ".join(capsys.readouterr().err.split())
