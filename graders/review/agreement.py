"""How well person and machine agree on a lesson's theory, question by question, and what was learned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graders.model import Assignment, Record
from graders.review.answers import Answered, answered
from graders.theory import case_for, load_prior
from graders.theory.bench import agreement
from graders.theory.learning.course import CourseModel, expected_before
from graders.theory.learning.held_out import leave_one_out

FEWEST = 5
"""Marks from which on there is something to say about what they taught."""
QUARTERS = 4
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One question."""

    question: str
    answers: int
    """With text."""
    marked: int
    """By a person."""
    settled: int
    """That nobody need look at, those marked by a person included."""
    review: int
    """That a person should look at first."""
    qwk: float | None
    """Quadratic weighted kappa between the person's marks and the machine's before them."""
    exact: float | None
    """Share of marks that were the same to a step."""
    near: float | None
    """Share of marks within a fifth of the points."""
    learned: float | None
    """Mean error in points that leaving one mark out has with what the others taught …"""
    before: float | None
    """… and without."""
    confusion: tuple[tuple[int, ...], ...]
    """Rows: the person's mark in quarters of the points; columns: the machine's."""


def lesson_report(records: Sequence[Record], assignment: Assignment) -> list[QuestionReport]:
    """A report on each question of a lesson that has answers."""
    by_question: dict[str, list[Answered]] = {}
    for one in answered(records, assignment):
        if not one.score.text.strip():
            continue
        by_question.setdefault(one.question.id, []).append(one)
    return [_question(own) for own in by_question.values()]


def _question(own: Sequence[Answered]) -> QuestionReport:
    marked = [one for one in own if one.edit is not None]
    points = own[0].question.points
    person = np.array([one.edit.earned / points for one in marked if one.edit])
    machine = np.array(
        [
            (one.score.earned if one.edit.machine is None else one.edit.machine) / points
            for one in marked
            if one.edit
        ]
    )
    step = own[0].question.step / points
    exact = np.abs(person - machine) < step / 2 + CLOSE
    before, learned = _errors(marked)
    return QuestionReport(
        question=own[0].question.id,
        answers=len(own),
        marked=len(marked),
        settled=sum(one.edit is not None or one.score.settled for one in own),
        review=sum(one.edit is None and one.score.route == "review" for one in own),
        qwk=agreement.quadratic_kappa(person, machine, QUARTERS),
        exact=float(exact.mean()) if len(exact) else None,
        near=agreement.agreement(person, machine),
        learned=learned * points if learned is not None else None,
        before=before * points if before is not None else None,
        confusion=tuple(
            tuple(int(count) for count in row) for row in agreement.confusion(person, machine, QUARTERS)
        ),
    )


def _errors(marked: Sequence[Answered]) -> tuple[float | None, float | None]:
    """Mean absolute error in shares without marks of the question, and with all but the one at hand."""
    if len(marked) < FEWEST:
        return None, None
    prior = load_prior()
    cases = [case_for(one.question, one.score.text) for one in marked]
    shares = np.array([one.edit.earned / one.question.points for one in marked if one.edit])
    plain, learned = expected_before(prior, cases), leave_one_out(CourseModel(prior), cases, shares)[0]
    return float(np.abs(plain - shares).mean()), float(np.abs(learned - shares).mean())
