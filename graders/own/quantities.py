"""Regression and forecasting: how far numbers are from those that were hidden."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message
from graders.own.examples import Examples
from graders.own.kind import Asked, Values
from graders.own.reading import Floats, arrays_of, numbers, targets_of

LEAST = 0.05
"""Least scale of a series, as a share of the median one: what hardly moved would rule the mean."""


def ask_number(hidden: Examples, known: Examples, seed: int) -> Asked:
    """The hidden rows or pictures; their numbers stay here."""
    return Asked(hidden.inputs, {"numbers": targets_of(hidden).astype(np.float64)})


def read_number(returned: NDArray[np.generic], asked: Asked) -> Floats | Message:
    """Numbers (n,) from that or (n, 1), or what is wrong with them.

    >>> read_number(np.array([[1], [2]]), Asked(2, {"numbers": np.zeros(2)}))
    array([1., 2.])
    """
    n = len(asked.truth["numbers"])
    return numbers(returned, (n,), (n, 1))


def squares(predicted: NDArray[Any], asked: Asked) -> Values:
    """The squared error of each example, (n, 1)."""
    errors: Values = (predicted - asked.truth["numbers"])[:, None] ** 2
    return errors


def ask_future(hidden: Examples, known: Examples, seed: int) -> Asked:
    """The hidden histories; their futures stay here, with the scale of each."""
    future, histories = targets_of(hidden).astype(np.float64), arrays_of(hidden)
    return Asked(histories, {"future": future, "scale": scales(histories)})


def scales(histories: NDArray[np.float32]) -> Floats:
    """The mean change from one value of each history to the next, (n,); never much below the median one.

    >>> scales(np.array([[1.0, 3.0, 2.0], [0.0, 0.0, 0.0]], np.float32)).round(4)
    array([1.5   , 0.0375])
    """
    if histories.shape[1] < 2:
        return np.ones(len(histories))
    changes = np.abs(np.diff(histories.astype(np.float64), axis=1)).mean(axis=1)
    usual = float(np.median(changes)) or float(changes.mean())
    if usual == 0:
        return np.ones(len(histories))
    return np.asarray(np.maximum(changes, LEAST * usual))


def read_future(returned: NDArray[np.generic], asked: Asked) -> Floats | Message:
    """Futures (n, h), or what is wrong with them; a horizon of 1 may come as (n,)."""
    shape = asked.truth["future"].shape
    return numbers(returned, shape, *([shape[:1]] if shape[1] == 1 else []))


def scaled_errors(predicted: NDArray[Any], asked: Asked) -> Values:
    """The mean absolute error of each future by the scale of its history, (n, 1).

    Hyndman & Koehler 2006, Another look at measures of forecast accuracy.
    """
    errors = np.abs(predicted - asked.truth["future"]).mean(axis=1) / asked.truth["scale"]
    scaled: Values = errors[:, None]
    return scaled
