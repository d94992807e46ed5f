"""Accuracy of a classifier with its Wilson interval."""

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.reading import read_numbers, shape_of
from graders.model import Measurement, Message, say

Z = NormalDist().inv_cdf(0.975)
"""Standard errors on each side of a 95 % interval."""


def read_classes(
    predictions: NDArray[np.generic], targets: Arrays, classes: int
) -> NDArray[np.int64] | Message:
    """Class ids of shape (N,) from what a notebook predicted, or what is wrong with it.

    Args:
        predictions: class ids, shape (N,) or (N, 1), or scores, shape (N, classes). Ids of -1 and of
            `classes` pass and are never right, so that classes that are off by one can be named for that.
        targets: class ids of as many examples, as `labels`.
        classes: how many classes there are.

    >>> targets = {"labels": np.array([1, 1])}
    >>> read_classes(np.array([[0.1, 0.9], [0.8, 0.2]]), targets, classes=2)
    array([1, 0])
    >>> read_classes(np.array([0, 3]), targets, classes=2).code
    'predictions.out_of_range'
    """
    n = len(targets["labels"])
    other = say("predictions.shape", found=shape_of(predictions), n=n, classes=classes)
    values = read_numbers(predictions, ((n,), (n, 1), (n, classes)), "predict", other)
    if isinstance(values, Message):
        return values
    if values.shape == (n, classes):
        best: NDArray[np.int64] = np.argmax(values, axis=1)
        return best
    ids = values.reshape(n)
    wrong = ids[(ids < -1) | (ids > classes) | (ids != np.round(ids))]
    if wrong.size:
        return say("predictions.out_of_range", found=float(wrong[0]), count=int(wrong.size), most=classes - 1)
    return ids.astype(np.int64)


def same_classes(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether two predictions name the same class, shape (N,)."""
    return np.equal(one, other)


def one_lower(predicted: NDArray[np.int64]) -> NDArray[np.int64]:
    """What was meant by classes that were counted from 1."""
    return predicted - 1


def one_higher(predicted: NDArray[np.int64]) -> NDArray[np.int64]:
    """What was meant by classes that lost their first one."""
    return predicted + 1


def accuracy(predicted: NDArray[np.int64], targets: Arrays) -> Measurement:
    """Share of right classes with the 95 % Wilson score interval (Wilson 1927).

    Args:
        predicted: class ids, shape (N,).
        targets: class ids, shape (N,), as `labels`.

    >>> accuracy(np.array([0, 1, 1, 0]), {"labels": np.array([0, 1, 1, 1])}).value
    0.75
    """
    labels = targets["labels"]
    right, n = int(np.count_nonzero(predicted == labels)), len(labels)
    share, weight = right / n, 1 / (1 + Z**2 / n)
    centre = weight * (share + Z**2 / (2 * n))
    half = weight * Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Measurement(value=share, low=max(0.0, centre - half), high=min(1.0, centre + half), n=n)
