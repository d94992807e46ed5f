"""Where the points of a loss curve stand: pure geometry, drawn by `templates/charts.html.jinja`.

Across, places are percent of the width; down, pixels, but lines have a square of 100 by 100 of their own that
is stretched over the drawing. Losses that fall by far more at first than later stand on a logarithmic scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from statistics import median

from graders.model import Checkpoint

TOP, BOTTOM = 14.0, 206.0
"""Pixels between which losses are drawn."""
LEFT, RIGHT = 14.0, 97.0
"""Percent between which epochs are drawn."""
STEEP = 8.0
"""How many times the median the largest loss must be for a logarithmic scale."""
DOTS = 40
"""Up to so many epochs each has a dot."""
LABELS = 6
STEPS = (1.0, 2.0, 5.0)
DECADE_STEPS = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
"""Marks in a power of ten, from many to few."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CurveLine:
    """One column of a curve."""

    role: str
    """`train` or `validation`."""
    paths: tuple[str, ...]
    """Points of its pieces between gaps, as SVG writes them, in the square of 100 by 100."""
    dots: tuple[Place, ...]
    """Percent across and pixels down; empty where there are many."""


@dataclass(frozen=True, slots=True)
class CurvePlot:
    """A loss curve, with the epochs that were trained again."""

    lines: tuple[CurveLine, ...]
    epochs: tuple[tuple[int, float], ...]
    """Epoch and its place across, of those that are written."""
    ticks: tuple[tuple[float, float], ...]
    """Loss and its place down."""
    logarithmic: bool
    again: tuple[Place, ...]
    """Epochs that were trained again."""
    middle: float | None
    """Where these began, across; None where none were."""


def curve_plot(found: Checkpoint) -> CurvePlot | None:
    """The drawing of a curve; None where there is none, or only one row."""
    columns = {
        "train": [(point.epoch, point.train_loss) for point in found.curve],
        "validation": [(point.epoch, point.validation_loss) for point in found.curve],
    }
    losses = [value for column in columns.values() for _, value in column if value is not None]
    if len(found.curve) < 2 or not losses:
        return None
    # where the curve has ended there is nothing to compare with, and no reason to stretch the axis
    resumed = found.resumed if found.resumed and found.resumed.epoch <= found.curve[-1].epoch else None
    again = (
        [] if resumed is None else [(resumed.epoch + 1 + at, loss) for at, loss in enumerate(resumed.losses)]
    )
    values = [*losses, *(loss for _, loss in again)]
    logarithmic = min(values) > 0 and max(values) > STEEP * median(values)
    scaled = [log10(value) if logarithmic else value for value in values]
    low, high = min(scaled), max(scaled)
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    first, last = found.curve[0].epoch, max(found.curve[-1].epoch, *(epoch for epoch, _ in again), 0)

    def across(epoch: float) -> float:
        return round(100 * (epoch - first) / (last - first), 2)

    def down(value: float) -> float:
        place = log10(value) if logarithmic else value
        return round(100 * (1 - (place - low) / (high - low)), 2)

    def place(epoch: float, value: float) -> Place:
        return _percent(across(epoch)), _pixels(down(value))

    return CurvePlot(
        lines=tuple(
            CurveLine(
                role,
                tuple(
                    " ".join(f"{across(epoch)},{down(value)}" for epoch, value in piece)
                    for piece in _pieces(column)
                ),
                tuple(place(epoch, value) for epoch, value in column if value is not None)
                if len(column) <= DOTS
                else (),
            )
            for role, column in columns.items()
            if any(value is not None for _, value in column)
        ),
        epochs=tuple((epoch, _percent(across(epoch))) for epoch in epoch_labels(first, last)),
        ticks=tuple((value, _pixels(down(value))) for value in ticks(low, high, logarithmic=logarithmic)),
        logarithmic=logarithmic,
        again=tuple(place(epoch, value) for epoch, value in again if epoch >= first),
        middle=_percent(across(resumed.epoch)) if resumed is not None and resumed.epoch >= first else None,
    )


def _percent(across: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * across / 100, 2)


def _pixels(down: float) -> float:
    return round(TOP + (BOTTOM - TOP) * down / 100, 1)


def _pieces(column: Sequence[tuple[int, float | None]]) -> list[list[tuple[int, float]]]:
    """The column between its gaps; a lone point is a piece that begins and ends in it."""
    pieces: list[list[tuple[int, float]]] = [[]]
    for epoch, value in column:
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((epoch, value))
    return [piece if len(piece) > 1 else piece * 2 for piece in pieces if piece]


def epoch_labels(first: int, last: int) -> list[int]:
    """Round epochs between both, which are few enough to stand side by side."""
    step = _step((last - first) / LABELS, least=1)
    return list(range(ceil(first / step) * int(step), last + 1, int(step)))


def ticks(low: float, high: float, *, logarithmic: bool) -> list[float]:
    """Round losses between both ends, which are powers of ten where the scale is logarithmic."""
    if not logarithmic:
        step = _step((high - low) / LABELS)
        return [float(f"{index * step:.6g}") for index in range(ceil(low / step), floor(high / step) + 1)]
    for digits in DECADE_STEPS:
        found = [
            digit * 10.0**power
            for power in range(floor(low), ceil(high) + 1)
            for digit in digits
            if low - 1e-9 <= log10(digit) + power <= high + 1e-9
        ]
        if len(found) <= LABELS + 2:
            break
    return [float(f"{value:.6g}") for value in found[:: ceil(len(found) / (LABELS + 2)) or 1]]


def _step(width: float, least: float = 0.0) -> float:
    """The smallest of 1, 2, 5, 10, 20, … and their tenths that is no smaller than `width`."""
    if not isfinite(width) or width <= least:
        return least or 1.0
    power = 10.0 ** floor(log10(width))
    return next((step * power for step in STEPS if step * power >= width * (1 - 1e-9)), 10.0 * power)
