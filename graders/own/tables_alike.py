"""Rows of a table that are the same but for rounding, with the same target.

Rows of few columns with few values are often equal by chance: two passengers of one class, sex and age
are two. So the columns are put in another order each, and if that makes at least `CHANCE` times as many
copies, chance is not ruled out.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.own.joining import Links, links_of
from graders.own.near_rows import mixed, near_pairs, spread_out

CHANCE = 0.5


def alike_rows(table: NDArray[np.float32], targets: NDArray[Any] | None) -> Links:
    """Pairs of rows that are nearly the same, enough to connect them.

    Args:
        table: shape (n, d), finite.
        targets: class ids or values, shape (n,).
    """
    rows = spread_out(table)
    if targets is not None:
        ids = np.unique(targets, return_inverse=True)[1].reshape(len(table), 1)
        rows = np.concatenate([rows, ids.astype(np.float32)], axis=1)
    found = links_of(*near_pairs(rows), "close")
    if not len(found.first):
        return found
    by_chance = links_of(*near_pairs(mixed(rows)), "close")
    count = len(rows)
    return replace(found, sure=by_chance.copies(count) < CHANCE * found.copies(count))
