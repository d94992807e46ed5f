"""Examples as small pictures of bytes: pictures themselves, outlines of masks, curves of series."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

MOST_SIDE = 192
"""Longer sides are thinned out: a picture on a sheet is small."""
GAP = 2
GREY = 128
RED = (230, 30, 30)
CURVE = (60, 180)
"""Rows and columns of a curve."""


def shown(picture: NDArray[np.float32]) -> Bytes:
    """A picture (C, H, W) as bytes of shape (h, w), or (h, w, 3) where it has three channels.

    Values from 0 to 1, or from 0 to 255, are taken as light; any others are stretched.
    """
    thin = _thinned(picture.transpose(1, 2, 0)).astype(np.float64)
    low, high = float(thin.min()), float(thin.max())
    if low >= 0 and high <= 1:
        light = thin
    elif low >= 0 and high <= 255:
        light = thin / 255
    else:
        light = (thin / 2 - low / 2) / max(high / 2 - low / 2, 1e-30)
    made: Bytes = np.round(light.clip(0, 1) * 255).astype(np.uint8)
    return made if made.shape[2] == 3 else np.round(made.mean(axis=2)).astype(np.uint8)


def outlined(picture: NDArray[np.float32], mask: NDArray[np.uint8]) -> Bytes:
    """A picture (C, H, W) in colour with the edge of its mask (H, W) in red."""
    plane = _coloured(shown(picture)).copy()
    inside = _thinned(mask) != 0
    plane[inside & ~binary_erosion(inside)] = RED
    return plane


def curve(history: Floats, future: Floats) -> Bytes:
    """A series as points joined by lines: the history grey on white, the future red."""
    height, width = CURVE
    plane = np.full((height, width, 3), 255, np.uint8)
    values = np.concatenate([history, future])
    if not len(values):
        return plane
    low, high = values.min(), values.max()
    along = np.linspace(0, max(len(values) - 1, 1), width)
    light = (np.interp(along, np.arange(len(values)), values) - low) / ((high - low) or 1)
    rows = np.round((1 - light) * (height - 1)).astype(np.int64)
    for column, row in enumerate(rows.tolist()):
        before = int(rows[max(column - 1, 0)])
        ink = RED if along[column] > len(history) - 1 else (GREY, GREY, GREY)
        plane[min(before, row) : max(before, row) + 1, column] = ink
    return plane


def together(planes: Sequence[Bytes]) -> Bytes:
    """Planes of one height side by side, with gaps of grey; in colour if one is."""
    if any(plane.ndim == 3 for plane in planes):
        planes = [_coloured(plane) for plane in planes]
    gap = np.full((len(planes[0]), GAP, *planes[0].shape[2:]), GREY, np.uint8)
    parts = [part for plane in planes for part in (gap, plane)]
    return np.concatenate(parts[1:], axis=1)


def _coloured(plane: Bytes) -> Bytes:
    return plane if plane.ndim == 3 else np.repeat(plane[:, :, None], 3, axis=2)


def _thinned(plane: NDArray[np.generic]) -> NDArray[np.generic]:
    down, right = (-(-side // MOST_SIDE) for side in plane.shape[:2])
    step = max(down, right)
    return plane[::step, ::step]
