"""Whether drawn pictures are pictures that training was given.

A copy is much nearer to one known picture than to any other; a drawn picture is about as near to its nearest
as to the next ones. Hidden pictures say how small that ratio is by chance.
"""

import numpy as np
from numpy.typing import NDArray

from graders.own.shrinking import Singles, shrunk

SIDE = 14
"""Pictures are blurred by being shrunk to this, so that a shift by a pixel or some noise hides no copy."""
OTHERS = 10
"""Known pictures after the nearest whose mean distance the nearest is compared with."""
RARE = 0.01
"""Share of hidden pictures that look copied by the measure that drawn ones are held to."""
NEVER = 0.85
"""A picture that is no nearer than this to one than to ten others is no copy, whatever hidden ones are."""
SHARE, LEAST = 0.05, 8
"""Share and number of drawn pictures that must look copied before a person is asked."""

Floats = NDArray[np.float64]


def looking_copied(drawn: Singles, hidden: Singles, known: Singles) -> int:
    """How many drawn pictures are nearer to a known one than hidden ones ever are; 0 if that is chance.

    Args:
        drawn: as `small` gives them, like both others.
        hidden: real pictures that training did not see.
        known: those that it saw.
    """
    usual = float(np.quantile(nearness(hidden, known), RARE))
    count = int((nearness(drawn, known) < min(usual, NEVER)).sum())
    return count if count >= max(LEAST, SHARE * len(drawn)) else 0


def small(pictures: NDArray[np.floating]) -> Singles:
    """Pictures as rows of numbers, (n, D)."""
    means = shrunk(pictures, SIDE)
    return means.reshape(len(means), -1)


def nearness(some: Singles, known: Singles) -> Floats:
    """Distance of each picture to its nearest known one, by the mean distance to the ten next, (n,).

    0 is a copy, 1 is as near to eleven as to one. Where all distances are zero the ratio is 1.
    """
    last = min(OTHERS, len(known) - 1)
    lengths = (known**2).sum(axis=1)
    found = []
    for part in np.array_split(some, max(1, len(some) // 250)):
        distances = np.maximum((part**2).sum(axis=1)[:, None] + lengths - 2 * part @ known.T, 0)
        nearest = np.sort(np.partition(distances, last, axis=1)[:, : last + 1], axis=1)
        # rounding leaves a little where a distance is zero
        roots = np.sqrt(np.where(nearest < 1e-4, 0, nearest).astype(np.float64))
        following = roots[:, 1:].mean(axis=1) if last else np.zeros(len(part))
        found.append(np.divide(roots[:, 0], following, out=np.ones(len(part)), where=following > 0))
    return np.concatenate(found)
