"""The models together: prior, the course's other questions, the question's own marks.

The same code grades a class and runs the benchmark, so that what the benchmark says holds for a class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.model import PointEvidence
from graders.model.base import Frozen
from graders.theory.learning.forest import Forest, fit_forest
from graders.theory.learning.grades import Grading, inputs
from graders.theory.learning.linear import Linear, Rows
from graders.theory.learning.question import QuestionPrior
from graders.theory.similarity import FEATURES, Profile

FEWEST_MARKS, FEWEST_QUESTIONS = 60, 4
"""From so many marks on so many other questions on, a forest learns from them."""
HALF_TRUST = 100
"""With so many marks the forest has half of the say."""
JUDGED_BY = ("words", "new_soft_recall", "token_set", "from_question")
"""Features that tell how far a text can be judged at all."""

_JUDGED = [FEATURES.index(name) for name in JUDGED_BY]


class Prior(Frozen):
    """What is known before any mark of a course: `prior.json`."""

    text: Linear
    """Expected share from `FEATURES`."""
    rubric: Linear
    """Expected share from that of `text` and what a rubric found; see `Case.points`."""
    evidence: dict[PointEvidence, float]
    """How probable each kind of evidence makes a key point."""
    question: QuestionPrior
    """Of questions that are compared with their reference alone."""
    ruled: QuestionPrior
    """Of questions with a rubric, which leaves less to learn."""
    grading: Grading
    """Without marks of other questions."""
    fitted_on: dict[str, str]
    """The sets with their sources and sizes."""
    command: str
    """What makes the file."""

    def variances(self, cases: Sequence["Case"]) -> QuestionPrior:
        """Those that fit answers to one question."""
        return self.ruled if any(case.points is not None for case in cases) else self.question


@dataclass(frozen=True, slots=True)
class Case:
    """An answer as the models see it."""

    question: str
    profile: Profile
    features: NDArray[np.float64]
    """Shape (len(FEATURES),)."""
    points: tuple[float, ...] | None = None
    """What the rubric found, see `rubric_points`; None for a question without one."""
    blank: bool = False
    """Nothing was answered, or that there is no answer."""


@dataclass(frozen=True, slots=True)
class CourseModel:
    """The prior, and what the marks of a course's other questions add to it."""

    prior: Prior
    forest: Forest | None = None
    say: float = 0.0
    """The forest's, from 0 to 1."""

    def expected(self, cases: Sequence[Case]) -> NDArray[np.float64]:
        """Expected share of the points, shape (cases,)."""
        known = expected_before(self.prior, cases)
        if self.forest is None or not cases:
            return known
        return known + self.say * (self.forest(_rows(cases, known)) - known)


def expected_before(prior: Prior, cases: Sequence[Case]) -> NDArray[np.float64]:
    """Expected share of the points without any mark, shape (cases,)."""
    if not cases:
        return np.zeros(0)
    expected = prior.text(np.stack([case.features for case in cases]))
    with_rubric = [at for at, case in enumerate(cases) if case.points is not None]
    if with_rubric:
        expected[with_rubric] = prior.rubric(
            np.array([(expected[at], *(cases[at].points or ())) for at in with_rubric])
        )
    return np.clip(expected, 0.0, 1.0)


def fit_course(prior: Prior, cases: Sequence[Case], shares: NDArray[np.float64]) -> CourseModel:
    """Learn from marked answers, none of them to the questions that the model will be used for.

    Args:
        prior: what is known without them.
        cases: the answers.
        shares: people's marks as shares of the points, shape (cases,).
    """
    if len(cases) < FEWEST_MARKS or len({case.question for case in cases}) < FEWEST_QUESTIONS:
        return CourseModel(prior)
    known = expected_before(prior, cases)
    forest = fit_forest(_rows(cases, known), shares)
    return CourseModel(prior, forest, len(cases) / (len(cases) + HALF_TRUST))


def inputs_of(cases: Sequence[Case], expected: NDArray[np.float64], left: NDArray[np.float64]) -> Rows:
    """What the curves of grades see of some answers; see `grades.inputs`."""
    rubric = np.array([case.points is not None for case in cases], dtype=bool)
    judged = np.array([case.features[_JUDGED] for case in cases]).reshape(len(cases), len(_JUDGED))
    return inputs(expected, left, rubric, judged)


def _rows(cases: Sequence[Case], known: NDArray[np.float64]) -> Rows:
    return np.column_stack([np.stack([case.features for case in cases]), known])
