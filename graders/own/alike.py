"""Examples that are nearly the same, and groups that keep them on one side of a split.

Covered: pictures that are crops, shifts, mirror images or small rotations of one another, in another light or
with noise; texts that share most of their words in order; rows of a table that are equal but for rounding;
windows of series that overlap. Not covered: rotations beyond some degrees, pictures turned upside down or
crossed with others, translated or reworded texts, tables with scaled or mixed columns. Chance makes
likenesses too: what is done about that stands in the module of each kind.

Pairs are sought among at most so many pictures or texts as `MOST` says there;
equal ones, and rows, are found among any number.
"""

from dataclasses import dataclass

import numpy as np

from graders.own.equal import equal_to_earlier
from graders.own.examples import Examples, Rows
from graders.own.joining import How, Links, components, links
from graders.own.pictures_alike import alike_pictures
from graders.own.tables_alike import alike_rows
from graders.own.texts_alike import alike_texts
from graders.own.windows_alike import overlapping_windows

LEAST_SIDE = 8
"""Pixels; smaller pictures are compared as rows of a table, since enlarged they all look alike."""
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
    alike.
    """
    copies: int
    """Examples that are nearly the same as an earlier one; what is left are the originals."""
    partial: bool
    """Whether there were too many examples to compare all: beyond the bound, only equal ones were sought."""

    @property
    def groups(self) -> int:
        """How many groups there are after joining."""
        return int(self.joined.max()) + 1 if len(self.joined) else 0


def find_alike(examples: Examples) -> Alike:
    """Near-duplicates of any kind of example; the same for the same examples on every call.

    >>> texts = ("one and the same text", "another text about a cat", "One and  the same text")
    >>> find_alike(Examples("text", texts, None, np.arange(3))).joined.tolist()
    [0, 1, 0]
    """
    count = len(examples)
    equal = equal_to_earlier(examples.inputs)
    close, partial = _close(examples, equal)
    found = close if _chance_makes_equal(examples) else links(equal).and_then(close)
    parts = components(count, found.first, found.second)
    copies = count - int(np.max(parts, initial=-1)) - 1
    joined = _joined_with(parts, examples.groups)
    return Alike(_shown(found), joined, copies, partial)


def _close(examples: Examples, equal: Rows) -> tuple[Links, bool]:
    """Pairs that are alike without being equal, and whether they were sought among some only."""
    inputs = examples.inputs
    if isinstance(inputs, tuple):
        return alike_texts(inputs, equal)
    if inputs.ndim == 4 and min(inputs.shape[2:]) >= LEAST_SIDE:
        return alike_pictures(inputs, equal)
    if inputs.ndim == 4:
        return alike_rows(inputs.reshape(len(inputs), -1), examples.targets), False
    if examples.kind == "forecasting":
        return overlapping_windows(inputs, examples.targets)
    return alike_rows(inputs, examples.targets), False


def _chance_makes_equal(examples: Examples) -> bool:
    """Whether equal inputs are left to `_close`: rows of a table and histories may agree by chance."""
    return not isinstance(examples.inputs, tuple) and examples.inputs.ndim == 2


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
