"""How well the words of a text follow one another: language has joints, salad has not.

For two neighbours the table says how much more often their kinds stand side by side in students' and
authors' sentences than by chance. The mean over a text is clearly above zero for sentences, terse ones
included, and near or below zero for shuffled words. The table holds numbers only;
`benchmarks/theory/fit_joints.py` makes it.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from graders.model import Language
from graders.theory.guards.grammar import COMMA, EDGE, NUMBER, SYMBOL, kind_of
from graders.theory.reading import Word

JOINTS = Path(__file__).with_name("joints.json")
SMOOTH = 4.0
"""Pairs that are added to what was counted and to what chance gives, so that rare kinds say little."""

_SILENT = (NUMBER, SYMBOL)
_MARKS = (EDGE, COMMA)


def kinds(text: str, words: Sequence[Word], prose: Sequence[bool]) -> Iterator[str]:
    """The kinds of the words in order, with ends of sentences, marks within them, and formulas as one."""
    last = None
    before = -1
    for at, word in enumerate(words):
        if before < 0 or words[before].sentence != word.sentence:
            if before >= 0:
                yield EDGE
            yield EDGE
            last = EDGE
        elif _marked(text[words[before].end : word.start]):
            yield COMMA
            last = COMMA
        kind = kind_of(word.text) if prose[at] else SYMBOL
        if not (kind == SYMBOL and last == SYMBOL):
            yield kind
        last = kind
        before = at
    if before >= 0:
        yield EDGE


def language_of(found: Iterable[str]) -> Language:
    """The language of most words that say which."""
    russian = english = 0
    for kind in found:
        russian += kind[0] > "z" or kind[0].isupper()
        english += kind[0].islower() and kind[0] <= "z" and kind != SYMBOL
    return "ru" if russian >= english else "en"


def joints(found: Sequence[str]) -> list[float]:
    """For each two neighbours how much more likely they are in their language than by chance, in nats.

    Numbers, letters and formulas are left out: what stands beside them says nothing.
    """
    whole = language_of(found)
    tables = _tables()
    values = []
    for one, other in pairwise(found):
        if one in _SILENT or other in _SILENT or (one in _MARKS and other in _MARKS):
            continue
        counts, pairs, total = tables[_language(one, other, whole)]
        seen, chance = pairs.get(f"{one} {other}", 0), counts.get(one, 0) * counts.get(other, 0) / total
        values.append(math.log((seen + SMOOTH) / (chance + SMOOTH)))
    return values


def _language(one: str, other: str, whole: Language) -> Language:
    """Words of the other language within a text are joined by its own rules."""
    alphabets = {kind[0] > "z" or kind[0].isupper() for kind in (one, other) if kind not in _MARKS}
    if alphabets == {False}:
        return "en"
    return "ru" if alphabets == {True} else whole


def _marked(between: str) -> bool:
    return any(mark in between[:20] for mark in ",;:()—–-/=+|")


@cache
def _tables() -> Mapping[str, tuple[Mapping[str, int], Mapping[str, int], int]]:
    tables = json.loads(JOINTS.read_text(encoding="utf-8"))
    return {
        language: (table["kinds"], table["pairs"], sum(table["kinds"].values()))
        for language, table in tables.items()
    }
