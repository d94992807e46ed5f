r"""Numbers as students write them: `1 152`, `1,152`, `0,5`, `25%`, `10^{-3}`, `26x26`, `1/4`, `двадцать`.

One place of a text may have several values, since `1,152` is 1152 to one person and 1.152 to another; whoever
asks takes the one that serves the student. Not numbers: digits inside of names (`conv2d`, `h_1`), indices,
numbers of list items. Not covered: sums (`28 - 3 + 1`), words from a hundred on.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from graders.theory.number_words import number_words

MOST = 400
"""Numbers of one text that are read."""

_GAP = r"(?:[ \u00a0\u202f\u2009]|\\[,;: ]|\{,\}|[,.'’])"
_DIGITS = rf"\d{{1,3}}(?:{_GAP}\d{{3}}){{1,4}}(?!\d)|\d{{1,30}}"
_LITERAL = rf"(?:{_DIGITS})(?:(?:[.,]|\{{,\}})\d{{1,30}})?(?:[eE][+\-−]?\d{{1,3}}(?!\w))?"
_POWER = r"(?:\s?(?:\^|\*\*)\s?[{(]?\s?[+\-−]?\d{1,3}\s?[})]?|[⁺⁻]?[⁰¹²³⁴-⁹]{1,3})"
_TIMES = r"\s{0,2}(?:[x×хXХ·⋅]|(?<!\*)\*(?!\*)|\\times|\\cdot|\bна\b|\bby\b)\s{0,2}"
_NUMBER = re.compile(
    rf"(?<![\w.,^_{{\\])(?<![_^]\{{)(?P<sign>(?<![\d)])[-−])?"
    rf"(?P<chain>(?:{_LITERAL})(?:{_POWER})?(?:{_TIMES}(?:{_LITERAL})(?:{_POWER})?){{0,5}})"
    r"(?:\s?/\s?(?P<divisor>\d{1,9})(?![\w.,]\d))?"
    r"(?P<unit>\s?(?:\\?%|процент\w*|percent\b|тыс\w*|thousand\b|млн|миллион\w*|million\b|[kкKК]\b|[MМ]\b))?"
)
_FRACTION = re.compile(r"\\[dt]?frac\s?(?:\{\s?(\d{1,9})\s?\}\s?\{\s?(\d{1,9})\s?\}|(\d)\s?(\d))|([¼½¾⅓⅔⅛])")
_VULGAR = {"¼": 1 / 4, "½": 1 / 2, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8}
_ITEM = re.compile(r"^[ \t>#*_-]*\d{1,2}[.)](?=[\s*_])", re.MULTILINE)
_PART = re.compile(rf"(?P<literal>{_LITERAL})(?P<power>{_POWER})?")
_SPLIT = re.compile(_TIMES)
_SEPARATOR = re.compile(_GAP)
_NAMED = re.compile(r"\s*(?:[dDд]\b|[A-Za-zА-Яа-яЁё]{0,3}\d)")
_INTERVAL = re.compile(r"[(\[{][-−]?\d{1,9},\d{1,9}[)\]}]")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−", "0123456789+--")
_LARGEST_POWER = 30
_UNITS = {"т": 1e3, "k": 1e3, "к": 1e3, "м": 1e6, "m": 1e6}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text."""

    values: tuple[float, ...]
    """What it may stand for, the likeliest first."""
    start: int
    end: int


def numerals(text: str) -> list[Numeral]:
    """The numbers of `text`, in order.

    >>> [numeral.values for numeral in numerals("1,152 или 25%")]
    [(1152.0, 1.152), (25.0, 0.25)]
    """
    items = {match.end() for match in _ITEM.finditer(text)}
    found: list[Numeral] = []
    spelled = (Numeral((value,), start, end) for value, start, end in number_words(text))
    for rule in (_written(text, items), _fractions(text), spelled):
        for count, numeral in enumerate(rule):
            if count >= MOST:
                break
            found.append(numeral)
    return sorted(found, key=lambda numeral: (numeral.start, numeral.end))


def _written(text: str, items: set[int]) -> Iterator[Numeral]:
    for match in _NUMBER.finditer(text):
        chain, unit = match["chain"], (match["unit"] or "").strip()
        if match.end("chain") + 1 in items or (_NAMED.match(text, match.end("chain")) and not unit):
            continue
        at, parts = match.start("chain"), []
        for part in _SPLIT.split(chain):
            start = text.index(part, at)
            at = start + len(part)
            parts.append((_values(part), start, at))
        yield from (Numeral(values, *place) for values, *place in parts if len(parts) > 1)
        whole = _product([values for values, _, _ in parts])
        if match["sign"]:
            whole = tuple(-value for value in whole)
        divisor = float(match["divisor"] or 0)
        if divisor:
            yield Numeral((divisor,), match.start("divisor"), match.end("divisor"))
            yield Numeral(tuple(value / divisor for value in whole), match.start(), match.end("divisor"))
        yield Numeral((*whole, *_with_unit(whole, unit)), match.start(), match.end())
        if _INTERVAL.fullmatch(text, max(0, match.start() - 1), match.end() + 1):
            low, high = chain.split(",")
            yield Numeral(
                (-float(low) if match["sign"] else float(low), float(high)), match.start(), match.end()
            )


def _product(chain: list[tuple[float, ...]]) -> tuple[float, ...]:
    """The values of a chain such as `3·3·32`; of a single number all that it may stand for."""
    return (
        chain[0] if len(chain) == 1 else (math.prod(values[0] if values else math.nan for values in chain),)
    )


def _with_unit(values: tuple[float, ...], unit: str) -> list[float]:
    if not unit:
        return []
    share = unit[:1] in "%\\" or unit.startswith(("проц", "perc"))
    factor = 0.01 if share else 1e6 if unit.startswith(("милл", "mill")) else _factor(unit)
    return [value * factor for value in values]


def _factor(unit: str) -> float:
    return 1e3 if unit.startswith("th") else _UNITS[unit[0].casefold()]


def _values(part: str) -> tuple[float, ...]:
    """What a literal with its power may be worth."""
    match = _PART.match(part)
    if match is None:
        return ()
    bases = _literal(match["literal"])
    if not match["power"]:
        return bases
    digits = re.sub(r"[^\d+-]", "", match["power"].translate(_RAISED))
    exponent = int(digits) if re.fullmatch(r"[+-]?\d{1,3}", digits) else 0
    return tuple(
        base**exponent for base in bases[:1] if base and base < 1e6 and abs(exponent) <= _LARGEST_POWER
    )


def _literal(literal: str) -> tuple[float, ...]:
    literal = literal.replace("−", "-")
    mantissa, _, exponent = literal.replace("E", "e").partition("e")
    pieces = _SEPARATOR.split(mantissa)
    marks = _SEPARATOR.findall(mantissa)
    scale = f"e{exponent}" if exponent else ""
    readings: list[str] = []
    grouped = len(pieces) > 1 and all(len(piece) == 3 for piece in pieces[1:]) and pieces[0].strip("0")
    if grouped:
        readings.append("".join(pieces))
    if marks and marks[-1] in (".", ",", "{,}"):
        readings.append("".join(pieces[:-1]) + "." + pieces[-1])
    if not readings:
        readings.append("".join(pieces))
    values = [float(reading + scale) for reading in readings]
    if marks and marks[-1].isspace() and len(pieces) == 2:
        values += [float(piece) for piece in pieces if piece[0] != "0"]
    return tuple(values)


def _fractions(text: str) -> Iterator[Numeral]:
    for match in _FRACTION.finditer(text):
        top, bottom = match[1] or match[3], match[2] or match[4]
        if match[5]:
            yield Numeral((_VULGAR[match[5]],), match.start(), match.end())
        elif float(bottom):
            yield Numeral((float(top) / float(bottom),), match.start(), match.end())
