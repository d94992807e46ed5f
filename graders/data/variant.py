"""A private variant of a hidden test set, which a memorised answer does not survive.

It is mild on purpose: one pixel more of shift costs an honest dense network ten points.
"""

import numpy as np

from graders.data.types import Bytes

MOVES = np.array([(0, 0)] * 4 + [(0, 1), (0, -1), (1, 0), (-1, 0)])
"""Shifts in pixels (down, right), each as likely as the others: half of the pictures stay where they are."""
BRIGHTNESS = (0.9, 1.1)
"""Factor, drawn evenly."""


def vary(images: Bytes, random: np.random.RandomState) -> Bytes:
    """Shift each picture by a pixel or not, and make it brighter or darker; what moves in is black.

    Args:
        images: uint8, shape (N, side, side).
        random: where each picture's shift and brightness are drawn from.

    Returns:
        uint8, of the same shape.
    """
    count, side = len(images), images.shape[1]
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    down, right = MOVES[random.randint(0, len(MOVES), count)].T[..., None]
    rows, columns = np.arange(side) + 1 - down, np.arange(side) + 1 - right
    moved = framed[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    brightness = random.uniform(*BRIGHTNESS, (count, 1, 1))
    varied: Bytes = np.round(np.minimum(moved * brightness, 255)).astype(np.uint8)
    return varied
