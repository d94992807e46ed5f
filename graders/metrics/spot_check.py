"""The row of a study that was trained again, against what the notebook claims of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import fmean, stdev
from typing import Literal

from graders.metrics.trend import standard_error
from graders.model import Measurement, Message, SpotCheck, StudyRow


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Why no row was trained again."""

    message: Message
    by_student: bool
    """True where the notebook lacks something or raises, False for a limit or a fault of the machine."""
    died: bool = False
    """True where Python stopped while it trained: what rests on the table alone waits for a person."""


def check_row(
    row: StudyRow, measured: Sequence[Measurement], *, validation: int, seed_sd: float, seconds: float
) -> SpotCheck:
    """Whether a row that was trained again agrees with its claim.

    How much the accuracy of one network varies from training to training is taken from the trainings
    themselves where they vary more than the reference: a network that was trained for a moment varies a lot.
    A claim beyond twice the tolerance above what comes out differs; one between, or below, is for a person.

    Args:
        row: the row with the claimed accuracy, which was measured on `validation` pictures.
        measured: accuracy of the network after each training, on the same hidden pictures; at least one.
        validation: pictures in the public validation split.
        seed_sd: standard deviation of the reference's accuracy over seeds.
        seconds: what the trainings took.
    """
    trainings = len(measured)
    spread = max(seed_sd, stdev([one.value for one in measured]) if trainings > 1 else 0.0)
    average = _average(measured)
    claimed_error = hypot(spread, standard_error(row.accuracy, validation))
    measured_error = hypot(spread / sqrt(trainings), standard_error(average.value, average.n))
    tolerance = 3 * hypot(claimed_error, measured_error)
    return SpotCheck(
        row=row,
        measured=average,
        trainings=trainings,
        spread=spread,
        tolerance=tolerance,
        verdict=_verdict(row.accuracy - average.value, tolerance),
        seconds=seconds,
    )


def _verdict(above: float, tolerance: float) -> Literal["agrees", "unclear", "differs"]:
    if abs(above) <= tolerance:
        return "agrees"
    return "differs" if above > 2 * tolerance else "unclear"


def _average(measured: Sequence[Measurement]) -> Measurement:
    return Measurement(
        value=fmean(one.value for one in measured),
        low=fmean(one.low for one in measured),
        high=fmean(one.high for one in measured),
        n=measured[0].n,
    )
