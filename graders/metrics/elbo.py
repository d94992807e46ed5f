"""The evidence lower bound of a variational autoencoder (Kingma & Welling 2014).

The likelihood is the scorer's own and the same for all.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.data.reconstruction import LONGEST
from graders.metrics.bootstrap import resampled
from graders.metrics.reading import read_numbers, shape_of
from graders.model import Measurement, Message, say

SIDE = 28
PIXELS = SIDE * SIDE
SIGMA = 0.2
"""Standard deviation of a pixel around what was decoded.

It is the same for all, since one that a notebook could choose would measure the choice. At 0.2 a nat of the
code pays where it lowers the squared error of the picture by 0.08: a good code has some thirty nats on
`mini`. Were it much smaller, noise would be worth coding; were it much larger, no code at all would be best.
"""
MOST_NATS = 1e6
"""Where a divergence is cut off: it may overflow, and no record takes an infinite value."""
DENSEST = -0.5 * float(np.log(2 * np.pi * SIGMA**2))
"""Logarithm of the density of a pixel that was decoded without an error."""
BOUNDS = (DENSEST - 1 / (2 * SIGMA**2) - MOST_NATS / PIXELS, DENSEST)
"""Black decoded from white by the worst code, and everything decoded from a code of no nats."""

Floats = NDArray[np.float64]


def read_codes(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> Floats | Message:
    """Codes and what was decoded from them, float64 (N, 2 K + 784), or what is wrong with them.

    A row has the K means of a picture's code, K logarithms of variances, and the 784 pixels decoded from one
    code that was drawn with them.

    Args:
        predictions: of that shape, 1 ≤ K ≤ 32.
        targets: as many real pictures, as `images`.
        classes: of no meaning here.
    """
    n = len(targets["images"])
    shapes = [(n, 2 * length + PIXELS) for length in range(1, LONGEST + 1)]
    other = say("elbo.shape", found=shape_of(predictions), most=2 * LONGEST + PIXELS)
    return read_numbers(predictions, shapes, "encode", other)


def parts(packed: Floats) -> tuple[Floats, Floats, Floats]:
    """Means (N, K), logarithms of variances (N, K), and decoded pixels (N, 784) cut off at 0 and 1."""
    length = (packed.shape[1] - PIXELS) // 2
    mean, log_variance, decoded = np.split(packed, [length, 2 * length], axis=1)
    return mean, log_variance, np.clip(decoded, 0, 1)


def nats(packed: Floats) -> Floats:
    """KL(N(mean, variance) || N(0, I)) of each code, at most `MOST_NATS`, shape (N,).

    >>> nats(np.array([[1.0, 0.0, *np.zeros(PIXELS)]]))
    array([0.5])
    """
    mean, log_variance, _ = parts(packed)
    with np.errstate(over="ignore"):
        each = 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1)
        total: Floats = np.minimum(each.sum(axis=1), MOST_NATS)
    return total


def errors(packed: Floats, targets: Arrays) -> Floats:
    """Mean squared error of each reconstruction, shape (N,)."""
    _, _, decoded = parts(packed)
    found: Floats = ((decoded - targets["images"].reshape(len(decoded), -1)) ** 2).mean(axis=1)
    return found


def elbo(packed: Floats, targets: Arrays) -> Measurement:
    """The mean bound in nats a pixel, with a 95 % interval from a bootstrap over the pictures.

    For a picture x and the picture y that was decoded from a code drawn from q(z | x) it is
    (log p(x | y) - KL(q(z | x) || N(0, I))) / 784, where p(x | y) is the density of independent normal pixels
    around y with the standard deviation `SIGMA`. No other y has a higher expected density than the
    expectation of x given the code, so that sharpness without knowledge does not pay.

    Args:
        packed: as `read_codes` gives it.
        targets: real pictures in [0, 1], as `images`, (N, 1, 28, 28).
    """
    density = DENSEST - errors(packed, targets) / (2 * SIGMA**2)
    each = density - nats(packed) / PIXELS
    return resampled(each)


def same_decoded(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Whether two reconstructions are the same but for a grey level of 256, shape (N,)."""
    apart: Floats = np.abs(parts(one)[2] - parts(other)[2]).max(axis=1)
    near: NDArray[np.bool_] = apart <= 1 / 255
    return near


def _mended(mend: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    """The transformation of packed rows that mends the decoded pixels alone."""
    return lambda packed: np.concatenate([packed[:, :-PIXELS], mend(packed[:, -PIXELS:])], axis=1)


MISTAKES: Mapping[str, Callable[[Floats], Floats]] = {
    "mistake.logits": _mended(lambda pixels: 1 / (1 + np.exp(-np.clip(pixels, -60, 60)))),
    "mistake.minus_one": _mended(lambda pixels: (pixels + 1) / 2),
    "mistake.bytes": _mended(lambda pixels: pixels / 255),
}
"""Usual mistakes, by what is said of them, and what would mend each."""
