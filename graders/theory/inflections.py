"""Case endings of Russian nouns that no dictionary has: "лосс", "фича", "дропаут".

Covered: nouns by their last letters, and names that are adjectives. Not covered: verbs, stress, and whether
a form exists; a form too many finds nothing.
"""

from collections.abc import Iterable

# The first ending that a word has is exchanged for each of the others; `-` stands for none.
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("ия", "ия ии ию ией ий иям иями иях"),
    ("ие", "ие ия ию ием ии ий иям иями иях"),
    ("ый", "ый ая ое ые ого ой ому ую ым ом ых ыми"),
    ("ка", "ка ки ке ку кой кою ок ек кам ками ках"),
    ("ок", "ок ка ку ком ке ки ков кам ками ках ока оку оком оке оки оков окам оками оках"),
    ("а", "а ы и е у ой ою ей - ам ами ах"),
    ("я", "я и е ю ей - ям ями ях"),
    ("ь", "ь я ю ем и е ей ям ями ях ью"),
    ("й", "й я ю ем е и ев ям ями ях"),
    ("и", "и ей ов ям ями ях ам ами ах"),
    ("ы", "ы ов ам ами ах -"),
)
_AFTER_CONSONANT = "- а у ом ем е ы и ов ев ей ам ами ах"
_VOWELS = frozenset("аеиоуыэюя")


def inflections(word: str) -> Iterable[str]:
    """Case forms of a folded Russian noun that no dictionary has, itself the first; some may not exist.

    >>> "лоссом" in inflections("лосс"), "фичей" in inflections("фича")
    (True, True)
    """
    ending, others = next((pair for pair in _ENDINGS if word.endswith(pair[0])), ("", ""))
    if not ending and word[-1:] not in _VOWELS:
        others = _AFTER_CONSONANT
    base = word.removesuffix(ending)
    return (word, *(base + other.replace("-", "") for other in others.split()))
