"""A wanted formula with values for its letters, and what it means that two values are the same."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graders.theory.formulas.counting import count
from graders.theory.formulas.parts import bigs, bound_letters, index_letters, named_only
from graders.theory.formulas.trees import Equation, Node, UnreadableError
from graders.theory.formulas.values import Range, Setting, Values, evaluate

CLOSE = 1e-7
"""Relative difference up to which two values are the same."""
FEWEST = 3
"""Points at which a formula must have a value."""
_FREE, _APART = 7, 4
"""Values of letters without bounds, in the order of the alphabet: `f_n ... f_k` begins at the larger one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wanted formula, ready to be compared."""

    equation: Equation
    letters: Mapping[str, int]
    """Values of the letters in its indices and bounds."""
    counted: frozenset[str]
    """Those that bounds name."""
    bounds: Mapping[str, tuple[int, int]]
    ranges: Mapping[str, Range]
    values: tuple[Values | None, ...]
    """Of its sides."""


def prepare(equation: Equation, ranges: Mapping[str, Range]) -> Wanted:
    """Give the letters of a wanted formula their values, and evaluate it.

    Raises:
        UnreadableError: it has no finite value.
    """
    lows, highs = bound_letters(equation)
    free = [name for name in index_letters(equation) if name not in lows and name not in highs]
    values: dict[str, int] = {name: 2 - at % 2 for at, name in enumerate(lows) if name not in highs}
    values |= {name: 5 + at % 3 for at, name in enumerate(highs)}
    values |= {name: _FREE + _APART * at for at, name in enumerate(sorted(free))}
    counted = frozenset((*lows, *highs))
    bounds: dict[str, tuple[int, int]] = {}
    for big in bigs(equation):
        if big.low is not None and big.high is not None:
            bounds.setdefault(big.kind, (count(big.low, values), count(big.high, values)))
    setting = Setting(values, counted, {}, ranges, bounds)
    sides = tuple(worth(side, setting) for side in equation.sides)
    if any(value is None and not named_only(side) for side, value in zip(equation.sides, sides, strict=True)):
        raise UnreadableError("the wanted formula has no value")
    return Wanted(equation, values, counted, bounds, ranges, sides)


def worth(side: Node, setting: Setting) -> Values | None:
    """The values of a side; None where it has too few."""
    try:
        with np.errstate(all="ignore"):
            values = evaluate(side, setting)
    except (UnreadableError, OverflowError):
        return None
    return values if np.isfinite(values).sum() >= FEWEST else None


def equal(one: Values, other: Values) -> bool:
    """Whether two formulas have the same values, and none at the same points."""
    known = np.isfinite(one)
    if not np.array_equal(known, np.isfinite(other)):
        return False
    return bool(np.allclose(one[known], other[known], rtol=CLOSE, atol=1e-12))
