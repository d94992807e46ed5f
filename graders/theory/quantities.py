"""Whether an answer gives a number that a rubric wants, near the words that it belongs to.

Only numbers that the reading has as words count, so that nothing struck out or copied does. Whether the
number is denied is for the caller to say, as with patterns.
"""

from bisect import bisect_right

from graders.model import Quantity, Span
from graders.theory.numerals import Numeral, numerals
from graders.theory.patterns import parse, search
from graders.theory.reading import Reading, read, sentences

SLACK = 1e-9
"""Relative difference that is due to floats alone."""


def find_quantity(quantity: Quantity, text: str, reading: Reading | None = None) -> tuple[Span, ...]:
    """The stretches of `text` that give `quantity`, in order.

    Args:
        quantity: What is wanted.
        text: The student's Markdown.
        reading: That of `text`, less what does not count; made here where it is not given.
    """
    right = [numeral for numeral in numerals(text) if _is(quantity, numeral)]
    if not right:
        return ()
    reading = reading or read(text)
    starts = [word.start for word in reading.words]
    right = [numeral for numeral in right if _is_read(numeral, reading, starts)]
    if quantity.near and right:
        near = {reading.words[hit.first].sentence for hit in search(parse(quantity.near), reading)}
        begins = [start for start, _ in sentences(text)]
        right = [numeral for numeral in right if bisect_right(begins, numeral.start) - 1 in near]
    return _apart(right)


def _is(quantity: Quantity, numeral: Numeral) -> bool:
    allowed = quantity.tolerance + SLACK * max(abs(quantity.value), quantity.tolerance)
    return any(abs(value - quantity.value) <= allowed for value in numeral.values)


def _is_read(numeral: Numeral, reading: Reading, starts: list[int]) -> bool:
    """Whether the first word of a number is one of the reading's."""
    at = bisect_right(starts, numeral.end - 1) - 1
    return at >= 0 and reading.words[at].end > numeral.start


def _apart(found: list[Numeral]) -> tuple[Span, ...]:
    """The shortest stretches that do not overlap, in order."""
    kept: list[Numeral] = []
    for numeral in sorted(found, key=lambda numeral: (numeral.end - numeral.start, numeral.start)):
        if all(numeral.end <= other.start or numeral.start >= other.end for other in kept):
            kept.append(numeral)
    return tuple(Span(start=n.start, end=n.end) for n in sorted(kept, key=lambda numeral: numeral.start))
