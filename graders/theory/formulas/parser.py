r"""From tokens to trees, by recursive descent; nothing of the text is ever executed.

Bounded by construction: at most `tokens.LONGEST` tokens, `cursor.DEEPEST` levels, `cursor.READINGS` attempts.
Not covered: matrices, integrals, limits, factorials, cases; they are unreadable.
"""

from collections.abc import Sequence

from graders.theory.formulas.atoms import BEGINS, arguments, atom, fraction, primed
from graders.theory.formulas.cursor import Cursor
from graders.theory.formulas.indices import joined, linear
from graders.theory.formulas.tokens import Token
from graders.theory.formulas.trees import (
    Call,
    Dots,
    Equation,
    Node,
    Num,
    Pow,
    Prod,
    Sum,
    Sym,
    UnreadableError,
)

_TRANSPOSED = ("T", "top", "'", "*", "(T)")


class Parser(Cursor):
    """Reads one formula at a time from a list of tokens."""

    def equation(self) -> Equation:
        """The formula that begins here.

        Raises:
            UnreadableError: no formula begins here, or it is too deep.
        """
        self.depth = self.bars = 0
        self.in_bars = False
        first = self.at
        sides = [self.expression()]
        while self.kind() == "=":
            mark = self.at
            self.at += 1
            try:
                sides.append(self.expression())
            except UnreadableError:
                self.at = mark
                break
        return Equation(tuple(sides), self.tokens[first].start, self.tokens[self.at - 1].end)

    def expression(self) -> Node:
        """Terms with signs; the outermost one ends before a term that cannot be read."""
        self.descend()
        depth = self.depth
        terms = [self._signed()]
        while self.kind() in ("+", "-"):
            mark = self.at
            try:
                if self.kind(1) == "dots":
                    self.at += 2
                    terms.append(Dots())
                else:
                    terms.append(self._signed())
            except UnreadableError:
                if depth > 1:
                    raise
                self.at, self.depth = mark, depth
                break
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def term(self, *, juxtaposed: bool = False) -> Node:
        """Factors; with `juxtaposed` only those that no sign joins, as after a function without brackets."""
        factors = [self.factor()]
        while True:
            kind = self.kind()
            if kind == "dots":
                self.at += 1
                factors.append(Dots())
            elif kind == "*" and not juxtaposed:
                self.at += 1
                if self.kind() != "dots":
                    factors.append(self.factor())
            elif kind == "/" and not juxtaposed:
                factors[-1] = self._quotient(factors[-1])
            elif kind in ("cap", "cup") and not juxtaposed:
                self.at += 1
                factors[-1] = Call(kind, (factors[-1], self.factor()))
            elif (kind in BEGINS or (kind == "|" and self._bar_opens())) and not (
                juxtaposed and kind in ("function", "sum", "prod")
            ):
                factors.append(self.factor())
            else:
                return factors[0] if len(factors) == 1 else Prod(tuple(factors))

    def factor(self) -> Node:
        """Something with its powers and primes."""
        if self.kind() == "-":
            self.descend()
            self.at += 1
            node: Node = Prod((Num(-1.0), self.factor()))
            self.depth -= 1
            return node
        self.descend()
        node = self.atom()
        while self.kind() in ("^", "'", "_"):
            sign = self.take().kind
            if sign == "_":  # of `softmax(x)_i`
                self.group()
            else:
                node = self._raised(node) if sign == "^" else primed(self, node)
        self.depth -= 1
        return node

    def atom(self) -> Node:
        """Something without its powers."""
        return atom(self)

    def arguments(self) -> tuple[Node, ...]:
        """What stands in the brackets that open here."""
        return arguments(self)

    def inside(self, group: Sequence[Token]) -> Node:
        """The value of tokens that were cut out.

        Raises:
            UnreadableError: they are not one expression.
        """
        inner = Parser(group, tight=self.tight, depth=self.depth, purse=self.purse)
        node = inner.expression()
        if inner.at < len(inner.tokens):
            raise UnreadableError("something is left over")
        self.ambiguous |= inner.ambiguous
        return node

    def _bar_opens(self) -> bool:
        """Whether a `|` behind a factor begins another: nowhere in brackets, except in `|a||b|`."""
        if not self.bars:
            return True
        return self.tokens[self.at - 1].kind == "|" and not self.in_bars

    def _signed(self) -> Node:
        negative = False
        while self.kind() in ("+", "-"):
            negative ^= self.take().kind == "-"
        term = self.term()
        return Prod((Num(-1.0), term)) if negative else term

    def _quotient(self, top: Node) -> Node:
        sign = self.take()
        bottom = self.factor()
        if sign.plain and self.kind() in BEGINS - {"sum", "prod"}:
            self.ambiguous = True
            if self.tight:
                bottom = Prod((bottom, self.term(juxtaposed=True)))
        return fraction(top, bottom)

    def _raised(self, base: Node) -> Node:
        plain = self.kind() == "("
        group = self.group()
        text = joined(group)
        if text in _TRANSPOSED:
            return base
        counted = linear(text[1:-1]) if text[:1] in ("(", "[") and not plain else None
        if counted is not None and isinstance(base, Sym):
            return Sym(base.base, (*base.index, counted), base.split)
        return Pow(base, self.inside(group))


def read_equation(parser: Parser) -> Equation | None:
    """The formula where `parser` stands, which is passed; None, and nothing passed, where none begins."""
    mark = parser.at
    try:
        return parser.equation()
    except UnreadableError:
        parser.at = mark
        return None
