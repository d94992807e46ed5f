"""Fits `graders/theory/learning/prior.json` to sets of graded answers; prints how each set fares held out.

    GRADE_MIRROR=/path/to/data python benchmarks/theory/fit_prior.py [--check]

Reads `answers/` below `GRADE_MIRROR` and `benchmarks/theory/course_ru.jsonl`. Only numbers are written. With
`--check` nothing is written, and the exit code is 1 where the file would change.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders.theory.bench import agreement, cases_of, measure, read_graded
from graders.theory.learning.course import Case, Prior, inputs_of
from graders.theory.learning.grades import NEVER, Grading, fit_grading
from graders.theory.learning.held_out import predict
from graders.theory.learning.linear import Linear, fit_linear
from graders.theory.learning.prior import PRIOR
from graders.theory.learning.question import QuestionPrior

SETS = {
    "saf_networks_en": "SAF, computer networks, English; Filighera et al., 2022; MIT licence",
    "beetle": "Beetle, SemEval-2013 Task 7; Dzikovska et al., 2013; numbers fitted only",
    "scientsbank": "SciEntsBank, SemEval-2013 Task 7; Dzikovska et al., 2013; numbers fitted only",
}
COURSE = Path(__file__).with_name("course_ru.jsonl")
COURSE_SOURCE = "our own small set of made answers in Russian, the mean of two markings"
SHRINK, SHRINK_RUBRIC = 30.0, 5.0
MARKS = (0, 5, 20)
"""Marks of a question that the curves of grades are fitted for."""
GRID = tuple(product((0.02, 0.05), (0.1, 0.2, 0.4), (0.05, 0.1, 0.2)))
"""Variances of offset, words and noise that are tried."""


@dataclass(frozen=True, slots=True)
class Set:
    """A graded set as the models see it."""

    name: str
    cases: tuple[Case, ...]
    shares: NDArray[np.float64]


def main() -> int:
    """Fit, print and write."""
    folder = Path(os.environ.get("GRADE_MIRROR", "")) / "answers"
    public = [_load(folder / f"{name}.jsonl") for name in SETS]
    course = _load(COURSE)
    course = replace(course, shares=_mean_of_two(COURSE))
    held_out = {one.name: _text([other for other in public if other is not one]) for one in public}
    text = _text(public)
    held_out[course.name] = text  # none of its answers is in the public sets
    question = _question_prior(public, held_out)
    rubric = _rubric([course], text)
    rows = []
    for one in (*public, course):
        layer = _rubric([one], text) if one is course else rubric
        for marks in MARKS:
            found = _predicted(one, _prior(held_out[one.name], layer, question), marks)
            rows.extend([found] if len(found[1]) else [])
    weights = np.concatenate([np.full(len(shares), 1 / len(shares)) for _, shares, _ in rows])
    grading = fit_grading(
        np.concatenate([inputs for inputs, _, _ in rows]),
        np.concatenate([shares for _, shares, _ in rows]),
        [name for _, _, names in rows for name in names],
        weights=weights * len(weights) / weights.sum(),
    )
    fitted = Prior(
        text=text,
        rubric=rubric,
        question=question,
        grading=grading,
        fitted_on={
            one.name: f"{len(one.cases)} answers: {(SETS | {COURSE.stem: COURSE_SOURCE})[one.name]}"
            for one in (*public, course)
        },
        command="python benchmarks/theory/fit_prior.py",
    )
    written = json.dumps(fitted.model_dump(), indent=1) + "\n"
    for one in public:
        _show(one, _prior(held_out[one.name], rubric, question, grading))
    if "--check" in sys.argv[1:]:
        return int(PRIOR.read_text(encoding="utf-8") != written)
    PRIOR.write_text(written, encoding="utf-8")
    return 0


def _load(path: Path) -> Set:
    graded = read_graded(path)
    return Set(path.stem, tuple(cases_of(graded)), np.array([row.score / row.max for row in graded.rows]))


def _mean_of_two(path: Path) -> NDArray[np.float64]:
    rows = read_graded(path).rows
    return np.array(
        [(row.score + (row.score if row.score2 is None else row.score2)) / 2 / row.max for row in rows]
    )


def _text(sets: Sequence[Set]) -> Linear:
    """All sets count alike, however large."""
    weights = np.concatenate([np.full(len(one.shares), 1 / len(one.shares)) for one in sets])
    return fit_linear(
        np.concatenate([np.stack([case.features for case in one.cases]) for one in sets]),
        np.concatenate([one.shares for one in sets]),
        weights=weights * len(weights) / weights.sum(),
        shrink=SHRINK,
    )


def _rubric(sets: Sequence[Set], text: Linear) -> Linear:
    cases = [case for one in sets for case in one.cases]
    expected = text(np.stack([case.features for case in cases])).clip(0, 1)
    rows = [(value, *(case.points or ())) for value, case in zip(expected, cases, strict=True)]
    return fit_linear(np.array(rows), np.concatenate([one.shares for one in sets]), shrink=SHRINK_RUBRIC)


def _prior(text: Linear, rubric: Linear, question: QuestionPrior, grading: Grading | None = None) -> Prior:
    return Prior(
        text=text,
        rubric=rubric,
        question=question,
        grading=grading or Grading(curves=(), bound=NEVER),
        fitted_on={},
        command="",
    )


def _question_prior(public: Sequence[Set], texts: Mapping[str, Linear]) -> QuestionPrior:
    """The variances with the best mean correlation over the sets, none of them seen by the text model."""

    def score(candidate: QuestionPrior) -> float:
        total = 0.0
        for one in public:
            for marks in MARKS[1:]:
                found = predict(
                    _prior(texts[one.name], texts[one.name], candidate),
                    one.cases,
                    one.shares,
                    marks=marks,
                    learn=False,
                )
                total += agreement.pearson(found.expected, one.shares[found.rows]) or 0.0
        return total

    candidates = [QuestionPrior(offset=offset, words=words, noise=noise) for offset, words, noise in GRID]
    return max(candidates, key=score)


def _predicted(
    one: Set, prior: Prior, marks: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    found = predict(prior, one.cases, one.shares, marks=marks, learn=False)
    kept = ~found.blank
    rows = found.rows[kept]
    cases = [one.cases[at] for at in rows.tolist()]
    return (
        inputs_of(cases, found.expected[kept], found.left[kept]),
        one.shares[rows],
        [f"{one.name} {case.question}" for case in cases],
    )


def _show(one: Set, prior: Prior) -> None:
    for marks in MARKS:
        report = measure(prior, one.cases, one.shares, marks=marks, learn=False)
        print(one.name, report, flush=True)


if __name__ == "__main__":
    sys.exit(main())
