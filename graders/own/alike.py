"""Examples that are nearly the same, and groups that keep them on one side of a split.

Covered: pictures that are crops, shifts, mirror images or small rotations of one another, in another light or
with noise; texts that share most of their words in order; rows of a table that are equal but for rounding,
their targets too; windows of series that overlap. Not covered: rotations beyond some degrees, pictures turned
upside down or crossed with others, translated or reworded texts, tables with scaled or mixed columns.

Chance makes likenesses too: plain drawings resemble one another, texts have one form of words, rows of a few
categories repeat. Each kind therefore says whether chance is ruled out (`Links.sure`). Where it is not, rows
and windows stay apart, and so do pictures and texts if too few groups would be left for a split: a person
sees them.
"""

from dataclasses import dataclass, replace

import numpy as np

from graders.own.equal import equal_to_earlier
from graders.own.examples import Examples, Rows
from graders.own.joining import How, Links, components, links
from graders.own.pictures_alike import alike_pictures
from graders.own.tables_alike import alike_rows
from graders.own.texts_alike import alike_texts, long_enough
from graders.own.windows_alike import overlapping_windows

FEWEST, LARGEST = 20, 0.5
"""Groups that chance may leave when it joins, and share of the examples in one; else all stay apart."""
MOST_SHOWN = 1_000
"""Pairs that are kept; groups are made of all."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two examples that are nearly the same."""

    first: int
    second: int
    """Positions, the first below the second."""
    how: How


@dataclass(frozen=True, slots=True)
class Alike:
    """What was found to be nearly the same."""

    pairs: tuple[Pair, ...]
    """In order of the second position; at most `MOST_SHOWN` of them, spread over the examples."""
    joined: Rows
    """Ids 0 to G - 1 of groups, shape (n,): the student's own, joined wherever two hold examples that are
    alike, unless too little would be left and it may be chance.
    """
    copies: int
    """Examples that are nearly the same as an earlier one; what is left are the originals."""
    different: int
    """Groups that there are if all that is alike is joined."""
    sure: bool
    """Whether chance can hardly have made what is alike."""

    @property
    def groups(self) -> int:
        """How many groups there are after joining."""
        return int(self.joined.max()) + 1 if len(self.joined) else 0

    @property
    def kept_together(self) -> bool:
        """Whether all that is alike is in one group."""
        return self.groups == self.different


def find_alike(examples: Examples) -> Alike:
    """Near-duplicates of any kind of example; the same for the same examples on every call.

    >>> texts = ("one and the same long text", "another text about a cat", "One and  the same long text")
    >>> find_alike(Examples("text", texts, None, np.arange(3))).joined.tolist()
    [0, 1, 0]
    """
    count = len(examples)
    found = _found(examples)
    parts = components(count, found.first, found.second)
    own = np.unique(examples.groups, return_inverse=True)[1].astype(np.int64)
    together = _joined_with(parts, own)
    different = int(together.max(initial=-1)) + 1
    joined = together if found.sure or _enough(examples, together, own) else own
    return Alike(_shown(found), joined, found.copies(count), different, found.sure)


def _enough(examples: Examples, together: Rows, own: Rows) -> bool:
    """Whether enough is left to be split if what is alike is joined, be it by chance."""
    if not isinstance(examples.inputs, tuple) and examples.inputs.ndim == 2:
        return False
    sizes, before = np.bincount(together), len(np.unique(own))
    return len(sizes) >= min(FEWEST, before / 2) and int(sizes.max(initial=0)) <= LARGEST * len(own)


def _found(examples: Examples) -> Links:
    inputs = examples.inputs
    if not isinstance(inputs, tuple) and inputs.ndim == 2:
        if examples.kind == "forecasting":
            return overlapping_windows(inputs, examples.targets)
        return alike_rows(inputs, examples.targets)
    equal = equal_to_earlier(inputs)
    originals = np.flatnonzero(equal == np.arange(len(equal)))
    same = links(equal)
    if isinstance(inputs, tuple):
        close = alike_texts(inputs, originals)
        certain = sum(long_enough(inputs[row]) for row in same.second.tolist())
    else:
        close, certain = alike_pictures(inputs, originals), len(same.second)
    found = same.and_then(close, sure=close.sure)
    # Pictures and long texts are hardly ever equal by chance.
    return found if 2 * certain < found.copies(len(examples)) else replace(found, sure=True)


def _joined_with(parts: Rows, groups: Rows) -> Rows:
    """Ids of the finest groups of which both `parts` and `groups` are parts."""
    count = len(parts)
    shift = int(np.max(parts, initial=-1)) + 1
    nodes = shift + int(np.max(groups, initial=-1)) + 1
    ids = components(nodes, parts, groups + shift)[parts] if count else parts
    return np.unique(ids, return_inverse=True)[1].astype(np.int64).reshape(count)


def _shown(found: Links) -> tuple[Pair, ...]:
    rows = np.lexsort((found.first, found.second))
    if len(rows) > MOST_SHOWN:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_SHOWN).astype(np.int64)]
    return tuple(Pair(int(found.first[row]), int(found.second[row]), found.how[row]) for row in rows.tolist())
