"""Rows of numbers that are equal but for rounding.

Rows are projected onto a few random directions; rows that are nearly equal are neighbours there, and
neighbours are compared in full. So no pair is missed for lying on two sides of a rounded number.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from graders.own.examples import Rows

Floats = NDArray[np.float32]

CLOSE = 1e-4
"""Of a column's spread: most that two values of it differ in rows that are the same."""
LEAST_SPREAD = 0.05
"""Of a column's standard deviation: what the middle four fifths vary less is noise on one value."""
DIRECTIONS = 3
NEIGHBOURS = 3
"""Next rows in the order of a direction with which each is compared."""
SEEN = 8
"""Directions in which nearest rows are sought."""
SEED = 6
AT_A_TIME = 4_096


def spread_out(table: Floats) -> Floats:
    """Columns of mean zero and spread one; a column of one value becomes zero. No value is too large.

    The spread is that of the middle four fifths where they vary, so that a single huge value hides no other.
    """
    made = np.empty(table.shape, np.float32)
    for column in range(table.shape[1]):
        values = table[:, column].astype(np.float64)
        low, middle, high = np.quantile(values, [0.1, 0.5, 0.9]) if len(values) else (0, 0, 0)
        spread = max(high - low, LEAST_SPREAD * (values.std() if len(values) else 0)) or 1.0
        made[:, column] = ((values - middle) / spread).clip(-1e6, 1e6)
    return made


def near_pairs(rows: Floats) -> tuple[Rows, Rows]:
    """Pairs (first, second) of rows that differ by at most `CLOSE` in each, enough to connect them."""
    count, width = rows.shape
    if count < 2 or not width:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    random = np.random.RandomState(SEED)
    firsts, seconds = [], []
    for _ in range(DIRECTIONS):
        along = _along(rows, random.randn(width) / np.sqrt(width))
        order = np.argsort(along, kind="stable")
        for step in range(1, min(NEIGHBOURS, count - 1) + 1):
            one, other = order[:-step], order[step:]
            close = np.abs(along[one] - along[other]) <= CLOSE * np.sqrt(width)
            one, other = one[close], other[close]
            for start in range(0, len(one), AT_A_TIME):
                some = slice(start, start + AT_A_TIME)
                apart = np.abs(rows[one[some]] - rows[other[some]]).max(axis=1)
                same = apart <= CLOSE
                firsts.append(one[some][same])
                seconds.append(other[some][same])
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *firsts]), np.concatenate([empty, *seconds])


def nearest(rows: Floats) -> tuple[Rows, NDArray[np.float64]]:
    """For each row the nearest other one and how far it is, by a few random directions of many columns."""
    seen = rows.astype(np.float64)
    if rows.shape[1] > SEEN:
        seen = _along(rows, np.random.RandomState(SEED).randn(rows.shape[1], SEEN) / np.sqrt(rows.shape[1]))
    far, which = KDTree(seen).query(seen, k=2)
    # of equal rows either may come first
    other = np.where(which[:, 1] == np.arange(len(rows)), which[:, 0], which[:, 1])
    return other.astype(np.int64), far[:, 1]


def mixed(rows: Floats) -> Floats:
    """The same with every column in another order: what chance makes of these values."""
    random = np.random.RandomState(SEED)
    return np.stack([column[random.permutation(len(column))] for column in rows.T], axis=1)


def _along(rows: Floats, directions: NDArray[np.float64]) -> NDArray[np.float64]:
    parts = [
        rows[start : start + AT_A_TIME].astype(np.float64) @ directions
        for start in range(0, len(rows), AT_A_TIME)
    ]
    return np.concatenate(parts)
