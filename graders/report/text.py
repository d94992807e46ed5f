"""Text that a student wrote, made safe to look at: no control characters, and the spans that earned points.

Escaping for HTML is Jinja2's work, and for the terminal rich's; what is here comes before both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from babel.numbers import format_decimal

from graders.i18n import number
from graders.model import Language, Span

# C0 and C1 controls (terminal escapes among them), marks that turn the direction of writing, lone surrogates.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""`text` with characters that a reader cannot see but a terminal or browser obeys spelled out.

    >>> visible("a\x1b[31m\u202eb\r\n")
    'a⟨U+001B⟩[31m⟨U+202E⟩b\n'
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text.replace("\r\n", "\n"))


def measured(value: float, language: Language) -> str:
    """A measured value with as many digits as its neighbours in a column, so that they can be compared.

    >>> measured(0.9, "ru"), measured(24.5, "en")
    ('0,900', '24.50')
    """
    if abs(value) >= 1e6:
        return number(value, language)
    return format_decimal(value, format="#,##0.000" if abs(value) < 10 else "#,##0.00", locale=language)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer in which every character makes the same key points."""

    text: str
    points: tuple[int, ...]
    """Numbers of the key points, from 1, as the list under the answer counts them; empty for plain text."""
    ends: tuple[int, ...]
    """Those of `points` whose span ends with this piece: their numbers are printed here."""


def pieces(text: str, spans: Mapping[int, Sequence[Span]]) -> list[Piece]:
    """Cut `text` at the ends of `spans`, which are given by the number of their key point.

    Spans may overlap; what reaches beyond the text is cut off. The pieces together are the text, unchanged.

    >>> [(piece.text, piece.points) for piece in pieces("shared weights", {1: [Span(start=0, end=6)]})]
    [('shared', (1,)), (' weights', ())]
    """
    size = len(text)
    inside = [
        (key, max(0, span.start), min(size, span.end))
        for key, found in spans.items()
        for span in found
        if max(0, span.start) < min(size, span.end)
    ]
    cuts = sorted({0, size, *(start for _, start, _ in inside), *(end for _, _, end in inside)})
    return [
        Piece(
            text[left:right],
            tuple(sorted({key for key, start, end in inside if start <= left and right <= end})),
            tuple(sorted({key for key, _, end in inside if end == right})),
        )
        for left, right in pairwise(cuts)
    ]
