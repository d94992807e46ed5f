"""How much a stretch of a student's text looks like the text of a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from graders.model import Question, Rubric
from graders.theory.reading import sentences, stems

FEWEST_WORDS = 3
"""Shorter texts say too little to tell one question from another."""
READ_WORDS = 80
"""How much of a text is compared."""
RESTATED = 84
"""From this likeness (0 to 100) on, a sentence repeats the question."""


@dataclass(frozen=True, slots=True)
class _Wording:
    """A question's text in one language."""

    whole: str
    """Stems, joined by spaces."""
    stems: frozenset[str]
    sentences: tuple[str, ...]


@lru_cache(maxsize=512)
def _wordings(question: Question) -> tuple[_Wording, ...]:
    found = []
    for text in (question.text.ru, question.text.en):
        whole = stems(text)
        parts = tuple(" ".join(stems(text[start:end])) for start, end in sentences(text))
        found.append(_Wording(" ".join(whole), frozenset(whole), parts))
    return tuple(found)


def likeness(rubric: Rubric, text: str) -> Mapping[str, float]:
    """For each question, how well its wording is found in `text`, or `text` in it: 0 to 100.

    Empty where `text` is too short to say.
    """
    found = stems(text)[:READ_WORDS]
    if len(set(found)) < FEWEST_WORDS:
        return {}
    joined, unique = " ".join(found), set(found)
    scores = {}
    for question in rubric.questions:
        # Comparing strings is slow, so it is only done where enough words are shared.
        scores[question.id] = max(
            max(fuzz.partial_ratio(joined, wording.whole), fuzz.token_set_ratio(joined, wording.whole))
            if 2 * len(unique & wording.stems) >= min(len(unique), len(wording.stems))
            else 0.0
            for wording in _wordings(question)
        )
    return scores


def restates(question: Question, text: str) -> bool:
    """Whether `text`, a sentence or a line, only repeats the question or a part of it."""
    found = stems(text)[: 2 * READ_WORDS]
    if not found:
        return False
    joined, unique = " ".join(found), set(found)
    for wording in _wordings(question):
        if 2 * len(unique & wording.stems) < len(unique):
            continue
        if any(fuzz.ratio(joined, part) >= RESTATED for part in (wording.whole, *wording.sentences)):
            return True
        inside = len(found) > FEWEST_WORDS and len(joined) <= len(wording.whole)
        if inside and fuzz.partial_ratio(joined, wording.whole) >= RESTATED + 6:
            return True
    return False
