"""Whether generated pictures are pictures that the notebook was given.

A picture that was copied is much nearer to one known picture than to any other. One that was drawn is about
as near to its nearest as to the next ones, even where it is smooth and thus near to all of them; that is why
the ratio of these distances is looked at and not the distance itself (compare Carlini et al. 2023,
"Extracting training data from diffusion models"). How small a ratio is normal, real pictures that were held
out say.
"""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.frechet import Singles
from graders.model import Message, say

LOOKED_AT = 750
"""Pictures of each kind that are looked at."""
OTHERS = 10
"""Known pictures after the nearest whose mean distance the nearest is compared with."""
RARE = 0.01
"""Quantile of the ratios of real pictures below which a picture looks copied."""
TOO_MANY = 0.04
"""Share of pictures that look copied from which on a person must look.

Of 750 real ones 1 % does, give or take 0.5 points; of a GAN's none. Training pictures moved by a pixel to
the right give 85 % on `mini`. On `full` they give 4 %, since one of so many others is as near; with noise of
12 grey levels 99 %.
"""

Floats = NDArray[np.float64]


def doubt_copied(images: Singles, targets: Arrays) -> Message | None:
    """Why a person must look: too many pictures are next to one that the notebook was given.

    Args:
        images: float32 of shape (N, 28, 28).
        targets: `images`, real pictures that were held out, and `known`, those that were given, both uint8.
    """
    # drawing does not tell left from right, so that a mirrored copy is one too
    known = np.concatenate([targets["known"], targets["known"][:, :, ::-1]])
    usual = np.quantile(nearness(as_floats(targets["images"][:LOOKED_AT]), known), RARE)
    looked_at = images[:LOOKED_AT]
    share = float((nearness(looked_at, known) < usual).mean())
    if share < TOO_MANY:
        return None
    return say("doubt.memorised", share=round(100 * share, 1), usual=round(100 * RARE, 1), n=len(looked_at))


def nearness(images: Singles, known: NDArray[np.uint8]) -> Floats:
    """Distance of each picture to its nearest known one, by the mean distance to the ten next, shape (N,).

    Distances are Euclidean, between pictures that are blurred and shrunk to 14 × 14, so that a shift by a
    pixel or some noise does not hide a copy. 0 is a copy, 1 is as near to eleven as to one. Where all
    distances are zero the ratio is 1: all that is known is the same.
    """
    one, other = _small(images), _small(as_floats(known))
    last = min(OTHERS, len(other) - 1)
    found = []
    for part in np.array_split(one, max(1, len(one) // 250)):
        squares = (part**2).sum(1)[:, None] + (other**2).sum(1) - 2 * part @ other.T
        nearest = np.sort(np.partition(squares, last, axis=1)[:, : last + 1], axis=1)
        # rounding leaves some 1e-5 where a distance is zero
        distances = np.sqrt(np.where(nearest < 1e-4, 0, nearest).astype(np.float64))
        following = distances[:, 1:].mean(axis=1) if last else np.zeros(len(part))
        found.append(np.divide(distances[:, 0], following, out=np.ones(len(part)), where=following > 0))
    return np.concatenate(found)


def as_floats(images: NDArray[np.uint8]) -> Singles:
    """Bytes as numbers from 0 to 1."""
    return images.astype(np.float32) / np.float32(255)


def _small(images: Singles) -> Singles:
    """Pictures (N, 28, 28) as vectors (N, 196): means over 3 × 3 pixels, then over 2 × 2."""
    framed = np.pad(np.clip(images, 0, 1), ((0, 0), (1, 1), (1, 1)))
    rows = framed[:, :-2] + framed[:, 1:-1] + framed[:, 2:]
    blurred = (rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]) / 9
    n, height, width = blurred.shape
    small: Singles = blurred.reshape(n, height // 2, 2, width // 2, 2).mean(axis=(2, 4)).reshape(n, -1)
    return small
