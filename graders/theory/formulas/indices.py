r"""Subscripts and bounds: `c_{t-1}`, `C_{in}`, `w_{ij}`, `\sum_{i=1}^{n}`.

Read as text, since nothing but sums of letters and integers is counted. Not covered: counters of two
conditions (`i \ne j`), which are read as counters without bounds.
"""

import re
from collections.abc import Sequence

from graders.theory.formulas.tokens import Token
from graders.theory.formulas.trees import Index, Linear, UnreadableError

_ATOM = r"(?:[A-Za-z]|\d{1,4})"
_LINEAR = re.compile(rf"[+-]?{_ATOM}(?:[+-]{_ATOM}){{0,5}}")
_PIECE = re.compile(r"([+-]?)([A-Za-z]|\d+)")
_PAIR = re.compile(r"(?!in|kl|nn)[ijklmnt]{2}")
_HEAD = re.compile(r"(?P<counter>[A-Za-z])(?:=(?P<low>[^=,]{1,40}?)(?:(?:\.\.\.|:)(?P<high>[^=,.]{1,40}))?)?")
_LETTER_FIRST = re.compile(r"[A-Za-z]")


def joined(tokens: Sequence[Token]) -> str:
    """What tokens say, without spaces."""
    said = {"dots": "...", "rel": ",", "=": "=", "sep": ","}
    return "".join(
        said.get(token.kind, token.text if token.kind in ("num", "name", "pair", "function") else token.kind)
        for token in tokens
        if token.kind != "space"
    )


def linear(text: str) -> Linear | None:
    """An index that can be counted, or None.

    >>> linear("n+1")
    ((1, 'n'), (1, '1'))
    """
    if not _LINEAR.fullmatch(text):
        return None
    return tuple((-1 if sign == "-" else 1, name) for sign, name in _PIECE.findall(text))


def indices(tokens: Sequence[Token]) -> tuple[Index, ...]:
    """The indices that the tokens of a subscript stand for."""
    found: list[Index] = []
    for part in joined(tokens).strip("()").split(","):
        counted = linear(part)
        if counted is not None:
            found.append(counted)
        elif _PAIR.fullmatch(part):
            found += [((1, letter),) for letter in part]
        elif part:
            found.append(part.casefold())
    return tuple(found)


def bound(tokens: Sequence[Token]) -> Linear | None:
    r"""A bound of a sum; what is no sum of letters counts as one letter with that name.

    Raises:
        UnreadableError: it has no tokens.
    """
    text = joined(tokens).strip("()")
    if not text:
        raise UnreadableError("a bound is empty")
    return bound_text(text)


def bound_text(text: str) -> Linear | None:
    """A bound by its text; None where it is infinite."""
    return linear(text) or (((1, text),) if "infty" not in text and "∞" not in text else None)


def head(tokens: Sequence[Token]) -> tuple[str, Linear | None, Linear | None]:
    """Counter, lower and upper bound from what stands under a sum sign."""
    text = joined(tokens).strip("()")
    match = _HEAD.fullmatch(text)
    if match is None:
        first = _LETTER_FIRST.match(text)
        return (first[0] if first else "", None, None)
    low = bound_text(match["low"]) if match["low"] else None
    high = bound_text(match["high"]) if match["high"] else None
    return match["counter"], low, high
