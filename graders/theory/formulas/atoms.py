r"""The parts of a formula that have a form of their own: functions, fractions, roots, sums over a counter."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from graders.theory.formulas import signs
from graders.theory.formulas.indices import bound, head, joined
from graders.theory.formulas.tokens import Token
from graders.theory.formulas.trees import Big, Call, Div, Linear, Node, Num, Prod, Sym, UnreadableError, walk
from graders.theory.formulas.variables import decorated, differential, pair, variable

if TYPE_CHECKING:
    from graders.theory.formulas.parser import Parser

BEGINS = frozenset((*signs.BRACKETS, *signs.STARTS))
"""Kinds of token that a factor can begin with; `|` can too, where none is open."""

_SEPARATES = ("sep", "|", "prose")


def atom(parser: "Parser") -> Node:
    """What stands here, without its powers.

    Raises:
        UnreadableError: nothing that can be read.
    """
    kind = parser.kind()
    if kind in signs.BRACKETS:
        args = arguments(parser)
        if kind == "ceil(":
            return Call("ceil", args)
        return args[0] if len(args) == 1 else Call("list", args)
    token = parser.take()
    read = _READERS.get(kind)
    if read is None:
        raise UnreadableError(f"unexpected {kind}")
    return read(parser, token)


def fraction(top: Node, bottom: Node) -> Node:
    """A quotient; of two differentials it is one derivative."""
    upper, lower = _as_differential(top), _as_differential(bottom)
    if upper and lower:
        return Sym(f"{upper.base}/{lower.base}", upper.index + lower.index, len(upper.index))
    return Div(top, bottom)


def primed(parser: "Parser", node: Node) -> Node:
    """The derivative that a prime behind `node` means."""
    if isinstance(node, Sym):
        name = "sigmoid" if node.base == "sigma" else node.base
        if parser.kind() == "(":
            return Call(f"{name}'", arguments(parser))
        return Sym(f"{node.base}'", node.index)
    raise UnreadableError("a prime behind no name")


def _as_differential(node: Node) -> Sym | None:
    r"""`∂c` as it is, and `dc` of LaTeX, which comes as a product."""
    if isinstance(node, Sym) and node.base.startswith("∂") and "/" not in node.base:
        return node
    if isinstance(node, Prod) and len(node.factors) == 2:
        first, other = node.factors
        if isinstance(first, Sym) and first == Sym("d") and isinstance(other, Sym):
            return Sym(f"∂{other.base}", other.index)
    return None


def arguments(parser: "Parser") -> tuple[Node, ...]:
    """What stands in the brackets that open here, between commas or bars.

    Raises:
        UnreadableError: they are not closed.
    """
    closing = signs.BRACKETS[parser.take().kind]
    bars, parser.bars = parser.bars, 1
    args = [parser.expression()]
    while parser.kind() != closing:
        if parser.take().kind not in _SEPARATES:
            raise UnreadableError("a bracket is not closed")
        while parser.kind() == "|":
            parser.at += 1
        args.append(parser.expression())
    parser.at += 1
    parser.bars = bars
    return tuple(args)


def _function(parser: "Parser", name: str) -> Node:
    power: Node | None = None
    base: Node | None = None
    under = ""
    if name == "ln" and parser.kind() == "num" and parser.touches() and parser.kind(1) in BEGINS:
        base = Num(float(parser.take().text))
    while parser.kind() in ("^", "_", "'"):
        mark = parser.take().kind
        if mark == "'":
            name = f"{name}'"
        elif mark == "^":
            power = parser.inside(parser.group())
        elif name == "ln":
            base = parser.inside(parser.group())
        else:
            under = joined(parser.group())
    bracket = parser.kind() in ("(", "[", "{")
    args = arguments(parser) if bracket else (parser.term(juxtaposed=True),)
    # What a game is played over, as in `min_G max_D`, changes nothing of what is played for.
    transparent = name == "floor" or (name in ("min", "max") and under.isupper())
    value: Node = args[0] if transparent and len(args) == 1 else Call(name, args)
    if base is not None:
        value = Div(value, Call("ln", (base,)))
    return value if power is None else Call("power", (value, power))


def _root(parser: "Parser") -> Node:
    degree: Node = Num(2.0)
    if parser.kind() == "[":
        degree = arguments(parser)[0]
    return Call("power", (_short(parser), Div(Num(1.0), degree)))


def _short(parser: "Parser") -> Node:
    r"""An argument of a command: in braces, or one token, of `\frac12` one digit."""
    if parser.kind() == "num" and not parser.tokens[parser.at].plain:
        token = parser.tokens[parser.at]
        if len(token.text) == 2 and token.text.isdigit() and parser.tokens[parser.at - 1].kind == "frac":
            parser.at += 1
            parser.tokens.insert(parser.at, type(token)("num", token.text[1], token.start + 1, token.end))
            return Num(float(token.text[0]))
    return atom(parser)


def _big(parser: "Parser", kind: Literal["sum", "prod"]) -> Node:
    counter, low, high = "", None, None
    above: Linear | None = None
    while parser.kind() in ("_", "^"):
        if parser.take().kind == "_":
            counter, low, high = head(parser.group())
        else:
            above = bound(parser.group())
    high = above or high
    bounded = low is not None and high is not None
    body = parser.term()
    return Big(
        kind,
        counter or _counter_of(body),
        low if bounded else None,
        high if bounded else None,
        body,
    )


def _counter_of(body: Node) -> str:
    """The letter that a sum without a counter is likely to run over."""
    for node in walk(body):
        if isinstance(node, Sym):
            for index in node.index:
                if not isinstance(index, str) and not index[0][1].isdigit():
                    return index[0][1]
    return ""


def _absolute(parser: "Parser") -> Node:
    bars, parser.bars, parser.in_bars = parser.bars, 1, True
    inner = parser.expression()
    if parser.take().kind != "|":
        raise UnreadableError("a bar is not closed")
    parser.bars, parser.in_bars = bars, False
    return Call("abs", (inner,))


_READERS: Mapping[str, Callable[["Parser", Token], Node]] = {
    "num": lambda _, token: Num(float(token.text)),
    "name": lambda parser, token: variable(parser, token.text, plain=token.plain),
    "pair": lambda parser, token: pair(parser, token.text),
    "function": lambda parser, token: _function(parser, token.text),
    "sqrt": lambda parser, _: _root(parser),
    "frac": lambda parser, _: fraction(_short(parser), _short(parser)),
    "sum": lambda parser, _: _big(parser, "sum"),
    "prod": lambda parser, _: _big(parser, "prod"),
    "∂": lambda parser, _: differential(parser),
    "decoration": lambda parser, token: decorated(parser, token.text),
    "transparent": lambda parser, _: decorated(parser, ""),
    "|": lambda parser, _: _absolute(parser),
}
