"""How far the grader agrees with the people who marked a set, on questions that it has not seen.

Leave-question-out: whoever scores a question has learned from the marks of the set's other questions only,
plus `marks` of its own, chosen in the order in which an instructor would be asked for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graders.theory.bench import agreement
from graders.theory.bench.graded import GradedSet
from graders.theory.learning.course import Case, Prior, inputs_of
from graders.theory.learning.grades import question_folds, settles
from graders.theory.learning.held_out import FOLDS, Predictions, Values, grading_of, predict
from graders.theory.learning.prior import load_prior


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


def measure_set(graded: GradedSet, cases: Sequence[Case], *, marks: int = 0, learn: bool = True) -> Report:
    """Measure the grader as it ships on a set; see `measure`."""
    shares = np.array([row.score / row.max for row in graded.rows])
    second = np.array(
        [np.nan if row.score2 is None else row.score2 / row.max for row in graded.rows], dtype=np.float64
    )
    return measure(
        load_prior(),
        cases,
        shares,
        marks=marks,
        second=None if np.isnan(second).all() else second,
        learn=learn,
    )


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
    for held in question_folds(names, FOLDS):
        inside = np.isin(names, held)
        grading = grading_of(prior, cases, shares, found, ~inside) if learn else prior.grading
        grades = grading(rows[inside])
        given[inside] = grades.median
        sure[inside] |= settles(grading, grades.sureness(grades.median), grades.median, found.left[inside])
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
