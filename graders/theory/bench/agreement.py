"""How well two lists of marks agree; marks are shares of the points, 0 to 1."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from graders.theory.learning.grades import agrees

Marks = NDArray[np.float64]
"""float64, shape (answers,)."""
GRADES = 5
"""Marks are put on the scale 0 to 5 for `qwk` and `rmse5`."""
CONSTANT = 1e-9
"""Marks that vary by no more do so by rounding alone."""


def pearson(one: Marks, other: Marks) -> float | None:
    """Pearson's correlation; None where one of both does not vary."""
    if len(one) < 2 or np.ptp(one) <= CONSTANT or np.ptp(other) <= CONSTANT:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def spearman(one: Marks, other: Marks) -> float | None:
    """Spearman's rank correlation; None where one of both does not vary."""
    if len(one) < 2 or np.ptp(one) <= CONSTANT or np.ptp(other) <= CONSTANT:
        return None
    return pearson(stats.rankdata(one), stats.rankdata(other))


def quadratic_kappa(one: Marks, other: Marks, grades: int = GRADES) -> float | None:
    """Quadratic weighted kappa (Cohen, 1968) of marks rounded to `grades` + 1 levels.

    None where both always give one and the same.

    >>> round(quadratic_kappa(np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.8])) or 0, 2)
    0.97
    """
    if not len(one):
        return None
    table = confusion(one, other, grades)
    distance = (np.arange(grades + 1)[:, None] - np.arange(grades + 1)) ** 2
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    expected = float((distance * chance).sum())
    return 1 - float((distance * table).sum()) / expected if expected else None


def confusion(one: Marks, other: Marks, grades: int = GRADES) -> NDArray[np.int64]:
    """How often marks rounded to `grades` + 1 levels meet, shape (grades + 1, grades + 1)."""
    table = np.zeros((grades + 1, grades + 1), dtype=np.int64)
    np.add.at(table, (_levels(one, grades), _levels(other, grades)), 1)
    return table


def rmse(one: Marks, other: Marks) -> float | None:
    """Root of the mean squared difference on a scale from 0 to 5."""
    return float(np.sqrt(np.mean((one - other) ** 2)) * GRADES) if len(one) else None


def agreement(one: Marks, other: Marks) -> float | None:
    """Share of marks that are the same judgement; None where there are none."""
    return float(agrees(one, other).mean()) if len(one) else None


def _levels(marks: Marks, grades: int) -> NDArray[np.int64]:
    return np.floor(np.clip(marks, 0, 1) * grades + 0.5).astype(np.int64)
