"""Peak signal-to-noise ratio of restored pictures."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.metrics.bootstrap import resampled
from graders.metrics.reading import read_planes
from graders.model import Measurement, Message, Picture, say
from graders.pictures import picture, side_by_side

Floats = NDArray[np.float64]
MOST = 60.0
"""Decibels of a picture that is restored without any error, and of all that are better than this."""
SAME = 0.02
"""Two pictures are the same answer where they differ by no more than this on average, white being 1."""
SLACK = 1.0
"""How far values may lie outside [0, 1], since a network's output is seldom cut off."""
SHOWN = 3
"""Validation pictures that a report shows."""


def read_pictures(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> Floats | Message:
    """Pictures of shape (N, H, W) in [0, 1] from what a notebook restored, or what is wrong with them.

    Args:
        predictions: shape (N, H, W) or (N, 1, H, W); a little below 0 or above 1 is cut off.
        targets: as many pictures without noise, as `clean`.
        classes: of no meaning here.

    >>> read_pictures(np.array([[[0.5, 1.1]]]), {"clean": np.zeros((1, 1, 2))}, classes=0)
    array([[[0.5, 1. ]]])
    >>> read_pictures(np.array([[[0, 255]]]), {"clean": np.zeros((1, 1, 2))}, classes=0).code
    'predictions.not_pictures'
    """
    n, height, width = targets["clean"].shape
    values = read_planes(predictions, (n, height, width), "reconstruct")
    if isinstance(values, Message):
        return values
    low, high = float(values.min()), float(values.max())
    if low < -SLACK or high > 1 + SLACK:
        return say("predictions.not_pictures", low=low, high=high)
    return np.clip(values, 0, 1)


def decibels(restored: Floats, targets: Arrays) -> Floats:
    """Peak signal-to-noise ratio of each picture, dB, shape (N,): -10 log10 of the mean squared error.

    White is 1; at most `MOST`.

    >>> decibels(np.full((1, 2, 2), 0.1), {"clean": np.zeros((1, 2, 2))}).round(6)
    array([20.])
    """
    errors = ((restored - targets["clean"]) ** 2).mean(axis=(1, 2))
    found: Floats = -10 * np.log10(np.maximum(errors, 10 ** (-MOST / 10)))
    return found


def same_pictures(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Whether two restored pictures are the same but for rounding, shape (N,)."""
    same: NDArray[np.bool_] = np.abs(one - other).mean(axis=(1, 2)) <= SAME
    return same


def psnr(restored: Floats, targets: Arrays) -> Measurement:
    """Mean peak signal-to-noise ratio over pictures, dB, with its 95 % bootstrap interval over them.

    Args:
        restored: in [0, 1], shape (N, H, W).
        targets: the same without noise, as `clean`.
    """
    values = decibels(restored, targets)
    return resampled(values)


def negative(restored: Floats) -> Floats:
    """What is restored where black and white are exchanged."""
    return 1 - restored


def show_restored(restored: Floats, validation: Split) -> tuple[Picture, ...]:
    """The first validation pictures: with noise, without it, and restored, side by side."""
    found = decibels(restored, validation.targets)
    shown = []
    for number in range(min(SHOWN, len(restored))):
        noisy, clean = validation.inputs["images"][number, 0], validation.targets["clean"][number]
        row = side_by_side([noisy, clean, restored[number]])
        shown.append(picture(row, say("metric.restored_shown", number=number, value=float(found[number]))))
    return tuple(shown)
