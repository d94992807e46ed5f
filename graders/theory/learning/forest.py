"""A forest of random trees (Geurts et al., 2006): learns from the marks of other questions of a course."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesRegressor

TREES = 150
SMALLEST_LEAF = 5
MOST_ROWS = 4000
"""Marks that it learns from; of more, evenly spaced ones are taken, so that a refit stays short."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Fitted trees; deterministic for the same rows in the same order."""

    trees: "ExtraTreesRegressor"

    def __call__(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """One value a row, shape (cases,)."""
        values: NDArray[np.float64] = self.trees.predict(rows)
        return values


def fit_forest(rows: NDArray[np.float64], targets: NDArray[np.float64]) -> Forest:
    """Fit a forest to `targets`, shape (cases,), from `rows`, shape (cases, inputs)."""
    from sklearn.ensemble import ExtraTreesRegressor

    if len(rows) > MOST_ROWS:
        kept = np.linspace(0, len(rows) - 1, MOST_ROWS).astype(int)
        rows, targets = rows[kept], targets[kept]
    trees = ExtraTreesRegressor(
        TREES, min_samples_leaf=SMALLEST_LEAF, max_features=0.5, n_jobs=1, random_state=0
    )
    return Forest(trees.fit(rows, targets))
