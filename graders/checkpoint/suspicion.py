"""What is odd about a loss curve; pure, for a person to look at, and never a deduction.

`tests/checkpoint/honest_curves.json` has real trainings, which none of this may flag.

Not covered: a curve that was made up with noise of the right size. Whether it belongs to the weights is for
what was measured to say, and for epochs that are trained again.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import hypot, log10

import numpy as np
from numpy.typing import NDArray

from graders.checkpoint.curve import LOSSES, Curve
from graders.checkpoint.weights import Weights
from graders.model import Message, say

LEAST_JUDGED = 10
"""Rows of a curve from which on its smoothness says anything: a formula has three numbers of its own."""
SMOOTH = 0.00003
"""Share of its fall that a curve must at least leave beside the best formula, besides rounding."""
ROUNDED = 0.45
"""What rounding leaves, in steps of the last digit: 0.29, and more where rows are few."""
RATES = np.geomspace(0.01, 4.0, 25)
UNEVEN = 20
"""Steps of the last digit that third differences of a training loss must have to tell it from another."""
REFINED, GOLDEN = 24, 0.381966
FINE = 1500
"""Steps of the last digit that a column must fall by to be judged by its digits."""
LEAST_REPEATED = 3
"""Rows in a row that must come again to be a copy."""
SURE = 4.0
"""Powers of ten by which a repetition must be less likely than one in all pairs of rows."""
PLATEAU = 10
"""Steps of the last digit between which values say nothing."""
MOST_COMPARED = 1000
"""Rows, the last ones, among which repetitions are looked for."""


def suspicions(curve: Curve | None, weights: Weights | None) -> tuple[Message, ...]:
    """All that is odd about a curve and the weights that go with it."""
    return tuple(_all(curve, weights)) if curve is not None else ()


def _all(curve: Curve, weights: Weights | None) -> Iterator[Message]:
    found = [
        # one column says it: whoever makes up both makes up both in the same way
        next(filter(None, (too_smooth(curve, name) for name in LOSSES)), None),
        tied(curve),
        copied(curve),
        too_short(curve, weights),
    ]
    yield from (message for message in found if message is not None)


def too_smooth(curve: Curve, name: str) -> Message | None:
    """A column that follows an exponential, a power of the epoch or a line more closely than training does.

    Its rows are taken at their epochs. A column with few rows, or that falls by little of its last digit,
    says nothing.
    """
    pairs = [(e, y) for e, y in zip(curve.epochs, curve.columns.get(name, ()), strict=False) if y is not None]
    if len(pairs) < LEAST_JUDGED:
        return None
    epochs, values = np.array(pairs, dtype=np.float64).T
    fall = float(np.ptp(values))
    step = 10.0 ** -curve.digits.get(name, 0)
    if fall < FINE * step:
        return None
    rest = beside_formula(epochs - epochs[0], values) / fall
    if rest > SMOOTH + ROUNDED * step / fall:
        return None
    return say("checkpoint.flag_smooth", column=name, rest=round(100 * rest, 4))


def beside_formula(epochs: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Root mean square of what the best of the formulas leaves, with a scale and a shift of its own."""
    t = epochs / max(float(np.median(np.diff(epochs))), 1.0)
    families = [partial(_exponential, t), *(partial(_power, t + begin) for begin in (0.5, 1.0, 2.0))]
    return min(_rest(t, values), *(_best(family, values) for family in families))


def _exponential(times: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    shape: NDArray[np.float64] = np.exp(-rate * times)
    return shape


def _power(times: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    shape: NDArray[np.float64] = times**-power
    return shape


def _best(family: Callable[[float], NDArray[np.float64]], values: NDArray[np.float64]) -> float:
    """The least that is left over all rates: those of a grid, and between the best one's neighbours."""

    def rest(rate: float) -> float:
        return _rest(family(rate), values)

    found = [rest(float(rate)) for rate in RATES]
    place = int(np.argmin(found))
    low, high = (float(np.log(RATES[min(max(place + side, 0), len(RATES) - 1)])) for side in (-1, 1))
    for _ in range(REFINED):
        one, other = low + GOLDEN * (high - low), high - GOLDEN * (high - low)
        if rest(float(np.exp(one))) < rest(float(np.exp(other))):
            high = other
        else:
            low = one
    return min(*found, rest(float(np.exp((low + high) / 2))))


def _rest(shape: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    centred, around = shape - shape.mean(), values - values.mean()
    square = float(centred @ centred)
    rest = around - (float(centred @ around) / square) * centred if square > 0 else around
    return float(np.sqrt((rest**2).sum() / (len(values) - 3)))


def tied(curve: Curve) -> Message | None:
    """A validation loss that is the training loss multiplied and shifted, to the last digit.

    A training loss that falls evenly says nothing: two running averages that begin far above fall alike.
    """
    columns = [curve.columns.get(name, ()) for name in LOSSES]
    pairs = [(a, b) for a, b in zip(*columns, strict=False) if a is not None and b is not None]
    if len(pairs) < LEAST_JUDGED:
        return None
    train, held = np.array(pairs, dtype=np.float64).T
    steps = [10.0 ** -curve.digits.get(name, 0) for name in LOSSES]
    if np.ptp(train) < FINE * steps[0] or np.ptp(held) < FINE * steps[1]:
        return None
    if float(np.median(np.abs(np.diff(train, 3)))) < UNEVEN * steps[0]:
        return None
    design = np.stack([np.ones_like(train), train], 1)
    answer = np.linalg.lstsq(design, held, rcond=None)[0]
    slope = float(answer[1])
    rest = float(np.sqrt(((held - design @ answer) ** 2).sum() / (len(pairs) - 2)))
    if rest > ROUNDED * hypot(steps[1], slope * steps[0]):
        return None
    return say("checkpoint.flag_tied")


def copied(curve: Curve) -> Message | None:
    """Rows that come again, digit for digit, where chance does not explain it."""
    names = [name for name in LOSSES if name in curve.columns]
    rows = list(zip(*(curve.columns[name] for name in names), strict=True))
    skipped = max(0, len(rows) - MOST_COMPARED)
    rows = rows[skipped:]
    steps = [10.0 ** -curve.digits.get(name, 0) for name in names]
    lengths = [0] * (len(rows) + 1)
    for second in range(len(rows) - 1, 0, -1):
        # in place: `lengths[first + 1]` is still that of the row behind `second`
        for first in range(second):
            lengths[first] = lengths[first + 1] + 1 if rows[first] == rows[second] else 0
            n = min(lengths[first], second - first)
            if n >= LEAST_REPEATED and _unlikely(rows[first : first + n], steps, len(rows)):
                return say(
                    "checkpoint.flag_copied",
                    first=curve.epochs[skipped + first],
                    epoch=curve.epochs[skipped + second],
                    n=n,
                )
    return None


def _unlikely(block: Sequence[tuple[float | None, ...]], steps: Sequence[float], rows: int) -> bool:
    """Whether so many rows would hardly agree by chance, given how much they vary."""
    columns = [[value for value in column if value is not None] for column in zip(*block, strict=True)]
    told = sum(
        (len(column) - 1) * log10((max(column) - min(column)) / step)
        for column, step in zip(columns, steps, strict=True)
        # on a plateau the same digits come again by themselves
        if column and max(column) - min(column) > PLATEAU * step
    )
    return told >= 2 * log10(rows) + SURE


def too_short(curve: Curve, weights: Weights | None) -> Message | None:
    """A curve that ends before the epoch that the weights say they are of."""
    if weights is None or weights.epoch is None or weights.epoch <= curve.epochs[-1]:
        return None
    return say("checkpoint.flag_short", last=curve.epochs[-1], epoch=weights.epoch)
