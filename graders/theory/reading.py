"""From a student's Markdown to words with offsets: the only place where text is normalised.

Each word knows where it stands in the original text, so that whatever is found can be shown there. Words are
folded (NFKC, case, ё, invisible characters, look-alike letters of the other alphabet) and carry several keys:
its exact form, its stem and, for Russian, its lemma. Two words are the same when they share a key.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import pymorphy3
import snowballstemmer

from graders.theory import lexicon

LONGEST_WORD = 40
"""Characters; longer words are not stemmed, only compared."""

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_RAISED = "²³¹⁰⁴-⁹₀-₉"
_LETTER = rf"[^\W\d_{_RAISED}]"
_WORD = re.compile(rf"{_LETTER}(?:[\u0300-\u036f]|[{_INVISIBLE}'’]*+{_LETTER})*+|\d+|[{_RAISED}]+")
_DROPPED = re.compile(f"[{_INVISIBLE}]")
_CYRILLIC = re.compile("[а-яіј]")
_LATIN = re.compile("[a-z]")
_LATIN_LOOKALIKES, _CYRILLIC_LOOKALIKES = "aceopxykmtbhij", "асеорхукмтвніј"
_TO_CYRILLIC = str.maketrans(_LATIN_LOOKALIKES, _CYRILLIC_LOOKALIKES)
_TO_LATIN = str.maketrans(_CYRILLIC_LOOKALIKES, _LATIN_LOOKALIKES)

# No alternative reads past the next opening mark, so that thousands of unclosed ones cost no time.
_HIDDEN = re.compile(
    r"~~(?=\S)(?:(?!~~).)*+~~|<(del|s|strike)>[^<]*+</\1>|<!--(?:(?!<!--|-->).)*+-->",
    re.DOTALL | re.IGNORECASE,
)
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
    """Positions in `words` of the words that have the key, ascending."""


def fold(word: str) -> str:
    """The form in which words are compared.

    >>> fold("Свёрт\u200bкa")  # the last letter is a Latin one
    'свертка'
    """
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", word)).casefold()
    plain = plain.replace("ё", "е").replace("’", "'")
    if _CYRILLIC.search(plain) and _LATIN.search(plain):
        cyrillic, latin = plain.translate(_TO_CYRILLIC), plain.translate(_TO_LATIN)
        if not _LATIN.search(cyrillic):
            return cyrillic
        if not _CYRILLIC.search(latin):
            return latin
    return plain


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball stem of a folded word, Russian or English by its letters."""
    if len(word) > LONGEST_WORD or not word.isalpha():
        return word
    stemmed: str = _stemmer("russian" if _CYRILLIC.search(word) else "english").stemWord(word)
    return stemmed


@lru_cache(maxsize=100_000)
def keys(word: str) -> frozenset[str]:
    """Everything under which a folded word can be found."""
    found = {f"={word}", stem(word)}
    if len(word) <= LONGEST_WORD and _CYRILLIC.search(word):
        lemma: str = _morphology().parse(word)[0].normal_form.replace("ё", "е")
        found |= {lemma, stem(lemma)}
    return frozenset(found)


def spans_of_words(text: str) -> Iterable[tuple[str, int, int]]:
    """Folded words of `text` with their offsets, in order; LaTeX commands and numbers are words too."""
    for match in _WORD.finditer(text):
        yield fold(match[0]), match.start(), match.end()


def stems(text: str) -> list[str]:
    """Stems of the words of `text`, in order.

    >>> stems("Shared weights")
    ['share', 'weight']
    """
    return [stem(word) for word, _, _ in spans_of_words(text)]


def count_words(text: str) -> int:
    """How many words `text` has; numbers count too.

    >>> count_words("Два слова, and 2 more")
    5
    """
    return sum(1 for _ in spans_of_words(text))


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text`; a list item, a heading or a paragraph ends one too."""
    ends = sorted({match.end() for rule in (_SENTENCE_END, _LINE_BREAK) for match in rule.finditer(text)})
    bounds = [0, *ends, len(text)]
    return [(start, end) for start, end in pairwise(bounds) if text[start:end].strip()]


def read(text: str, without: Iterable[tuple[int, int]] = ()) -> Reading:
    """The words of `text`, less those struck out, in comments, or in the stretches `without`."""
    skipped = sorted([*without, *((match.start(), match.end()) for match in _HIDDEN.finditer(text))])
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
    return Reading(tuple(words), {key: tuple(positions) for key, positions in index.items()})


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)
