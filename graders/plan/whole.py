"""What all submissions of a plan take together on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from graders.batch import Forecast, cheap_first
from graders.plan.budgets import Planned

START_SECONDS = 20.0
"""What a command takes once: the course is checked, data are prepared, the sandbox is opened."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All submissions of a plan together; seconds of wall clock."""

    jobs: int
    """How many are graded at a time."""
    seconds: float
    low: float
    high: float
    one_after_another: float
    """What they take with one job."""
    guessed: int
    """Submissions without an estimate, which count as the median of the others."""


def together(plan: Sequence[Planned], jobs: int, stretch: float) -> Whole:
    """All submissions together.

    Their errors are partly of one cause, such as a slower machine, and partly of their own: the interval lies
    between adding them up and letting them cancel out, so half of the logarithm of the largest factor counts.

    Args:
        plan: the submissions.
        jobs: how many at a time.
        stretch: how much longer each would take if all waited for each other's cores all the time. They do
            not: two jobs on two cores do 1.4 to 1.6 times as much as one, so its square root counts.
    """
    known = [one.seconds for one in plan if one.seconds is not None]
    middle = median(known) if known else 0.0
    each = [one.host_seconds + (middle if one.seconds is None else one.seconds) for one in plan]
    # budgets of own data are stretched in full
    own = [one.own_seconds for one in plan]
    beside = [(one - part) * sqrt(stretch) + part * stretch for one, part in zip(each, own, strict=True)]
    seconds = Forecast(beside, jobs).left(cheap_first(each, [0] * len(each), jobs), [])
    ends = [
        (one.end(one.estimate.low) or 0.0, one.seconds or 0.0, one.end(one.estimate.high) or 0.0)
        for one in plan
    ]
    low, centre, high = (sum(column) for column in zip(*ends, strict=True)) if ends else (0.0, 0.0, 0.0)
    total = START_SECONDS + (seconds or 0.0) if plan else 0.0
    return Whole(
        jobs=jobs,
        seconds=total,
        low=total * sqrt(low / centre) if centre else total,
        high=total * sqrt(high / centre) if centre else total,
        one_after_another=START_SECONDS + sum(each) if plan else 0.0,
        guessed=len(plan) - len(known),
    )
