"""What people's marks of a lesson taught: for each question a model of its own, and answers known by heart.

A question's model is fitted anew after 5, 10 and 20 marks and after every ten more; what the marks of the
other questions taught goes into it. The benchmark measures the same steps on sets with known marks.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graders.theory.learning.course import Case, CourseModel, Prior, fit_course, inputs_of
from graders.theory.learning.grades import Grades, Grading, settles
from graders.theory.learning.held_out import Predictions, Values, grading_of, leave_one_out
from graders.theory.learning.question import QuestionModel, fit_question

REFITS = (5, 10, 20)
EVERY = 10
"""Marks between refits after the last of `REFITS`."""
CLOSE = 1e-6
"""Marks closer than this are the same."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer that a person marked."""

    case: Case
    text: str
    share: float
    """Share of the question's points."""


@dataclass(frozen=True, slots=True)
class QuestionTaught:
    """What the marks taught of one question."""

    course: CourseModel
    own: QuestionModel
    marks: int
    """That the model was fitted to; people may have given some more since."""
    by_heart: Mapping[str, tuple[float, ...]]
    """The marks of each text, by `fingerprint`; several where people marked the same text differently."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected of an answer's mark, as shares of the question's points."""

    grades: Grades
    """Of this one answer."""
    grading: Grading
    """What they come from."""
    left: float
    """How much of the question's variance no mark has explained."""
    marks: int
    """Of the question, that the models have learned from."""

    @property
    def median(self) -> float:
        """The mark that is as often passed as not."""
        return float(self.grades.median[0])

    def sureness(self, share: float) -> float:
        """How probable it is that a person's mark is close to `share`."""
        return float(self.grades.sureness(np.array([share]))[0])

    def is_sure(self, share: float) -> bool:
        """Whether `share` can stand without a person."""
        return bool(
            settles(self.grading, np.array([self.sureness(share)]), np.array([share]), np.array([self.left]))[
                0
            ]
        )


@dataclass(frozen=True, slots=True)
class Taught:
    """What the marks of a lesson taught; nothing without marks."""

    prior: Prior
    grading: Grading
    course: CourseModel
    """For questions that nobody has marked."""
    questions: Mapping[str, QuestionTaught] = field(default_factory=dict)

    def predict(self, case: Case) -> Prediction:
        """What is expected of an answer's mark."""
        known = self.questions.get(case.question)
        expected, left = (known or self).course.expected([case]), np.ones(1)
        if known:
            more, left = known.own([case.profile])
            expected = np.clip(expected + more, 0.0, 1.0)
        grades = self.grading(inputs_of([case], expected, left))
        return Prediction(grades, self.grading, float(left[0]), known.marks if known else 0)

    def marks_of(self, question: str, text: str) -> tuple[float, ...]:
        """The marks that people gave to the very same answer."""
        known = self.questions.get(question)
        return known.by_heart.get(fingerprint(text), ()) if known else ()


def untaught(prior: Prior) -> Taught:
    """What is known without any mark."""
    return Taught(prior, prior.grading, CourseModel(prior))


def teach(prior: Prior, marked: Sequence[Marked]) -> Taught:
    """Learn from marks.

    Args:
        prior: what is known without them.
        marked: in the order in which they were given; blanks teach nothing.
    """
    by_question: dict[str, list[Marked]] = {}
    marked = [one for one in marked if not one.case.blank]
    for one in marked:
        by_question.setdefault(one.case.question, []).append(one)
    used = {name: own[: refit_at(len(own))] for name, own in by_question.items()}
    taught = {}
    for name, own in by_question.items():
        others = [one for other, marks in by_question.items() if other != name for one in marks]
        course = fit_course(prior, [one.case for one in others], _shares(others))
        cases = [one.case for one in used[name]]
        residuals = _shares(used[name]) - course.expected(cases)
        model = fit_question(prior.variances(cases), [case.profile for case in cases], residuals)
        taught[name] = QuestionTaught(course, model, len(cases), _by_heart(own))
    everything = fit_course(prior, [one.case for one in marked], _shares(marked))
    return Taught(prior, _grading(prior, by_question, taught), everything, taught)


def refit_at(marks: int) -> int:
    """How many of `marks` a question's model is fitted to.

    >>> [refit_at(marks) for marks in (4, 5, 9, 19, 20, 29, 31)]
    [0, 5, 5, 10, 20, 20, 30]
    """
    if marks >= REFITS[-1]:
        return marks // EVERY * EVERY
    return max((step for step in REFITS if step <= marks), default=0)


def fingerprint(text: str) -> str:
    """The same for texts that differ in case, white space and composition of letters alone."""
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()


def _grading(
    prior: Prior, by_question: Mapping[str, Sequence[Marked]], taught: Mapping[str, QuestionTaught]
) -> Grading:
    """The prior's curves, or those of the lesson's own marks where there are enough.

    They are fitted to what each marked answer would get from the marks of all others.
    """
    cases: list[Case] = []
    found: list[tuple[Values, Values, Values]] = []
    for name, own in by_question.items():
        answers, shares = [one.case for one in own], _shares(own)
        cases += answers
        found.append((*leave_one_out(taught[name].course, answers, shares), shares))
    if not cases:
        return prior.grading
    expected, left, shares = (np.concatenate(parts) for parts in zip(*found, strict=True))
    blank = np.array([case.blank for case in cases], dtype=bool)
    seen = Predictions(np.arange(len(cases)), expected, left, blank)
    return grading_of(prior, cases, shares, seen, np.ones(len(cases), dtype=bool))


def _by_heart(marked: Sequence[Marked]) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = {}
    for one in marked:
        given = found.setdefault(fingerprint(one.text), [])
        if all(abs(one.share - other) > CLOSE for other in given):
            given.append(one.share)
    return {key: tuple(given) for key, given in found.items()}


def _shares(marked: Sequence[Marked]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([one.share for one in marked], dtype=np.float64)
