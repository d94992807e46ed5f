"""Fits `graders/theory/learning/prior.json` to sets of graded answers; prints how each set fares held out.

    GRADE_MIRROR=/path/to/data python benchmarks/theory/fit_prior.py [--check]

Reads `answers/` below `GRADE_MIRROR` and `benchmarks/theory/course_ru.jsonl`. Only numbers are written. With
`--check` nothing is written, and the exit code is 1 where the file would change.

Whatever is fitted to predictions is fitted to those for answers not learned from: each public set is
predicted by a text model of the others, each question of the course's set by a rubric layer of its others.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from graders.model import PointEvidence
from graders.model.theory import MADE
from graders.theory.bench import GradedSet, agreement, cases_of, measure, read_graded, read_set
from graders.theory.learning.course import Case, Prior, inputs_of
from graders.theory.learning.grades import NEVER, Grading, fit_grading, with_bound
from graders.theory.learning.held_out import predict
from graders.theory.learning.linear import Linear, fit_linear
from graders.theory.learning.prior import PRIOR
from graders.theory.learning.question import QuestionPrior
from graders.theory.ruling import rule

SETS = {
    "saf_networks_en": "SAF, computer networks, English; Filighera, Ochs et al., 2022; MIT licence",
    "beetle": "Beetle of SemEval-2013 Task 7; Dzikovska et al., 2013; numbers fitted only",
    "scientsbank": "SciEntsBank of SemEval-2013 Task 7; Dzikovska et al., 2013; numbers fitted only",
    "course_ru": "our own small set of made answers in Russian; the mean of two markings",
}
COURSE = Path(__file__).with_name("course_ru.jsonl")
SHRINK, SHRINK_RUBRIC = 30.0, 5.0
MARKS = (0, 5, 10, 20)
"""Marks of a question that the curves of grades are fitted for."""
GRID = tuple(product((0.01, 0.03, 0.05, 0.08), (0.05, 0.2, 0.4), (0.05, 0.2, 0.4)))
"""Variances of offset, words and noise that are tried."""
STRICTNESS = 0.08
"""Least variance of the offset with a rubric: our own set has one strictness, instructors have many."""
START = QuestionPrior(offset=0.03, words=0.2, noise=0.2)

EXPECTED: dict[PointEvidence, float] = {
    "nothing": 0.05,
    "denied": 0.2,
    "unread": 0.3,
    "paraphrase": 0.6,
    "pattern": 0.75,
    "patterns": 0.9,
    "formula": 0.9,
    "number": 0.75,
}
"""Probabilities of a key point by its evidence, before any fit; those from `MADE` on stay there."""
PULL = 5.0
"""How many answers' worth `EXPECTED` is."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Set:
    """A graded set as the models see it."""

    name: str
    cases: tuple[Case, ...]
    shares: Values


@dataclass(frozen=True, slots=True)
class Seen:
    """Predictions for answers that were not learned from."""

    inputs: Values
    shares: Values
    questions: tuple[str, ...]


def main() -> int:
    """Fit, print and write."""
    folder = Path(os.environ.get("GRADE_MIRROR", "")) / "answers"
    public = [_load(folder / f"{name}.jsonl") for name in SETS if name != COURSE.stem]
    course = _load(COURSE)
    plain = replace(course, cases=tuple(replace(case, points=None) for case in course.cases))
    text = _text(public)
    others = [_text([other for other in public if other is not one]) for one in public]
    question = _variances(
        [(one, _prior(model, model, START)) for one, model in zip(public, others, strict=True)]
    )
    ruled = _variances(_without_each(course, text), at_least=STRICTNESS)
    seen = [_seen(one, _prior(model, text, question)) for one, model in zip(public, others, strict=True)]
    seen += [_seen(plain, _prior(text, text, question)), _seen_course(course, text, (question, ruled))]
    # Answers that are only right or wrong say nothing of where a half mark lies.
    graded = [one for one in seen if len(set(one.shares.tolist())) > len((0, 1))]
    weights = np.concatenate([np.full(len(one.shares), 1 / len(one.shares)) for one in graded])
    grading = fit_grading(*_joined(graded), weights=weights * len(weights) / weights.sum())
    grading = with_bound(grading, *_joined(seen))
    rubric = _rubric(course.cases, course.shares, text)
    fitted = Prior(
        text=text,
        rubric=rubric,
        evidence=_evidence(read_graded(COURSE)),
        question=question,
        ruled=ruled,
        grading=grading,
        fitted_on={one.name: f"{len(one.cases)} answers: {SETS[one.name]}" for one in (*public, course)},
        command="python benchmarks/theory/fit_prior.py",
    )
    for one, model in zip((*public, plain), (*others, text), strict=True):
        for marks in MARKS:
            prior = _prior(model, rubric, question, grading)
            print(one.name, measure(prior, one.cases, one.shares, marks=marks, learn=False), flush=True)
    written = json.dumps(fitted.model_dump(), indent=1, ensure_ascii=False) + "\n"
    if "--check" in sys.argv[1:]:
        return int(PRIOR.read_text(encoding="utf-8") != written)
    PRIOR.write_text(written, encoding="utf-8")
    return 0


def _load(path: Path) -> Set:
    graded = read_graded(path)
    return Set(path.stem, tuple(cases_of(graded)), _shares(graded))


def _shares(graded: GradedSet) -> Values:
    """Shares of the points; where two people marked an answer, the mean of both."""
    pairs = [(row.score, row.score if row.score2 is None else row.score2, row.max) for row in graded.rows]
    return np.array([(one + other) / 2 / most for one, other, most in pairs])


def _evidence(graded: GradedSet) -> dict[PointEvidence, float]:
    """How probable each kind of evidence makes a key point.

    What a person gave is taken for the sum over key points of weight times probability, and the probabilities
    are those that fit best, drawn to `EXPECTED` where there is little evidence of a kind.
    """
    kinds = list(EXPECTED)
    weights = np.zeros((len(graded.rows), len(kinds)))
    for row, (question, reading, _) in enumerate(read_set(graded)):
        for point, finding in zip(question.key_points, rule(question, reading).findings, strict=True):
            weights[row, kinds.index(finding.evidence)] += point.weight
    pull = np.sqrt(PULL) * np.eye(len(kinds))
    expected = np.array(list(EXPECTED.values()))
    found = lsq_linear(
        np.concatenate([weights, pull]),
        np.concatenate([_shares(graded), pull @ expected]),
        bounds=(np.where(expected < MADE, 0.0, MADE), np.where(expected < MADE, MADE - 0.01, 1.0)),
    )
    fitted = dict(zip(kinds, found.x.round(3).tolist(), strict=True))
    print("evidence", fitted, "sums of weights", weights.sum(axis=0).round(1).tolist())
    return fitted


def _text(sets: Sequence[Set]) -> Linear:
    """All sets count alike, however large."""
    weights = np.concatenate([np.full(len(one.shares), 1 / len(one.shares)) for one in sets])
    return fit_linear(
        np.concatenate([np.stack([case.features for case in one.cases]) for one in sets]),
        np.concatenate([one.shares for one in sets]),
        weights=weights * len(weights) / weights.sum(),
        shrink=SHRINK,
    )


def _rubric(cases: Sequence[Case], shares: Values, text: Linear) -> Linear:
    expected = text(np.stack([case.features for case in cases])).clip(0, 1)
    rows = [(value, *(case.points or ())) for value, case in zip(expected, cases, strict=True)]
    return fit_linear(np.array(rows), shares, shrink=SHRINK_RUBRIC)


def _prior(text: Linear, rubric: Linear, question: QuestionPrior, grading: Grading | None = None) -> Prior:
    grading = grading or Grading(curves=(), bound=NEVER)
    return Prior(
        text=text,
        rubric=rubric,
        evidence=EXPECTED,
        question=question,
        ruled=question,
        grading=grading,
        fitted_on={},
        command="",
    )


def _variances(pairs: Sequence[tuple[Set, Prior]], at_least: float = 0.0) -> QuestionPrior:
    """Those with the least mean squared error over sets and numbers of marks.

    Args:
        pairs: answers and what is known of them, none of it learned from these answers.
        at_least: the least variance of the offset.
    """

    def error(candidate: QuestionPrior) -> float:
        errors = []
        for one, prior in pairs:
            tried = prior.model_copy(update={"question": candidate, "ruled": candidate})
            for marks in MARKS[1:]:
                found = predict(tried, one.cases, one.shares, marks=marks, learn=False)
                if len(found.rows):
                    errors.append(float(np.mean((found.expected - one.shares[found.rows]) ** 2)))
        return float(np.mean(errors))

    candidates = [
        QuestionPrior(offset=offset, words=words, noise=noise)
        for offset, words, noise in GRID
        if offset >= at_least
    ]
    return min(candidates, key=error)


def _without_each(course: Set, text: Linear) -> list[tuple[Set, Prior]]:
    """Each question of the course's set, with a rubric layer of the others."""
    names = np.array([case.question for case in course.cases])
    pairs = []
    for name in sorted(set(names.tolist())):
        own, rest = np.flatnonzero(names == name).tolist(), np.flatnonzero(names != name).tolist()
        layer = _rubric([course.cases[at] for at in rest], course.shares[rest], text)
        one = Set(course.name, tuple(course.cases[at] for at in own), course.shares[own])
        pairs.append((one, _prior(text, layer, START)))
    return pairs


def _seen_course(course: Set, text: Linear, variances: tuple[QuestionPrior, QuestionPrior]) -> Seen:
    """The course's set, each question predicted by a rubric layer of the others."""
    question, ruled = variances
    pairs = [
        (one, prior.model_copy(update={"question": question, "ruled": ruled}))
        for one, prior in _without_each(course, text)
    ]
    for marks in MARKS:
        parts = [_with_marks(one, prior, marks) for one, prior in pairs]
        inputs, shares, _ = _joined(parts)
        if len(shares):
            told = agreement.pearson(inputs[:, 0], shares), agreement.rmse(inputs[:, 0], shares)
            print(f"course_ru, the rubric layer without the question, {marks} marks: r, rmse5", *told)
    inputs, shares, questions = _joined([_seen(one, prior) for one, prior in pairs])
    return Seen(inputs, shares, tuple(questions))


def _seen(one: Set, prior: Prior) -> Seen:
    """Predictions with each number of marks, as far as the questions have more answers."""
    inputs, shares, questions = _joined([_with_marks(one, prior, marks) for marks in MARKS])
    return Seen(inputs, shares, tuple(questions))


def _with_marks(one: Set, prior: Prior, marks: int) -> Seen:
    found = predict(prior, one.cases, one.shares, marks=marks, learn=False)
    kept = ~found.blank
    rows = found.rows[kept]
    cases = [one.cases[at] for at in rows.tolist()]
    inputs = inputs_of(cases, found.expected[kept], found.left[kept])
    return Seen(inputs, one.shares[rows], tuple(f"{one.name} {case.question}" for case in cases))


def _joined(parts: Sequence[Seen]) -> tuple[Values, Values, list[str]]:
    return (
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.shares for part in parts]),
        [name for part in parts for name in part.questions],
    )


if __name__ == "__main__":
    sys.exit(main())
