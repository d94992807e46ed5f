"""What a person should look at: claims that do not come true, and figures too good to be plain.

A flag is never a deduction.
"""

import re
from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import NormalDist

from nbformat import NotebookNode

from graders.model import Claim, Flag, Measurement, Statistics, say

SURE = 0.001
"""One-sided p-value from which on a difference is flagged: one honest submission in a thousand."""
NOTICED = 0.03
"""A claim is flagged from this much above its rerun on."""
NORMAL = NormalDist()
MOST_CLAIMS = 40
MOST_CHARACTERS = 200
MOST_READ = 20_000
"""Characters of one output that are looked at: its end, where the last epochs stand."""

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_FIGURE = re.compile(
    r"[\w ]{0,40}?(?:acc\w{0,12}|точност\w{0,4})[^\d\n%]{0,40}?(?P<value>\d{1,3}[.,]\d{1,6}|\d{1,3}(?=\s*%))"
    r"\s*(?P<percent>%?)",
    re.IGNORECASE,
)

_TRAINING = re.compile(r"train|обуч|трейн", re.IGNORECASE)
"""An accuracy on the training split is no claim about new pictures."""


def find_claims(submitted: NotebookNode, rerun: NotebookNode) -> tuple[Claim, ...]:
    """Accuracies in the outputs that the student saved, beside what the same cell printed in the rerun.

    Args:
        submitted: the notebook as it came in; its outputs are what the student claims.
        rerun: the copy that was run, with the same cells.
    """
    claims = []
    code = [index for index, cell in enumerate(submitted.cells) if cell.cell_type == "code"]
    for number, index in enumerate(code, start=1):
        again = rerun.cells[index] if index < len(rerun.cells) else None
        said = list(_figures(submitted.cells[index]))
        found = list(_figures(again)) if again is not None else []
        for position, (text, value) in enumerate(said):
            other = found[position][1] if position < len(found) else None
            claims.append(Claim(cell=number, text=text, said=value, rerun=other))
    return tuple(claims[-MOST_CLAIMS:])


def _figures(cell: NotebookNode) -> Iterator[tuple[str, float]]:
    """Lines of a cell's text outputs that name an accuracy, with its value from 0 to 1."""
    for line in _lines(cell):
        for match in _FIGURE.finditer(line):
            if _TRAINING.search(match.group()):
                continue
            value = float(match["value"].replace(",", "."))
            if match["percent"] or value > 1:
                value /= 100
            if 0 <= value <= 1:
                yield line.strip()[:MOST_CHARACTERS], value


def _lines(cell: NotebookNode) -> Iterator[str]:
    for output in cell.get("outputs", []):
        data = output.get("data", {}) if isinstance(output, dict) else {}
        text = output.get("text") or (data.get("text/plain") if isinstance(data, dict) else None) or ""
        joined = "".join(map(str, text)) if isinstance(text, list) else str(text)
        for line in _ESCAPES.sub("", joined[-MOST_READ:]).splitlines():
            yield line[:300]


def claim_flag(claims: Sequence[Claim], measured: Measurement, validation: int) -> Flag | None:
    """The highest claim that its cell's rerun does not come near (the measurement, where that printed none).

    Claims come from a validation split of `validation` pictures. The best accuracy of a cell is held against
    the best that its rerun printed, since epochs of two trainings differ. It is flagged where it is higher by
    more than both samples explain, and by more than `NOTICED`.
    """
    best: dict[int, Claim] = {}
    reruns: dict[int, float] = {}
    for claim in claims:
        best[claim.cell] = max(best.get(claim.cell, claim), claim, key=lambda one: one.said)
        if claim.rerun is not None:
            reruns[claim.cell] = max(reruns.get(claim.cell, 0.0), claim.rerun)
    for claim in sorted(best.values(), key=lambda one: one.said, reverse=True):
        found = reruns.get(claim.cell, measured.value)
        higher = p_higher(claim.said, validation, found, validation) <= SURE
        if claim.said - found >= NOTICED and higher:
            message = say("flag.claim", cell=claim.cell, said=claim.said, found=found)
            return Flag(kind="claim_mismatch", message=message)
    return None


def p_higher(one: float, n: int, other: float, m: int) -> float:
    """One-sided p-value of two proportions: `one` of `n` is not really above `other` of `m`.

    The pooled two-proportion z-test.

    >>> round(p_higher(0.92, 1000, 0.9, 1000), 3)
    0.059
    """
    pooled = (one * n + other * m) / (n + m)
    error = sqrt(max(pooled * (1 - pooled), 1e-12) * (1 / n + 1 / m))
    return NORMAL.cdf((other - one) / error)


def better_on_hidden_flag(hidden: Measurement, validation: Measurement) -> Flag | None:
    """Much better on hidden than on validation pictures, as if the hidden ones were known."""
    if (
        hidden.value <= validation.value
        or p_higher(hidden.value, hidden.n, validation.value, validation.n) > SURE
    ):
        return None
    return Flag(
        kind="better_on_hidden",
        message=say("flag.better_on_hidden", hidden=hidden.value, validation=validation.value),
    )


def variant_flag(hidden: Measurement, variant: Measurement, usual: Statistics | None) -> Flag | None:
    """A far larger gap between the hidden pictures and their private variant than the reference's own."""
    if usual is None:
        return None
    gap = hidden.value - variant.value
    noise = sqrt(2 * hidden.value * (1 - hidden.value) / hidden.n + usual.sd**2)
    if gap - usual.mean <= 0.03 + NORMAL.inv_cdf(1 - SURE) * noise:
        return None
    figures = {"found": round(100 * gap, 1), "usual": round(100 * usual.mean, 1)}
    return Flag(kind="variant_gap", message=say("flag.variant_gap", **figures))
