"""Rows of a table that are the same but for rounding.

Rows of few columns with few values are often equal by chance: two passengers of one class, sex and age
are two. So the columns are put in another order each, and if that makes at least `CHANCE` times as many
copies, what is found is no finding. Then only rows that are equal together with their target are sought,
with the same test.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.own.equal import equal_to_earlier
from graders.own.joining import Links, components, links, links_of
from graders.own.near_rows import mixed, near_pairs, spread_out

Floats = NDArray[np.float32]

CHANCE = 0.5
MOST_COLUMNS = 4_096
"""Columns that are compared; of more, random sums are."""
SEED = 6


def alike_rows(table: Floats, targets: NDArray[Any] | None) -> Links:
    """Pairs of rows that are nearly the same, enough to connect them.

    Args:
        table: shape (n, d), finite.
        targets: class ids or values, shape (n,).
    """
    rows = spread_out(_narrow(table))
    found = _near(rows)
    if not len(found.first) or _copies(found, rows) * CHANCE > _copies(_near(mixed(rows)), rows):
        return found
    if targets is None:
        return _near(rows[:0])
    told = np.concatenate([table, targets.reshape(len(table), -1).astype(np.float32)], axis=1)
    found = links(equal_to_earlier(told))
    by_chance = links(equal_to_earlier(mixed(told)))
    return found if _copies(found, told) * CHANCE > _copies(by_chance, told) else _near(rows[:0])


def _narrow(table: Floats) -> Floats:
    if table.shape[1] <= MOST_COLUMNS:
        return table
    most = np.abs(table).max() or 1
    sums: Floats = (table / most) @ np.random.RandomState(SEED).randn(table.shape[1], 64).astype(np.float32)
    return sums


def _near(rows: Floats) -> Links:
    return links_of(*near_pairs(rows), "close")


def _copies(found: Links, rows: Floats) -> int:
    return len(rows) - int(components(len(rows), found.first, found.second).max(initial=-1)) - 1
