"""A curve's claims against what the host measured and what training on gave; pure, each with its tolerance.

The tolerances are wide: students average over batches where the host averages over examples, and what is
trained on draws other random numbers. A difference that is told is one that a person should look at.
`benchmarks/resumed.py` counts how often that happens to honest curves, and how often forged ones pass.
"""

import re
from collections.abc import Sequence
from statistics import median
from typing import Literal

from graders.checkpoint.curve import Curve

HELD_OUT = re.compile(r"val|test|вал", re.IGNORECASE)
TRAINED_ON = re.compile(r"train|loss|обуч", re.IGNORECASE)
SHARE = 0.05
"""How much worse than claimed a share may be: a mean over batches is another than one over examples."""
OTHER = 0.1
"""The same of other metrics, as a share of the claim."""
NEAR = 0.25
"""How far, as a share of itself, a loss that was trained again may lie from the one claimed."""
OF_FALL = 0.05
"""What may be added to that, as a share of the curve's whole fall."""
OF_BENDS = 3.0
"""And how many of the curve's usual bends: the loss of a single batch goes up and down."""
LEAST_ROWS = 6


def figure_column(curve: Curve | None, named: str, *, share: bool) -> str:
    """The column of a curve with a metric on held-out examples; empty where there is none.

    Args:
        curve: the curve.
        named: regular expression for what the metric is called.
        share: whether it lies between 0 and 1, so that larger numbers are percent or another thing.
    """
    if curve is None:
        return ""
    pattern = re.compile(named, re.IGNORECASE)
    found = [
        name
        for name in curve.columns
        if pattern.search(name.replace("_", " ")) and not TRAINED_ON.search(name)
    ]
    if share:
        found = [name for name in found if all(0 <= value <= 100 for value in curve.values(name))]
    return next((name for name in found if HELD_OUT.search(name)), found[0] if found else "")


def claim_at(curve: Curve, column: str, row: int = -1, *, share: bool) -> float | None:
    """What the curve says of the metric in a row, percent read as shares; None in a gap."""
    said = curve.columns[column][row]
    return said / 100 if said is not None and share and max(curve.values(column)) > 1 else said


def is_worse(said: float, found: float, better: Literal["higher", "lower"], *, share: bool) -> bool:
    """Whether a measured metric is clearly worse than a claim; what is better than claimed is nobody's fault.

    >>> is_worse(0.88, 0.86, "higher", share=True), is_worse(0.88, 0.44, "higher", share=True)
    (False, True)
    """
    lacking = said - found if better == "higher" else found - said
    return lacking > (SHARE if share else OTHER * abs(said))


def resumed_verdict(
    curve: Curve | None, losses: Sequence[float], claimed: Sequence[float | None]
) -> Literal["agrees", "differs", "unclear"]:
    """Whether epochs that were trained again came to about what the curve says of them."""
    pairs = [(loss, said) for loss, said in zip(losses, claimed, strict=False) if said is not None]
    if curve is None or not pairs:
        return "unclear"
    values = curve.values("train_loss")
    found, said = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    room = NEAR * abs(said) + OF_FALL * (max(values) - min(values)) + OF_BENDS * _bend(values)
    return "agrees" if abs(found - said) <= room else "differs"


def _bend(values: Sequence[float]) -> float:
    """How far a row usually lies from the line of its neighbours, doubled; a short curve bends anyway."""
    if len(values) < LEAST_ROWS:
        return 0.0
    rows = zip(values, values[1:], values[2:], strict=False)
    return median(abs(before - 2 * here + after) for before, here, after in rows)
