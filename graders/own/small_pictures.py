"""Pictures made small and grey, and their hashes as they are, mirrored, shifted and cropped."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graders.own.examples import Rows

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]

SIDE = 32
"""Rows and columns of a small picture."""
FREQUENCIES = 6
"""Of each axis in a hash; the shortest waves are 13 pixels of `SIDE` long, so that two pixels aside are
forgiven.
"""
AT_A_TIME = 64
SHIFT = 0.14
"""Of half a side: 7 % of a side."""
SMALLER = 0.93
FLAT = 1e-6
"""Share of a picture's range; below it, there is nothing to compare."""


class View(NamedTuple):
    """How a picture is looked at: through a window, in coordinates from -1 to 1."""

    mirrored: bool
    scale: float
    """Half a side of the window; above 1 the picture is seen from further away."""
    down: float
    right: float
    """Centre of the window."""


def _views() -> tuple[View, ...]:
    shifts = [View(False, 1, down, right) for down in (0, -SHIFT, SHIFT) for right in (0, -SHIFT, SHIFT)]
    for scale in (SMALLER, 1 / SMALLER):
        away = abs(1 - scale)
        shifts.append(View(False, scale, 0, 0))
        shifts += [View(False, scale, down, right) for down in (-away, away) for right in (-away, away)]
    return (*shifts, *(view._replace(mirrored=True) for view in shifts))


VIEWS = _views()
"""The first is the picture as it is."""
WAVES = np.cos(np.pi * np.outer(np.arange(FREQUENCIES), np.arange(SIDE) + 0.5) / SIDE)


def small_pictures(pictures: Floats, rows: Rows) -> Floats:
    """Grey pictures `rows` of shape (n, SIDE, SIDE), from 0 to 1 each, zero where a picture is flat.

    Channels are weighed by how much they vary together, so that no colour can hide what a picture shows.
    """
    weights = _weights(pictures, rows)
    down, right = _resizing(pictures.shape[2]), _resizing(pictures.shape[3])
    small = np.zeros((len(rows), SIDE, SIDE), np.float32)
    for start in range(0, len(rows), AT_A_TIME):
        some = pictures[rows[start : start + AT_A_TIME]]
        grey = sum(weight * some[:, channel].astype(np.float64) for channel, weight in enumerate(weights))
        made = down @ grey @ right.T
        low, high = made.min(axis=(1, 2), keepdims=True), made.max(axis=(1, 2), keepdims=True)
        range_ = high - low
        shown = range_ > FLAT * np.maximum(np.abs(high), np.abs(low))
        small[start : start + AT_A_TIME] = np.where(shown, (made - low) / np.where(shown, range_, 1), 0)
    return small


def hashes(small: Floats, view: View) -> Floats:
    """Hashes (n, FREQUENCIES² - 1) of length one, or zero where a picture is flat."""
    seen = small[:, :, ::-1] if view.mirrored else small
    down, right = (
        (WAVES @ _window(view.scale, aside)).astype(np.float32) for aside in (view.down, view.right)
    )
    waves = (down @ seen @ right.T).reshape(len(small), -1)[:, 1:]
    lengths = np.linalg.norm(waves, axis=1, keepdims=True)
    made: Floats = np.where(lengths > 1e-4, waves / np.maximum(lengths, 1e-4), 0)
    return made


def _weights(pictures: Floats, rows: Rows) -> Matrix:
    """The direction in which the channels of some of the pictures vary most, shape (C,)."""
    channels = pictures.shape[1]
    if channels == 1 or not len(rows):
        return np.ones(channels)
    some = pictures[rows[:: max(1, len(rows) // 200)]].astype(np.float64)
    values = (some - some.mean(axis=(2, 3), keepdims=True)).transpose(1, 0, 2, 3).reshape(channels, -1)
    values /= np.abs(values).max() or 1
    direction = np.linalg.eigh(values @ values.T)[1][:, -1]
    turned: Matrix = direction * (np.sign(direction[np.argmax(np.abs(direction))]) or 1)
    return turned


def _resizing(size: int) -> Matrix:
    """Matrix (SIDE, size): means over what falls on a pixel, or values between two pixels."""
    edges = np.linspace(0, size, SIDE + 1)
    if size < SIDE:
        return _between((edges[:-1] + edges[1:]) / 2 - 0.5, size)
    pixels = np.arange(size)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares: Matrix = np.maximum(covered, 0)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _window(scale: float, aside: float) -> Matrix:
    """Matrix (SIDE, SIDE) that resamples an axis as a view sees it; edges are continued."""
    centres = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    return _between((scale * centres + aside + 1) / 2 * SIDE - 0.5, SIDE)


def _between(places: Matrix, size: int) -> Matrix:
    places = places.clip(0, size - 1)
    below = np.floor(places).astype(np.int64)
    above = np.minimum(below + 1, size - 1)
    rows = np.arange(len(places))
    matrix = np.zeros((len(places), size))
    np.add.at(matrix, (rows, below), 1 - (places - below))
    np.add.at(matrix, (rows, above), places - below)
    return matrix
