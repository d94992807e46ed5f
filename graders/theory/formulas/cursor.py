"""A place in a list of tokens, with what every part of the parser asks of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from graders.theory.formulas.tokens import Token
from graders.theory.formulas.trees import UnreadableError

READINGS = 40
"""How many times each token may be read on the average; failed attempts begin anew behind each token."""
DEEPEST = 25
"""Levels of brackets, fractions and exponents."""


@dataclass(slots=True)
class Purse:
    """How much may still be read."""

    left: int
    """Tokens."""


class Cursor:
    """Walks over tokens from left to right."""

    def __init__(
        self, tokens: Sequence[Token], *, tight: bool = False, depth: int = 0, purse: "Purse | None" = None
    ) -> None:
        """Begin at the first of `tokens`.

        Args:
            tokens: Of one stretch of text.
            tight: Of two readings of plain text take the other one: `1/2m` as 1/(2m), `c_t-1` as c_{t-1}.
            depth: Levels that these tokens are already in.
            purse: How many tokens may still be passed; by default `READINGS` times as many as there are.
        """
        self.tokens = [token for token in tokens if token.kind != "space"]
        self.at = 0
        self.tight = tight
        self.ambiguous = False
        """Whether something was read that the other value of `tight` reads otherwise."""
        self.depth = depth
        self.purse = purse or Purse(READINGS * len(self.tokens) + 100)
        self.bars = 0
        """Whether a `|` behind a factor separates or closes, as it does in brackets."""
        self.in_bars = False
        """Whether a `|` is open."""

    def kind(self, ahead: int = 0) -> str:
        """Kind of the next token, or of one further on; empty behind the end."""
        at = self.at + ahead
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def take(self) -> Token:
        """The next token, which is passed.

        Raises:
            UnreadableError: there is none.
        """
        if self.at >= len(self.tokens):
            raise UnreadableError("ends too early")
        self.purse.left -= 1
        if self.purse.left < 0:
            raise UnreadableError("too much work")
        self.at += 1
        return self.tokens[self.at - 1]

    def touches(self) -> bool:
        """Whether the next token follows the last one without a space."""
        return 0 < self.at < len(self.tokens) and self.tokens[self.at].start <= self.tokens[self.at - 1].end

    def descend(self) -> None:
        """Go one level down.

        Raises:
            UnreadableError: the formula is too deep.
        """
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableError("too many levels")

    def until(self, closing: str) -> list[Token]:
        """The tokens up to the bracket that closes the one just passed."""
        opening = {"}": "{", ")": "(", "]": "["}[closing]
        begin, level = self.at, 1
        while level:
            kind = self.take().kind
            level += (kind == opening) - (kind == closing)
        return self.tokens[begin : self.at - 1]

    def group(self) -> list[Token]:
        """The tokens of an index or an exponent, less its braces."""
        token = self.take()
        if token.kind in ("{", "("):
            return self.until("}" if token.kind == "{" else ")")
        if token.kind == "-" and self.kind() in ("num", "name"):
            return [token, self.take()]
        if token.kind in ("num", "name", "pair", "function", "*", "'") or token.text in ("∞", "infty"):
            return [token]
        raise UnreadableError("an index or an exponent is missing")
