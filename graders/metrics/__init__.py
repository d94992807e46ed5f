"""Measurements: what a notebook handed over, against what only the host knows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.metrics.accuracy import accuracy, read_classes
from graders.model import Measurement, Message


@dataclass(frozen=True, slots=True)
class Metric:
    """How predictions become a measurement."""

    read: Callable[[NDArray[np.generic], int, int], NDArray[np.int64] | Message]
    """`(predictions, n, classes)` to checked predictions, or what is wrong with them."""
    measure: Callable[[NDArray[np.int64], NDArray[np.int64]], Measurement]
    """`(checked predictions, targets)` to the value and its interval."""


METRICS: dict[str, Metric] = {"accuracy": Metric(read=read_classes, measure=accuracy)}

__all__ = ["METRICS", "Metric"]
