"""Pairs of examples, and what they join to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graders.own.examples import Rows

How = Literal["equal", "close", "mirrored", "words", "overlap"]
"""`close`: a picture shifted, cropped, lit or spoiled, or a row but for rounding; `words`: most words in
order.
"""


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of positions that are alike."""

    first: Rows
    """Shape (pairs,), each below its second."""
    second: Rows
    how: tuple[How, ...]
    sure: bool = True
    """Whether chance makes such likenesses in this set hardly ever."""

    def and_then(self, other: Self, *, sure: bool) -> "Links":
        """These pairs and those of another."""
        return Links(
            np.concatenate([self.first, other.first]),
            np.concatenate([self.second, other.second]),
            self.how + other.how,
            sure,
        )

    def copies(self, count: int) -> int:
        """How many of `count` examples are alike to an earlier one, over others perhaps."""
        return count - int(components(count, self.first, self.second).max(initial=-1)) - 1


def links(earlier: Rows) -> Links:
    """Pairs of each position with the one that `earlier` has for it; none where that is itself."""
    second = np.flatnonzero(earlier != np.arange(len(earlier))).astype(np.int64)
    return links_of(earlier[second], second, "equal")


def links_of(
    one: NDArray[np.integer], other: NDArray[np.integer], how: Sequence[How] | How, *, sure: bool = True
) -> Links:
    """Pairs of two lists of positions, each once and in order."""
    hows: tuple[How, ...] = (how,) * len(one) if isinstance(how, str) else tuple(how)
    ends = np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1).astype(np.int64).reshape(-1, 2)
    kept = np.unique(ends, axis=0, return_index=True)[1] if len(ends) else np.zeros(0, np.int64)
    kept = kept[ends[kept, 0] != ends[kept, 1]]
    return Links(ends[kept, 0], ends[kept, 1], tuple(hows[row] for row in kept.tolist()), sure)


def components(count: int, first: Rows, second: Rows) -> Rows:
    """Ids 0 to C - 1 of what pairs of `count` positions connect, in order of first members.

    >>> components(4, np.array([1]), np.array([3])).tolist()
    [0, 1, 2, 1]
    """
    if not count:
        return np.zeros(0, np.int64)
    edges = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(count, count))
    ids = connected_components(edges, directed=False)[1]
    _, starts, inverse = np.unique(ids, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(starts))
    return order[inverse].astype(np.int64)
