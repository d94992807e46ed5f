"""Weights that were scored in place of a training: what goes with them, and what does not fit.

The points come from the predictions, as always. Here is what a person looks at beside them: the curve, the
network that the weights make, the metric where the curve claims one, and epochs that were trained again.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from graders.checkpoint import Brought, Curve, suspicions
from graders.checkpoint.compare import claim_at, figure_column, is_worse, resumed_verdict
from graders.grading.checkpoint_asked import (
    AFTER,
    BEFORE,
    LOADED,
    MIDDLE,
    RESUMED,
    Again,
    Loaded,
    first_metric,
    measured_at,
    told_of,
)
from graders.grading.metric import Measured
from graders.grading.work import Work
from graders.metrics import METRICS
from graders.model import (
    Checkpoint,
    CurvePoint,
    Flag,
    Layers,
    Mark,
    Measurement,
    Message,
    MetricTask,
    Resumed,
    say,
)
from graders.sandbox import StepResult

MOST_POINTS = 300
"""Rows of a curve that a record keeps."""


def judge_checkpoint(
    work: Work, task: MetricTask | None, measured: Measured | Mark | None, marks: Sequence[Mark]
) -> tuple[tuple[Checkpoint, ...], tuple[Flag, ...]]:
    """What a person should see of the weights that were scored, and what does not fit; none in a rerun.

    Args:
        work: the run.
        task: the first task that was measured.
        measured: what was.
        marks: of all tasks of the notebook.
    """
    brought = work.brought
    if work.run.mode != "checkpoint" or brought is None or brought.weights is None:
        return (), ()
    problems: list[Message] = []
    loaded = told_of(work, LOADED, Loaded)
    shown = measured.validation if isinstance(measured, Measured) else None
    column = _column(brought.curve, task)
    resumed = _resumed(work, brought, problems)
    found = Checkpoint(
        file=brought.weights.file,
        numbers=brought.weights.numbers,
        built=loaded.parameters if loaded is not None else None,
        metric=column,
        measured=shown.value if shown is not None and column else None,
        claimed=_last(brought.curve, column, task),
        ends=brought.curve.epochs[-1] if brought.curve is not None else 0,
        curve=_points(brought.curve, column),
        epochs=len(brought.curve.epochs) if brought.curve is not None else 0,
        problems=tuple(problems),
        resumed=resumed,
    )
    odd = [
        *_sizes(brought, loaded, marks),
        *suspicions(brought.curve, brought.weights),
        *_worse(brought.curve, column, task, shown),
    ]
    if resumed is not None:
        same = task is first_metric(work.setting)
        odd.extend(_trained_again(resumed, brought.curve, column if same else "", task))
    return (found,), tuple(Flag(kind="checkpoint", message=message) for message in odd)


def _trained_again(
    resumed: Resumed, curve: Curve | None, column: str, task: MetricTask | None
) -> Iterator[Message]:
    """The checkpoint of mid-training against the curve: its loss when trained on, and its metric."""
    epoch, said = resumed.epoch, resumed.claimed[0]
    if resumed.verdict == "differs" and said is not None:
        yield say("checkpoint.flag_resumed", epoch=epoch + 1, found=resumed.losses[0], said=said)
    if curve is None or task is None or not column or resumed.before is None or epoch not in curve.epochs:
        return
    share = _is_share(task)
    claimed = claim_at(curve, column, curve.epochs.index(epoch), share=share)
    # where what predicts does not use `model`, this is the metric of the last weights, which are better
    if claimed is not None and is_worse(claimed, resumed.before, METRICS[task.metric].better, share=share):
        yield say("checkpoint.flag_middle", epoch=epoch, column=column, said=claimed, found=resumed.before)


def _column(curve: Curve | None, task: MetricTask | None) -> str:
    if task is None:
        return ""
    return figure_column(curve, METRICS[task.metric].claimed_as or task.metric, share=_is_share(task))


def _last(curve: Curve | None, column: str, task: MetricTask | None) -> float | None:
    if curve is None or not column or task is None:
        return None
    return claim_at(curve, column, share=_is_share(task))


def _is_share(task: MetricTask) -> bool:
    """Whether the metric lies between 0 and 1, so that percent may be meant."""
    return METRICS[task.metric].bounds == (0.0, 1.0)


def _worse(
    curve: Curve | None, column: str, task: MetricTask | None, shown: Measurement | None
) -> Iterator[Message]:
    """The metric of the weights against the curve's last; weights of the best epoch can only be better."""
    if curve is None or not column or task is None or shown is None:
        return
    metric, share = METRICS[task.metric], _is_share(task)
    said = claim_at(curve, column, share=share)
    found = shown.high if metric.better == "higher" else shown.low
    if said is not None and is_worse(said, found, metric.better, share=share):
        yield say("checkpoint.flag_worse", column=column, said=said, found=shown.value)


def _sizes(brought: Brought, loaded: Loaded | None, marks: Sequence[Mark]) -> Iterator[Message]:
    """Numbers in the file against those of the network that is built, and of the one that predicts."""
    if loaded is None or brought.weights is None:
        return
    if loaded.absent:
        yield say(
            "checkpoint.flag_absent",
            n=loaded.absent,
            built=loaded.parameters,
            numbers=brought.weights.numbers,
        )
    traced = [item.parameters for mark in marks for item in mark.evidence if isinstance(item, Layers)]
    if traced and traced[0] not in loaded.sizes:
        yield say("checkpoint.flag_traced", traced=traced[0], built=loaded.parameters)


def _points(curve: Curve | None, column: str) -> tuple[CurvePoint, ...]:
    """The curve for a record: evenly thinned, with its first row and its last."""
    if curve is None:
        return ()
    n = len(curve.epochs)
    kept = range(n) if n <= MOST_POINTS else np.linspace(0, n - 1, MOST_POINTS).round().astype(int).tolist()

    def at(name: str, row: int) -> float | None:
        return curve.columns[name][row] if name in curve.columns else None

    return tuple(
        CurvePoint(
            epoch=curve.epochs[row],
            train_loss=at("train_loss", row),
            validation_loss=at("validation_loss", row),
            figure=at(column, row) if column else None,
        )
        for row in kept
    )


def _resumed(work: Work, brought: Brought, problems: list[Message]) -> Resumed | None:
    """Epochs that were trained again; what kept them from it goes to `problems`."""
    result = work.step(RESUMED)
    if not brought.middle or result is None:
        return None
    told = told_of(work, RESUMED, Again)
    if told is None:
        problems.append(_why_not(work.step(MIDDLE), result, brought.middle))
        return None
    if told.epoch is None:
        problems.append(say("checkpoint.no_epoch", name=brought.middle))
        return None
    curve = brought.curve
    rows = dict(zip(curve.epochs, curve.columns.get("train_loss", ()), strict=False)) if curve else {}
    claimed = tuple(rows.get(told.epoch + 1 + number) for number in range(len(told.losses)))
    return Resumed(
        epoch=told.epoch,
        losses=told.losses,
        claimed=claimed,
        before=measured_at(work, BEFORE),
        after=measured_at(work, AFTER),
        verdict=resumed_verdict(curve, told.losses, claimed),
        seconds=result.seconds,
    )


def _why_not(middle: StepResult | None, result: StepResult, name: str) -> Message:
    for step in (middle, result):
        if step is None or step.status == "ok":
            continue
        if step.fault is not None:
            detail = f"{step.fault.type}: {step.fault.message}"
            return say("checkpoint.not_resumed", name=name, detail=detail[:300])
        if step.message is not None:
            return step.message
    return say("step.failed")
