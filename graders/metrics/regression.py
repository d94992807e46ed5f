"""Root mean squared error of predicted numbers, and the share of the variance that they explain."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.bootstrap import resampled
from graders.metrics.reading import read_numbers, shape_of
from graders.model import Measurement, Message, say

SAME = 1e-3
"""Two predictions are the same answer where they differ by no more than this, relative to the larger."""


def read_prices(
    predictions: NDArray[np.generic], targets: Arrays, classes: int
) -> NDArray[np.float64] | Message:
    """Numbers of shape (N,) from what a notebook predicted, or what is wrong with it.

    Args:
        predictions: shape (N,) or (N, 1).
        targets: numbers for as many examples, as `prices`.
        classes: of no meaning here.

    >>> read_prices(np.array([[1], [2]]), {"prices": np.zeros(2)}, classes=0)
    array([1., 2.])
    >>> read_prices(np.array([1, np.inf]), {"prices": np.zeros(2)}, classes=0).code
    'predictions.not_finite'
    """
    n = len(targets["prices"])
    other = say("predictions.shape_numbers", found=shape_of(predictions), n=n)
    values = read_numbers(predictions, ((n,), (n, 1)), "predict_price", other)
    return values if isinstance(values, Message) else values.reshape(n)


def same_numbers(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two predictions are the same number but for rounding, shape (N,)."""
    return np.abs(one - other) <= SAME * np.maximum(np.abs(one), np.abs(other))


def rmse(predicted: NDArray[np.float64], targets: Arrays) -> Measurement:
    """Root mean squared error, in the unit of the targets, with its 95 % bootstrap interval over examples.

    Args:
        predicted: shape (N,).
        targets: shape (N,), as `prices`.

    >>> rmse(np.array([1.0, 2.0]), {"prices": np.array([4.0, 5.0])}).value
    3.0
    """
    squares = (predicted - targets["prices"]) ** 2
    return resampled(squares, np.sqrt)


def r2(predicted: NDArray[np.float64], targets: Arrays) -> float | None:
    """Share of the targets' variance that the predictions explain; None where the targets do not vary.

    At most 1; below 0 where the mean of the targets would do better.

    >>> r2(np.array([1.0, 2.0, 3.0]), {"prices": np.array([1.0, 2.0, 4.0])})
    0.7857142857142857
    """
    prices = targets["prices"]
    spread = float(((prices - prices.mean()) ** 2).sum())
    return 1 - float(((predicted - prices) ** 2).sum()) / spread if spread > 0 else None


def tell_r2(predicted: NDArray[np.float64], targets: Arrays) -> tuple[Message, ...]:
    """What the report says of R² beside the error."""
    found = r2(predicted, targets)
    return (say("metric.no_r2") if found is None else say("metric.r2", value=found),)
