"""Where the marks of a metric's scale stand: pure geometry, drawn by `templates/charts.html.jinja`.

Across, places are percent of the drawing's width, so that it fits a phone and a page alike without its text
growing or shrinking. The worse end is always on the left, for a metric where lower is better too.
"""

from dataclasses import dataclass
from typing import Literal

from graders.model import Mark, Threshold

REACH = 0.6
"""How far the scale goes on beyond zero and full, as a share of their distance."""
APART = 30.0
"""Labels nearer than this, in percent of the width, stand in different rows; on a phone it is ten letters."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of the values, as far as it is shown."""

    worse: float
    better: float

    def at(self, value: float) -> float:
        """Percent of the width; a value beyond the axis stands at its end."""
        share = (value - self.worse) / (self.better - self.worse)
        return round(4 + 92 * min(1.0, max(0.0, share)), 2)

    def beyond(self, value: float) -> Literal["", "worse", "better"]:
        """Which end of the axis `value` lies beyond, if any."""
        share = (value - self.worse) / (self.better - self.worse)
        return "worse" if share < 0 else "better" if share > 1 else ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A run of the reference on the scale."""

    role: Literal["zero", "full", "other"]
    name: str
    value: float
    at: float
    """Percent of the width."""
    anchor: Literal["start", "middle", "end"]
    row: int
    """0 for the first row of labels under the line."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A metric's scale with the measured value on it."""

    ticks: tuple[Tick, ...]
    zero: float
    full: float
    value: float
    low: float
    high: float
    """Places of the value and of its interval's worse and better end, percent of the width."""
    anchor: Literal["start", "middle", "end"]
    """Of the value's label."""
    beyond: Literal["", "worse", "better"]
    """The end of the scale that the value lies beyond."""
    rows: int
    """Rows of labels under the line."""


def axis(threshold: Threshold, values: list[float]) -> Axis:
    """An axis that shows both thresholds, and of the further runs and `values` what lies near enough."""
    span = (threshold.full - threshold.zero) or 1.0
    shares = [(value - threshold.zero) / span for value in [*threshold.others.values(), *values]]
    worse = max(-REACH, min([0.0, *shares]))
    better = min(1 + REACH, max([1.0, *shares]))
    return Axis(threshold.zero + worse * span, threshold.zero + better * span)


def scale(mark: Mark) -> Scale | None:
    """The drawing of `mark`; None where it has no value or no thresholds."""
    if mark.threshold is None or mark.value is None:
        return None
    low = mark.value if mark.low is None else mark.low
    high = mark.value if mark.high is None else mark.high
    line = axis(mark.threshold, [mark.value, low, high])
    marks = ticks(mark.threshold, line)
    return Scale(
        ticks=marks,
        zero=line.at(mark.threshold.zero),
        full=line.at(mark.threshold.full),
        value=line.at(mark.value),
        low=min(line.at(low), line.at(high)),
        high=max(line.at(low), line.at(high)),
        anchor=anchor(line.at(mark.value)),
        beyond=line.beyond(mark.value),
        rows=1 + max(tick.row for tick in marks),
    )


def ticks(threshold: Threshold, line: Axis) -> tuple[Tick, ...]:
    """Zero, full and the further runs with places for their labels, those of the further runs below."""
    placed = [
        Tick(
            "zero",
            threshold.zero_run,
            threshold.zero,
            line.at(threshold.zero),
            anchor(line.at(threshold.zero)),
            0,
        ),
        Tick(
            "full",
            threshold.full_run,
            threshold.full,
            line.at(threshold.full),
            anchor(line.at(threshold.full)),
            0,
        ),
    ]
    for name, value in sorted(threshold.others.items(), key=lambda other: line.at(other[1])):
        at = line.at(value)
        taken = {tick.row for tick in placed if tick.role == "other" and abs(tick.at - at) < APART}
        row = next(row for row in range(1, 2 + len(threshold.others)) if row not in taken)
        placed.append(Tick("other", name, value, at, anchor(at), row))
    return tuple(placed)


def anchor(at: float) -> Literal["start", "middle", "end"]:
    """How a label at `at` percent keeps inside the drawing."""
    return "start" if at < 15 else "end" if at > 85 else "middle"
