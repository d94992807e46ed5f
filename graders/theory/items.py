"""Whether a line that begins with a bare number is an item of a list inside the answer that is being read.

A list is known by its numbers, which follow one another in one style, and by how it begins: under a colon or
a bullet, further to the right, or in a file whose answers begin in another way. Blank lines tell its end:
after items that stand close together the next number after a blank line is an answer's. Not told apart: a
list with blank lines inside an answer, in a file whose answers begin with the same bare numbers in any order.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from graders.theory.headings import Heading

DEEPER = 2
"""Characters of indentation that make a numbered line an item of a list."""


@dataclass(slots=True)
class Items:
    """The numbered list that is being read, and the answer that it stands in."""

    put: set[str | None] = field(default_factory=set)
    """Questions that were put but not answered yet."""
    doubtful: bool = False
    """Whether the latest item may have been an answer."""
    _answer: Heading | None = None
    """The beginning of the answer that is being read; None where its question is unknown."""
    _number: int = 0
    _style: str = ""
    _indent: int = 0
    _tight: bool = False
    """Whether the items follow one another without blank lines."""
    _guessed: bool = False
    """Whether the list could have been a row of answers."""

    def begin(self, heading: Heading, *, known: bool) -> None:
        """An answer begins, which ends every list."""
        self._answer = heading if known else None
        self._number, self._style, self._indent = 0, "", 0
        self._tight = self._guessed = False

    def take(
        self, heading: Heading, following: Heading | None, free: AbstractSet[str | None], *, told: bool
    ) -> bool:
        """Whether a bare number is an item; if so it is the list's latest one.

        Args:
            heading: the line.
            following: the next line of any such form.
            free: questions that are answered nowhere else.
            told: whether the answer that is being read has begun.
        """
        goes_on = self._goes_on(heading) or (heading.continues and not heading.apart)
        if not goes_on and heading.number in free and not self._begins(heading, following, told=told):
            return False
        self._tight = goes_on and not heading.apart
        self._guessed = self._guessed if goes_on else heading.number in free and not heading.introduced
        self.doubtful = heading.apart or (self._guessed and not self._differs(heading))
        self._number, self._style, self._indent = int(heading.number or 0), heading.style, heading.indent
        return True

    def _goes_on(self, heading: Heading) -> bool:
        if not self._number or heading.style != self._style or int(heading.number or 0) != self._number + 1:
            return False
        return abs(heading.indent - self._indent) <= DEEPER and not (self._tight and heading.apart)

    def _begins(self, heading: Heading, following: Heading | None, *, told: bool) -> bool:
        if self._answer is None:
            return False
        if heading.indent >= self._answer.indent + DEEPER and not heading.apart:
            return True
        if heading.number != "1" or ("1" in self.put and not told and heading.apart):
            return False  # a list of all questions, then the answers
        listed = (
            following is not None
            and following.kind == "bare"
            and not following.asks
            and (following.number, following.style) == ("2", heading.style)
        )
        # `Q6:` alone ends with a colon too, which says nothing of a list
        return (heading.introduced and (told or listed)) or (
            listed and (not heading.apart or self._differs(heading))
        )

    def _differs(self, heading: Heading) -> bool:
        """Whether the answer begins in another way than this line."""
        one = self._answer
        return one is not None and (
            one.kind != "bare" or one.level > 0 or one.asks or one.style != heading.style
        )
