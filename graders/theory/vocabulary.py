"""Which words are words: the dictionaries of both languages and the terms of the course.

Russian is known by pymorphy3's dictionary, English by the stems of SCOWL's lists (`english_stems.txt`, made
by `docs/english_stems.py`). Words of other scripts, and those with an apostrophe, count as known: nothing is
said about them. Not covered: Russian words that are younger than the dictionary, and proper names.
"""

from functools import cache, lru_cache
from pathlib import Path
from string import ascii_lowercase

from graders.theory.folding import CYRILLIC, LATIN, LONGEST_WORD, keys, morphology, stem
from graders.theory.glossary import glossary

FEWEST_LETTERS = 6
"""Shorter words are never taken for a typo of another."""
SHORTEST_HALF = 4
"""Letters of each half of a word that is two words written as one."""

_SHORT_HALVES = frozenset(
    ["arg", "bit", "end", "key", "log", "map", "max", "min", "net", "off", "out", "set", "sum", "way", "web"]
)
_Prefixes = tuple[str, ...]
_RUSSIAN_PREFIXES: _Prefixes = (
    *("не", "до", "пере", "недо", "пред", "пост", "под", "по", "за", "раз", "рас", "со", "само"),
    *("авто", "мульти", "мета", "гипер", "микро", "супер", "анти"),
)
_ENGLISH_PREFIXES: _Prefixes = (
    *("re", "sub", "pre", "non", "un", "multi", "over", "under", "de", "co", "inter", "anti", "auto"),
    *("hyper", "meta", "micro", "semi", "super", "trans"),
)
_STEMS = Path(__file__).with_name("english_stems.txt")


@lru_cache(maxsize=100_000)
def is_known(word: str) -> bool:
    """Whether a folded word is a word of Russian or English, a term, or nothing that can be judged.

    >>> is_known("weight"), is_known("дропаутом"), is_known("gradeint")
    (True, True, False)
    """
    if not word.isalpha() or len(word) > LONGEST_WORD or not keys(word).isdisjoint(glossary().keys):
        return True
    if CYRILLIC.search(word):
        return not LATIN.search(word) and (_is_russian(word) or _is_derived(word, _RUSSIAN_PREFIXES))
    return not word.isascii() or _is_english(word) or _is_derived(word, _ENGLISH_PREFIXES) or _is_joined(word)


def is_strange(word: str) -> bool:
    """Whether a folded word is long enough for a typo and no known word."""
    return len(word) >= FEWEST_LETTERS and not is_known(word)


def _is_russian(word: str) -> bool:
    return bool(morphology().word_is_known(word))


def _is_english(word: str) -> bool:
    return stem(word) in english_stems()


def _is_derived(word: str, prefixes: _Prefixes) -> bool:
    """Whether it is a prefix and a word: `precomputed`, `недифференцируема`."""
    rests = (word.removeprefix(prefix) for prefix in prefixes if word.startswith(prefix))
    is_word = _is_russian if prefixes is _RUSSIAN_PREFIXES else _is_english
    return any(
        len(rest) > SHORTEST_HALF and (is_word(rest) or not keys(rest).isdisjoint(glossary().keys))
        for rest in rests
    )


def _is_joined(word: str) -> bool:
    """Whether it is two English words written as one: `trainset`, `timeout`."""
    return any(all(_is_half(half) for half in (word[:cut], word[cut:])) for cut in range(3, len(word) - 2))


def _is_half(half: str) -> bool:
    return half in _SHORT_HALVES or (len(half) >= SHORTEST_HALF and stem(half) in english_stems())


@lru_cache(maxsize=100_000)
def is_misspelt_english(word: str) -> bool:
    """Whether a folded word is one slip away from an English one, its first letter kept.

    >>> is_misspelt_english("seperated"), is_misspelt_english("kjflkgjg")
    (True, False)
    """
    written = stem(word)
    if not word.isascii() or not SHORTEST_HALF <= len(written) <= LONGEST_WORD:
        return False
    halves = [(written[:cut], written[cut:]) for cut in range(1, len(written) + 1)]
    without = (left + right[1:] for left, right in halves)
    swapped = (left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1)
    other = (
        left + letter + right[kept:]
        for left, right in halves
        for letter in ascii_lowercase
        for kept in (0, 1)
    )
    return any(
        candidate in english_stems() for candidates in (without, swapped, other) for candidate in candidates
    )


@cache
def english_stems() -> frozenset[str]:
    """Snowball stems of English words of four letters and more."""
    lines = _STEMS.read_text(encoding="ascii").splitlines()
    return frozenset(stem for line in lines if not line.startswith("#") for stem in line.split())
