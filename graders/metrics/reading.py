"""What every metric checks of an array before it asks what the numbers mean."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, say

HUGE = 1e30
"""Numbers are cut off here, so that squares and sums of them stay finite."""


def shape_of(array: NDArray[np.generic]) -> str:
    """A shape as messages write it.

    >>> shape_of(np.zeros((2, 3)))
    '2 × 3'
    """
    return " × ".join(map(str, array.shape))


def wrong_length(predictions: NDArray[np.generic], n: int) -> Message | None:
    """What is wrong where there are not `n` predictions."""
    found = len(predictions) if predictions.ndim else 0
    return None if found == n else say("predictions.length", found=found, expected=n)


def wrong_type(predictions: NDArray[np.generic], name: str) -> Message | None:
    """What is wrong where a function of the notebook, `name`, did not give numbers."""
    if predictions.dtype.kind in "biuf":
        return None
    return say("contract.not_numeric", name=name, found=str(predictions.dtype))


def read_numbers(
    predictions: NDArray[np.generic], shapes: Collection[tuple[int, ...]], name: str, other_shape: Message
) -> NDArray[np.float64] | Message:
    """The predictions in float64, every one finite and within `HUGE`, or what is wrong with them.

    Args:
        predictions: of any shape and dtype.
        shapes: those that are right; all have the same length.
        name: of the notebook's function that gave them.
        other_shape: what is said of another shape.

    >>> read_numbers(np.array([1, 2]), [(2,)], "f", say("x"))
    array([1., 2.])
    >>> read_numbers(np.array([1, np.nan]), [(2,)], "f", say("x")).code
    'predictions.not_finite'
    """
    length = wrong_length(predictions, next(iter(shapes))[0])
    if length is not None:
        return length
    if predictions.shape not in shapes:
        return other_shape
    kind = wrong_type(predictions, name)
    if kind is not None:
        return kind
    values: NDArray[np.float64] = predictions.astype(np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    return say("predictions.not_finite", n=bad) if bad else np.clip(values, -HUGE, HUGE)


def read_planes(
    predictions: NDArray[np.generic], shape: tuple[int, int, int], name: str
) -> NDArray[np.float64] | Message:
    """One plane of numbers a picture, float64 (N, H, W), from that or (N, 1, H, W); see `read_numbers`."""
    n, height, width = shape
    other = say("predictions.shape_masks", found=shape_of(predictions), n=n, height=height, width=width)
    values = read_numbers(predictions, (shape, (n, 1, height, width)), name, other)
    return values if isinstance(values, Message) else values.reshape(shape)
