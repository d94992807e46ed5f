"""Kinds of words as far as salad must be told from sentences: each word of grammar, and endings or cases."""

from functools import lru_cache

from graders.theory.folding import CYRILLIC, morphology
from graders.theory.lexicon import FUNCTION_WORDS

_MORE = """
because since thus hence via per like instead unlike whether either neither every same other another
потому поэтому значит поскольку хотя иначе вместо между через каждый каждая каждое каждого каждой каждом
сам сама само себя свой свои своих нет нельзя можно нужно надо лишь даже потом затем тогда там тут здесь
другой другая другие другом другого такой такая такие такое разный разные разных один одна одно одну
"""
GRAMMAR = FUNCTION_WORDS.union(_MORE.split())
"""Words of grammar of both languages."""

EDGE, COMMA, NUMBER, SYMBOL = "^", ",", "#", "x"
"""Kinds of what is no word: the ends of a sentence, a mark within it, a number, a letter or a formula."""

_ENDINGS = (
    "ing",
    "ed",
    "ly",
    "tion",
    "tions",
    "ment",
    "ness",
    "ity",
    "ive",
    "al",
    "ic",
    "ous",
    "ble",
    "er",
    "es",
    "s",
)
_CASES = frozenset({"NOUN", "ADJF", "PRTF", "NPRO"})
_LONGEST = 40


@lru_cache(maxsize=50_000)
def kind_of(word: str) -> str:
    """The kind of a folded word: itself where it is of grammar, else part of speech and case, or ending.

    >>> kind_of("the"), kind_of("weights"), kind_of("12"), kind_of("слоя")
    ('the', 'en:s', '#', 'NOUN:gent')
    """
    if word in GRAMMAR:
        return word
    if word.isdigit():
        return NUMBER
    if len(word) == 1 or len(word) > _LONGEST:
        return SYMBOL
    if word[0] <= "z":
        ending = next((ending for ending in _ENDINGS if word.endswith(ending)), "")
        return f"en:{ending}"
    if not CYRILLIC.search(word):
        return SYMBOL
    tag = morphology().parse(word)[0].tag
    part = str(tag.POS)
    if part in _CASES:
        return f"{part}:{tag.case}"
    return f"{part}:{tag.number}" if part == "VERB" else part
