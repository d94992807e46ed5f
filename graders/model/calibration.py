"""`calibration.json`: what runs of the reference measured, and the thresholds that follow."""

from typing import Literal

from pydantic import Field

from graders.model.base import Frozen


class Statistics(Frozen):
    """One figure over the seeds of a calibration."""

    values: tuple[float, ...]
    """One a seed, in the order of `ProfileCalibration.seeds`."""
    mean: float
    sd: float
    """Sample standard deviation over seeds."""
    low: float
    high: float
    """95 % t-interval of the mean."""


class Threshold(Frozen):
    """The two ends of a metric's scale, with what they come from."""

    zero: float
    """Value that earns nothing."""
    full: float
    """Value that earns everything."""
    margin: float = 0.0
    """How far `full` lies from the reference's mean, towards `zero`."""
    zero_run: str = ""
    full_run: str = ""
    others: dict[str, float] = Field(default_factory=dict)
    """Means of further runs, shown on the scale."""
    rule: str = ""
    """The rule in words, or the author's reason where the thresholds are overridden."""


class StudyPoint(Frozen):
    """One size of the reference's own study."""

    width: int
    depth: int
    parameters: int
    accuracy: Statistics


class ProfileCalibration(Frozen):
    """What was measured on one profile of the data."""

    seeds: tuple[int, ...]
    device: str
    """`cpu` or the name of the GPU."""
    measured_at: str
    """UTC, ISO 8601."""
    versions: dict[str, str]
    hashes: dict[str, str]
    """SHA-256 of what the figures depend on: `reference`, `probe`, `data`."""
    runs: dict[str, dict[str, Statistics]]
    """Figures by task and by run: `runs["accuracy"]["linear"]`."""
    thresholds: dict[str, Threshold]
    """By task."""
    studies: dict[str, tuple[StudyPoint, ...]] = Field(default_factory=dict)
    """The reference's own studies, by the `study` column."""
    variant_gap: Statistics | None = None
    """Reference's value on the hidden set less that on its private variant."""
    seconds: Statistics
    """Wall-clock seconds of one run of the reference's notebook, probe included."""


class Calibration(Frozen):
    """`calibration.json`."""

    schema_version: Literal[1] = Field(1, alias="schema")
    profiles: dict[str, ProfileCalibration]
