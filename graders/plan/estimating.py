"""From what is known of a submission to how long it will take, with the source. Pure arithmetic.

The sources, best first: the record of this very notebook; the record of an earlier version of the same
student; what its file says of its own run, unless that was on a GPU and this one is on a CPU; its loops, by
the time that the reference takes for its own, also where they say far more than an earlier version or its
file; the median of the class; the reference's time. The last two say nothing of this notebook and stand in
where it has no loops.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graders.model import Message, say
from graders.plan.counting import Count
from graders.plan.lessons import Lesson
from graders.plan.timings import Timings
from graders.plan.values import LARGEST

Kind = Literal[
    "record", "earlier", "timings", "loops", "early", "guess", "class", "reference", "nothing", "unknown"
]

FACTORS: dict[Kind, float] = {
    "record": 2.0,
    "earlier": 3.0,
    "timings": 5.0,
    "loops": 3.0,
    "early": 3.0,
    "guess": 10.0,
    "class": 8.0,
    "reference": 8.0,
    "nothing": 1.0,
    "unknown": 1.0,
}
"""How far the truth may lie from an estimate, to both sides; benchmarks/README.md has how often it did."""
GPU_PACE, GPU_FACTOR = 10.0, 5.0
"""How much longer a CPU takes for what a GPU was seen to do, and how far that may be wrong. Not measured."""
UNSURE: tuple[Kind, ...] = ("early", "guess")
"""Kinds whose lower end is that of a guess: a loop that may end early, rounds that are not known."""
BASE_SECONDS = 2.0
"""What a submission without any training takes: start, imports, probe."""


@dataclass(frozen=True, slots=True)
class Loops:
    """Training steps of a submission."""

    work: float
    """In the unit of `Count.work`."""
    steps: float
    longest: float
    """Share of the steps that is in the cell with most of them, from 0 to 1."""
    guessed: bool
    early: bool = False
    """Whether some may be left out, as early stopping does."""
    seconds: float = 0.0
    """That trainings with a budget are given, besides these steps."""

    @classmethod
    def of(cls, counts: Sequence[Count]) -> "Loops":
        """Of the notebooks of a submission."""
        steps = sum(count.steps for count in counts)
        most = max((cell for count in counts for cell in count.cells), default=0.0)
        return cls(
            work=sum(count.work for count in counts),
            steps=steps,
            longest=most / steps if steps else 0.0,
            guessed=any(count.guessed for count in counts),
            early=any(count.early for count in counts),
            seconds=sum(count.seconds for count in counts),
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier records say that concerns a submission."""

    seconds: float | None = None
    """Of its own record."""
    unchanged: bool = False
    """Whether that record is of this very notebook."""
    timed_out: bool = False
    """Whether that run passed its time."""
    longest_cell: float | None = None
    """Seconds of its longest cell, where it is of this very notebook."""
    in_cells: float | None = None
    """Seconds of its own record in cells, which limits count; None where that was not kept."""
    besides: float | None = None
    """What else grading took, such as learning from own data, where it is of this very notebook."""
    class_seconds: tuple[float, ...] = ()
    """Of the records of other students of the lesson."""
    pace: float | None = None
    """How many times as long as their loops said runs took so far; None where too few are known."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a submission will take."""

    kind: Kind
    seconds: float | None
    """None where there is nothing to estimate from."""
    factor: float
    """How far the truth may lie from it, to both sides."""
    source: Message
    longest_cell: float | None = None
    """Seconds of the longest cell; None where that is not known."""
    at_least: bool = False
    """True where the last run was cut short, so that no more than a lower bound is known."""
    in_cells: float | None = None
    """How much of the seconds is in cells, where that is known."""

    @property
    def cells(self) -> float | None:
        """Seconds in cells, which are what limits count."""
        if self.in_cells is not None or self.seconds is None:
            return self.in_cells
        return self.seconds - BASE_SECONDS

    @property
    def low(self) -> float | None:
        """The lower end of where the truth is expected."""
        if self.seconds is None or self.at_least:
            return self.seconds
        return self.seconds / (FACTORS["guess"] if self.kind in UNSURE else self.factor)

    @property
    def high(self) -> float | None:
        """The upper end of where the truth is expected."""
        return None if self.seconds is None else self.seconds * self.factor


def loop_seconds(loops: Loops | None, lesson: Lesson) -> float | None:
    """What the loops of a notebook take, by the time that the reference takes for its own."""
    if loops is None or lesson.reference_seconds is None or lesson.reference_work <= 0:
        return None
    return (
        BASE_SECONDS + max(lesson.reference_seconds - BASE_SECONDS, 0.5) * loops.work / lesson.reference_work
    )


def estimate(
    loops: Loops | None,
    told: Timings | None,
    known: Known,
    lesson: Lesson,
    *,
    on_gpu: bool,
    trains: bool = True,
) -> Estimate:
    """How long a submission will take, by the best source there is.

    Args:
        loops: the steps in it; None where it cannot be read.
        told: what it says of its own run.
        known: what records say.
        lesson: what the reference takes.
        on_gpu: whether it will run on a GPU.
        trains: False where weights are loaded instead, so that nothing but its loops says how long it takes.
    """
    counted = _by_loops(loops, known, lesson)
    if not trains:
        return counted or Estimate("guess", BASE_SECONDS, FACTORS["guess"], say("plan.source.checkpoint"))
    recorded = _by_record(known)
    if recorded is not None and recorded.kind == "record":
        return recorded
    timed = _by_timings(told, on_gpu)
    if counted is None:
        return recorded or timed or _by_others(known, lesson)
    if recorded is None and told is not None and told.on_gpu and not on_gpu:
        return counted
    # another version may train far longer than the one that is known, and a cell that was not timed too
    found = recorded or timed
    return counted if found is None or (counted.low or 0.0) > (found.high or 0.0) else found


def _by_record(known: Known) -> Estimate | None:
    if known.seconds is None:
        return None
    if not known.unchanged:
        source = say("plan.source.earlier")
        return Estimate("earlier", known.seconds, FACTORS["earlier"], source, in_cells=known.in_cells)
    return Estimate(
        "record",
        known.seconds,
        FACTORS["record"],
        say("plan.source.record_cut" if known.timed_out else "plan.source.record"),
        known.longest_cell,
        at_least=known.timed_out,
        in_cells=known.in_cells,
    )


def _by_timings(told: Timings | None, on_gpu: bool) -> Estimate | None:
    if told is None:
        return None
    slower = told.on_gpu and not on_gpu
    pace = GPU_PACE if slower else 1.0
    return Estimate(
        "timings",
        BASE_SECONDS + told.seconds * pace,
        GPU_FACTOR if slower else FACTORS["timings"],
        say("plan.source.timings_gpu" if slower else "plan.source.timings"),
        max(told.cells) * pace,
    )


def _by_loops(loops: Loops | None, known: Known, lesson: Lesson) -> Estimate | None:
    seconds = loop_seconds(loops, lesson)
    if seconds is None or loops is None or not (loops.steps or loops.seconds):
        return None
    seconds *= known.pace or 1.0
    kind: Kind = "guess" if loops.guessed else "early" if loops.early else "loops"
    source = say(f"plan.source.{kind}", n=int(loops.steps))
    if loops.steps >= LARGEST:
        source = say("plan.source.endless")
    if not loops.steps:
        source = say("plan.source.budget", n=round(loops.seconds))
    longest = max(seconds * loops.longest, loops.seconds)
    return Estimate(kind, seconds + loops.seconds, FACTORS[kind], source, longest)


def _by_others(known: Known, lesson: Lesson) -> Estimate:
    if known.class_seconds:
        ordered = sorted(known.class_seconds)
        middle = ordered[len(ordered) // 2]
        return Estimate("class", middle, FACTORS["class"], say("plan.source.class", n=len(ordered)))
    if lesson.reference_seconds is not None:
        return Estimate(
            "reference", lesson.reference_seconds, FACTORS["reference"], say("plan.source.reference")
        )
    return Estimate("unknown", None, 1.0, say("plan.source.unknown"))
