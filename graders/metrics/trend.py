"""The trend of a study, told apart from the noise of training and of measuring."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from graders.model import StudyPoint, StudyRow, StudyTask, Trend

CLEAR = 2.0
"""A difference is a trend from so many standard deviations of its noise on."""


def standard_error(share: float, n: int) -> float:
    """Of a share of `n`; never below that of one error in `n`, so that a claim of 1.0 has noise too."""
    kept = min(max(share, 1 / n), 1 - 1 / n)
    return sqrt(kept * (1 - kept) / n)


@dataclass(frozen=True, slots=True)
class Slope:
    """From the smallest size of a study to the largest."""

    difference: float
    noise: float
    """Standard deviation of the difference: seeds of training, and pictures it was measured on."""

    @property
    def chance(self) -> float:
        """The largest difference that chance alone explains."""
        return CLEAR * self.noise

    @property
    def trend(self) -> Trend:
        """A gain, a loss, or neither beyond chance."""
        if abs(self.difference) <= self.chance:
            return "no_gain"
        return "gain" if self.difference > 0 else "loss"

    def fits(self, says: Trend) -> bool:
        """Whether a conclusion can stand beside the figures; near the edge of the noise two can."""
        if says == "no_gain":
            return abs(self.difference) <= (CLEAR + 1) * self.noise
        signed = self.difference if says == "gain" else -self.difference
        return signed > (CLEAR - 1) * self.noise


def slope_of_rows(task: StudyTask, rows: Sequence[StudyRow], seed_sd: float, validation: int) -> Slope | None:
    """The slope of a student's own rows; None with fewer than two sizes."""
    by_size = sorted(rows, key=lambda row: size_of(task, row))
    if len({size_of(task, row) for row in rows}) < 2:
        return None
    first, last = by_size[0], by_size[-1]
    noise = [hypot(seed_sd, standard_error(row.accuracy, validation)) for row in (first, last)]
    return Slope(last.accuracy - first.accuracy, hypot(*noise))


def slope_of_reference(points: Sequence[StudyPoint]) -> Slope | None:
    """The slope of the reference's own means; None with fewer than two sizes."""
    if len(points) < 2:
        return None
    by_size = sorted(points, key=lambda point: (point.width, point.depth))
    first, last = by_size[0].accuracy, by_size[-1].accuracy
    return Slope(last.mean - first.mean, hypot(first.sd, last.sd))


def size_of(task: StudyTask, row: StudyRow) -> int:
    """The size that a study varies."""
    return row.width if task.varies == "width" else row.depth
