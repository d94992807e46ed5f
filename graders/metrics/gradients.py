"""How many gradients agree with the exact ones."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.model import Measurement, Message, say

TOLERANCE = 1e-6
"""Largest relative error of a right gradient: in float64 rounding is far below it, a mistake far above."""


def read_gradients(
    predictions: NDArray[np.generic], targets: Arrays, classes: int
) -> NDArray[np.float64] | Message:
    """Gradients of all cases side by side, or what is wrong with them.

    Args:
        predictions: shape (K, M): for each case the gradients in the order of `targets`, flattened. What a
            notebook did not give, or gave in another shape, is NaN.
        targets: arrays whose first axis is the K cases.
        classes: of no meaning here.
    """
    shape = _exact(targets).shape
    if predictions.shape != shape:
        found = " × ".join(map(str, predictions.shape))
        return say("gradients.shape", found=found, expected=" × ".join(map(str, shape)))
    if predictions.dtype.kind != "f":
        return say("contract.not_numeric", name="backward", found=str(predictions.dtype))
    return predictions.astype(np.float64)


def same_gradients(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two answers to a case are the same, shape (K,)."""
    near = np.abs(one - other) <= TOLERANCE * np.abs(other)
    both: NDArray[np.bool_] = np.logical_and.reduce(near | (np.isnan(one) & np.isnan(other)), axis=1)
    return both


def right_gradients(predicted: NDArray[np.float64], targets: Arrays) -> Measurement:
    """Share of gradients that are right, over all cases and names.

    A gradient is right where its largest error is at most `TOLERANCE` of its largest entry. There is nothing
    of chance in it, so that the interval is the value.

    >>> targets = {"w": np.array([[1.0, 2.0]]), "b": np.array([[3.0]])}
    >>> right_gradients(np.array([[1.0, 2.0, 3.1]]), targets).value
    0.5
    """
    share = float(np.mean(list(_right(predicted, targets).values())))
    return Measurement(value=share, low=share, high=share, n=len(predicted) * len(targets))


def tell_gradients(predicted: NDArray[np.float64], targets: Arrays) -> tuple[Message, ...]:
    """Which gradients are right in how many cases."""
    right = _right(predicted, targets)
    counts = ", ".join(f"{name} {int(found.sum())}" for name, found in right.items())
    return (say("gradients.right", counts=counts, cases=len(predicted)),)


def _right(predicted: NDArray[np.float64], targets: Arrays) -> dict[str, NDArray[np.bool_]]:
    """By name, for each case whether its gradient is right."""
    right, start = {}, 0
    for name, exact in targets.items():
        flat = exact.reshape(len(exact), -1)
        error = np.abs(predicted[:, start : start + flat.shape[1]] - flat).max(axis=1)
        # a comparison with NaN is false, so that what is missing is not right
        right[name] = error <= TOLERANCE * np.abs(flat).max(axis=1)
        start += flat.shape[1]
    return right


def _exact(targets: Arrays) -> NDArray[np.float64]:
    flat: NDArray[np.float64] = np.concatenate([a.reshape(len(a), -1) for a in targets.values()], axis=1)
    return flat
