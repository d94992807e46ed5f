"""What a formula is worth at a few points: the evaluator.

Every variable gets values by a hash of its name, so that runs agree. Bounded by construction: loops of at
most `LONGEST_LOOP` steps, `WORK` nodes a setting, floats only.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from graders.theory.formulas.counting import LONGEST_LOOP, between, count
from graders.theory.formulas.functions import FUNCTIONS, unknown
from graders.theory.formulas.trees import (
    Big,
    Call,
    Div,
    Dots,
    Index,
    Node,
    Num,
    Pow,
    Prod,
    Sum,
    Sym,
    UnreadableError,
)

Values = NDArray[np.float64]
Range = tuple[float, float]
Name = tuple[str, tuple[int | str, ...]]
"""A variable with the values of its indices."""

POINTS = 8
WORK = 4_000
USUAL: Range = (0.2, 2.0)
BOUNDS = (1, 4)
"""Of a sum without bounds, where the formula that it is compared with gives none either."""


@dataclass(slots=True)
class Setting:
    """All that the value of a formula hangs on."""

    letters: Mapping[str, int] = field(default_factory=dict)
    """Values of the letters that are counted or stand in an index."""
    counted: frozenset[str] = frozenset()
    """Those of `letters` that have the same value outside of an index."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What a variable is called in the other formula."""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    """Where a variable is tried."""
    bounds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By `sum` and `prod`: bounds of a sum without bounds."""
    given: Mapping[Name, Values] = field(default_factory=dict)
    """Variables whose value is prescribed."""
    work: int = 0
    """Nodes evaluated so far."""


def evaluate(node: Node, setting: Setting) -> Values:
    """The values of a formula at the points.

    Raises:
        UnreadableError: it takes too much work, or has a part without a value.
    """
    setting.work += 1
    if setting.work > WORK:
        raise UnreadableError("too much work")
    values: Values
    match node:
        case Num(number):
            values = np.full(POINTS, number)
        case Sym():
            values = _variable(node, setting)
        case Sum(terms):
            values = np.sum([evaluate(term, setting) for term in _filled(terms, setting)], axis=0)
        case Prod(factors):
            values = np.prod([evaluate(factor, setting) for factor in _filled(factors, setting)], axis=0)
        case Div(top, bottom):
            values = evaluate(top, setting) / evaluate(bottom, setting)
        case Pow(base, exponent):
            power = evaluate(exponent, setting)
            values = np.exp(power) if base == Sym("e") else np.power(evaluate(base, setting), power)
        case Call(name, args):
            given = [evaluate(arg, setting) for arg in args]
            known = FUNCTIONS.get((name, len(given)))
            values = known(*given) if known else unknown(name, given)
        case Big():
            values = _loop(node, setting)
        case Dots():
            raise UnreadableError("dots where nothing is counted")
    return values


def name_of(symbol: Sym, setting: Setting) -> Name:
    """A variable as the other formula calls it, with the values of its indices."""
    index = tuple(part if isinstance(part, str) else count(part, setting.letters) for part in symbol.index)
    top, slash, bottom = symbol.base.partition("/")
    names = setting.names
    if not slash:
        return names.get(top, top), index
    top, bottom = (f"∂{names.get(part[1:], part[1:])}" for part in (top, bottom))
    return f"{top}/{bottom}", index


def _variable(symbol: Sym, setting: Setting) -> Values:
    if not symbol.index and symbol.base in setting.counted:
        return np.full(POINTS, float(setting.letters[symbol.base]))
    if not symbol.index and symbol.base == "e" and "e" not in setting.ranges:
        return np.full(POINTS, np.e)
    name = name_of(symbol, setting)
    given = setting.given.get(name)
    if given is not None:
        return given
    base, index = name
    return _drawn(base, index, setting.ranges.get(base) or setting.ranges.get(base.split("_")[0], USUAL))


@lru_cache(maxsize=10_000)
def _drawn(base: str, index: tuple[Index | int, ...], among: Range) -> Values:
    digest = hashlib.blake2b(repr((base, index)).encode(), digest_size=4 * POINTS).digest()
    share = np.frombuffer(digest, dtype="<u4") / 2**32
    return among[0] + share * (among[1] - among[0])


def _loop(big: Big, setting: Setting) -> Values:
    outer = setting.letters
    if big.low is None or big.high is None:
        low, high = setting.bounds.get(big.kind, BOUNDS)
    else:
        low, high = count(big.low, outer), count(big.high, outer)
    if not 0 <= high - low < LONGEST_LOOP:
        raise UnreadableError("a sum over too much or nothing")
    counted = setting.counted
    setting.counted = counted | {big.counter}
    values = []
    for step in range(low, high + 1):
        setting.letters = {**outer, big.counter: step}
        values.append(evaluate(big.body, setting))
    setting.letters, setting.counted = outer, counted
    total: Values = np.sum(values, axis=0) if big.kind == "sum" else np.prod(values, axis=0)
    return total


def _filled(parts: tuple[Node, ...], setting: Setting) -> list[Node]:
    """Terms or factors with those in place of their dots."""
    filled: list[Node] = []
    for at, part in enumerate(parts):
        if not isinstance(part, Dots):
            filled.append(part)
        elif 0 < at < len(parts) - 1:
            filled += between(parts[at - 1], parts[at + 1], setting.letters)
    return filled
