"""Where the points of a study stand: pure geometry, drawn by `templates/charts.html.jinja`.

Sizes stand at equal steps, since studies double a width and count up a depth. Across, places are percent of
the width; down, they are pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from graders.model import Study, StudyPoint, StudyRow

TOP, BOTTOM = 14.0, 206.0
"""Pixels between which accuracies are drawn."""
LEFT, RIGHT = 15.0, 96.0
"""Percent between which sizes are drawn."""
LABELS = 8
"""At most so many sizes are written under the plot."""


@dataclass(frozen=True, slots=True)
class Point:
    """One accuracy with its spread."""

    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class StudyPlot:
    """A student's points beside the reference's."""

    sizes: tuple[tuple[int, float], ...]
    """Size and its place across, of those that are written."""
    ticks: tuple[tuple[float, float], ...]
    """Accuracy and its place down."""
    student: tuple[Point, ...]
    reference: tuple[Point, ...]
    check: Point | None
    """The row that was trained again, where one was."""


def study_plot(study: Study) -> StudyPlot | None:
    """The drawing of `study`; None where one size or none is to be compared, for which the table serves."""
    if study.varies is None:
        return None

    def size(row: StudyRow | StudyPoint) -> int:
        return row.width if study.varies == "width" else row.depth

    rows = sorted(study.rows, key=size)
    reference = sorted(study.reference, key=size)
    sizes = sorted({*map(size, rows), *map(size, reference)})
    if len(sizes) < 2:
        return None
    step = (RIGHT - LEFT) / len(sizes)
    across = {found: round(LEFT + step * (index + 0.5), 2) for index, found in enumerate(sizes)}
    check = study.spot_check
    span = (
        *(row.accuracy for row in rows),
        *(point.accuracy.mean + point.accuracy.sd * sign for point in reference for sign in (-1, 1)),
        *((check.measured.low, check.measured.high) if check else ()),
    )
    ends = bounds(span)

    def point(at: float, value: float, low: float, high: float) -> Point:
        return Point(at, down(value, ends), down(high, ends), down(low, ends))

    every = ceil(len(sizes) / LABELS)
    return StudyPlot(
        sizes=tuple((found, across[found]) for found in sizes[::every]),
        ticks=tuple((value, down(value, ends)) for value in grid(ends)),
        student=tuple(point(across[size(row)], row.accuracy, row.accuracy, row.accuracy) for row in rows),
        reference=tuple(
            point(
                across[size(known)],
                known.accuracy.mean,
                known.accuracy.mean - known.accuracy.sd,
                known.accuracy.mean + known.accuracy.sd,
            )
            for known in reference
        ),
        check=None
        if check is None
        else point(
            across.get(size(check.row), (LEFT + RIGHT) / 2),
            check.measured.value,
            check.measured.low,
            check.measured.high,
        ),
    )


def bounds(values: Iterable[float]) -> tuple[float, float]:
    """Ends of the plot in twentieths, wide enough for `values`, which are read as between 0 and 1."""
    inside = [min(1.0, max(0.0, value)) for value in values]
    low, high = floor(min(inside) * 20) / 20, ceil(max(inside) * 20) / 20
    return (low, high) if high - low >= 0.1 else (max(0.0, high - 0.1), max(high, 0.1))


def grid(ends: tuple[float, float]) -> list[float]:
    """Three to six round accuracies between `ends`."""
    low, high = ends
    step = next(step for step in (0.02, 0.05, 0.1, 0.2) if (high - low) / step <= 6)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(index * step, 2) for index in range(first, last + 1)]


def down(value: float, ends: tuple[float, float]) -> float:
    """Pixels from the top of the drawing; values beyond `ends` stand at them."""
    low, high = ends
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return round(BOTTOM - share * (BOTTOM - TOP), 1)
