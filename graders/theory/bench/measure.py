"""How far the grader agrees with the people who marked a set, on questions that it has not seen.

Leave-question-out: whoever scores a question has learned from the marks of the set's other questions only,
plus `marks` of its own, chosen in the order in which an instructor would be asked for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graders.theory.bench import agreement
from graders.theory.learning.course import Case, CourseModel, Prior, fit_course, inputs_of
from graders.theory.learning.grades import fit_grading, trusted
from graders.theory.learning.question import first_to_mark, fit_question

FOLDS = 10
"""Questions are held out in so many groups, each as a whole."""
FEWEST_ROWS, FEWEST_QUESTIONS = 200, 5
"""From so many marks on so many other questions on, their agreement is what sureness is measured by."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the grader says of answers that it was not told the marks of."""

    rows: NDArray[np.int64]
    """Positions in the set, shape (answers,)."""
    expected: Values
    left: Values
    blank: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one run."""

    n: int
    questions: int
    marks: int
    """Given of each question; answers that were given are not in `n`."""
    r: float | None
    rho: float | None
    qwk: float | None
    rmse5: float | None
    coverage95: float
    """Share of answers that would be settled."""
    precision95: float | None
    """Share of those whose mark agreed with the person's; None where there are none."""
    agreement: float | None
    """The same share over all answers."""
    second_rater: dict[str, float | None] = field(default_factory=dict)
    """The same figures between two people, where there are two."""


def measure(
    prior: Prior,
    cases: Sequence[Case],
    shares: Values,
    *,
    marks: int = 0,
    second: Values | None = None,
    learn: bool = True,
) -> Report:
    """Measure the grader on marked answers.

    Args:
        prior: what it knows before.
        cases: the answers.
        shares: people's marks as shares of the points, shape (cases,).
        marks: of each question, given to it.
        second: another person's marks; NaN where there is none.
        learn: False to use the prior alone, without the set's other questions.
    """
    questions = np.array([case.question for case in cases])
    found = predict(prior, cases, shares, marks=marks, learn=learn)
    rows = found.rows
    given, sure = _graded(prior, cases, shares, questions, found, learn=learn)
    truth = shares[rows]
    return Report(
        n=len(rows),
        questions=len(np.unique(questions)),
        marks=marks,
        r=agreement.pearson(found.expected, truth),
        rho=agreement.spearman(found.expected, truth),
        qwk=agreement.quadratic_kappa(given, truth),
        rmse5=agreement.rmse(found.expected, truth),
        coverage95=float(sure.mean()) if len(sure) else 0.0,
        precision95=agreement.agreement(given[sure], truth[sure]),
        agreement=agreement.agreement(given, truth),
        second_rater=_between_people(truth, second[rows]) if second is not None else {},
    )


def predict(prior: Prior, cases: Sequence[Case], shares: Values, *, marks: int, learn: bool) -> Predictions:
    """Expected shares for all answers but those whose marks are given."""
    questions = np.array([case.question for case in cases])
    positions: list[NDArray[np.int64]] = []
    expected: list[Values] = []
    left: list[Values] = []
    for held in folds(questions):
        model = CourseModel(prior)
        if learn:
            others = np.flatnonzero(~np.isin(questions, held))
            model = fit_course(prior, [cases[at] for at in others.tolist()], shares[others])
        for name in held:
            own = np.flatnonzero(questions == name)
            answers = [cases[at] for at in own.tolist()]
            known = first_to_mark([case.profile for case in answers], marks) if marks else []
            rest = np.setdiff1d(np.arange(len(own)), known)
            before = model.expected(answers)
            taught = fit_question(
                prior.question, [answers[at].profile for at in known], shares[own[known]] - before[known]
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


def folds(questions: NDArray[np.str_]) -> list[list[str]]:
    """Whole questions in at most `FOLDS` groups, by turns."""
    names = sorted(set(questions.tolist()))
    return [names[start::FOLDS] for start in range(min(FOLDS, len(names)))]


def _graded(
    prior: Prior,
    cases: Sequence[Case],
    shares: Values,
    questions: NDArray[np.str_],
    found: Predictions,
    *,
    learn: bool,
) -> tuple[Values, NDArray[np.bool_]]:
    """The marks, and which of them would be settled."""
    rows = inputs_of([cases[at] for at in found.rows.tolist()], found.expected, found.left)
    names = questions[found.rows]
    given, sure = np.zeros(len(rows)), found.blank.copy()
    for held in folds(names):
        inside = np.isin(names, held)
        others = ~inside & ~found.blank
        grading = prior.grading
        if learn and others.sum() >= FEWEST_ROWS and len(set(names[others])) >= FEWEST_QUESTIONS:
            grading = fit_grading(rows[others], shares[found.rows[others]], names[others].tolist())
        grades = grading(rows[inside])
        given[inside] = grades.median
        sureness = trusted(grades.sureness(grades.median), grades.median, found.left[inside])
        sure[inside] |= sureness >= grading.bound
    return np.where(found.blank, 0.0, given), sure


def _between_people(one: Values, other: Values) -> dict[str, float | None]:
    both = ~np.isnan(other)
    one, other = one[both], other[both]
    return {
        "n": float(len(one)),
        "r": agreement.pearson(one, other),
        "rho": agreement.spearman(one, other),
        "qwk": agreement.quadratic_kappa(one, other),
        "rmse5": agreement.rmse(one, other),
        "agreement": agreement.agreement(one, other),
    }
