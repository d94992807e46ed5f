"""Formulas as trees: what the parser builds and the evaluator walks.

Indices are no expressions but short sums of letters and integers, since nothing else is counted in `c_{t-1}`.
"""

from dataclasses import dataclass
from typing import Literal

Linear = tuple[tuple[int, str], ...]
"""An index such as `n+1`: signs with a letter or with digits."""
Index = Linear | str
"""A counted index, or the name in `C_{in}`."""


@dataclass(frozen=True, slots=True)
class Num:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Sym:
    r"""A variable, or a derivative such as `\frac{\partial c_{n+1}}{\partial c_k}` as one name."""

    base: str
    """Its letter or word; that of a derivative has a slash: `∂c/∂c`."""
    index: tuple[Index, ...] = ()
    """Its subscripts; those of the numerator first where it is a derivative."""
    split: int = 0
    """How many of the indices belong to the numerator of a derivative."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms that are added."""

    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Prod:
    """Factors that are multiplied; of whatever kind the multiplication is."""

    factors: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Dots:
    """The dots of `f_1 f_2 ... f_n`."""


@dataclass(frozen=True, slots=True)
class Div:
    """A fraction."""

    top: "Node"
    bottom: "Node"


@dataclass(frozen=True, slots=True)
class Pow:
    """A power."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    name: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Big:
    """A sum or a product over a counter."""

    kind: Literal["sum", "prod"]
    counter: str
    """Its letter; empty where none could be told."""
    low: Linear | None
    """None where no bounds are given."""
    high: Linear | None
    body: "Node"


Node = Num | Sym | Sum | Prod | Dots | Div | Pow | Call | Big


@dataclass(frozen=True, slots=True)
class Equation:
    """What stands on the sides of `=`; a formula without `=` has one side."""

    sides: tuple[Node, ...]
    start: int
    """Offset of its first character in the text that it was read from."""
    end: int


class UnreadableError(ValueError):
    """A formula that cannot be read, or that would take too much work."""


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node."""
    match node:
        case Sum(terms):
            return terms
        case Prod(factors):
            return factors
        case Div(top, bottom):
            return (top, bottom)
        case Pow(base, exponent):
            return (base, exponent)
        case Call(_, args):
            return args
        case Big():
            return (node.body,)
    return ()


def walk(node: Node) -> list[Node]:
    """A node and all that is under it, parents first."""
    found = [node]
    at = 0
    while at < len(found):
        found.extend(children(found[at]))
        at += 1
    return found


def letters(linear: Linear) -> list[str]:
    """The letters of an index."""
    return [name for _, name in linear if not name.isdigit()]


def without_indices(node: Node) -> Node:
    """The same formula with all counted indices dropped."""
    match node:
        case Sym(base):
            return Sym(base)
        case Sum(parts):
            return Sum(tuple(map(without_indices, parts)))
        case Prod(parts):
            return Prod(tuple(map(without_indices, parts)))
        case Div(top, bottom):
            return Div(without_indices(top), without_indices(bottom))
        case Pow(base_, exponent):
            return Pow(without_indices(base_), without_indices(exponent))
        case Call(name, args):
            return Call(name, tuple(map(without_indices, args)))
    return node
