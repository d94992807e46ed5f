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
MOST_OWN_WORDS = 2
"""So many words of his own a student may put into a question that he repeats."""
SAME_WORD = 75
"""From this likeness on, a stem is another spelling of the question's."""


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

    Empty where `text` is too short to say. A short text may be like a question only because it is about the
    same thing; `asks` tells those apart.
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


def asks(question: Question, text: str) -> bool:
    """Whether `text`, which is like the question, puts it again and is not just about the same thing."""
    if "?" in text or "\uff1f" in text:
        return True
    unique = set(stems(text)[:READ_WORDS])
    return any(
        2 * len(unique & asked) >= len(asked)
        for wording in _wordings(question)
        for asked in (wording.stems, *(frozenset(part.split()) for part in wording.sentences))
        if len(asked) > FEWEST_WORDS
    )


def names(question: Question, title: str) -> bool:
    """Whether every word of `title` is the question's.

    >>> from graders.model import KeyPoint, Text
    >>> text = Text(ru="Что такое рецептивное поле?", en="What is a receptive field?")
    >>> point = KeyPoint(id="p", weight=1, title=text)
    >>> asked = Question(id="1", points=1, text=text, answer=text, key_points=(point,))
    >>> names(asked, "Receptive field"), names(asked, "A field of wheat")
    (True, False)
    """
    unique = set(stems(title)[:READ_WORDS])
    return bool(unique) and any(unique <= wording.stems for wording in _wordings(question))


def restates(question: Question, text: str) -> bool:
    """Whether `text`, a sentence or a line, only repeats the question or a part of it.

    A sentence that takes up the question's words and goes on with words of its own is an answer.
    """
    found = stems(text)[: 2 * READ_WORDS]
    if not found:
        return False
    joined, unique = " ".join(found), set(found)
    own_words = MOST_OWN_WORDS if text.rstrip(" \t\r\n*_>").endswith(("?", "\uff1f")) else 0
    for wording in _wordings(question):
        if 2 * len(unique & wording.stems) < len(unique):
            continue
        whole = any(fuzz.ratio(joined, part) >= RESTATED for part in (wording.whole, *wording.sentences))
        inside = len(found) > FEWEST_WORDS and len(joined) <= len(wording.whole)
        if (whole or (inside and fuzz.partial_ratio(joined, wording.whole) >= RESTATED + 6)) and (
            _own_words(unique, wording) <= own_words
        ):
            return True
    return False


def _own_words(found: set[str], wording: _Wording) -> int:
    """How many of the stems are no word of the question, not even misspelt."""
    others = sorted(found - wording.stems)
    return sum(all(fuzz.ratio(other, stem) < SAME_WORD for stem in wording.stems) for other in others)
