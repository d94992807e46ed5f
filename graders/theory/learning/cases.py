"""Answers as the models see them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graders.model import Language, Question
from graders.theory.learning.course import Case
from graders.theory.lexicon import REFUSALS
from graders.theory.likeness import restates
from graders.theory.reading import Reading, read, sentences
from graders.theory.similarity import FEATURES, Profile, features, profile

LONGEST_ANSWER = 12_000
"""Characters that are read of one answer."""


def read_answer(question: Question, text: str) -> tuple[Reading, bool]:
    """An answer without the sentences that only repeat the question, and whether there were any."""
    copied = [span for span in sentences(text) if restates(question, text[slice(*span)])]
    return read(text, without=copied), bool(copied)


def refuses(reading: Reading) -> bool:
    """Whether an answer says that there is none: `не знаю`, `no submission`."""
    return " ".join(word.text for word in reading.words[:10]) in REFUSALS


def language_of(reading: Reading) -> Language:
    """The language of a text by its letters; Russian where there are as many of both."""
    cyrillic = sum("а" <= word.text[0] <= "я" for word in reading.words)
    latin = sum("a" <= word.text[0] <= "z" for word in reading.words)
    return "ru" if cyrillic >= latin else "en"


def case_of(question: Question, reading: Reading, points: Sequence[float] | None = None) -> Case:
    """An answer compared with its question's reference in the language that it is more like.

    Args:
        question: what was asked.
        reading: the student's answer.
        points: what a rubric found; None for a question without one.
    """
    found = profile(reading)
    compared = _compared(question, found, language_of(reading))
    blank = not reading.words or refuses(reading)
    return Case(question.id, found, compared, tuple(points) if points is not None else None, blank)


def _compared(question: Question, found: Profile, language: Language) -> NDArray[np.float64]:
    """Words of formulas are Latin in both languages, so a short answer is compared with both references."""
    own = features(question.text.to(language), question.answer.to(language), found)
    if question.answer.ru == question.answer.en:
        return own
    other: Language = "en" if language == "ru" else "ru"
    foreign = features(question.text.to(other), question.answer.to(other), found)
    recall = FEATURES.index("recall")
    return own if own[recall] >= foreign[recall] else foreign


def profile_for(question: Question, text: str) -> Profile:
    """The profile of an answer without what only repeats the question."""
    return profile(read_answer(question, text[:LONGEST_ANSWER])[0])
