"""A table of experiments: recounted, and compared with the reference's own."""

from collections.abc import Sequence
from math import hypot
from statistics import mean
from typing import Literal

from pydantic import Field

from graders.metrics.spot_check import Unchecked
from graders.metrics.trend import CLEAR, Slope, size_of, slope_of_reference, slope_of_rows, standard_error
from graders.model import (
    Conclusion,
    Criterion,
    Frozen,
    Measurement,
    Message,
    SpotCheck,
    StudyPoint,
    StudyRow,
    StudyTask,
    say,
)

SIZES_CRITERIA = ("sizes", "counts", "trend", "conclusion", "retrained")
BASELINE_CRITERIA = ("sizes", "counts", "comparison")


class Counted(Frozen):
    """Parameters of a network that the notebook built."""

    all: int | None = Field(ge=0, le=10**12)
    trainable: int | None = Field(ge=0, le=10**12)
    error: str | None


class DeclaredRow(Frozen):
    """One row as the notebook's process wrote it."""

    study: str = Field(max_length=60)
    width: int = Field(ge=-(10**9), le=10**9)
    depth: int = Field(ge=-(10**9), le=10**9)
    parameters: int = Field(ge=0, le=10**12)
    accuracy: float = Field(ge=0, le=100)
    counted: Counted | None


class DeclaredTable(Frozen):
    """`experiments` as the notebook's process wrote it."""

    rows: list[DeclaredRow] = Field(max_length=200)
    has_build: bool


def read_row(declared: DeclaredRow) -> StudyRow:
    """A row with accuracy from 0 to 1 and the count that stands nearest to the claim.

    Per cents are taken for what they are; frozen weights may be counted or not.
    """
    counted = declared.counted
    recounted: int | None
    if counted is not None and counted.all is not None:
        counts = [counted.all, *([counted.trainable] if counted.trainable is not None else [])]
        recounted = min(counts, key=lambda count: abs(count - declared.parameters))
    elif declared.study == "dense":
        recounted = dense_parameters(declared.width, declared.depth)
    else:
        recounted = None
    share = declared.accuracy / 100 if declared.accuracy > 1 else declared.accuracy
    return StudyRow(
        study=declared.study,
        width=declared.width,
        depth=declared.depth,
        parameters=declared.parameters,
        recounted=recounted,
        accuracy=share,
    )


def dense_parameters(width: int, depth: int, inputs: int = 784, classes: int = 10) -> int | None:
    """Parameters of a plain dense network with `depth` hidden layers of `width` units and biases.

    >>> dense_parameters(128, 1)
    101770
    """
    if width < 1 or depth < 1:
        return None
    return inputs * width + width + (depth - 1) * (width * width + width) + width * classes + classes


def judge_sizes(
    task: StudyTask,
    rows: Sequence[StudyRow],
    *,
    reference: Sequence[StudyPoint],
    conclusion: Conclusion,
    spot_check: SpotCheck | Unchecked,
    validation: int,
) -> tuple[Criterion, ...]:
    """Judges a study of width or depth.

    Args:
        task: what is asked.
        rows: the student's rows of this study.
        reference: the reference's own study.
        conclusion: what the student says about it in Markdown.
        spot_check: the row that was trained again, or why there is none.
        validation: pictures that claimed accuracies were measured on.
    """
    seed_sd = mean(point.accuracy.sd for point in reference) if reference else 0.0
    slope = slope_of_rows(task, rows, seed_sd, validation)
    judged = {
        "sizes": _judge_size_count(task, rows),
        "counts": judge_counts(task, rows),
        "trend": _judge_trend(task, slope, slope_of_reference(reference), conclusion, spot_check),
        "conclusion": _judge_conclusion(task, slope, conclusion),
        "retrained": _judge_retrained(task, spot_check),
    }
    return tuple(judged[code] for code in task.criteria)


def judge_baseline(
    task: StudyTask, rows: Sequence[StudyRow], convolutional: Measurement | None, validation: int
) -> tuple[Criterion, ...]:
    """Judges a baseline: its row, its parameters, and how far the measured network is ahead of it."""
    judged = {
        "sizes": _judge_size_count(task, rows),
        "counts": judge_counts(task, rows),
        "comparison": _judge_comparison(task, rows, convolutional, validation),
    }
    return tuple(judged[code] for code in task.criteria)


def _criterion(
    task: StudyTask,
    code: str,
    status: Literal["met", "partly", "missed", "unknown"],
    message: Message,
    share: float,
) -> Criterion:
    possible = task.criteria[code]
    return Criterion(code=code, status=status, earned=possible * share, possible=possible, message=message)


def _judge_size_count(task: StudyTask, rows: Sequence[StudyRow]) -> Criterion:
    if task.varies is None:
        found = len(rows)
        message = say("study.baseline_rows", n=found, study=task.study)
        return _criterion(
            task, "sizes", "met" if found >= task.sizes else "missed", message, float(found >= task.sizes)
        )
    sizes = {size_of(task, row) for row in rows}
    others = {row.depth if task.varies == "width" else row.width for row in rows}
    if len(sizes) >= task.sizes and len(others) > 1:
        message = say("study.sizes_mixed", found=len(sizes), study=task.study)
        return _criterion(task, "sizes", "partly", message, 0.5)
    listed = ", ".join(map(str, sorted(sizes))) or "—"
    message = say("study.sizes", found=len(sizes), expected=task.sizes, listed=listed)
    share = min(1.0, len(sizes) / task.sizes)
    return _criterion(task, "sizes", "met" if share == 1 else "partly" if sizes else "missed", message, share)


def judge_counts(task: StudyTask, rows: Sequence[StudyRow]) -> Criterion:
    """How many rows have the number of parameters that their network really has."""
    if not rows:
        return _criterion(task, "counts", "missed", say("study.no_rows", study=task.study), 0.0)
    right = [row for row in rows if row.recounted == row.parameters]
    wrong = next((row for row in rows if row.recounted != row.parameters), None)
    if wrong is None:
        return _criterion(task, "counts", "met", say("study.counts_agree", n=len(rows)), 1.0)
    share = len(right) / len(rows)
    if wrong.recounted is None:
        message = say("study.not_recounted", n=len(rows) - len(right), width=wrong.width, depth=wrong.depth)
    else:
        message = say(
            "study.counts_differ",
            n=len(rows) - len(right),
            width=wrong.width,
            depth=wrong.depth,
            said=wrong.parameters,
            found=wrong.recounted,
        )
    return _criterion(task, "counts", "partly" if right else "missed", message, share)


def _judge_trend(
    task: StudyTask,
    slope: Slope | None,
    reference: Slope | None,
    conclusion: Conclusion,
    spot_check: SpotCheck | Unchecked,
) -> Criterion:
    if slope is None:
        return _criterion(task, "trend", "missed", say("study.no_trend"), 0.0)
    if isinstance(spot_check, Unchecked):
        if spot_check.died:
            return _criterion(task, "trend", "unknown", say("study.trend_unchecked"), 0.0)
    elif spot_check.verdict == "differs" and spot_check.row.study == task.study:
        return _criterion(task, "trend", "missed", say("study.trend_disproved"), 0.0)
    if reference is None:
        return _criterion(task, "trend", "unknown", say("study.no_reference"), 1.0)
    figures = {
        "found": _points(slope.difference),
        "chance": _points(slope.chance),
        "reference": _points(reference.difference),
    }
    near = abs(slope.difference - reference.difference) <= 3 * hypot(slope.noise, reference.noise)
    if near or slope.trend == reference.trend:
        return _criterion(task, "trend", "met", say(f"study.trend_{slope.trend}", **figures), 1.0)
    if slope.trend == "no_gain" and conclusion.says == "no_gain":
        return _criterion(task, "trend", "met", say("study.trend_said_flat", **figures), 1.0)
    return _criterion(task, "trend", "partly", say("study.trend_differs", **figures), 0.5)


def _judge_conclusion(task: StudyTask, slope: Slope | None, conclusion: Conclusion) -> Criterion:
    if not conclusion.text:
        return _criterion(task, "conclusion", "missed", say("study.no_conclusion", study=task.study), 0.0)
    if slope is None:
        return _criterion(task, "conclusion", "missed", say("study.no_trend"), 0.0)
    if conclusion.says is None:
        return _criterion(task, "conclusion", "unknown", say("study.conclusion_unclear"), 0.5)
    if slope.fits(conclusion.says):
        return _criterion(task, "conclusion", "met", say("study.conclusion_fits"), 1.0)
    figures = {"found": _points(slope.difference), "chance": _points(slope.chance)}
    return _criterion(
        task, "conclusion", "partly", say(f"study.conclusion_not_{conclusion.says}", **figures), 0.5
    )


def _judge_retrained(task: StudyTask, spot_check: SpotCheck | Unchecked) -> Criterion:
    if isinstance(spot_check, Unchecked):
        if spot_check.by_student:
            return _criterion(task, "retrained", "missed", spot_check.message, 0.0)
        share = 0.0 if spot_check.died else 1.0
        return _criterion(task, "retrained", "unknown", spot_check.message, share)
    message = say(
        f"study.retrained_{spot_check.verdict}",
        width=spot_check.row.width,
        depth=spot_check.row.depth,
        said=spot_check.row.accuracy,
        found=spot_check.measured.value,
        tolerance=spot_check.tolerance,
    )
    if spot_check.verdict == "unclear":
        return _criterion(task, "retrained", "unknown", message, 1.0)
    agrees = spot_check.verdict == "agrees"
    return _criterion(task, "retrained", "met" if agrees else "missed", message, float(agrees))


def _judge_comparison(
    task: StudyTask, rows: Sequence[StudyRow], convolutional: Measurement | None, validation: int
) -> Criterion:
    if not rows:
        return _criterion(task, "comparison", "missed", say("study.no_rows", study=task.study), 0.0)
    if convolutional is None:
        return _criterion(task, "comparison", "unknown", say("study.nothing_to_compare"), 0.0)
    best = max(row.accuracy for row in rows)
    ahead = convolutional.value - best
    noise = hypot(standard_error(convolutional.value, convolutional.n), standard_error(best, validation))
    figures = {
        "ahead": _points(ahead),
        "dense": best,
        "convolutional": convolutional.value,
        "chance": _points(CLEAR * noise),
    }
    if ahead > CLEAR * noise:
        return _criterion(task, "comparison", "met", say("study.ahead", **figures), 1.0)
    return _criterion(task, "comparison", "partly", say("study.not_ahead", **figures), 0.5)


def _points(share: float) -> float:
    """Points of per cent, as a sentence shows them."""
    return round(100 * share, 1)
