"""Numbers in words, from zero to ninety-nine, in Russian and English: `двадцать восемь`, `twenty-eight`."""

import re
from collections.abc import Iterator

_WORD = re.compile(r"[A-Za-zА-Яа-яЁё]{3,20}")


def _numbered(text: str, first: float, step: float) -> dict[str, float]:
    """Forms by their number; each word of `text` has the forms of the next one."""
    return {form: first + at * step for at, forms in enumerate(text.split()) for form in forms.split("|")}


_SMALL = _numbered(
    """
    ноль|нуль|нуля|нулю|zero один|одна|одно|одного|одной|одному|one два|две|двух|двум|двумя|two
    три|трех|трем|тремя|three четыре|четырех|четырем|four пять|пяти|пятью|five шесть|шести|шестью|six
    семь|семи|семью|seven восемь|восьми|восемью|eight девять|девяти|девятью|nine десять|десяти|десятью|ten
    одиннадцать|одиннадцати|eleven двенадцать|двенадцати|twelve тринадцать|тринадцати|thirteen
    четырнадцать|четырнадцати|fourteen пятнадцать|пятнадцати|fifteen шестнадцать|шестнадцати|sixteen
    семнадцать|семнадцати|seventeen восемнадцать|восемнадцати|eighteen девятнадцать|девятнадцати|nineteen
    """,
    first=0,
    step=1,
)
_TENS = _numbered(
    """
    двадцать|двадцати|twenty тридцать|тридцати|thirty сорок|сорока|forty пятьдесят|пятидесяти|fifty
    шестьдесят|шестидесяти|sixty семьдесят|семидесяти|seventy восемьдесят|восьмидесяти|eighty
    девяносто|девяноста|ninety
    """,
    first=20,
    step=10,
)
_OTHER = {
    **dict.fromkeys(("сто", "ста", "hundred"), 100.0),
    **dict.fromkeys(("половина", "половину", "половины", "half"), 0.5),
    **dict.fromkeys(("четверть", "четверти", "quarter"), 0.25),
}


def number_words(text: str) -> Iterator[tuple[float, int, int]]:
    """Values of the numbers in words, with their offsets; `twenty-eight` is told as 20, 8 and 28.

    >>> [value for value, _, _ in number_words("три из двадцати")]
    [3.0, 20.0]
    """
    ten, began, ended = 0.0, 0, -1
    for match in _WORD.finditer(text):
        word = match[0].casefold().replace("ё", "е")
        small, tens = _SMALL.get(word), _TENS.get(word, 0.0)
        known = small if small is not None else tens or _OTHER.get(word)
        if (
            ten
            and small is not None
            and 0 < small < 10
            and text[ended : match.start()] in (" ", "-", "\u00a0")
        ):
            yield ten + small, began, match.end()
        if known is not None:
            yield float(known), match.start(), match.end()
        ten, began, ended = tens, match.start(), match.end()
