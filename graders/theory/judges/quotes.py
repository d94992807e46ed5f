"""Looks a judge's quote up in the answer that it is said to be from.

A quote must occur letter by letter. Only runs of white space count as one space each, line ends included,
because models unwrap lines; case, punctuation, markup and letters that look alike all matter.
"""

import re

from graders.model import Span

LEAST = 8
"""Characters without white space that a quote must have, or else be all that the answer has."""

_SPACE = re.compile(r"\s+")


def find_quote(quote: str, answer: str) -> Span | None:
    r"""Where `quote` stands in `answer` first; None where it does not or says too little.

    >>> find_quote("the cell state", "It keeps the cell\n  state.")
    Span(start=9, end=25)
    >>> find_quote("e", "the cell") is None
    True
    """
    wanted = _SPACE.sub(" ", quote).strip()
    line, places = _one_line(answer)
    if not wanted or (len(wanted.replace(" ", "")) < LEAST and wanted != line.strip()):
        return None
    at = line.find(wanted)
    if at < 0:
        return None
    return Span(start=places[at], end=places[at + len(wanted) - 1] + 1)


def _one_line(answer: str) -> tuple[str, list[int]]:
    """The answer with single spaces, and the offset of each of its characters in `answer`."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(answer):
        if not letter.isspace():
            letters.append(letter)
            places.append(place)
        elif not letters or letters[-1] != " ":
            letters.append(" ")
            places.append(place)
    return "".join(letters), places
