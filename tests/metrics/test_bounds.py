"""The best and the worst predictions that there can be reach the bounds of a metric, and do not pass them."""

import numpy as np
import pytest

from graders.metrics import METRICS
from graders.metrics.elbo import PIXELS

WORDS = {"words": np.array([0, 1]), "vocabulary": np.array([2, 2])}
LETTERS = {"next": np.eye(2, dtype=np.uint8)}
WHITE = {"images": np.ones((2, 1, 28, 28), np.float32)}
PRICES = {"prices": np.array([1.0, 2.0])}
CLASSES = {"labels": np.array([0, 1])}
MASKS = {"masks": np.array([[[1, 0]], [[0, 1]]], np.uint8)}
CAPTIONS = {"references": np.array([["a red star above a box"], ["a blue disc on a square"]])}


def logarithms(shares):
    with np.errstate(divide="ignore"):
        return np.log(np.array(shares, dtype=np.float64))


def coded(mean, pixels):
    return np.tile(np.concatenate([[mean, 0.0], np.full(PIXELS, pixels)]), (2, 1))


CASES = {
    "cross_entropy": (WORDS, logarithms(np.eye(2)), logarithms(1 - np.eye(2))),
    "next_char": (LETTERS, logarithms(np.eye(2)), logarithms(1 - np.eye(2))),
    "elbo": (WHITE, coded(0.0, 1.0), coded(1e9, 0.0)),
    "accuracy": (CLASSES, np.array([0, 1]), np.array([1, 0])),
    "iou": (MASKS, MASKS["masks"], 1 - MASKS["masks"]),
    "bleu": (CAPTIONS, CAPTIONS["references"][:, 0], np.array(["x", "y"])),
}


@pytest.mark.parametrize("name", CASES)
def test_the_best_and_the_worst_reach_the_bounds(name):
    metric, (targets, best, worst) = METRICS[name], CASES[name]
    values = [metric.measure(metric.read(found, targets, 2), targets).value for found in (worst, best)]
    assert sorted(values) == pytest.approx(metric.bounds)
    assert (values[1] > values[0]) == (metric.better == "higher")


def test_an_error_has_no_bound_but_zero():
    metric = METRICS["rmse"]
    assert metric.bounds == (0, np.inf)
    assert metric.measure(PRICES["prices"], PRICES).value == 0
