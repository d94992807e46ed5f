"""What the guards look at: a student's words beside the question and its reference, each prepared once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from graders.model import GuardFlag, GuardKind, Message, Question, Span
from graders.theory import lexicon
from graders.theory.nearby import negates
from graders.theory.reading import Reading, Word, read, stem

MOST_WORDS = 2500
"""Words of an answer that are looked at."""
MOST_CHARACTERS = 20_000
"""Characters of an answer that are looked at."""
MOST_SPANS = 5
"""Stretches that one flag shows."""

# Every alternative is bounded, so that thousands of unclosed marks cost no time.
_NO_PROSE = re.compile(
    r"```[^`]{0,4000}```|`[^`\n]{1,300}`|\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,300}\$|\\\([^\n]{1,300}?\\\)"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """An author's text as the guards compare it."""

    stems: tuple[str, ...]
    known: frozenset[str]
    """All its stems."""
    content: frozenset[str]
    """Its stems without words of grammar."""
    bigrams: frozenset[tuple[str, ...]]
    trigrams: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """An answer beside what was asked."""

    text: str
    """The student's Markdown, cut to MOST_CHARACTERS."""
    reading: Reading
    """Its words without what repeats the question and what is struck out."""
    words: Sequence[Word]
    stems: tuple[str, ...]
    """The stem of each word."""
    content: tuple[bool, ...]
    """For each word whether it says something of a subject: no word of grammar, number or single letter."""
    prose: tuple[bool, ...]
    """For each word whether it stands outside formulas and code."""
    question: Question
    asked: tuple[Wording, ...]
    """The question in each language."""
    right: tuple[Wording, ...]
    """The reference in each language."""

    def span(self, first: int, last: int) -> Span:
        """Words `first` to `last`, both included, in the student's text."""
        return Span(start=self.words[first].start, end=self.words[last].end)


def subject_of(question: Question, text: str, reading: Reading) -> Subject:
    """Prepare an answer; `reading` is of `text`, without what only repeats the question."""
    words = reading.words[:MOST_WORDS]
    return Subject(
        text=text[:MOST_CHARACTERS],
        reading=reading,
        words=words,
        stems=tuple(stem(word.text) for word in words),
        content=tuple(is_content(word.text) for word in words),
        prose=outside_formulas(text[:MOST_CHARACTERS], words),
        question=question,
        asked=tuple(wording_of(text) for text in _both(question.text.ru, question.text.en)),
        right=tuple(wording_of(text) for text in _both(question.answer.ru, question.answer.en)),
    )


@lru_cache(maxsize=2048)
def wording_of(text: str) -> Wording:
    """An author's text, prepared; kept, since a class is compared with the same few."""
    words = read(text[:MOST_CHARACTERS]).words[:MOST_WORDS]
    stems = tuple(stem(word.text) for word in words)
    content = frozenset(form for form, word in zip(stems, words, strict=True) if is_content(word.text))
    return Wording(stems, frozenset(stems), content, frozenset(pairwise(stems)), grams(stems, 3))


def is_content(word: str) -> bool:
    """Whether a folded word says something of a subject."""
    return len(word) > 1 and not word.isdigit() and word not in lexicon.FUNCTION_WORDS and not negates(word)


def grams(stems: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    """Every `size` words that stand side by side."""
    return frozenset(tuple(stems[at : at + size]) for at in range(len(stems) - size + 1))


def flag(kind: GuardKind, message: Message, spans: Iterable[Span] = ()) -> GuardFlag:
    """A flag with its first few stretches."""
    return GuardFlag(kind=kind, message=message, spans=tuple(spans)[:MOST_SPANS])


def _both(ru: str, en: str) -> tuple[str, ...]:
    return (ru,) if ru == en else (ru, en)


def outside_formulas(text: str, words: Sequence[Word]) -> tuple[bool, ...]:
    """For each word of `text` whether it stands outside formulas and code."""
    stretches = [match.span() for match in _NO_PROSE.finditer(text)]
    found = []
    at = 0
    for word in words:
        while at < len(stretches) and stretches[at][1] <= word.start:
            at += 1
        found.append(not (at < len(stretches) and stretches[at][0] <= word.start))
    return tuple(found)
