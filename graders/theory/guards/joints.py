"""How well the words of a text follow one another: language has joints, salad has not.

For two neighbours the table says how much more often their kinds stand side by side in students' and
authors' sentences than by chance. The mean over a text is clearly above zero for sentences, terse ones
included, and near or below zero for shuffled words. The table holds numbers only;
`benchmarks/theory/fit_joints.py` makes it.
"""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from graders.model import Language
from graders.theory.guards.grammar import COMMA, EDGE, NUMBER, SYMBOL, kind_of
from graders.theory.reading import Word

JOINTS = Path(__file__).with_name("joints.json")
SMOOTH = 4.0
"""Pairs that are added to what was counted and to what chance gives, so that rare kinds say little."""

QUOTED = 0.6
"""The least joint of two words that an author has side by side: a term, an item of a list."""

_SILENT = (NUMBER, SYMBOL)
_MARKS = (EDGE, COMMA)


def kinds(text: str, words: Sequence[Word], prose: Sequence[bool]) -> list[str]:
    """The kinds of the words in order, with ends of sentences, marks within them, and formulas as one."""
    return [kind for kind, _ in kinds_and_places(text, words, prose)]


def kinds_and_places(text: str, words: Sequence[Word], prose: Sequence[bool]) -> Iterator[tuple[str, int]]:
    """As `kinds`, each with its place in `words`; -1 for what is no word."""
    last = ""
    for at, word in enumerate(words):
        if at == 0 or words[at - 1].sentence != word.sentence:
            if at > 0:
                yield EDGE, -1
            yield EDGE, -1
            last = EDGE
        elif _marked(text[words[at - 1].end : word.start]):
            yield COMMA, -1
            last = COMMA
        kind = kind_of(word.text) if prose[at] else SYMBOL
        if not (kind == SYMBOL and last == SYMBOL):
            yield kind, at
        last = kind
    if words:
        yield EDGE, -1


def language_of(found: Iterable[str]) -> Language:
    """The language of most words that say which."""
    russian = english = 0
    for kind in found:
        russian += kind[0] > "z" or kind[0].isupper()
        english += kind[0].islower() and kind[0] <= "z" and kind != SYMBOL
    return "ru" if russian >= english else "en"


@dataclass(frozen=True, slots=True)
class Joints:
    """How well neighbours fit."""

    values: tuple[float, ...]
    """For each two how much more likely they are in their language than by chance, in nats."""
    between_words: int
    """How many of them are two words, not a word and a mark."""

    @property
    def mean(self) -> float:
        """The mean; infinite where there are none."""
        return math.fsum(self.values) / len(self.values) if self.values else math.inf


def joints(found: Sequence[str], quoted: Collection[int] = ()) -> Joints:
    """How well each two neighbours fit.

    Numbers, letters and formulas are left out, and English terms in a Russian text: how they are joined to
    what stands beside them says nothing.

    Args:
        found: the kinds of a text.
        quoted: places in `found` of words that follow the one before them in the author's text too.
    """
    language = language_of(found)
    counts, pairs, total = _tables()[language]
    values: list[float] = []
    between_words = 0
    for at, (one, other) in enumerate(pairwise(found), 1):
        if one in _SILENT or other in _SILENT or (one in _MARKS and other in _MARKS):
            continue
        if language == "ru" and (_is_english(one) or _is_english(other)):
            continue
        seen, chance = pairs.get(f"{one} {other}", 0), counts.get(one, 0) * counts.get(other, 0) / total
        value = math.log((seen + SMOOTH) / (chance + SMOOTH))
        values.append(max(value, QUOTED) if at in quoted else value)
        between_words += one not in _MARKS and other not in _MARKS
    return Joints(tuple(values), between_words)


def _is_english(kind: str) -> bool:
    return kind not in _MARKS and kind[0] <= "z" and kind[0].islower()


def _marked(between: str) -> bool:
    return any(mark in between[:20] for mark in ",;:()—–-/=+|")


@cache
def _tables() -> Mapping[str, tuple[Mapping[str, int], Mapping[str, int], int]]:
    tables = json.loads(JOINTS.read_text(encoding="utf-8"))
    return {
        language: (
            tables[language]["kinds"],
            tables[language]["pairs"],
            sum(tables[language]["kinds"].values()),
        )
        for language in ("ru", "en")
    }
