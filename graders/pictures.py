"""Arrays become pictures for reports. The host encodes them itself; no file of a student's is opened here."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from graders.model import Message, Picture

LEAST_SIDE = 112
"""Pixels of the shorter side, below which pixels are repeated: a picture of 28 × 28 cannot be looked at."""
MOST_SIDE = 640
GAP = 2
"""Columns between what stands side by side."""


def picture(array: NDArray[np.uint8], caption: Message) -> Picture:
    """A picture with the sentence that stands under it.

    Args:
        array: shape (H, W), 0 is black, or (H, W, 3), red, green and blue; sides of 1 to `MOST_SIDE`.
        caption: what it shows.

    Raises:
        ValueError: the array is of another type or shape.

    >>> shown = picture(np.zeros((28, 28), np.uint8), Message(code="x"))
    >>> (shown.width, shown.height)
    (112, 112)
    """
    if array.dtype != np.uint8 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] != 3):
        raise ValueError(
            f"{array.dtype} of shape {array.shape} is no picture; expected uint8 (H, W) or (H, W, 3)"
        )
    if not all(1 <= side <= MOST_SIDE for side in array.shape[:2]):
        raise ValueError(f"a picture of {array.shape[:2]}; expected sides of 1 to {MOST_SIDE}")
    sides = array.shape[:2]
    times = max(1, min(round(LEAST_SIDE / min(sides)), MOST_SIDE // max(sides)))
    shown = array.repeat(times, axis=0).repeat(times, axis=1)
    file = io.BytesIO()
    Image.fromarray(shown).save(file, "PNG")
    height, width = shown.shape[:2]
    return Picture(
        png=base64.b64encode(file.getvalue()).decode(), width=width, height=height, caption=caption
    )


def side_by_side(planes: Sequence[NDArray[np.generic]]) -> NDArray[np.uint8]:
    """Planes (H, W) of numbers from 0 to 1, or of truth values, as one picture with gaps of grey.

    >>> side_by_side([np.ones((1, 1)), np.zeros((1, 1))])
    array([[255, 128, 128,   0]], dtype=uint8)
    """
    levels = [np.round(plane.astype(np.float64) * 255).astype(np.uint8) for plane in planes]
    gap = np.full((len(levels[0]), GAP), 128, np.uint8)
    parts = [part for level in levels for part in (gap, level)]
    return np.concatenate(parts[1:], axis=1)
