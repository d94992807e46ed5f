"""Words of a text, folded, with the keys under which their other forms are found.

Covered: case, ё, NFKC and combining marks (stress, NFD), invisible characters, look-alike letters of the
other alphabet, Russian endings on Latin words (`LSTMки`, `dropout'а`). Not covered: a word that is written in
look-alike letters throughout, letters drawn from symbols, and transliteration.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import pymorphy3
import snowballstemmer

LONGEST_WORD = 40
"""Characters; longer words are not stemmed, only compared."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""Characters that are not drawn, as the inside of a character class."""

_RAISED = "²³¹⁰⁴-⁹₀-₉"
_LETTER = rf"[^\W\d_{_RAISED}]"
_WORD = re.compile(rf"{_LETTER}(?:[\u0300-\u036f]|[{INVISIBLE}'’]*+{_LETTER})*+|\d+|[{_RAISED}]+")
_DROPPED = re.compile(f"[{INVISIBLE}]")
# All combining marks but the one that makes и into й.
_MARKS = re.compile(r"[\u0300-\u0305\u0307-\u036f]|(?<!и)\u0306")
CYRILLIC = re.compile("[а-яіј]")
LATIN = re.compile("[a-z]")
_LATIN_LOOKALIKES, _CYRILLIC_LOOKALIKES = "aceopxykmtbhijsdqwl", "асеорхукмтвніјѕԁԛԝӏ"
_TO_CYRILLIC = str.maketrans(_LATIN_LOOKALIKES[:14] + "ο", _CYRILLIC_LOOKALIKES[:14] + "о")
_TO_LATIN = str.maketrans(_CYRILLIC_LOOKALIKES + "οıɡɑ", _LATIN_LOOKALIKES + "oiga")
_ALL_CYRILLIC, _ALL_LATIN = re.compile("[а-яіј']+"), re.compile("[a-z']+")
_STRAY = re.compile("[οѕԁԛԝӏıɡɑ]")

# `dropout'а`, `lossом`, `softmaxслой`: Latin letters and what is joined to them.
_JOINED = re.compile(r"([A-Za-z]{2,})(['’]?)([а-яё]+)")
_ENDING = re.compile(
    "[ыиюя]|о[йм]|е[мвй]|ов|ами?|ах|ями?|ях|к[аиеу]|кой|ок|ка(?:м|ми|х)|н(?:ый|ая|ое|ые|ого|ому|ой|ую|ом|ых)"
)
_UNCLEAR = frozenset("аеуо")


def fold(word: str) -> str:
    """The form in which words are compared.

    >>> fold("Свёрт\u200bкa")  # the last letter is a Latin one
    'свертка'
    """
    if word.isascii():
        return word.lower()
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", word)).casefold()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", plain)))
    plain = plain.replace("’", "'")
    if (CYRILLIC.search(plain) and LATIN.search(plain)) or _STRAY.search(plain):
        cyrillic, latin = plain.translate(_TO_CYRILLIC), plain.translate(_TO_LATIN)
        if _ALL_CYRILLIC.fullmatch(cyrillic):
            return cyrillic
        if _ALL_LATIN.fullmatch(latin):
            return latin
    return plain


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball stem of a folded word, Russian or English by its letters."""
    if len(word) > LONGEST_WORD or not word.isalpha():
        return word
    stemmed: str = _stemmer("russian" if CYRILLIC.search(word) else "english").stemWord(word)
    return stemmed


@lru_cache(maxsize=100_000)
def keys(word: str) -> frozenset[str]:
    """Everything under which a folded word can be found."""
    found = {f"={word}", stem(word)}
    if len(word) <= LONGEST_WORD and CYRILLIC.search(word):
        lemma: str = morphology().parse(word)[0].normal_form.replace("ё", "е")
        found |= {lemma, stem(lemma)}
    return frozenset(found)


def spans_of_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Folded words of `text` with their offsets, in order; LaTeX commands and numbers are words too."""
    for match in _WORD.finditer(text):
        for start, end in [match.span()] if match[0].isascii() else _apart(match):
            if folded := fold(text[start:end]):
                yield folded, start, end


def _apart(match: re.Match[str]) -> list[tuple[int, int]]:
    """A word, or its Latin beginning without a Russian ending, or both where they are two words."""
    start, end = match.span()
    joined = _JOINED.fullmatch(match[0])
    if joined is None:
        return [(start, end)]
    latin, apostrophe, russian = joined.groups()
    if _ENDING.fullmatch(russian) or (russian in _UNCLEAR and (apostrophe or latin.isupper())):
        return [(start, start + len(latin))]
    # Without a letter that only Russian has, it may be a slip of the keyboard's layout.
    if apostrophe or not set(russian) <= set(_CYRILLIC_LOOKALIKES):
        return [(start, start + len(latin)), (start + joined.start(3), end)]
    return [(start, end)]


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


def in_order(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches sorted, with those that overlap joined.

    >>> in_order([(4, 6), (0, 2), (1, 3)])
    [(0, 3), (4, 6)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


@cache
def morphology() -> pymorphy3.MorphAnalyzer:
    """The dictionary of Russian, loaded once."""
    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)
