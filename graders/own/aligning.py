"""Lays one small picture on another, by shift, scale and rotation, and tells how well they agree.

Lucas & Kanade 1981, "An iterative image registration technique": a few steps of least squares, from the view
whose hash was the nearest, for many pairs at a time. Both pictures are of mean zero and length one in the
part that they share, so that light and contrast do not matter. What is laid further than a crop, a shift or a
rotation by some degrees goes is no copy: any two shirts can be stretched into one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from graders.own.examples import Rows
from graders.own.small_pictures import SIDE, VIEWS

Floats = NDArray[np.float32]

STEPS, QUICK_STEPS = 4, 3
AT_A_TIME = 128
"""Pairs; arrays of this size stay in a processor's cache."""
FURTHEST_STEP = 0.08
MOST_SCALE, MOST_TURN, MOST_SHIFT = 0.17, 0.1, 0.3
"""Beyond 1, in radians, and in halves of a side."""
LEAST_SHARED = 0.6
"""Share of a picture in which both are seen."""
DETAIL = 1.5
"""Pixels: what is left after a blur of this width counts as detail."""
SMOOTH = 0.7
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Fits:
    """How well pairs of pictures agree, each array of shape (pairs,)."""

    later: Rows
    earlier: Rows
    whole: Floats
    """Correlation of the pictures where both are seen."""
    detail: Floats
    """Correlation of their details there."""
    near: NDArray[np.bool_]
    """Whether one was laid no further than a crop or a small rotation goes."""
    mirrored: NDArray[np.bool_]

    def take(self, pairs: NDArray[np.bool_]) -> Self:
        """Some of the pairs."""
        return replace(self, **{field.name: getattr(self, field.name)[pairs] for field in fields(self)})


def joined(parts: Sequence[Fits]) -> Fits:
    """Pairs of several, in order."""
    none = np.zeros(0, np.float32)
    empty = Fits(none.astype(np.int64), none.astype(np.int64), none, none, none > 0, none > 0)
    together = [empty, *parts]
    return Fits(*(np.concatenate([getattr(part, field.name) for part in together]) for field in fields(Fits)))


def fits(small: Floats, views: Floats, later: Rows, earlier: Rows) -> Fits:
    """How well the pictures `later` agree with those `earlier`, pair by pair.

    Args:
        small: all pictures, shape (n, SIDE, SIDE).
        views: hashes of all views of them, shape (n, views, waves).
        later: positions of those that are moved.
        earlier: positions of those that stay.
    """
    smooth = gaussian_filter(small, (0, SMOOTH, SMOOTH))
    detail = smooth - gaussian_filter(smooth, (0, DETAIL, DETAIL))
    whole, details = np.zeros(len(later), np.float32), np.zeros(len(later), np.float32)
    near, mirrored = np.zeros(len(later), np.bool_), np.zeros(len(later), np.bool_)
    for start in range(0, len(later), AT_A_TIME):
        some = slice(start, start + AT_A_TIME)
        one, other = later[some], earlier[some]
        start_at, mirrored[some] = _starts(views, one, other)
        laid = _laid(_seen(smooth, one, mirrored[some]), smooth[other], start_at, STEPS)
        near[some] = _is_near(laid)
        whole[some] = _agreement(_seen(smooth, one, mirrored[some]), smooth[other], laid)
        details[some] = _agreement(_seen(detail, one, mirrored[some]), detail[other], laid)
    return Fits(later, earlier, whole, details, near, mirrored)


def quick_fits(small: Floats, views: Floats, later: Rows, earlier: Rows) -> Floats:
    """Rough correlations of the same pairs, from pictures of half the side."""
    likeness = np.zeros(len(later), np.float32)
    for start in range(0, len(later), 4 * AT_A_TIME):
        some = slice(start, start + 4 * AT_A_TIME)
        one, other = later[some], earlier[some]
        start_at, mirrored = _starts(views, one, other)
        first, second = _halved(_seen(small, one, mirrored)), _halved(small[other])
        laid = _laid(first, second, start_at, QUICK_STEPS)
        likeness[some] = np.where(_is_near(laid), _agreement(first, second, laid), -1)
    return likeness


def _seen(pictures: Floats, rows: Rows, mirrored: NDArray[np.bool_]) -> Floats:
    seen: Floats = np.where(mirrored[:, None, None], pictures[rows][:, :, ::-1], pictures[rows])
    return seen


def _halved(pictures: Floats) -> Floats:
    half = SIDE // 2
    made: Floats = pictures.reshape(-1, half, 2, half, 2).mean(axis=(2, 4))
    return made


def _starts(hashed: Floats, one: Rows, other: Rows) -> tuple[Floats, NDArray[np.bool_]]:
    """Where to begin, and who is mirrored.

    Returns:
        Shape (pairs, 5): scale down and right, turn, shift down and right. And shape (pairs,).
    """
    alike = (hashed[one] @ hashed[other, 0][:, :, None])[:, :, 0]
    views = [VIEWS[view] for view in alike.argmax(axis=1).tolist()]
    starts = [(view.scale, view.scale, 0, view.down, view.right) for view in views]
    return np.array(starts, np.float32).reshape(-1, 5), np.array([view.mirrored for view in views], np.bool_)


def _laid(moved: Floats, fixed: Floats, laid: Floats, steps: int) -> Floats:
    """Parameters as those of `_starts`, after some steps of least squares."""
    count, side = len(fixed), fixed.shape[1]
    down, right = _grid(side)
    by_down, by_right = (
        np.gradient(fixed, axis=axis).reshape(count, -1) * np.float32(side / 2) for axis in (1, 2)
    )
    effects = np.stack(
        [by_down * down, by_right * right, by_down * right - by_right * down, by_down, by_right], axis=1
    )
    flat = fixed.reshape(count, -1)
    for _ in range(steps):
        values, shared = _through(moved, laid)
        number = np.maximum(shared.sum(axis=1), 1)
        aim, length = _unit(flat, shared)
        error = aim - _unit(values, shared)[0]
        shown = effects * shared[:, None]
        shown -= (shown.sum(axis=2) / number[:, None])[:, :, None] * shared[:, None]
        shown /= length[:, :, None]
        squares = shown @ shown.transpose(0, 2, 1)
        weight = 1e-3 * np.trace(squares, axis1=1, axis2=2) + TINY
        squares += np.eye(5, dtype=np.float32) * weight[:, None, None]
        step = np.linalg.solve(squares, shown @ error[:, :, None])[:, :, 0]
        laid = laid + step.clip(-FURTHEST_STEP, FURTHEST_STEP)
    return laid


def _is_near(laid: Floats) -> NDArray[np.bool_]:
    scale, turn, shift = np.abs(laid[:, :2] - 1), np.abs(laid[:, 2]), np.abs(laid[:, 3:])
    near: NDArray[np.bool_] = (
        (scale <= MOST_SCALE).all(axis=1) & (turn <= MOST_TURN) & (shift <= MOST_SHIFT).all(axis=1)
    )
    return near


def _agreement(moved: Floats, fixed: Floats, laid: Floats) -> Floats:
    values, shared = _through(moved, laid)
    product = _unit(fixed.reshape(len(fixed), -1), shared)[0] * _unit(values, shared)[0]
    agreement: Floats = np.where(shared.mean(axis=1) >= LEAST_SHARED, product.sum(axis=1), 0)
    return agreement


def _grid(side: int) -> tuple[Floats, Floats]:
    centres = ((np.arange(side) + 0.5) / side * 2 - 1).astype(np.float32)
    down, right = np.meshgrid(centres, centres, indexing="ij")
    return down.ravel(), right.ravel()


def _through(moved: Floats, laid: Floats) -> tuple[Floats, Floats]:
    """Values (pairs, pixels) of `moved` where pixels of the fixed pictures fall on it, and where they do."""
    count, side = len(moved), moved.shape[1]
    down, right = _grid(side)
    scale_down, scale_right, turn, shift_down, shift_right = (laid[:, [place]] for place in range(5))
    below = scale_down * down + turn * right + shift_down
    beside = scale_right * right - turn * down + shift_right
    shared = ((np.abs(below) <= 1) & (np.abs(beside) <= 1)).astype(np.float32)
    row, column = (below + 1) * (side / 2) - 0.5, (beside + 1) * (side / 2) - 0.5
    top, left = (np.floor(place).clip(0, side - 2) for place in (row, column))
    past_top, past_left = (row - top).clip(0, 1), (column - left).clip(0, 1)
    at = (top * side + left).astype(np.int64) + (np.arange(count) * side * side)[:, None]
    flat = moved.ravel()
    one, other, below_one, below_other = (flat.take(at + step) for step in (0, 1, side, side + 1))
    upper = one + (other - one) * past_left
    lower = below_one + (below_other - below_one) * past_left
    return upper + (lower - upper) * past_top, shared


def _unit(values: Floats, shared: Floats) -> tuple[Floats, Floats]:
    """Values of mean zero and length one where `shared`, zero elsewhere, and the length that they had."""
    number = np.maximum(shared.sum(axis=1, keepdims=True), 1)
    centred = (values - (values * shared).sum(axis=1, keepdims=True) / number) * shared
    length = np.sqrt((centred * centred).sum(axis=1, keepdims=True)) + np.float32(TINY)
    return centred / length, length
