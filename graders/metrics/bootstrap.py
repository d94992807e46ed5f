"""Percentile intervals by resampling the examples (Efron 1979)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20
AT_ONCE = 2**22
"""Counts that are drawn at one time."""


def interval(
    values: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] = lambda means: means,
) -> tuple[float, float]:
    """The 95 % interval of a function of the examples' mean; the same values always give the same.

    Args:
        values: one number an example, shape (N,), or several, shape (N, M).
        statistic: from means over resampled examples, shape (R,) or (R, M), to R figures.

    >>> low, high = interval(np.arange(100.0))
    >>> low < 49.5 < high
    True
    >>> interval(np.array([3.0]))
    (3.0, 3.0)
    """
    n = len(values)
    random = np.random.RandomState(SEED)
    found = []
    left = RESAMPLES
    while left:
        rows = min(left, max(1, AT_ONCE // n))
        counts = random.multinomial(n, np.full(n, 1 / n), size=rows)
        found.append(statistic(counts @ values / n))
        left -= rows
    low, high = np.percentile(np.concatenate(found), [2.5, 97.5])
    return float(low), float(high)
