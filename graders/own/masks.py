"""Segmentation: how far masks and hidden masks cover each other, by the mean over pictures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, say
from graders.own.examples import Examples
from graders.own.kind import Asked, Values
from graders.own.reading import numbers, targets_of

ROUNDED = 1e-3
"""How far a probability may lie outside [0, 1], as resizing and rounding leave it."""
INSIDE = 0.5
"""Probability from which on a pixel is foreground."""


def ask(hidden: Examples, known: Examples, seed: int) -> Asked:
    """The hidden pictures; their masks stay here."""
    return Asked(hidden.inputs, {"masks": targets_of(hidden) > 0})


def read(returned: NDArray[np.generic], asked: Asked) -> NDArray[np.bool_] | Message:
    """Masks (n, H, W), or what is wrong with them.

    Args:
        returned: 0 and 1 or probabilities, shape (n, H, W) or (n, 1, H, W).
        asked: what `ask` made.

    >>> asked = Asked(1, {"masks": np.zeros((1, 1, 2), bool)})
    >>> read(np.array([[[0.2, 0.5]]]), asked).tolist()
    [[[False, True]]]
    >>> read(np.array([[[0, 255]]]), asked).code
    'own.not_masks'
    """
    n, height, width = asked.truth["masks"].shape
    values = numbers(returned, (n, height, width), (n, 1, height, width))
    if isinstance(values, Message):
        return values
    low, high = float(values.min()), float(values.max())
    if low < -ROUNDED or high > 1 + ROUNDED:
        return say("own.not_masks", low=low, high=high)
    inside: NDArray[np.bool_] = values >= INSIDE
    return inside


def statistics(predicted: NDArray[Any], asked: Asked) -> Values:
    """Intersection over union of each picture, (n, 1); 1 where both masks are empty."""
    true = asked.truth["masks"]
    both = np.count_nonzero(predicted & true, axis=(1, 2))
    either = np.count_nonzero(predicted | true, axis=(1, 2))
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)[:, None]
