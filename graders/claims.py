"""Finds what students claim: figures in the outputs that they saved and in the file that they write."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nbformat import NotebookNode

from graders.model import Claim

MOST_CLAIMS = 40
MOST_CHARACTERS = 200
MOST_READ = 20_000
"""Characters of one output, or of the file, that are looked at: the end, where the last epochs stand."""

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_TRAINING = re.compile(r"train|обуч|трейн", re.IGNORECASE)
"""A figure of the training split is no claim about new examples."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a metric is called where students write it down."""

    named: str
    """Regular expression for its name, without groups that are numbered."""
    proportion: bool
    """Whether it is a share, so that 87 means 0.87."""


def find_claims(submitted: NotebookNode, rerun: NotebookNode, figure: Figure) -> tuple[Claim, ...]:
    """Figures in the outputs that the student saved, beside what the same cell printed in the rerun.

    Args:
        submitted: the notebook as it came in; its outputs are what the student claims.
        rerun: the copy that was run, with the same cells.
        figure: what is looked for.
    """
    claims = []
    code = [index for index, cell in enumerate(submitted.cells) if cell.cell_type == "code"]
    for number, index in enumerate(code, start=1):
        again = rerun.cells[index] if index < len(rerun.cells) else None
        said = list(_figures(output_lines(submitted.cells[index]), figure))
        found = list(_figures(output_lines(again), figure)) if again is not None else []
        for position, (text, value) in enumerate(said):
            other = found[position][1] if position < len(found) else None
            claims.append(Claim(cell=number, text=text, said=value, rerun=other))
    return tuple(claims[-MOST_CLAIMS:])


def written_claims(text: str, figure: Figure, about: str, others: Sequence[str] = ()) -> tuple[Claim, ...]:
    """Figures in lines of the student's file that name one of the lesson's notebooks and none of the others.

    >>> figure = Figure("cross-entropy", proportion=False)
    >>> [claim.said for claim in written_claims("Cross-entropy (ResNet-50): 1.9", figure, "resnet50")]
    [1.9]
    """
    name, *rest = [
        re.compile(r"[\W_]*".join(map(re.escape, one)) + r"(?![^\W\d_])", re.IGNORECASE)
        for one in (about, *others)
    ]
    claims = []
    for line in text[-MOST_READ:].splitlines():
        # which of several figures belongs to which of several names is anybody's guess
        if not name.search(line) or any(other.search(line) for other in rest):
            continue
        for _, value in _figures([name.sub("", line)[:300]], figure):  # the name's own digits are no figure
            claims.append(Claim(cell=0, text=line.strip()[:MOST_CHARACTERS], said=value, rerun=None))
    return tuple(claims[-MOST_CLAIMS:])


@cache
def _pattern(named: str) -> re.Pattern[str]:
    return re.compile(
        rf"[\w ]{{0,40}}?(?:{named})[^\d\n%]{{0,40}}?(?P<value>\d{{1,3}}[.,]\d{{1,6}}|\d{{1,3}}(?=\s*%))"
        r"\s*(?P<percent>%?)",
        re.IGNORECASE,
    )


def _figures(lines: Iterable[str], figure: Figure) -> Iterator[tuple[str, float]]:
    """Lines that name the figure, with its value."""
    for line in lines:
        for match in _pattern(figure.named).finditer(line):
            if _TRAINING.search(match.group()):
                continue
            value = float(match["value"].replace(",", "."))
            if figure.proportion and (match["percent"] or value > 1):
                value /= 100
            if not figure.proportion or 0 <= value <= 1:
                yield line.strip()[:MOST_CHARACTERS], value


def output_lines(cell: NotebookNode) -> Iterator[str]:
    """Lines of text in a cell's outputs, the last ones of each, without escapes."""
    for output in cell.get("outputs", []):
        data = output.get("data", {}) if isinstance(output, dict) else {}
        text = output.get("text") or (data.get("text/plain") if isinstance(data, dict) else None) or ""
        joined = "".join(map(str, text)) if isinstance(text, list) else str(text)
        for line in _ESCAPES.sub("", joined[-MOST_READ:]).splitlines():
            yield line[:300]
