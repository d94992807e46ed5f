"""Rows of a table that are the same but for rounding, with the same target.

Rows of few columns with few values are often equal by chance: two passengers of one class, sex and age
are two. So the columns are put in another order each, and if that makes at least `CHANCE` times as many
copies, chance is not ruled out. Nor is it where most rows have another one `NEARER` than columns in another
order would give: these may be copies with noise, or minutes of one machine.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.own.equal import equal_to_earlier
from graders.own.joining import Links, links_of
from graders.own.near_rows import mixed, near_pairs, nearest, spread_out

CHANCE = 0.5
NEARER = 0.1
"""Of the median distance between nearest rows of which chance makes any."""
MOST = 0.5
"""Share of the rows that have such a near one, from which on a person sees them."""


def alike_rows(table: NDArray[np.float32], targets: NDArray[Any] | None) -> Links:
    """Pairs of rows that are nearly the same, enough to connect them.

    Args:
        table: shape (n, d), finite.
        targets: class ids or values, shape (n,).
    """
    rows = spread_out(table)
    told = rows
    if targets is not None:
        ids = np.unique(targets, return_inverse=True)[1].reshape(len(table), 1)
        told = np.concatenate([rows, ids.astype(np.float32)], axis=1)
    found = links_of(*near_pairs(told), "close")
    if len(found.first):
        by_chance = links_of(*near_pairs(mixed(told)), "close")
        found = replace(found, sure=by_chance.copies(len(rows)) < CHANCE * found.copies(len(rows)))
    noisy = _noisy(rows)
    return noisy if noisy.copies(len(rows)) > found.copies(len(rows)) else found


def _noisy(rows: NDArray[np.float32]) -> Links:
    """Pairs of different rows that are much nearer than chance makes them, if most rows are in one."""
    equal = equal_to_earlier(rows)
    kept = np.flatnonzero(equal == np.arange(len(rows)))
    if len(kept) < 2:
        return links_of(kept[:0], kept[:0], "close")
    other, far = nearest(rows[kept])
    near = np.flatnonzero(far < NEARER * np.median(nearest(mixed(rows[kept]))[1]))
    if len(near) < MOST * len(rows):
        near = near[:0]
    return links_of(kept[near], kept[other[near]], "close", sure=False)
