"""How well the next letter is foretold, in bits."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.bootstrap import interval
from graders.model import Measurement, Message, say

OFF = 1e-3
"""How far the sum of a distribution may be from one."""
SAME = 1e-3
"""Two distributions are the same answer where no probability differs by more than this."""


def read_log_probabilities(
    predictions: NDArray[np.generic], targets: Arrays, classes: int
) -> NDArray[np.float64] | Message:
    """Natural logarithms of probabilities, shape (N, V), or what is wrong with them.

    Args:
        predictions: shape (N, V); the probabilities of each row sum to one.
        targets: `next`, shape (N, V), whose columns are the letters of the alphabet.
        classes: of no meaning here.

    >>> targets = {"next": np.eye(2)}
    >>> read_log_probabilities(np.full((2, 2), 0.5), targets, classes=0).code
    'next_char.not_logarithms'
    >>> read_log_probabilities(np.log(np.full((2, 2), 0.5)), targets, classes=0).shape
    (2, 2)
    """
    n, letters = targets["next"].shape
    if predictions.shape != (n, letters):
        found = " × ".join(map(str, predictions.shape))
        return say("next_char.shape", found=found, n=n, letters=letters)
    if predictions.dtype.kind not in "biuf":
        return say("contract.not_numeric", name="next_char_logprobs", found=str(predictions.dtype))
    values: NDArray[np.float64] = predictions.astype(np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        return say("next_char.not_finite", n=bad)
    if (values >= 0).all() and (np.abs(values.sum(axis=1) - 1) <= OFF).all():
        return say("next_char.not_logarithms")
    sums = np.exp(np.minimum(values, 50.0)).sum(axis=1)  # a larger one is no logarithm of a probability
    wrong = np.abs(sums - 1) > OFF
    if wrong.any():
        return say("next_char.not_one", n=int(wrong.sum()), of=n, found=float(sums[wrong][0]))
    return values


def same_distributions(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two answers to a prefix are the same distribution, shape (N,)."""
    every: NDArray[np.bool_] = (np.abs(np.exp(one) - np.exp(other)) <= SAME).all(axis=1)
    return every


def bits_per_character(logarithms: NDArray[np.float64], targets: Arrays) -> Measurement:
    """Mean of -log2 of the probability of the letter that came, with its 95 % bootstrap interval.

    Args:
        logarithms: natural logarithms of probabilities, shape (N, V).
        targets: `next`, shape (N, V): 1 at the letter that came.

    >>> half = np.log(np.full((3, 2), 0.5))
    >>> bits_per_character(half, {"next": np.array([[1, 0], [0, 1], [0, 1]])}).value
    1.0
    """
    bits = -logarithms[targets["next"].astype(bool)] / np.log(2)
    low, high = interval(bits)
    return Measurement(value=float(bits.mean()), low=low, high=high, n=len(bits))


def tell_perplexity(logarithms: NDArray[np.float64], targets: Arrays) -> tuple[Message, ...]:
    """Perplexity, and how often the likeliest letter is the one that came."""
    bits = bits_per_character(logarithms, targets).value
    right = float((logarithms.argmax(axis=1) == targets["next"].argmax(axis=1)).mean())
    return (say("next_char.perplexity", value=float(2 ** min(bits, 1000.0)), right=round(100 * right, 1)),)


def softmax_once(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithms that went in, had softmax been applied to probabilities a second time.

    From l = p - log Σ exp p, and because the p sum to one, p = l + (1 - Σ l) / V. Where that gives no
    probabilities, softmax was applied once and the answer is left as it is.
    """
    inner = logarithms + (1 - logarithms.sum(axis=1, keepdims=True)) / logarithms.shape[1]
    if inner.min() < -OFF:
        return logarithms
    inner = np.maximum(inner, 1e-7)  # what is smaller was lost in rounding
    return np.asarray(np.log(inner / inner.sum(axis=1, keepdims=True)))
