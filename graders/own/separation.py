"""Whether classes can be told by single columns: which values each class takes, column by column."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.own.examples import Rows

Truths = NDArray[np.bool_]

WIDE_GAP = 3
"""Gap between classes, in ranges of a class: values that a person wrote down leave such gaps, measured ones
hardly.
"""


@dataclass(frozen=True, slots=True)
class Separation:
    """What single columns tell, each of shape (columns,), or (classes, columns)."""

    whole: Truths
    """All classes: no value of one lies among those of another."""
    wide: Truths
    """All classes, with wide gaps, as an id has them."""
    alone: Truths
    """One class against all others, with a wide gap; of shape (classes, columns)."""


def separation(columns: NDArray[np.float32], labels: Rows) -> Separation:
    """What single columns (n, d) tell of class ids (n,)."""
    names, label = np.unique(labels, return_inverse=True)
    count, width = len(names), columns.shape[1]
    if count < 2:
        none = np.zeros(width, np.bool_)
        return Separation(none, none, np.zeros((0, width), np.bool_))
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(count))
    ends = np.append(starts[1:], len(label))
    # Half of float32's range, so that differences of huge values are numbers.
    least, most = np.empty((count, width)), np.empty((count, width))
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        some = columns[order[start:end]]
        least[place], most[place] = some.min(axis=0), some.max(axis=0)
    by_value = np.argsort(least, axis=0, kind="stable")
    low, high = (np.take_along_axis(ends_, by_value, axis=0) for ends_ in (least, most))
    gap = (low[1:] - high[:-1]).min(axis=0)
    inside = (most - least).max(axis=0)
    whole = gap > 0
    return Separation(whole, whole & (gap > WIDE_GAP * inside), _alone(least, most))


def _alone(least: NDArray[np.float64], most: NDArray[np.float64]) -> Truths:
    """Which class lies beyond all others, by a wide gap and at one value or nearly so, as do all others."""
    two_least, two_most = np.sort(least, axis=0)[:2], np.sort(most, axis=0)[-2:]
    others_least = np.where(least == two_least[0], two_least[1], two_least[0])
    others_most = np.where(most == two_most[1], two_most[0], two_most[1])
    gap = np.maximum(least - others_most, others_least - most)
    inside = np.maximum(most - least, others_most - others_least)
    alone: Truths = (gap > 0) & (gap > WIDE_GAP * inside)
    return alone
