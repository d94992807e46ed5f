"""An author's mistakes in `theory.toml` that its types cannot see."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from graders.errors import Problem
from graders.model import KeyPoint, Misconception, Question, Relation, Rubric
from graders.theory.formulas import readable
from graders.theory.learning.cases import read_answer
from graders.theory.patterns import PatternError, parse
from graders.theory.points import find_misconception, find_point, find_swapped
from graders.theory.reading import read
from graders.theory.ruling import points_of, rule


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
    points = [point.id for point in question.key_points]
    others = [part.id for _, part in _parts(question, key) if not isinstance(part, KeyPoint)]
    yield from _repeated(f"{key}.key_points", points)
    yield from _repeated(key, [*dict.fromkeys(points), *others])
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
    for place, part in _parts(question, key):
        mistakes = list(_patterns(part, place))
        broken = broken or bool(mistakes)
        yield from mistakes or _examples(part, place)
    if not broken:
        yield from _references(question, f"{key}.answer")


def _parts(question: Question, key: str) -> Iterator[tuple[str, KeyPoint | Misconception | Relation]]:
    for name in ("key_points", "misconceptions", "relations"):
        for number, part in enumerate(getattr(question, name)):
            yield f"{key}.{name}[{number}]", part


def _patterns(part: KeyPoint | Misconception | Relation, key: str) -> Iterator[tuple[str, str]]:
    """Patterns and formulas that cannot be read, and a point that nothing can earn."""
    for place, pattern in _sources(part, key):
        try:
            parse(pattern)
        except PatternError as error:
            yield place, f"the pattern `{pattern}` {error}"
    if isinstance(part, KeyPoint):
        for number, formula in enumerate(part.formulas):
            if not readable(formula):
                yield (
                    f"{key}.formulas[{number}].latex",
                    f"`{formula.latex}` cannot be read as a formula; write it with \\frac, ^, _ and \\cdot",
                )
        if not (part.any or part.formulas or part.number):
            yield key, f"nothing can earn `{part.id}`; give it patterns in `any`, `formulas` or a `number`"


def _sources(part: KeyPoint | Misconception | Relation, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Relation):
        for name in ("agent", "relation", "than", "opposite"):
            if name != "opposite" or part.opposite:
                yield f"{key}.{name}", getattr(part, name)
        return
    for number, pattern in enumerate(part.any):
        yield f"{key}.any[{number}]", pattern
    if isinstance(part, KeyPoint) and part.number and part.number.near:
        yield f"{key}.number.near", part.number.near


def _examples(part: KeyPoint | Misconception | Relation, key: str) -> Iterator[tuple[str, str]]:
    found = _finder(part)
    for number, text in enumerate(part.yes):
        if not found(text):
            yield (
                f"{key}.yes[{number}]",
                f"nothing of `{part.id}` finds “{text}”, expected that it does; "
                "add a pattern or mend the example",
            )
    for number, text in enumerate(part.no):
        if found(text):
            yield (
                f"{key}.no[{number}]",
                f"{_finding(part, text)} finds “{text}”, which must not count as `{part.id}`; "
                "make it narrower",
            )


def _finder(part: KeyPoint | Misconception | Relation) -> Callable[[str], bool]:
    if isinstance(part, KeyPoint):
        return lambda text: find_point(part, read(text)).made
    if isinstance(part, Misconception):
        return lambda text: find_misconception(part, read(text)) is not None
    return lambda text: find_swapped(part, read(text)) is not None


def _finding(part: KeyPoint | Misconception | Relation, text: str) -> str:
    """What of a part finds a text: its patterns, or its name where none alone does."""
    if isinstance(part, Relation):
        return f"`{part.id}`"
    patterns = [
        f"`{pattern}`" for pattern in part.any if _finder(part.model_copy(update={"any": (pattern,)}))(text)
    ]
    return ", ".join(patterns) or f"`{part.id}`"


def _references(question: Question, key: str) -> Iterator[tuple[str, str]]:
    for language, text in (("ru", question.answer.ru), ("en", question.answer.en)):
        ruling = rule(question, read_answer(question, text)[0])
        missed = [finding.id for finding in ruling.findings if not finding.made]
        wrong = [finding.id for finding in ruling.wrong]
        if missed or wrong:
            said = f"it does not make {', '.join(missed)}" if missed else f"it states {', '.join(wrong)}"
            yield (
                f"{key}.{language}",
                f"the reference answer earns {points_of(question, ruling.share):g} of {question.points:g} "
                f"under its own rubric: {said}; mend the answer or the patterns",
            )


def _repeated(key: str, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield key, f"the id `{name}` stands {count} times; give each its own"
