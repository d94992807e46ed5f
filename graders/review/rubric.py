"""Tries a rubric: does it know its own references and examples, and does it tell its questions apart?"""

from collections.abc import Sequence
from dataclasses import dataclass

from graders.model import Assignment, KeyPoint, Language, Question
from graders.theory.learning.cases import read_answer
from graders.theory.points import find_misconception, find_point, find_swapped
from graders.theory.reading import read
from graders.theory.ruling import rule


@dataclass(frozen=True, slots=True)
class Examples:
    """How the example sentences of one part of a question fare."""

    question: str
    part: str
    kind: str
    """`key_points`, `misconceptions` or `relations`."""
    yes: tuple[int, int]
    """Found, and how many there are."""
    no: tuple[int, int]
    """Found, which should be none, and how many there are."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a rubric."""

    questions: tuple[str, ...]
    confusion: dict[Language, tuple[tuple[float, ...], ...]]
    """For each language, the share that a reference (row) earns under each question (column)."""
    examples: tuple[Examples, ...]


def try_rubric(assignment: Assignment) -> Tried:
    """Try the rubric of an assignment.

    Raises:
        ValueError: it has none.
    """
    if assignment.rubric is None:
        raise ValueError(f"{assignment.slug} has no theory.toml")
    questions = assignment.rubric.questions
    languages: tuple[Language, ...] = ("ru", "en")
    confusion: dict[Language, tuple[tuple[float, ...], ...]] = {
        language: tuple(
            tuple(_share(column, row.answer.to(language)) for column in questions) for row in questions
        )
        for language in languages
    }
    return Tried(
        questions=tuple(question.id for question in questions),
        confusion=confusion,
        examples=tuple(one for question in questions for one in _examples(question)),
    )


def _share(question: Question, text: str) -> float:
    return rule(question, read_answer(question, text)[0]).share


def _examples(question: Question) -> list[Examples]:
    found = [
        Examples(question.id, point.id, "key_points", _point(point, point.yes), _point(point, point.no))
        for point in question.key_points
    ]
    for wrong in question.misconceptions:
        yes, no = (
            (sum(find_misconception(wrong, read(text)) is not None for text in texts), len(texts))
            for texts in (wrong.yes, wrong.no)
        )
        found.append(Examples(question.id, wrong.id, "misconceptions", yes, no))
    for relation in question.relations:
        yes, no = (
            (sum(find_swapped(relation, read(text)) is not None for text in texts), len(texts))
            for texts in (relation.yes, relation.no)
        )
        found.append(Examples(question.id, relation.id, "relations", yes, no))
    return found


def _point(point: KeyPoint, texts: Sequence[str]) -> tuple[int, int]:
    return sum(find_point(point, read(text)).made for text in texts), len(texts)
