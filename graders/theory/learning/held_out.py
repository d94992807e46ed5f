"""Predictions for questions that whoever predicts has not seen the marks of: what all else is measured by.

Leave-question-out: whoever scores a question has learned from the marks of the others only, plus a few of
its own, chosen in the order in which an instructor is asked for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.theory.learning.course import (
    Case,
    CourseModel,
    Prior,
    fit_course,
    inputs_of,
)
from graders.theory.learning.grades import Grading, fit_grading, question_folds
from graders.theory.learning.question import first_to_mark, fit_question, left_out

FOLDS = 10
"""Questions are held out in so many groups, each as a whole."""
FEWEST_ROWS, FEWEST_QUESTIONS = 200, 5
"""From so many marks on so many questions on, their own agreement is what sureness is measured by."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the grader says of answers that it was not told the marks of."""

    rows: NDArray[np.int64]
    """Positions in the set, shape (answers,)."""
    expected: Values
    left: Values
    blank: NDArray[np.bool_]


def predict(prior: Prior, cases: Sequence[Case], shares: Values, *, marks: int, learn: bool) -> Predictions:
    """Expected shares for all answers but those whose marks are given."""
    questions = np.array([case.question for case in cases])
    positions: list[NDArray[np.int64]] = []
    expected: list[Values] = []
    left: list[Values] = []
    for held in question_folds(questions, FOLDS):
        model = CourseModel(prior)
        if learn:
            others = np.flatnonzero(~np.isin(questions, held))
            model = fit_course(prior, [cases[at] for at in others.tolist()], shares[others])
        for name in held:
            own = np.flatnonzero(questions == name)
            answers = [cases[at] for at in own.tolist()]
            known = _to_mark(answers, marks)
            rest = np.setdiff1d(np.arange(len(own)), known)
            before = model.expected(answers)
            taught = fit_question(
                prior.variances(answers),
                [answers[at].profile for at in known],
                shares[own[known]] - before[known],
            )
            more, unexplained = taught([answers[at].profile for at in rest.tolist()])
            positions.append(own[rest])
            expected.append(np.clip(before[rest] + more, 0.0, 1.0))
            left.append(unexplained)
    rows = np.concatenate(positions)
    order = np.argsort(rows)
    blank = np.array([cases[at].blank for at in rows[order].tolist()], dtype=bool)
    values = np.where(blank, 0.0, np.concatenate(expected)[order])
    return Predictions(rows[order], values, np.concatenate(left)[order], blank)


def _to_mark(answers: Sequence[Case], marks: int) -> list[int]:
    """Positions of the answers that an instructor is asked for first; nobody is asked for a blank."""
    asked = [at for at, case in enumerate(answers) if not case.blank]
    return [asked[at] for at in first_to_mark([answers[at].profile for at in asked], marks)]


def leave_one_out(course: CourseModel, cases: Sequence[Case], shares: Values) -> tuple[Values, Values]:
    """Expected shares for answers to one question, each from the marks of all others, and what is left.

    Args:
        course: a model that has not learned from this question.
        cases: the answers, all marked.
        shares: their marks, shape (cases,).
    """
    before = course.expected(cases)
    residuals = shares - before
    model = fit_question(course.prior.variances(cases), [case.profile for case in cases], residuals)
    more, left = left_out(model, residuals)
    return np.clip(before + more, 0.0, 1.0), left


def grading_of(
    prior: Prior, cases: Sequence[Case], shares: Values, found: Predictions, kept: NDArray[np.bool_]
) -> Grading:
    """The curves that fit some predictions, or the prior's where they are too few.

    Args:
        prior: what is known before.
        cases: all answers.
        shares: their marks, shape (cases,).
        found: predictions for some of them.
        kept: which of those to fit to, shape (predictions,).
    """
    kept = kept & ~found.blank
    rows = found.rows[kept].tolist()
    names = [cases[at].question for at in rows]
    if len(names) < FEWEST_ROWS or len(set(names)) < FEWEST_QUESTIONS:
        return prior.grading
    seen = inputs_of([cases[at] for at in rows], found.expected[kept], found.left[kept])
    return fit_grading(seen, shares[found.rows[kept]], names).model_copy(update={"own": True})
