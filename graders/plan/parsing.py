"""Students' cells as syntax trees: lines for the shell and for IPython are left out; nothing is run.

What is no Python is left out, cell by cell. Nothing here can be made to run for long: a cell and a notebook
have a largest size, and what the parser gives up on counts as empty.
"""

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

MOST_CELL = 100_000
"""Characters of one cell that is parsed."""
MOST_ALL = 1_000_000
"""Characters of all cells that are parsed."""
MOST_CELLS = 1_000
"""Cells that are parsed."""

TRANSPARENT = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Magics of a whole cell that is Python nevertheless; `%%bash` and the like are not."""
_TIMED = re.compile(r"^(\s*)%time\s+")
_SHELL = re.compile(r"^(\s*)(?:[!%?]|[\w.\[\]]+\s*=\s*[!%]|[\w.]+\?{1,2}\s*$)")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The cells of a notebook as syntax trees."""

    cells: tuple[tuple[ast.stmt, ...], ...]
    """Statements of each code cell; none of one that is no Python."""
    left_out: int
    """Cells that have text and could not be parsed."""


def parsed(sources: Sequence[str]) -> Parsed:
    """The code cells of a notebook.

    >>> [len(cell) for cell in parsed(["!pip install x", "%%time", "a = 1", "b = ("]).cells]
    [1, 0, 1, 0]
    """
    cells: list[tuple[ast.stmt, ...]] = []
    left_out, left = 0, MOST_ALL
    for source in sources[:MOST_CELLS]:
        statements = _statements(source) if len(source) <= min(MOST_CELL, left) else None
        left -= len(source)
        left_out += statements is None
        cells.append(tuple(statements or ()))
    return Parsed(tuple(cells), left_out + max(0, len(sources) - MOST_CELLS))


def _statements(source: str) -> list[ast.stmt] | None:
    """Statements of a cell; None where it has text that is no Python."""
    lines = source.replace("\x00", "").splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is not None and lines[first].lstrip().startswith("%%"):
        if not lines[first].lstrip().startswith(TRANSPARENT):
            return []
        lines[first] = ""
    lines = [_TIMED.sub(r"\1", line) for line in lines]
    # `pass` in its place, since a magic may be all that stands in a branch
    text = "\n".join(f"{match[1]}pass" if (match := _SHELL.match(line)) else line for line in lines)
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
