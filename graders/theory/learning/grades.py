"""From an expected share of the points to a distribution of grades, and to how far it can be trusted.

For each level of the scale a logistic curve gives the probability that a person marks at least so high
(cumulative link, McCullagh, 1980); the curves are fitted to predictions of questions that a model had not
seen. The *sureness* of a mark is the probability that a person's lies within `TOLERANCE` of it. From which
sureness on marks agree with a person's in 95 of 100 cases is measured, with a lower bound over questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.model.base import Frozen
from graders.theory.learning.linear import Linear, Rows, fit_logistic

LEVELS = np.linspace(0.0, 1.0, 11)
"""Shares of the points that are told apart."""
TOLERANCE = 0.2
"""A mark agrees with a person's where they differ by at most so much of the points: one of five."""
AGREEMENT = 0.95
NEVER = 2.0
"""A bound on sureness that no mark reaches."""
LOW_MARK = 0.5
LEFT = 2
"""Column of `inputs` with the unexplained variance."""

_EXACT = 1e-9
_FEWEST_SURE = 50
"""Marks that must lie above a bound for it to be believed."""
_RESAMPLES = 200
BOUND_FOLDS = 5
"""Groups of questions that the bound is found on, each by curves of the others."""
_DOUBT = 0.5
"""Average questions that are added with nothing but wrong marks."""
_LOW = 0.35
"""Quantile of the resampled agreement that has to reach `AGREEMENT`."""


class Grading(Frozen):
    """Fitted curves, and the bound that goes with them."""

    curves: tuple[Linear, ...]
    """One for each level above the lowest."""
    bound: float
    """From this sureness on marks agree with a person's as often as `AGREEMENT`; `NEVER` if none do."""
    own: bool = False
    """Whether they were fitted to marks of the course that they are used for."""

    def __call__(self, rows: Rows) -> "Grades":
        """The grades of some answers.

        Args:
            rows: what `inputs` makes, shape (answers, inputs).
        """
        at_least = np.stack([curve(rows) for curve in self.curves], axis=1)
        at_least = np.minimum.accumulate(at_least, axis=1)
        edges = np.concatenate([np.ones((len(rows), 1)), at_least, np.zeros((len(rows), 1))], axis=1)
        return Grades(edges[:, :-1] - edges[:, 1:])


@dataclass(frozen=True, slots=True)
class Grades:
    """Distributions of grades."""

    probabilities: NDArray[np.float64]
    """Shape (answers, len(LEVELS)), rows add up to 1."""

    @property
    def median(self) -> NDArray[np.float64]:
        """The share of the points that is as often passed as not, shape (answers,)."""
        return self.quantile(0.5)

    @property
    def mean(self) -> NDArray[np.float64]:
        """The expected share, shape (answers,)."""
        expected: NDArray[np.float64] = self.probabilities @ LEVELS
        return expected

    def quantile(self, share: float) -> NDArray[np.float64]:
        """The lowest level that `share` of the probability does not pass, shape (answers,)."""
        below = np.cumsum(self.probabilities, axis=1)
        passed = (below < share - _EXACT).sum(axis=1)
        found: NDArray[np.float64] = LEVELS[np.minimum(passed, len(LEVELS) - 1)]
        return found

    def sureness(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """How probable it is that a person's marks lie within `TOLERANCE` of `shares`, shape (answers,)."""
        near: NDArray[np.float64] = (self.probabilities * agrees(LEVELS, shares[:, None])).sum(axis=1)
        return near


def inputs(
    expected: NDArray[np.float64],
    left: NDArray[np.float64],
    rubric: NDArray[np.bool_],
    features: NDArray[np.float64],
) -> Rows:
    """What the curves see, shape (answers, inputs).

    Args:
        expected: share of the points, shape (answers,).
        left: how much of the question's variance no mark has explained, shape (answers,).
        rubric: whether a rubric stands behind `expected`, shape (answers,).
        features: a few that tell how far a text can be judged at all, shape (answers, features).
    """
    return np.column_stack(
        [expected, expected**2, left, left * expected, rubric, rubric * expected, features]
    )


def agrees(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two marks, as shares of the points, are close enough to be the same judgement."""
    return np.abs(one - other) <= TOLERANCE + _EXACT


def fit_grading(
    rows: Rows,
    shares: NDArray[np.float64],
    questions: Sequence[str],
    *,
    weights: NDArray[np.float64] | None = None,
) -> Grading:
    """Fit curves and bound to predictions for questions that were not learned from.

    Args:
        rows: what `inputs` makes, shape (answers, inputs).
        shares: people's marks as shares of the points, shape (answers,).
        questions: the question of each answer.
        weights: of the answers; None for the same for all.
    """
    weights = np.ones(len(rows)) if weights is None else weights
    names = np.array(questions, dtype=str)
    sure, marks = np.zeros(len(rows)), np.zeros(len(rows))
    for held in question_folds(names, BOUND_FOLDS):
        inside = np.isin(names, held)
        curves = _curves(rows[~inside], shares[~inside], weights[~inside])
        sure[inside], marks[inside] = _judged(Grading(curves=curves, bound=NEVER), rows[inside])
    bound = safe_bound(sure, agrees(marks, shares), questions)
    return Grading(curves=_curves(rows, shares, weights), bound=bound)


def with_bound(
    grading: Grading, rows: Rows, shares: NDArray[np.float64], questions: Sequence[str]
) -> Grading:
    """`grading` with the higher of its own bound and that of other answers; arguments as in `fit_grading`."""
    sure, marks = _judged(grading, rows)
    bound = safe_bound(sure, agrees(marks, shares), questions)
    return grading.model_copy(update={"bound": max(bound, grading.bound)})


def question_folds(questions: NDArray[np.str_], most: int) -> list[list[str]]:
    """Whole questions in at most `most` groups, by turns."""
    names = sorted(set(questions.tolist()))
    return [names[start::most] for start in range(min(most, len(names)))]


def _curves(rows: Rows, shares: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[Linear, ...]:
    half = (LEVELS[1] - LEVELS[0]) / 2
    return tuple(
        fit_logistic(rows, shares >= level - half, weights=weights, shrink=1.0) for level in LEVELS[1:]
    )


def _judged(grading: Grading, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far marks can be trusted, and the marks."""
    grades = grading(rows)
    marks = grades.median
    return _trusted(grades.sureness(marks), marks, rows[:, LEFT]), marks


def settles(
    grading: Grading, sureness: NDArray[np.float64], marks: NDArray[np.float64], left: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which marks can stand without a person, shape (answers,).

    Curves of other courses settle nothing on a question that nobody has marked an answer of.

    Args:
        grading: what judged them.
        sureness: shape (answers,).
        marks: shares of the points, shape (answers,).
        left: how much of the question's variance no mark has explained, shape (answers,).
    """
    known = (left < 1) | grading.own
    trusted = _trusted(sureness, marks, left)
    return known & (trusted > 0) & (trusted >= grading.bound)


def _trusted(
    sureness: NDArray[np.float64], marks: NDArray[np.float64], left: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sureness, but 0 for a low mark to a question of which nobody has marked any answer.

    A short right answer in other words than the reference's looks like a wrong one, however sure the curves
    are: only marks of the question itself can tell.
    """
    return np.where((marks < LOW_MARK) & (left >= 1), 0.0, sureness)


def safe_bound(sureness: NDArray[np.float64], right: NDArray[np.bool_], questions: Sequence[str]) -> float:
    """The lowest sureness from which on enough marks were right, by a lower bound over questions.

    Whole questions are resampled, since the marks of one question fail together, and half an average
    question is added on which every mark was wrong: the next question may be such a one.

    Args:
        sureness: shape (answers,).
        right: whether the mark agreed with a person's, shape (answers,).
        questions: the question of each answer.
    """
    names, index = np.unique(np.array(questions, dtype=str), return_inverse=True)
    generator = np.random.default_rng(0)
    drawn = generator.integers(0, len(names), size=(_RESAMPLES, len(names)))
    counts = np.stack([np.bincount(row, minlength=len(names)) for row in drawn])
    found = NEVER
    for candidate in np.unique(np.quantile(sureness, np.linspace(0, 1, 201)))[::-1]:
        sure = sureness >= candidate
        if sure.sum() < _FEWEST_SURE:
            continue
        covered = np.bincount(index[sure], minlength=len(names))
        agreed = counts @ np.bincount(index[sure], weights=right[sure], minlength=len(names))
        doubt = _DOUBT * sure.sum() / np.count_nonzero(covered)
        if np.quantile(agreed / (counts @ covered + doubt), _LOW) >= AGREEMENT:
            found = float(candidate)
    return round(found, 6)
