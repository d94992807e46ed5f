"""Windows of series that overlap: what is the future of one is the past of another.

The beginning of every window is sought in all others, whatever its place, level and scale. Two windows of one
series that share at least a third of their length, or 64 values, are found, and so all windows of it hang
together. What repeats itself without change, such as a sine, overlaps too: it cannot be told from a copy.
Beginnings that stay where they are for most of their steps, as a switch does, prove nothing. Others that
chance makes, as among small counts, are told apart by mixing the values of each window.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from graders.own.joining import Links, links_of

Floats = NDArray[np.float64]

FEWEST = 8
"""Values that are compared at least; shorter windows are compared whole."""
LONGEST = 64
"""Values that are compared at most, of longer windows."""
SHARE = 3
MOST_PLACES = 4_000_000
"""Places at which beginnings are sought; with more windows, only the first ones are compared."""
CLOSE = 1e-4
FLAT = 1e-6
MOVING = 0.5
"""Share of the steps of a stretch at which its value changes at least."""
CHANCE = 0.02
"""Share of the windows that chance joins at most where it is ruled out."""
SEED = 6
NEIGHBOURS = 4


def overlapping_windows(histories: NDArray[np.float32], futures: NDArray[Any] | None) -> Links:
    """Pairs of windows that overlap, enough to connect those of a series.

    Args:
        histories: shape (n, T), finite.
        futures: shape (n, h).
    """
    whole = histories if futures is None else np.concatenate([histories, futures], axis=1)
    length = whole.shape[1]
    size = min(length, max(FEWEST, length // SHARE), LONGEST)
    compared = min(len(whole), max(2, MOST_PLACES // max(1, length - size + 1)))
    windows = whole[:compared].astype(np.float64)
    if length < 3 or len(windows) < 2:
        return links_of(np.zeros(0, np.int64), np.zeros(0, np.int64), "overlap")
    found = _overlaps(windows, size)
    order = np.random.RandomState(SEED).rand(*windows.shape).argsort(axis=1)
    mixed = np.take_along_axis(windows, order, axis=1)
    by_chance = _overlaps(mixed, size).copies(compared) if len(found.first) else 0
    return replace(found, sure=by_chance <= CHANCE * compared)


def _overlaps(windows: Floats, size: int) -> Links:
    """Pairs in which the first `size` values of one are, scaled, somewhere in the other."""
    places = windows.shape[1] - size + 1
    at_a_time = max(1, MOST_PLACES // (places * size))
    parts = [windows[start : start + at_a_time] for start in range(0, len(windows), at_a_time)]
    keys = np.concatenate([_keys(part, size) for part in parts])
    flat = keys.reshape(-1, 2)
    owner = np.repeat(np.arange(len(windows)), places)
    usable = np.flatnonzero(np.isfinite(flat[:, 0]))
    order = usable[np.argsort(flat[usable, 0], kind="stable")]
    begins = np.arange(len(flat)) % places == 0
    ones, others = [], []
    for step in range(1, NEIGHBOURS + 1):
        one, other = order[:-step], order[step:]
        same = (np.abs(flat[one] - flat[other]) <= CLOSE).all(axis=1) & (begins[one] | begins[other])
        ones.append(owner[one[same]])
        others.append(owner[other[same]])
    return links_of(np.concatenate(ones), np.concatenate(others), "overlap")


def _keys(windows: Floats, size: int) -> Floats:
    """Two numbers for each stretch of `size` values, the same for scaled ones; NaN where it hardly moves.

    Returns:
        Shape (n, places, 2).
    """
    stretches = sliding_window_view(windows, size, axis=1)
    middle, spread = stretches.mean(axis=2), stretches.std(axis=2)
    moves = sliding_window_view(np.diff(windows, axis=1) != 0, size - 1, axis=1).mean(axis=2)
    flat = (spread <= FLAT * np.maximum(np.abs(middle), 1e-30)) | (moves < MOVING)
    directions = np.random.RandomState(SEED).randn(size, 2)
    directions -= directions.mean(axis=0)
    keys: Floats = (stretches @ directions) / np.where(flat, np.nan, spread * np.sqrt(size))[:, :, None]
    return keys
