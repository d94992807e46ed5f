r"""Variables: with subscripts, marks and differentials, and what a bracket behind a letter means."""

from typing import TYPE_CHECKING

from graders.theory.formulas import signs
from graders.theory.formulas.indices import indices, linear
from graders.theory.formulas.trees import Call, Index, Node, Num, Prod, Sym, UnreadableError, walk

if TYPE_CHECKING:
    from graders.theory.formulas.parser import Parser


def _subscripts(parser: "Parser", *, plain: bool) -> tuple[Index, ...]:
    if parser.kind() != "_":
        return ()
    parser.at += 1
    braced = parser.kind() == "{"
    found = indices(parser.group())
    if plain and not braced and parser.kind() in ("+", "-") and parser.kind(1) == "num" and parser.touches():
        parser.ambiguous = True
        if parser.tight and found and not isinstance(found[-1], str):
            sign, number = parser.take(), parser.take()
            found = (*found[:-1], (*found[-1], (-1 if sign.kind == "-" else 1, number.text)))
    return found


def variable(parser: "Parser", name: str, *, plain: bool) -> Node:
    """A variable by its name, which has just been passed, with what belongs to it."""
    index = _subscripts(parser, plain=plain)
    short = len(name) == 1 or name in signs.LETTER_COMMANDS
    if short and not index and parser.kind() == "num" and parser.touches() and parser.tokens[parser.at].plain:
        index = (((1, parser.take().text[:4].split(".")[0]),),)
    if name == "E":  # what an expectation is over is left out as often as not
        index = ()
    if name == "pi" and not index:
        return Num(3.141592653589793)
    called = parser.kind() in ("(", "[") and parser.touches()
    if called and name == "sigma":
        return Call("sigmoid", parser.arguments())
    if name == "sigma" and parser.kind() == "^" and (powered := _powered_sigmoid(parser)):
        return powered
    symbol = _symbol(name, index)
    if called:
        return _call_or_product(parser, name, symbol)
    return symbol


def _symbol(name: str, index: tuple[Index, ...]) -> Sym:
    """A variable; a subscript that is a word is part of its name: `C_{in}`."""
    for part in index:
        if isinstance(part, str):
            mark = signs.DECORATIONS.get(part)
            name = f"{mark} {name}" if mark else f"{name}_{part}"
    counted = tuple(part for part in index if not isinstance(part, str))
    return Sym(signs.WORDS.get(name, name), counted)


def pair(parser: "Parser", word: str) -> Node:
    """Two letters of plain text: a product, or in the other reading `ct` is c_t."""
    if word[0] == "d" and word[1].isupper():
        inner = _symbol(word[1], _subscripts(parser, plain=True))
        return Sym(f"∂{inner.base}", inner.index)
    if word[1] == "t":
        parser.ambiguous = True
        if parser.tight:
            step: Index = ((1, "t"),)
            if parser.kind() in ("+", "-") and parser.kind(1) == "num" and parser.touches():
                sign, number = parser.take(), parser.take()
                step = ((1, "t"), (-1 if sign.kind == "-" else 1, number.text))
            return Sym(word[0], (step,))
    return Prod((Sym(word[0]), variable(parser, word[1], plain=True)))


def _powered_sigmoid(parser: "Parser") -> Node | None:
    r"""`\sigma^2(x)`; None, and nothing passed, where no bracket follows the power."""
    mark = parser.at
    parser.at += 1
    power = parser.group()
    if parser.kind() == "(" and parser.touches():
        return Call("power", (Call("sigmoid", parser.arguments()), parser.inside(power)))
    parser.at = mark
    return None


def _call_or_product(parser: "Parser", name: str, symbol: Sym) -> Node:
    """`p(x)` is a function, `c(t-1)` an index, and `W(x + y)` a product."""
    mark = parser.at
    parser.at += 1
    bracket = parser.tokens[mark].kind
    step = linear("".join(token.text or token.kind for token in parser.until(signs.BRACKETS[bracket])))
    if step and step[0] == (1, "t") and not symbol.index:
        return Sym(symbol.base, (step,))
    parser.at = mark
    if bracket == "[":
        return symbol
    args = parser.arguments()
    simple = all(isinstance(part, Sym | Call) for arg in args for part in walk(arg))
    word = len(symbol.base) > 1 and symbol.base == name and name not in signs.LETTER_COMMANDS
    named = name if name in signs.OPAQUE else symbol.base
    if len(args) > 1 or word or symbol.base == "KL" or (name in signs.OPAQUE and simple):
        return Call("KL" if symbol.base == "KL" else named, args)
    return Prod((symbol, args[0]))


def differential(parser: "Parser") -> Node:
    """What follows a `∂`.

    Raises:
        UnreadableError: no variable follows.
    """
    inner = parser.atom()
    if parser.kind() == "^":
        raise UnreadableError("a second derivative")
    if isinstance(inner, Prod) and isinstance(inner.factors[0], Sym):
        raise UnreadableError("a differential of a product")
    if not isinstance(inner, Sym):
        raise UnreadableError("a differential of no variable")
    return Sym(f"∂{inner.base}", inner.index)


def decorated(parser: "Parser", mark: str) -> Node:
    """A variable under a hat, a tilde or a bar; with the empty mark, as it is.

    Raises:
        UnreadableError: the mark is over no variable.
    """
    inner = parser.atom()
    index = _subscripts(parser, plain=False)
    if inner == Sym("E"):
        return inner
    if isinstance(inner, Sym):
        whole = _symbol(inner.base, inner.index + index)
        return Sym(f"{mark} {whole.base}".strip(), whole.index)
    if mark or index:
        raise UnreadableError("a mark over no variable")
    return inner
