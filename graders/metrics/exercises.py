"""How many results of an exercise agree with the exact ones; cases may be of different sizes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.reading import shape_of, wrong_type
from graders.model import Measurement, Message, say

TOLERANCE = 1e-6
"""Largest relative error of a right result: in float64 rounding is far below it, a mistake far above."""


def read_results(
    predictions: NDArray[np.generic], targets: Arrays, classes: int, *, names: Sequence[str]
) -> NDArray[np.float64] | Message:
    """Results of all cases side by side, or what is wrong with them.

    Args:
        predictions: shape (K, M): for each case the arrays `names`, flattened, NaN where there is nothing.
            What a notebook did not give, or gave in another shape, is NaN.
        targets: arrays whose first axis is the K cases, NaN outside a case's own size.
        classes: of no meaning here.
        names: targets that are asked for.
    """
    shape = (len(targets[names[0]]), sum(targets[name][0].size for name in names))
    if predictions.shape != shape:
        return say("exercise.shape", found=shape_of(predictions), expected=" × ".join(map(str, shape)))
    return wrong_type(predictions, ", ".join(names)) or predictions.astype(np.float64)


def same_results(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two answers to a case are the same, shape (K,)."""
    near = np.abs(one - other) <= TOLERANCE * np.abs(other)
    both: NDArray[np.bool_] = np.logical_and.reduce(near | (np.isnan(one) & np.isnan(other)), axis=1)
    return both


def right_results(predicted: NDArray[np.float64], targets: Arrays, *, names: Sequence[str]) -> Measurement:
    """Share of results that are right, over all cases and names.

    A result is right where its largest error is at most `TOLERANCE` of its largest entry. There is nothing of
    chance in it, so that the interval is the value.

    >>> targets = {"h": np.array([[1.0, 2.0]]), "c": np.array([[3.0, np.nan]])}
    >>> right_results(np.array([[1.0, 2.0, 3.1, np.nan]]), targets, names=["h", "c"]).value
    0.5
    """
    right = _right(predicted, targets, names)
    share = float(np.mean(list(right.values())))
    return Measurement(value=share, low=share, high=share, n=len(predicted) * len(names))


def tell_results(
    predicted: NDArray[np.float64], targets: Arrays, *, names: Sequence[str]
) -> tuple[Message, ...]:
    """Which results are right in how many cases."""
    right = _right(predicted, targets, names)
    counts = ", ".join(f"{name.removeprefix('d_')} {int(found.sum())}" for name, found in right.items())
    return (say("exercise.right", counts=counts, cases=len(predicted)),)


def _right(
    predicted: NDArray[np.float64], targets: Arrays, names: Sequence[str]
) -> dict[str, NDArray[np.bool_]]:
    """By name, for each case whether its result is right."""
    right, start = {}, 0
    for name in names:
        exact = targets[name].reshape(len(targets[name]), -1)
        found = predicted[:, start : start + exact.shape[1]]
        asked = ~np.isnan(exact)
        # a comparison with NaN is false, so that what is missing is not right
        near = np.abs(found - exact) <= TOLERANCE * np.nanmax(np.abs(exact), axis=1, keepdims=True)
        right[name] = (near | ~asked).all(axis=1)
        start += exact.shape[1]
    return right
