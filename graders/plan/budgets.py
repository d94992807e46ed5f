"""A submission's place in the plan: its estimate beside its budget, and whether its training is repeated."""

from dataclasses import dataclass

from graders.model import Limits, Message, say
from graders.plan.estimating import BASE_SECONDS, FACTORS, UNSURE, Estimate

CELL, TOTAL = "cell_seconds", "total_seconds"
HOST_SECONDS = 4.0
"""What a submission takes besides its runs: predictions are measured, answers read, the report is written."""
MOST_ADVISED = 24 * 3600
"""Seconds beyond which nobody is advised to wait."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One submission of the plan."""

    student: str
    slug: str
    estimate: Estimate
    limits: Limits
    notebooks: int
    """How many of it run, each within limits of its own."""
    checkpoint: bool
    """Whether the weights that came with it are scored instead of its training."""
    weights: bool
    """Whether weights came with it."""
    over: tuple[str, ...]
    """Limits that it is expected to pass."""
    may_be_over: tuple[str, ...]
    """Limits that it may pass, if the estimate is short by its factor, and is not expected to."""
    own_seconds: float
    """Of training on the student's own data, by student and reference; no limit of the cells counts it."""
    host_seconds: float
    """What it takes besides all runs."""

    @property
    def left_open(self) -> bool:
        """Whether nothing can be said of it."""
        return self.estimate.seconds is None

    @property
    def seconds(self) -> float | None:
        """What it will take, cut off where a limit cuts it off; None where that is not known."""
        return self.end(self.estimate.seconds)

    def end(self, seconds: float | None) -> float | None:
        """One end of the interval, cut off in the same way."""
        if seconds is None:
            return None
        return min(seconds, self.notebooks * self.limits.total_seconds + BASE_SECONDS) + self.own_seconds


def planned(
    student: str,
    slug: str,
    estimate: Estimate,
    limits: Limits,
    *,
    notebooks: int = 1,
    weights: bool = False,
    checkpoint: bool = False,
    own_seconds: float = 0.0,
    host_seconds: float = HOST_SECONDS,
) -> Planned:
    """A submission beside its budget."""
    notebooks = max(1, notebooks)
    # nobody expects that a guess is right: it is over where its lower end is
    over = _passed(estimate, limits, notebooks, 1 / FACTORS["guess"] if estimate.kind in UNSURE else 1.0)
    if estimate.at_least:
        over = over or (TOTAL,)
    may_be = tuple(key for key in _passed(estimate, limits, notebooks, estimate.factor) if key not in over)
    return Planned(
        student,
        slug,
        estimate,
        limits,
        notebooks,
        checkpoint=checkpoint,
        weights=weights,
        over=over,
        may_be_over=may_be,
        own_seconds=own_seconds,
        host_seconds=host_seconds,
    )


def _passed(estimate: Estimate, limits: Limits, notebooks: int, times: float) -> tuple[str, ...]:
    """The limits that are passed if it takes so many times as long."""
    cell, whole = estimate.longest_cell, estimate.cells
    found = []
    if cell is not None and cell * times > limits.cell_seconds:
        found.append(CELL)
    if whole is not None and whole * times > notebooks * limits.total_seconds:
        found.append(TOTAL)
    return tuple(found)


def advice(one: Planned) -> Message:
    """What can be done about a submission that is over its budget."""
    largest = one.estimate.high if one.estimate.kind != "record" else one.estimate.seconds
    enough = round(max((largest or 0.0) / one.notebooks, one.limits.total_seconds) * 1.5 / 60) * 60
    if one.weights:
        return say("plan.advice.weights")
    if enough > MOST_ADVISED:
        return say("plan.advice.less")
    return say("plan.advice.train", seconds=str(enough))  # to be typed, without spaces in it
