"""How often values of a class fall where: pure geometry, drawn by `templates/charts.html.jinja`."""

from collections.abc import Sequence
from dataclasses import dataclass

from graders.model import Mark, Record
from graders.report.scale import Axis, Tick, axis, ticks

BINS = 20
TOP, BOTTOM = 12.0, 112.0
"""Pixels between which the bars are drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The values between two others."""

    low: float
    high: float
    count: int
    x: float
    """Percent of the width."""
    width: float
    """Percent of the width."""
    y: float
    """Pixels from the top."""
    height: float
    """Pixels."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars over an axis, with the thresholds where the values have any."""

    bars: tuple[Bar, ...]
    """Empty ones left out."""
    tallest: int
    ends: tuple[float, float]
    """Values at the left and the right end."""
    ticks: tuple[Tick, ...] = ()
    rows: int = 0
    """Rows of labels under the axis."""


def totals(records: Sequence[Record]) -> Histogram | None:
    """Totals of the records that were graded; None where none was."""
    graded = [record for record in records if record.status != "ungradable"]
    if not graded:
        return None
    most = max(max(record.possible, record.earned) for record in graded)
    line = Axis(0.0, most or 1.0)
    return histogram([record.earned for record in graded], line)


def metric(marks: Sequence[Mark]) -> Histogram | None:
    """Values of one task; None where nothing was measured, and of own data, which has a scale for each."""
    common = [mark for mark in marks if mark.kind != "own_data"]
    measured = [mark for mark in common if mark.value is not None and mark.threshold is not None]
    values = [mark.value for mark in measured if mark.value is not None]
    threshold = next((mark.threshold for mark in measured if mark.threshold is not None), None)
    if threshold is None:
        return None
    line = axis(threshold, values)
    return histogram(values, line, ticks(threshold, line))


def histogram(values: Sequence[float], line: Axis, marks: tuple[Tick, ...] = ()) -> Histogram:
    """Count `values` in equal steps of `line`; what lies beyond it counts at its end."""
    left, right = line.at(line.worse), line.at(line.better)
    step = (right - left) / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, int((line.at(value) - left) / step))] += 1
    tallest = max(counts)
    edges = [line.worse + (line.better - line.worse) * index / BINS for index in range(BINS + 1)]
    heights = [(BOTTOM - TOP) * count / tallest for count in counts]
    return Histogram(
        bars=tuple(
            Bar(
                low=min(edges[index : index + 2]),
                high=max(edges[index : index + 2]),
                count=count,
                x=round(left + index * step, 2),
                width=round(step * 0.92, 2),
                y=round(BOTTOM - heights[index], 1),
                height=round(heights[index], 1),
            )
            for index, count in enumerate(counts)
            if count
        ),
        tallest=tallest,
        ends=(line.worse, line.better),
        ticks=marks,
        rows=1 + max((tick.row for tick in marks), default=-1),
    )
