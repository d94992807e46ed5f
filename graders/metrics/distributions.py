"""Distributions of what comes next, a word or a letter, as natural logarithms of probabilities."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from graders.metrics.reading import shape_of, wrong_length, wrong_type
from graders.model import Message, say

LEAST = 1e-12
"""Probabilities below this count as this, so that one impossible word does not make the mean infinite."""
NORMALISED = 1e-3
"""How far the sum of a distribution may be from 1, for rounding."""
SAME = 0.01
"""Two distributions are the same answer where no probability differs by more."""
ROUNDED = 1e-3
"""How far below 0 a probability may come out where a second softmax is taken away again."""

LogProbs = NDArray[np.float64]


def read_distributions(predictions: NDArray[np.generic], n: int, width: int, name: str) -> LogProbs | Message:
    """Log-probabilities, or what is wrong with them.

    What is within `NORMALISED` of a distribution is made one exactly; what is below `LEAST` is raised to it.

    Args:
        predictions: natural logarithms, shape (n, width); minus infinity for what is impossible.
        n: how many are expected.
        width: words or letters.
        name: of the function that gave them.

    >>> read_distributions(np.log([[0.5, 0.5]]), 1, 2, "f").round(2)
    array([[-0.69, -0.69]])
    >>> read_distributions(np.zeros((1, 2)), 1, 2, "f").code
    'language.not_normalised'
    """
    length = wrong_length(predictions, n)
    if length is not None:
        return length
    if predictions.shape != (n, width):
        return say("language.shape", found=shape_of(predictions), n=n, words=width)
    kind = wrong_type(predictions, name)
    if kind is not None:
        return kind
    values = predictions.astype(np.float64)
    bad = int(np.count_nonzero(np.isnan(values) | np.isposinf(values)))
    if bad:
        return say("language.not_finite", n=bad)
    if _are_probabilities(values):
        return say("language.probabilities")
    # in logarithms, since scores that were never normalised may be too large to exponentiate
    logarithms = np.array(logsumexp(values, axis=1))
    off = np.abs(logarithms) > np.log1p(NORMALISED)
    if off.any():
        worst = float(logarithms[np.argmax(np.abs(logarithms))])
        total = float(np.exp(min(worst, 50.0)))
        return say("language.not_normalised", n=int(off.sum()), of=n, worst=total)
    normalised: LogProbs = np.maximum(values - logarithms[:, None], np.log(LEAST))
    return normalised


def _are_probabilities(values: NDArray[np.float64]) -> bool:
    near = np.abs(values.sum(axis=1) - 1) <= NORMALISED
    return bool(values.min() >= 0 and near.all())


def same_distributions(one: LogProbs, other: LogProbs) -> NDArray[np.bool_]:
    """Whether two distributions give about the same probabilities, shape (N,)."""
    near: NDArray[np.bool_] = np.abs(np.exp(one) - np.exp(other)).max(axis=1) <= SAME
    return near


def softmax_once(predicted: LogProbs) -> LogProbs:
    """The distributions p where log softmax(p) was returned, as by a loss that softens what is soft already.

    log softmax(p) = p - c, and since p adds up to 1, c = (1 - Σ log softmax(p)) / V. Where that gives no
    probabilities, softmax was applied once and the answer is left as it is.
    """
    inner = predicted + (1 - predicted.sum(axis=1, keepdims=True)) / predicted.shape[1]
    if inner.min() < -ROUNDED:
        return predicted
    inner = np.maximum(inner, 1e-7)  # what is smaller was lost in rounding
    found: LogProbs = np.log(inner / inner.sum(axis=1, keepdims=True))
    return found
