"""Pictures that are nearly the same: candidates by a perceptual hash, a decision by laying one on the other.

The hash is pHash (Zauner 2010, "Implementation and benchmarking of perceptual image hash functions"): the
lowest frequencies of a small grey picture's cosine transform, without the mean. They are kept as numbers
rather than bits, of length one, so that a matrix product compares all pairs regardless of light and contrast.
Each picture is asked for as it is, mirrored, shifted by 7 % of a side and cropped by as much, so that a crop
of 10 % is near one of them; the best earlier pictures are laid on it by `aligning` and must agree in their
details.

How much they must agree depends on the set. Where chance likenesses are far below the lowest bar, as among
photographs, pairs chain, since windows cut step by step out of one picture do belong together. Elsewhere a
picture joins a group only if it agrees with the group's first member too: otherwise likenesses would chain a
whole set together. If what is left then, the first of each group, is far below the bar, the others were
copies, and chance is ruled out. If it is not, as among shirts on black ground or drawn circles, the bar is
higher than what even the third candidate reaches.
"""

import numpy as np
from numpy.typing import NDArray

from graders.own.aligning import Fits, fits, joined, quick_fits
from graders.own.examples import Rows
from graders.own.joining import How, Links, components, links_of
from graders.own.small_pictures import VIEWS, hashes, small_pictures

Floats = NDArray[np.float32]

HASH_ALIKE = 0.6
"""Least product of two hashes; independent photographs are below it nearly always."""
NEAREST, LEAST_NEAREST = 12, 4
"""Candidates of a picture that are laid on it roughly; fewer in a large set."""
MOST_LAID = 80_000
"""Candidates of all pictures together."""
VERIFIED = 3
"""Of these, laid on it well. What agrees less well than the last is taken for chance: copies are one or two,
or very many.
"""
BLOCK = 256
"""Pictures whose candidates are sought at a time, so that memory is bounded."""
LEAST_WHOLE, LEAST_DETAIL, MOST_DETAIL = 0.9, 0.8, 0.97
"""Correlations from which on two pictures are the same: of all, and of details in varied sets and in uniform
ones.

Set on Fashion-MNIST, nuclei, blood cells and drawn shapes; `benchmarks/own_data/alike.py` measures them."""
ABOVE = 0.05
"""How far above what chance does in this set the bar of details lies."""
CLEAR = 0.1
"""Where chance stays this far below the bar, pairs chain; where originals do, it is ruled out."""
FIRSTS, MOST_FIRSTS = 5, 400
"""Originals that are compared for that, at least and at most."""
LOOSER = 0.05
"""What a first member may agree less: two changes add up."""
ROUNDS = 8
"""Groups are cut at their first members so many times; what is left then stays apart."""


def alike_pictures(pictures: Floats, compared: Rows) -> Links:
    """Pairs of pictures that are nearly the same.

    Args:
        pictures: shape (n, C, H, W), finite.
        compared: positions of those that are compared, of equal ones the first.
    """
    small = small_pictures(pictures, compared)
    views = np.stack([hashes(small, view) for view in VIEWS], axis=1)
    candidates = fits(small, views, *_candidates(small, views))
    chance = _chance(candidates, len(small))
    found, sure = _same(small, views, candidates, LEAST_DETAIL, chains=chance + CLEAR <= LEAST_DETAIL)
    if not sure:
        bar = min(max(chance + ABOVE, LEAST_DETAIL), MOST_DETAIL)
        found, sure = _same(small, views, candidates, bar, chains=False)
    how: list[How] = ["mirrored" if flipped else "close" for flipped in found.mirrored.tolist()]
    return links_of(compared[found.later], compared[found.earlier], how, sure=sure)


def _candidates(small: Floats, views: Floats) -> tuple[Rows, Rows]:
    """Pairs (later, earlier) whose hashes are alike, at most `VERIFIED` for each later one, in order."""
    count = len(small)
    seen = np.ascontiguousarray(views[:, 0])
    found: list[tuple[Rows, Rows]] = []
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        best = np.full((end - start, end), -1, np.float32)
        for view in range(views.shape[1]):
            np.maximum(best, views[start:end, view] @ seen[:end].T, out=best)
        best[np.arange(end) >= np.arange(start, end)[:, None]] = -1
        nearest = min(max(LEAST_NEAREST, min(NEAREST, MOST_LAID // count)), end)
        columns = np.argpartition(best, end - nearest, axis=1)[:, end - nearest :]
        row, rank = np.nonzero(np.take_along_axis(best, columns, axis=1) >= HASH_ALIKE)
        later, earlier = row + start, columns[row, rank]
        order = np.lexsort((earlier, later))
        later, earlier = later[order], earlier[order]
        chosen = _ranks(later, quick_fits(small, views, later, earlier)) < VERIFIED
        found.append((later[chosen], earlier[chosen]))
    empty = np.zeros(0, np.int64)
    firsts, seconds = zip(*found, strict=True) if found else ((empty,), (empty,))
    return np.concatenate(firsts), np.concatenate(seconds)


def _ranks(later: Rows, likeness: Floats) -> Rows:
    """For each pair how many of the same later picture are better."""
    order = np.lexsort((-likeness, later))
    ranks = np.empty(len(later), np.int64)
    ranks[order] = np.arange(len(later)) - np.searchsorted(later[order], later[order], side="left")
    return ranks


def _chance(found: Fits, count: int) -> float:
    """How well pictures agree by chance: the 95th percentile of how well the last candidate does."""
    detail = np.where(found.near, found.detail, 0)
    worst = np.zeros(count, np.float32)
    last = _ranks(found.later, detail) == VERIFIED - 1
    worst[found.later[last]] = detail[last]
    return float(np.quantile(worst, 0.95)) if count else 0.0


def _same(small: Floats, views: Floats, found: Fits, bar: float, *, chains: bool) -> tuple[Fits, bool]:
    """Pairs that are the same by this bar, and whether what is not is far below it."""
    found = found.take(_above(found, bar))
    if not chains:
        found = _with_first(small, views, found.later, found.earlier, bar)
    firsts = np.unique(components(len(small), found.later, found.earlier), return_index=True)[1]
    return found, _apart(small, views, firsts, bar)


def _apart(small: Floats, views: Floats, firsts: Rows, bar: float) -> bool:
    """Whether pictures that are no copies are far from being alike, so that chance is ruled out."""
    if len(firsts) < FIRSTS:
        return False
    some = firsts[np.unique(np.linspace(0, len(firsts) - 1, min(len(firsts), MOST_FIRSTS)).astype(np.int64))]
    small, views = small[some], views[some]
    found = fits(small, views, *_candidates(small, views))
    best = np.zeros(len(small), np.float32)
    # However far one was laid: what a turn makes the same was plain.
    np.maximum.at(best, found.later, found.detail)
    np.maximum.at(best, found.earlier, found.detail)
    return bool(np.quantile(best, 0.75) <= bar - CLEAR)


def _above(found: Fits, bar: float) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = found.near & (found.whole >= LEAST_WHOLE) & (found.detail >= bar)
    return same


def _with_first(small: Floats, views: Floats, later: Rows, earlier: Rows, bar: float) -> Fits:
    """Pairs of members with the first of their group, as far as they agree.

    What does not agree with the first of all that hangs together is looked at again without it.
    """
    kept: list[Fits] = []
    for _ in range(ROUNDS):
        if not len(later):
            break
        ids = components(len(small), later, earlier)
        first = np.unique(ids, return_index=True)[1][ids]
        members = np.unique(np.concatenate([later, earlier]))
        members = members[first[members] != members]
        found = fits(small, views, members, first[members])
        found = found.take(_above(found, bar - LOOSER))
        kept.append(found)
        taken = np.zeros(len(small), np.bool_)
        taken[found.later], taken[first[later]] = True, True
        left = ~taken[later] & ~taken[earlier]
        later, earlier = later[left], earlier[left]
    return joined(kept)
