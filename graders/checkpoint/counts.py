"""How many parameters a network has, as students write it down: in lines with a number beside that word.

Every number of such a line may be the one that is meant, so that a claim is only held against a student where
none of them fits. Not covered: numbers in words, powers of ten, and fractions without a unit.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NAMED = re.compile(
    r"(?<![^\W_])(?:param|парам)\w*\W{0,12}\d"
    r"|\d\s?(?:[kmкм]|тыс\.?|млн\.?)?\s{0,9}(?:trainable|total|обучаемых)?\s{0,9}(?:param|парам)",
    re.IGNORECASE,
)
"""A number beside the word; hyperparameters are none, and neither are names of settings after a colon."""
NUMBER = re.compile(
    r"(?<![\w.,])(?P<value>\d{1,3}(?:[\s,._']\d{3})+|\d{1,15}(?:[.,]\d{1,6})?)"
    r"(?:\s?(?P<unit>[kmкм]|тыс|млн))?(?!\w)",
    re.IGNORECASE,
)
UNITS = {"k": 10**3, "к": 10**3, "тыс": 10**3, "m": 10**6, "м": 10**6, "млн": 10**6}
LEAST = 1000
"""Smaller numbers are of layers or epochs, except where the network itself is smaller."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of parameters that somebody wrote down."""

    text: str
    """As it was written."""
    low: int
    high: int
    """Between which it lies: both are the same unless it was rounded."""


def written_counts(lines: Iterable[str]) -> Iterator[Count]:
    """Numbers in lines that speak of parameters.

    >>> [(one.text, one.low, one.high) for one in written_counts(["Params: 9,416 (0.01M)", "epoch 300"])]
    [('9,416', 9416, 9416), ('0.01M', 0, 20000)]
    """
    for line in lines:
        if NAMED.search(line):
            for match in NUMBER.finditer(line):
                yield from _readings(match.group(), match["value"], (match["unit"] or "").lower())


def _readings(text: str, value: str, unit: str) -> Iterator[Count]:
    if unit:
        whole, _, digits = value.replace(",", ".").partition(".")
        if value.count(".") + value.count(",") < 2 and (whole + digits).isdigit():
            step = UNITS[unit] // 10 ** len(digits) or 1
            middle = int(whole + digits) * step
            yield Count(text, middle - step, middle + step)
        return
    parts = re.split(r"[\s,._']", value)
    if len(parts) == 1 or all(len(part) == 3 for part in parts[1:]):
        yield Count(text, int("".join(parts)), int("".join(parts)))
    if re.search(r"\s", value):  # or they are numbers that stand side by side
        yield from (Count(part, int(part), int(part)) for part in parts)


def misfits(said: Iterable[Count], known: Iterable[int], again: Iterable[Count], whole: int) -> list[Count]:
    """What was written down, where none of it fits; empty where something does, or nothing was.

    Args:
        said: what the student wrote.
        known: numbers of parameters that the network has, by all ways to count them and by its parts.
        again: what the same notebook wrote when it was run.
        whole: parameters of the whole network; parts that are below a tenth of it are none that one counts.
    """
    judged = [one for one in said if one.high >= min(LEAST, whole)]
    sizes = {size for size in known if 10 * size >= whole}
    repeated = {(one.low, one.high) for one in again}
    fitting = (
        one
        for one in judged
        if (one.low, one.high) in repeated or any(one.low <= size <= one.high for size in sizes)
    )
    return [] if next(fitting, None) is not None else judged
