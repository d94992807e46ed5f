"""What counting knows of a notebook's values: numbers, how many of something there are, functions.

Everything else is `UNKNOWN`. A list of a million pictures is `Many(1e6)`, and arithmetic is done on numbers
of bounded size only.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, isfinite, isnan
from typing import Any

LARGEST = 1e15
"""Numbers beyond this are cut off: no loop of so many rounds ever ends."""
MOST_KNOWN = 32
"""Items of a list that are kept as they are; of a longer one only their number."""


class Unknown:
    """A value of which nothing is known."""


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Many:
    """Something with a number of items: a tensor, a data set, batches of one."""

    count: float
    each: float | None = None
    """Examples in one item, where the items are batches."""


@dataclass(slots=True)
class Scope:
    """Names with their values, and the scope around it."""

    names: dict[str, object] = field(default_factory=dict)
    outer: "Scope | None" = None

    def find(self, name: str, otherwise: object) -> object:
        """The value of a name; `otherwise` where it was given none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return otherwise


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the notebook."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    given: tuple[object, ...] = ()
    """Arguments that are bound already: `self`, or those of `partial`."""
    named: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the notebook."""

    node: ast.ClassDef
    scope: Scope


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the notebook, with the attributes that are known."""

    made_of: Class
    attributes: dict[str, object]


@dataclass(frozen=True, slots=True)
class Named:
    """Something of a library: `torch.randperm`, `os.environ`; or a method of a value."""

    path: str
    of: object = UNKNOWN
    """The value whose method it is."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a library's class made, with the arguments that have names: a trainer of so many epochs."""

    path: str
    named: Mapping[str, object]


def number_of(value: object) -> float | None:
    """A value as a number that is neither negative nor beyond all bounds; None where it is none.

    >>> number_of(10**30), number_of(-2), number_of("x")
    (1000000000000000.0, 0.0, None)
    """
    if not isinstance(value, int | float) or isnan(value):
        return None
    return float(min(max(value, 0), LARGEST))


def bounded(value: object) -> object:
    """A number within the bounds, whole where it was; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isnan(value):
        return UNKNOWN
    if abs(value) <= LARGEST:
        return value
    return LARGEST if value > 0 else -LARGEST


ARITHMETIC: dict[type[ast.operator], Callable[[float, float], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
SCALARS = (int, float, str, type(None))


def arithmetic(kind: type[ast.operator], left: object, right: object) -> object:
    """The result of an operator; what has items keeps their number beside anything.

    >>> arithmetic(ast.Mult, 3, 4), arithmetic(ast.Div, Many(10), 255), arithmetic(ast.Div, 1, 0) is UNKNOWN
    (12, Many(count=10, each=None), True)
    """
    if isinstance(left, int | float) and isinstance(right, int | float):
        if kind is ast.Pow:
            # a power of whole numbers may have more digits than there is memory
            return bounded(left**right) if 0 <= right <= 16 and abs(left) <= 1e6 else UNKNOWN
        try:
            return bounded(ARITHMETIC[kind](left, right)) if kind in ARITHMETIC else UNKNOWN
        except (ArithmeticError, ValueError):
            return UNKNOWN
    if isinstance(left, tuple) and isinstance(right, tuple) and kind is ast.Add:
        joined = (*left, *right)
        return joined if len(joined) <= MOST_KNOWN else Many(len(joined))
    if isinstance(left, Many) and isinstance(right, tuple | Many) and kind is ast.Add:
        other = right.count if isinstance(right, Many) else 0.0
        return left if left.count >= other else right
    if isinstance(left, tuple) and isinstance(right, int | float) and kind is ast.Mult:
        return Many(min(len(left) * (number_of(right) or 0.0), LARGEST))
    return left if isinstance(left, Many) else right if isinstance(right, Many) else UNKNOWN


def compare(kind: type[ast.cmpop], left: object, right: object) -> object:
    """Whether a comparison holds; `UNKNOWN` where that cannot be told.

    >>> compare(ast.Lt, 3, 4), compare(ast.Eq, "checkpoint", "rerun"), compare(ast.Lt, "a", 1) is UNKNOWN
    (True, False, True)
    """
    if not isinstance(left, SCALARS) or not isinstance(right, SCALARS):
        return UNKNOWN
    if kind in (ast.Is, ast.IsNot):
        return (left is right) == (kind is ast.Is) if left is None or right is None else UNKNOWN
    try:
        return COMPARISONS[kind](left, right) if kind in COMPARISONS else UNKNOWN
    except TypeError:
        return UNKNOWN


def in_batches(items: Many, batch: object) -> Many:
    """The items in batches of so many.

    >>> in_batches(Many(100), 32)
    Many(count=4, each=32.0)
    """
    each = number_of(batch)
    if not each or not isfinite(each):
        return items
    return Many(ceil(items.count / each), each)


def many_of(values: Sequence[object]) -> object:
    """A list: its items where they are few, else their number."""
    return tuple(values) if len(values) <= MOST_KNOWN else Many(len(values))
