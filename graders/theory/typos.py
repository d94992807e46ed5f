"""Words that are one slip away from a word that is looked for, and words that nobody can place.

A slip is a letter too many, missing, wrong, or two neighbours exchanged (Damerau-Levenshtein distance 1) in a
word of six letters or more with the right first letter. A word of either language or of the glossary is
never taken for a slip of another, so `height` is not `weight`; and where only a stem or a prefix is compared,
the word must be a known one once the slip is mended, so `recalculated` is not `recall*`. Not covered: two
slips, a wrong first letter, short words, and a slip that makes another word.
"""

import re
from bisect import bisect_right
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from graders.theory.folding import in_order, keys, stem
from graders.theory.glossary import glossary
from graders.theory.reading import Reading
from graders.theory.vocabulary import FEWEST_LETTERS, is_known, is_misspelt_english

SHORTEST_STEM, SHORTEST_ENGLISH_STEM, SHORTEST_ENGLISH_PREFIX = 5, 7, 6
"""Letters of a stem or prefix that a slip is looked for in; English ones are mended less surely."""
LONGEST_ENDING = 5
SHORTEST_GARBLED = 5
LONGEST_GARBLED = 30

_LITERAL = re.compile(r"```(?:(?!```).)*+```|`[^`\n]*+`|\$[^$\n]*+\$|https?://\S++", re.DOTALL)
_JOINS_BEFORE = frozenset("\\_./@=")
_JOINS_AFTER = frozenset("_(@=")


@lru_cache(maxsize=100_000)
def misspells(word: str, wanted: str) -> bool:
    """Whether `word`, folded and no known word, is `wanted` or a form of it with one slip.

    >>> misspells("градеинта", "градиент"), misspells("dropuot", "dropout")
    (True, True)
    """
    if len(word) < FEWEST_LETTERS or word[0] != wanted[:1] or abs(len(word) - len(wanted)) > LONGEST_ENDING:
        return False
    singular = word.removesuffix("s")
    if len(wanted) >= FEWEST_LETTERS and (_one_slip(word, wanted) or _one_slip(singular, wanted)):
        return True
    stemmed = stem(word)
    if not word.startswith(stemmed) or (stemmed.isascii() and len(stemmed) < SHORTEST_ENGLISH_STEM):
        return False
    return any(
        _one_slip(stemmed, other) and is_known(other + word.removeprefix(stemmed))
        for other in sorted(keys(wanted))
        if not other.startswith("=")
    )


@lru_cache(maxsize=100_000)
def misspells_beginning(word: str, prefix: str) -> bool:
    """Whether `word`, folded and no known word, begins like `prefix` with one slip before its last letter.

    >>> misspells_beginning("регулряизация", "регуляр"), misspells_beginning("градиено", "градиент")
    (True, False)
    """
    if len(word) < FEWEST_LETTERS or word[0] != prefix[0]:
        return False
    if len(prefix) < (SHORTEST_ENGLISH_PREFIX if prefix.isascii() else SHORTEST_STEM):
        return False
    return any(
        _one_slip(word[:length], prefix)
        and _ends_alike(word[:length], prefix)
        and is_known(prefix + word[length:])
        for length in range(len(prefix) - 1, min(len(prefix) + 1, len(word)) + 1)
    )


def _ends_alike(word: str, prefix: str) -> bool:
    return word[-1] == prefix[-1] or word[-2:] == prefix[:-3:-1]


@lru_cache(maxsize=100_000)
def corrections(word: str) -> tuple[str, ...]:
    """Words of the glossary that `word`, folded and no known word, may have been meant for, in order.

    >>> corrections("dropuot")
    ('dropout',)
    """
    return tuple(wanted for wanted in _by_initial().get(word[:1], ()) if misspells(word, wanted))


def garbled(reading: Reading) -> tuple[int, ...]:
    r"""Positions of words that are no words of either language, no terms, and no slip of a term.

    A slip of any English word is left out too; one of a Russian word is not, because autocorrection leaves
    such words in the place of terms ("огорошт"). So are names, identifiers and abbreviations: words with a
    capital letter other than the first of a sentence, with `_`, `\` or a digit beside them, and what is in
    code, formulas and addresses. Words of fewer than five letters are not judged.
    """
    literal = in_order(match.span() for match in _LITERAL.finditer(reading.text))
    starts = [start for start, _ in literal]
    found = []
    for at, word in enumerate(reading.words):
        before = bisect_right(starts, word.start) - 1
        inside = before >= 0 and word.start < literal[before][1]
        if not inside and _nobody_knows(word.text) and not _is_name(reading, at):
            found.append(at)
    return tuple(found)


@lru_cache(maxsize=100_000)
def _nobody_knows(word: str) -> bool:
    if not SHORTEST_GARBLED <= len(word) <= LONGEST_GARBLED:
        return False
    return not (is_known(word) or corrections(word) or is_misspelt_english(word))


def _is_name(reading: Reading, at: int) -> bool:
    word, text = reading.words[at], reading.text
    opens = at == 0 or reading.words[at - 1].sentence != word.sentence
    letters = text[word.start + opens : word.end]
    before, after = text[max(0, word.start - 1) : word.start], text[word.end : word.end + 1]
    joined = before in _JOINS_BEFORE or after in _JOINS_AFTER or before.isdigit() or after.isdigit()
    return joined or letters != letters.lower()


@cache
def _by_initial() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(glossary().words):
        if len(word) >= SHORTEST_STEM:
            found.setdefault(word[0], []).append(word)
    return {initial: tuple(words) for initial, words in found.items()}


def _one_slip(word: str, wanted: str) -> bool:
    if min(len(word), len(wanted)) < SHORTEST_STEM or word[0] != wanted[0]:
        return False
    return OSA.distance(word, wanted, score_cutoff=1) == 1
