"""What an equation is made of: its sums, its index letters, its variables."""

from graders.theory.formulas.trees import Big, Call, Equation, Node, Num, Prod, Sym, letters, walk

PLAIN = frozenset(("abs", "power", "ln", "exp", "log2", "lg", "sin", "cos", "sqrt", "cap", "cup"))
"""Functions that are operations rather than names of something to be defined."""


def named_only(side: Node) -> bool:
    """Whether a side is a mere name: a variable, or a named function of variables such as `σ(x)`.

    >>> named_only(Sym("c", (((1, "t"),),)))
    True
    """
    return all(
        isinstance(node, Sym | Num) or (isinstance(node, Call) and node.name not in PLAIN)
        for node in walk(side)
    )


def is_name(side: Node) -> bool:
    """Whether what stands before `=` is a name: a variable, or a word of LaTeX, which comes as a product."""
    return isinstance(side, Sym) or (
        isinstance(side, Prod) and all(isinstance(part, Sym) and not part.index for part in side.factors)
    )


def has_derivative(side: Node) -> bool:
    """Whether a derivative stands in a side."""
    return any(isinstance(node, Sym) and "/" in node.base for node in walk(side))


def index_letters(equation: Equation) -> list[str]:
    """Letters in indices, less those that a sum counts, in order of appearance."""
    own = {big.counter for big in bigs(equation)}
    found = [
        name
        for node in _nodes(equation)
        if isinstance(node, Sym)
        for part in node.index
        if not isinstance(part, str)
        for name in letters(part)
    ]
    return [name for name in dict.fromkeys(found) if name not in own]


def bound_letters(equation: Equation) -> tuple[list[str], list[str]]:
    """Letters in lower and in upper bounds."""
    lows = [name for big in bigs(equation) for name in letters(big.low or ())]
    highs = [name for big in bigs(equation) for name in letters(big.high or ())]
    return list(dict.fromkeys(lows)), list(dict.fromkeys(highs))


def variables(equation: Equation, *, named: bool = False) -> dict[str, bool]:
    """Variables of an equation, and whether they have an index; what it defines is one only with `named`."""
    own = {"e", *(big.counter for big in bigs(equation))}
    sides = equation.sides
    if len(sides) > 1 and is_name(sides[0]) and not named:
        sides = sides[1:]
    found: dict[str, bool] = {}
    for node in (node for side in sides for node in walk(side)):
        if isinstance(node, Sym):
            for base in node.base.replace("∂", "").split("/"):
                if base not in own:
                    found[base] = found.get(base, False) or bool(node.index)
    return found


def bigs(equation: Equation) -> list[Big]:
    """Its sums and products over a counter."""
    return [node for node in _nodes(equation) if isinstance(node, Big)]


def _nodes(equation: Equation) -> list[Node]:
    return [node for side in equation.sides for node in walk(side)]
