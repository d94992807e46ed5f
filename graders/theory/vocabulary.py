"""Which words are words: the dictionaries of both languages and the terms of the course.

Russian is known by pymorphy3's dictionary, English by the stems of SCOWL's lists (`english_stems.txt`, made by
`docs/english_stems.py`). Words of other scripts, and those with an apostrophe, count as known: nothing is
said about them. Not covered: Russian words that are younger than the dictionary, and proper names.
"""

from functools import cache, lru_cache
from pathlib import Path

from graders.theory.folding import CYRILLIC, LATIN, keys, morphology, stem
from graders.theory.glossary import glossary

FEWEST_LETTERS = 6
"""Shorter words are never taken for a typo of another."""
_SHORTEST_HALF = 4
_STEMS = Path(__file__).with_name("english_stems.txt")


@lru_cache(maxsize=100_000)
def is_known(word: str) -> bool:
    """Whether a folded word is a word of Russian or English, a term, or nothing that can be judged.

    >>> is_known("weight"), is_known("дропаутом"), is_known("gradeint")
    (True, True, False)
    """
    if not word.isalpha() or not keys(word).isdisjoint(glossary().keys):
        return True
    if CYRILLIC.search(word):
        return not LATIN.search(word) and bool(morphology().word_is_known(word))
    return not word.isascii() or stem(word) in english_stems()


def is_compound(word: str) -> bool:
    """Whether a folded Latin word is two words written as one: `trainset`."""
    return word.isascii() and any(
        is_known(word[:cut]) and is_known(word[cut:])
        for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
    )


@cache
def english_stems() -> frozenset[str]:
    """Snowball stems of English words of four letters and more."""
    lines = _STEMS.read_text(encoding="ascii").splitlines()
    return frozenset(stem for line in lines if not line.startswith("#") for stem in line.split())
