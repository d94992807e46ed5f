"""Fréchet distance between generated and real pictures, in the features of the course's own classifier.

Heusel et al. 2017, "GANs trained by a two time-scale update rule converge to a local Nash equilibrium":
both sets of features are described by a mean and a covariance, and the distance is that of two normal
distributions, |m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁ C₂)^½). Published figures use another network's features and
cannot be compared.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.data.features import features
from graders.metrics.accuracy import Z
from graders.metrics.reading import read_numbers, shape_of
from graders.model import Measurement, Message, Picture, say
from graders.pictures import picture

RESAMPLES = 100
"""A standard error from 100 resamples is itself known to 7 %; more would take longer and change little."""
SEED = 20
SIDE = 28
SHEET = (4, 10)
"""Rows and columns of the pictures that a report shows."""

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


def read_pictures(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> Singles | Message:
    """Pictures float32 of shape (N, 28, 28) as a notebook gave them, or what is wrong with them.

    Whole numbers are taken as 0 to 255 and divided by 255; floats are left as they are, whatever their range.

    Args:
        predictions: shape (N, 1, 28, 28) or (N, 28, 28).
        targets: as many real ones, as `images`.
        classes: of no meaning here.

    >>> read_pictures(np.full((2, 28, 28), 255), {"images": np.zeros((2, 28, 28))}, classes=0).max()
    np.float32(1.0)
    """
    n = len(targets["images"])
    other = say("pictures.shape", found=shape_of(predictions), n=n, side=SIDE)
    values = read_numbers(predictions, ((n, SIDE, SIDE), (n, 1, SIDE, SIDE)), "sample", other)
    if isinstance(values, Message):
        return values
    images: Singles = values.astype(np.float32).reshape(n, SIDE, SIDE)
    return images / np.float32(255) if predictions.dtype.kind in "iu" else images


def same_pictures(one: Singles, other: Singles) -> NDArray[np.bool_]:
    """Whether two pictures are the same but for a grey level of 256, shape (N,)."""
    near: NDArray[np.bool_] = (np.abs(one - other) <= 1 / 255).all(axis=(1, 2))
    return near


MISTAKES: Mapping[str, Callable[[Singles], Singles]] = {
    "mistake.minus_one": lambda images: (images + np.float32(1)) / np.float32(2),
    "mistake.bytes": lambda images: images / np.float32(255),
    "mistake.negative": lambda images: np.float32(1) - images,
}
"""Usual mistakes, by what is said of them, and what would mend each."""


def seen(images: Singles) -> Singles:
    """Features of pictures, (N, 64), with what lies outside [0, 1] cut off as a screen would."""
    return features(np.clip(images, 0, 1))[0]


def frechet(images: Singles, targets: Arrays) -> Measurement:
    """The distance of generated pictures from real ones, with a 95 % interval.

    Args:
        images: float32 of shape (N, 28, 28); what lies outside [0, 1] is cut off.
        targets: features of real pictures, (M, 64), as `features`.
    """
    return between(seen(images).astype(np.float64), targets["features"].astype(np.float64))


def between(generated: Floats, real: Floats) -> Measurement:
    """The distance of the normal distributions that describe vectors (N, D) and (M, D).

    The interval is the value with 1.96 standard errors on each side, from a bootstrap over the vectors of
    both sets. Percentiles would not do: a resample has fewer different vectors than the set it is drawn from,
    so that its distance is larger on average, and the interval would miss the value itself.
    """
    value = distance(moments(generated), moments(real))
    random = np.random.RandomState(SEED)
    resampled = [
        distance(moments(generated, _counts(random, generated)), moments(real, _counts(random, real)))
        for _ in range(RESAMPLES)
    ]
    half = Z * float(np.std(resampled, ddof=1))
    return Measurement(value=value, low=max(0.0, value - half), high=value + half, n=len(generated))


def show_samples(images: Singles, validation: Split) -> tuple[Picture, ...]:
    """The first generated pictures as one sheet."""
    rows, columns = SHEET
    levels = np.round(np.clip(images[: rows * columns], 0, 1) * 255).astype(np.uint8)
    sheet = np.zeros((rows * columns, SIDE, SIDE), np.uint8)
    sheet[: len(levels)] = levels
    whole = sheet.reshape(rows, columns, SIDE, SIDE).transpose(0, 2, 1, 3).reshape(rows * SIDE, -1)
    return (picture(whole, say("samples.shown")),)


def moments(vectors: Floats, counts: Floats | None = None) -> tuple[Floats, Floats]:
    """Mean (D,) and unbiased covariance (D, D) of vectors (N, D); a single one has a covariance of zeros.

    Args:
        vectors: shape (N, D).
        counts: how often each counts, shape (N,); None for once. Their sum stands for the number of vectors.
    """
    weights = np.ones(len(vectors)) if counts is None else counts
    total = weights.sum()
    mean: Floats = weights @ vectors / total
    centred = vectors - mean
    covariance: Floats = (centred * weights[:, None]).T @ centred / max(total - 1, 1)
    return mean, covariance


def distance(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> float:
    """Fréchet distance (squared 2-Wasserstein) of two normal distributions, each a mean and a covariance.

    The trace of (C₁ C₂)^½ is the sum of the roots of the eigenvalues of S C₁ S, where S S = C₂; this is
    symmetric, so that covariances that are singular, or zero, are no trouble.

    >>> zero, one = np.zeros(2), np.eye(2)
    >>> distance((zero, one), (zero + 3, 4 * one))
    20.0
    """
    (mean, covariance), (other_mean, other_covariance) = one, other
    root = _root(other_covariance)
    shared = np.sqrt(np.clip(np.linalg.eigvalsh(root @ covariance @ root), 0, None)).sum()
    apart = mean - other_mean
    found = apart @ apart + np.trace(covariance) + np.trace(other_covariance) - 2 * shared
    return max(0.0, float(found))


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    return root


def _counts(random: np.random.RandomState, vectors: Floats) -> Floats:
    n = len(vectors)
    counts: Floats = random.multinomial(n, np.full(n, 1 / n)).astype(np.float64)
    return counts
