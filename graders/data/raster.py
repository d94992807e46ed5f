"""Filled polygons as grey coverage, many at a time."""

import numpy as np

from graders.data.types import Floats

SCANLINES = 4
"""Horizontal lines that each row of pixels is sampled on; along a line the coverage is exact."""


def coverage(polygons: Floats, size: int) -> Floats:
    """The share of each pixel that lies inside a polygon.

    Every edge that crosses a scanline adds or takes away everything to its right; a running sum along the
    row then gives the inside. The sums of the scanlines of a row are averaged.

    Args:
        polygons: corners (x, y) in pixels, shape (N, corners, 2); closed by themselves, either way round,
            parts outside the picture are cut off.
        size: width and height of the picture in pixels.

    Returns:
        Coverage in [0, 1], shape (N, size, size), rows from the top.
    """
    count = len(polygons)
    starts, ends = polygons, np.roll(polygons, -1, axis=1)
    lines = (np.arange(size * SCANLINES) + 0.5) / SCANLINES
    below_start = starts[..., 1, None] <= lines
    picture, edge, line = np.nonzero(below_start != (ends[..., 1, None] <= lines))

    x0, y0 = starts[picture, edge].T
    x1, y1 = ends[picture, edge].T
    x = np.clip(x0 + (lines[line] - y0) * (x1 - x0) / (y1 - y0), 0, size)
    direction = np.where(y1 > y0, 1.0, -1.0)

    width = size + 2
    column = x.astype(np.int64)
    inside_column = x - column
    cell = (picture * size + line // SCANLINES) * width + column
    cells = count * size * width
    change = np.bincount(cell, direction * (1 - inside_column), cells)
    change += np.bincount(cell + 1, direction * inside_column, cells)
    filled = np.cumsum(change.reshape(count, size, width), axis=2)[..., :size] / SCANLINES
    return np.minimum(np.abs(filled), 1.0)
