"""From a student's Markdown to words with offsets: the only place where text is normalised.

Each word knows where it stands in the original text, so that whatever is found can be shown there. Words are
folded (`folding.py`) and carry several keys: the exact form, the stem and, for Russian, the lemma. Two words
are the same when they share a key. What the student took back (`hidden.py`) is not read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

from graders.theory import lexicon
from graders.theory.folding import count_words, fold, in_order, keys, spans_of_words, stem, stems
from graders.theory.hidden import hidden
from graders.theory.vocabulary import is_strange

__all__ = [
    "Reading",
    "Word",
    "count_words",
    "fold",
    "keys",
    "read",
    "sentences",
    "spans_of_words",
    "stem",
    "stems",
]

MOST_STRANGE = 100
"""Of a text with more such words only the first are tried as typos, so that gibberish costs no time."""

# A full stop ends a sentence before a capital letter, a digit or markup; `т.е. веса` and `i.e. the` go on.
_SENTENCE_END = re.compile(
    r"(?<![!?…])[!?…]++(?=[\s*_]|$)|(?<![\s.]\w)\.(?=[*_]*\s+[A-ZА-ЯЁ\d*_$`(«\"\\]|[*_]*\s*$)"
)
_LINE_BREAK = re.compile(r"\n[ \t\r]*(?=\n|[-*+•][ \t]|\d{1,2}[.)][ \t]|\#|>|\|)")
_CLAUSE_BREAK = re.compile(r"[,;:()]|\s[-–—]+\s|[.!?…]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    text: str
    """Folded form."""
    keys: frozenset[str]
    """Its stem, its lemma, and `=` with the folded form, which only a literal phrase asks for."""
    start: int
    """Offset of its first character in the original text."""
    end: int
    sentence: int
    """Number of its sentence, from 0."""
    clause: int
    """Number of its clause, from 0 over the whole text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words, with an index from keys to positions."""

    words: tuple[Word, ...]
    index: Mapping[str, tuple[int, ...]]
    """Positions in `words` of the words that have the key, ascending; `^ab` is a key of all that begin so."""
    strange: tuple[int, ...] = ()
    """Positions of words that may be typos: long ones that are no words of either language nor terms."""
    text: str = ""
    """The Markdown that was read."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text`; a list item, a heading or a paragraph ends one too."""
    ends = sorted({match.end() for rule in (_SENTENCE_END, _LINE_BREAK) for match in rule.finditer(text)})
    bounds = [0, *ends, len(text)]
    return [(start, end) for start, end in pairwise(bounds) if text[start:end].strip()]


def read(text: str, without: Iterable[tuple[int, int]] = ()) -> Reading:
    """The words of `text`, less those struck out, in comments, or in the stretches `without`."""
    skipped = in_order([*without, *hidden(text)])
    sentence_ends = [end for _, end in sentences(text)]
    clause_ends = [match.end() for match in _CLAUSE_BREAK.finditer(text)]
    words: list[Word] = []
    sentence = clause = conjunctions = skip = 0
    for folded, start, end in spans_of_words(text):
        while skip < len(skipped) and skipped[skip][1] <= start:
            skip += 1
        if skip < len(skipped) and skipped[skip][0] < end:
            continue
        while sentence < len(sentence_ends) and sentence_ends[sentence] <= start:
            sentence += 1
        while clause < len(clause_ends) and clause_ends[clause] <= start:
            clause += 1
        conjunctions += folded in lexicon.CLAUSE_CONJUNCTIONS
        words.append(Word(folded, keys(folded), start, end, sentence, sentence + clause + conjunctions))
    index: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        for key in word.keys:
            index.setdefault(key, []).append(position)
        index.setdefault(f"^{word.text[:2]}", []).append(position)
    strange = (position for position, word in enumerate(words) if is_strange(word.text))
    positions = {key: tuple(places) for key, places in index.items()}
    return Reading(tuple(words), positions, tuple(islice(strange, MOST_STRANGE)), text)
