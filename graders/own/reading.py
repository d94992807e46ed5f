"""What is checked of every array that `predict` returned, before anybody asks what its numbers mean."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, say
from graders.own.examples import Examples

HUGE = 1e18
"""Numbers are cut off here, so that squares and sums of them stay finite."""

Floats = NDArray[np.float64]


def without_infinity(returned: NDArray[np.generic]) -> NDArray[np.generic]:
    """The same with the least number there is in place of minus infinity: scores of what is impossible.

    >>> without_infinity(np.array([-np.inf, 1.0]))
    array([-1.e+18,  1.e+00])
    """
    if returned.dtype.kind != "f":
        return returned
    return np.where(returned == -np.inf, np.float64(-HUGE), returned)


def shape_of(shape: tuple[int, ...]) -> str:
    """A shape as messages write it.

    >>> shape_of((2, 3)), shape_of((4,))
    ('(2, 3)', '(4,)')
    """
    return str(tuple(map(int, shape)))


def numbers(returned: NDArray[np.generic], *shapes: tuple[int, ...]) -> Floats | Message:
    """What was returned in float64, all finite and in the first of the shapes, or what is wrong with it.

    Args:
        returned: of any shape and dtype.
        shapes: those that are right; all have the same length and as many numbers.

    >>> numbers(np.array([[1], [2]]), (2,), (2, 1))
    array([1., 2.])
    >>> numbers(np.array([1.0, np.nan]), (2,)).code
    'own.not_finite'
    """
    n = shapes[0][0]
    if returned.dtype.kind not in "biuf":
        return say("own.not_numbers", found=str(returned.dtype)[:40])
    if returned.ndim == 0 or len(returned) != n:
        return say("own.length", found=len(returned) if returned.ndim else 0, expected=n)
    if returned.shape not in shapes:
        expected = " / ".join(dict.fromkeys(map(shape_of, shapes)))
        return say("own.shape", found=shape_of(returned.shape), expected=expected)
    values = returned.astype(np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        return say("own.not_finite", n=bad)
    return np.clip(values, -HUGE, HUGE).reshape(shapes[0])


def mean(values: Floats) -> float:
    """The mean of the first column, which has one number for each example."""
    return float(values[:, 0].mean())


def root_of_mean(values: Floats) -> float:
    """The root of the mean of the first column, which has one square for each example."""
    return float(np.sqrt(max(0.0, float(values[:, 0].mean()))))


def per_count(values: Floats) -> float:
    """The sum of the first column by that of the second; examples that counted for nothing have zeros."""
    total = float(values[:, 1].sum())
    return float(values[:, 0].sum()) / total if total > 0 else 0.0


def targets_of(examples: Examples) -> NDArray[Any]:
    """The targets of examples of a kind that has them.

    Raises:
        ValueError: there are none; whoever checks the examples lets none of this kind through without.
    """
    if examples.targets is None:
        raise ValueError(f"examples for {examples.kind} came without targets")
    return examples.targets


def arrays_of(examples: Examples) -> NDArray[np.float32]:
    """The inputs of examples that are no texts.

    Raises:
        ValueError: they are texts.
    """
    if isinstance(examples.inputs, tuple):
        raise ValueError(f"examples for {examples.kind} are texts; expected arrays")
    return examples.inputs
