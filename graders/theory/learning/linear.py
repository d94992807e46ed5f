"""Linear models as plain numbers: fitted by scikit-learn, kept as JSON, evaluated by NumPy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graders.model.base import Frozen

Rows = NDArray[np.float64]
"""float64, shape (cases, inputs)."""
SMALLEST_SPREAD = 1e-6
"""Inputs that vary less are taken as constant."""


class Linear(Frozen):
    """A weighted sum of standardised inputs; through a logistic curve where `logistic`."""

    mean: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    logistic: bool = False

    def __call__(self, rows: Rows) -> NDArray[np.float64]:
        """One value a row, shape (cases,); between 0 and 1 where `logistic`."""
        scaled = (rows - np.array(self.mean)) / np.array(self.spread)
        values: NDArray[np.float64] = scaled @ np.array(self.weights) + self.intercept
        if self.logistic:
            values = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
        return values


def fit_linear(
    rows: Rows, targets: NDArray[np.float64], *, weights: NDArray[np.float64] | None = None, shrink: float
) -> Linear:
    """Ridge regression (Hoerl & Kennard, 1970) on standardised inputs.

    Args:
        rows: inputs, shape (cases, inputs).
        targets: shape (cases,).
        weights: of the cases; None for the same for all.
        shrink: the ridge penalty.
    """
    from sklearn.linear_model import Ridge

    mean, spread = _scale(rows, weights)
    model = Ridge(alpha=shrink).fit((rows - mean) / spread, targets, sample_weight=weights)
    return _linear(mean, spread, model.coef_, float(model.intercept_))


def fit_logistic(
    rows: Rows, targets: NDArray[np.bool_], *, weights: NDArray[np.float64] | None = None, shrink: float
) -> Linear:
    """Logistic regression with a quadratic penalty; a constant where all targets are the same."""
    mean, spread = _scale(rows, weights)
    if targets.all() or not targets.any():
        share = (targets.sum() + 0.5) / (len(targets) + 1)
        constant = float(np.log(share / (1 - share)))
        return _linear(mean, spread, np.zeros(rows.shape[1]), constant, logistic=True)
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / shrink, solver="newton-cholesky", max_iter=1000, tol=1e-8)
    model.fit((rows - mean) / spread, targets, sample_weight=weights)
    return _linear(mean, spread, model.coef_[0], float(model.intercept_[0]), logistic=True)


def _scale(
    rows: Rows, weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = np.average(rows, axis=0, weights=weights)
    spread = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weights))
    return mean, np.where(spread > SMALLEST_SPREAD, spread, 1.0)


def _linear(
    mean: NDArray[np.float64],
    spread: NDArray[np.float64],
    weights: Sequence[float] | NDArray[np.float64],
    intercept: float,
    *,
    logistic: bool = False,
) -> Linear:
    return Linear(
        mean=tuple(round(float(value), 6) for value in mean),
        spread=tuple(round(float(value), 6) for value in spread),
        weights=tuple(round(float(value), 6) for value in weights),
        intercept=round(intercept, 6),
        logistic=logistic,
    )
