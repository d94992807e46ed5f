"""Splits own data by group: a part to learn from, and a hidden part that nobody sees the answers of."""

from dataclasses import dataclass

import numpy as np

from graders.own.examples import Examples, Rows

HIDDEN = 0.3
"""Share of the examples that is hidden."""
MOST_HIDDEN = 2000
"""Hidden examples at most, so that predictions stay cheap."""
TRIES = 64
"""Splits that are drawn; the one whose classes lie most alike on both sides is taken."""


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of examples; no group is on both sides."""

    train: Rows
    hidden: Rows


def split(examples: Examples, groups: Rows, seed: int, *, by_time: bool) -> Split:
    """Draw a split.

    Args:
        examples: all of them.
        groups: ids of what belongs together, copies included, shape (n,).
        seed: that only the host knows.
        by_time: whether the examples are in order of time and no student's groups keep them apart; the last
            ones are hidden then, and those in between that overlap with them are left out.
    """
    if by_time:
        return _by_time(examples)
    random = np.random.default_rng(seed)
    best = min((_drawn(groups, random) for _ in range(TRIES)), key=lambda one: _unlike(examples, one))
    # at random, since examples may be in order of their classes
    return Split(best.train, np.sort(random.permutation(best.hidden)[:MOST_HIDDEN]))


def _by_time(examples: Examples) -> Split:
    n = len(examples)
    first = n - min(max(1, round(HIDDEN * n)), MOST_HIDDEN)
    inputs, targets = examples.inputs, examples.targets
    # a window that begins so many steps earlier shares no month with the first hidden one
    span = (0 if isinstance(inputs, tuple) else inputs.shape[1]) + (
        0 if targets is None else targets.shape[1]
    )
    gap = min(span - 1, first // 4)
    return Split(np.arange(first - gap), np.arange(first, n))


def _drawn(groups: Rows, random: np.random.Generator) -> Split:
    """Whole groups in a random order, hidden until there are enough examples."""
    order = random.permutation(int(groups.max()) + 1)
    sizes = np.bincount(groups)[order]
    enough = int(np.searchsorted(np.cumsum(sizes), HIDDEN * len(groups)))
    hidden = np.isin(groups, order[: min(enough + 1, len(order) - 1)])
    return Split(np.flatnonzero(~hidden), np.flatnonzero(hidden))


def _unlike(examples: Examples, drawn: Split) -> float:
    """How far the shares of classes differ between the sides, and the hidden share from what it should be."""
    off = abs(len(drawn.hidden) / len(examples) - HIDDEN)
    if not examples.classes or examples.targets is None:
        return off
    count = len(examples.classes)
    sides = [np.bincount(examples.targets[rows], minlength=count) for rows in (drawn.train, drawn.hidden)]
    missing = sum(int((side == 0).sum()) for side in sides)
    shares = [side / max(1, side.sum()) for side in sides]
    return missing + float(np.abs(shares[0] - shares[1]).sum()) + off
