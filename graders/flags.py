"""What a person should look at: claims that do not come true, and figures too good to be plain.

A flag is never a deduction.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Literal

from graders.by_hand import library_of
from graders.model import Claim, Flag, Measurement, Statistics, Threshold, say

SURE = 0.001
"""One-sided p-value from which on a difference is flagged: one honest submission in a thousand."""
NOTICED = 0.03
"""How much a share must be above another to be flagged: a claim above its rerun, a hidden set's above its
variant's."""
BETTER = 0.03
"""By how much of a value, that is no share, a claim must be better to be flagged."""
BEYOND = 0.25
"""How far beyond the reference, of the way from nothing to everything, a value is flagged."""
MOST_NAME = 60
"""Characters of a name out of a notebook."""
NORMAL = NormalDist()


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


def value_claim_flag(
    claims: Sequence[Claim], hidden: Measurement, validation: Measurement, better: Literal["higher", "lower"]
) -> Flag | None:
    """The best claim that lies clearly beyond what was measured, for a metric that is no share.

    It is flagged where it is better than the favourable ends of both intervals, and than the same cell's
    rerun, by more than the share `BETTER` of them.
    """
    sign = 1 if better == "higher" else -1
    ends = [sign * (one.high if better == "higher" else one.low) for one in (hidden, validation)]
    for claim in sorted(claims, key=lambda one: sign * one.said, reverse=True):
        best = max([*ends, *([sign * claim.rerun] if claim.rerun is not None else [])])
        if sign * claim.said - best > BETTER * abs(best):
            message = say("flag.claim_value", said=claim.said, found=validation.value, text=claim.text)
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


def beyond_reference_flag(hidden: Measurement, threshold: Threshold) -> Flag | None:
    """A value so far beyond the reference's that a person should see how it came about."""
    beyond = (hidden.value - threshold.full) / (threshold.full - threshold.zero)
    if beyond <= BEYOND:
        return None
    message = say("flag.beyond_reference", value=hidden.value, full=threshold.full)
    return Flag(kind="beyond_reference", message=message)


def by_hand_flag(cells: Sequence[str], name: str) -> Flag | None:
    """A function that was to be written by hand and is left to a library.

    Args:
        cells: source of the notebook's code cells.
        name: of the function.
    """
    found = library_of(cells, name)
    if found is None:
        return None
    return Flag(kind="by_hand", message=say("flag.by_hand", name=name, found=found[:MOST_NAME]))


def variant_flag(hidden: Measurement, variant: Measurement, usual: Statistics | None) -> Flag | None:
    """A far larger gap between the hidden pictures and their private variant than the reference's own.

    For values from 0 to 1 of which higher ones are better. The standard errors are taken from the intervals.
    """
    if usual is None:
        return None
    gap = hidden.value - variant.value
    width = (hidden.high - hidden.low) ** 2 + (variant.high - variant.low) ** 2
    noise = sqrt(width / (2 * NORMAL.inv_cdf(0.975)) ** 2 + usual.sd**2)
    if gap - usual.mean <= NOTICED + NORMAL.inv_cdf(1 - SURE) * noise:
        return None
    figures = {"found": round(100 * gap, 1), "usual": round(100 * usual.mean, 1)}
    return Flag(kind="variant_gap", message=say("flag.variant_gap", **figures))
