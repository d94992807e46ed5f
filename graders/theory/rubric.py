"""An author's mistakes in `theory.toml` that its types cannot see."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from graders.errors import Problem
from graders.model import Answer, KeyPoint, Question, Rubric
from graders.theory.patterns import PatternError, parse
from graders.theory.reading import read
from graders.theory.scoring import find_point, score_answer


def check_rubric(rubric: Rubric, path: Path) -> list[Problem]:
    """All mistakes of `rubric`, which was read from `path`; empty where it is sound."""
    return [Problem(path, key, message) for key, message in _mistakes(rubric)]


@lru_cache(maxsize=64)  # hundreds of examples take a second, and a process may open a course again
def _mistakes(rubric: Rubric) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for name, asked in (("questions", rubric.questions), ("essays", rubric.essays)):
        found += _repeated(name, (question.id for question in asked))
        for number, question in enumerate(asked):
            found += _question(question, f"{name}[{number}]")
    return tuple(found)


def _question(question: Question, key: str) -> Iterator[tuple[str, str]]:
    yield from _repeated(f"{key}.key_points", (point.id for point in question.key_points))
    total = sum(point.weight for point in question.key_points)
    if not math.isclose(total, 1, abs_tol=1e-6):
        yield f"{key}.key_points", f"weights add up to {total:g}, expected 1; change them so that they do"
    steps = question.points / question.step
    if not math.isclose(steps, round(steps), abs_tol=1e-6):
        yield (
            f"{key}.step",
            f"{question.points:g} points are not a multiple of the step {question.step:g}; "
            "choose a step that divides them",
        )
    broken = False
    for number, point in enumerate(question.key_points):
        mistakes = list(_patterns(point, f"{key}.key_points[{number}]"))
        broken = broken or bool(mistakes)
        yield from mistakes or _examples(point, f"{key}.key_points[{number}]")
    if not broken:
        yield from _references(question, f"{key}.answer")


def _patterns(point: KeyPoint, key: str) -> Iterator[tuple[str, str]]:
    for number, pattern in enumerate(point.any):
        try:
            parse(pattern)
        except PatternError as error:
            yield f"{key}.any[{number}]", f"the pattern `{pattern}` {error}"


def _examples(point: KeyPoint, key: str) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(point.yes):
        if not find_point(point, read(text)).made:
            yield (
                f"{key}.yes[{number}]",
                f"no pattern of `{point.id}` finds “{text}”, expected one that does; "
                "add a pattern or mend the example",
            )
    for number, text in enumerate(point.no):
        if find_point(point, read(text)).made:
            patterns = ", ".join(
                f"`{pattern}`"
                for pattern in point.any
                if find_point(point.model_copy(update={"any": (pattern,)}), read(text)).made
            )
            yield (
                f"{key}.no[{number}]",
                f"{patterns} finds “{text}”, which must not earn `{point.id}`; make the pattern narrower",
            )


def _references(question: Question, key: str) -> Iterator[tuple[str, str]]:
    for language, text in (("ru", question.answer.ru), ("en", question.answer.en)):
        answer = Answer(question=question.id, text=text, source="", matched_by="number")
        score = score_answer(question, answer)
        missed = [finding.id for finding in score.findings if not finding.made]
        if missed:
            yield (
                f"{key}.{language}",
                f"the reference answer earns {score.earned:g} of {question.points:g} under its own rubric: "
                f"it does not make {', '.join(missed)}; mend the answer or the patterns",
            )


def _repeated(key: str, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield key, f"the id `{name}` stands {count} times; give each its own"
