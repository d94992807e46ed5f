"""Epochs that were trained again from a checkpoint of mid-training, against what the curve says of them."""

from collections.abc import Iterator

from graders.checkpoint import Brought, Curve
from graders.checkpoint.compare import claim_at, is_worse, resumed_verdict
from graders.grading.checkpoint_asked import (
    AFTER,
    BEFORE,
    MIDDLE,
    RESUMED,
    Again,
    is_share,
    measured_at,
    told_of,
)
from graders.grading.checkpoint_problems import told_fault
from graders.grading.work import Work
from graders.metrics import METRICS
from graders.model import Message, MetricTask, Resumed, say
from graders.sandbox import StepResult


def trained_again(work: Work, brought: Brought, problems: list[Message]) -> Resumed | None:
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
    curve, middle = brought.curve, work.step(MIDDLE)
    rows = dict(zip(curve.epochs, curve.columns.get("train_loss", ()), strict=False)) if curve else {}
    claimed = tuple(rows.get(told.epoch + 1 + number) for number in range(len(told.losses)))
    return Resumed(
        epoch=told.epoch,
        losses=told.losses,
        claimed=claimed,
        # where the middle did not load, it was the last network that was measured
        before=measured_at(work, BEFORE) if middle is not None and middle.status == "ok" else None,
        after=measured_at(work, AFTER),
        verdict=resumed_verdict(curve, told.losses, claimed),
        seconds=result.seconds,
    )


def _why_not(middle: StepResult | None, result: StepResult, name: str) -> Message:
    for step in (middle, result):
        if step is None or step.status == "ok":
            continue
        if step.fault is not None:
            return say("checkpoint.not_resumed", name=name, detail=told_fault(step.fault))
        if step.message is not None:
            return step.message
    return say("step.failed")


def against_curve(
    resumed: Resumed, curve: Curve | None, column: str, task: MetricTask | None
) -> Iterator[Message]:
    """The checkpoint of mid-training against the curve: its loss when trained on, and its metric.

    Args:
        resumed: what was trained again.
        curve: what the student handed in.
        column: its column of the metric; empty where it has none.
        task: the task by which mid-training was measured.
    """
    epoch = resumed.epoch
    if resumed.verdict == "differs":
        pairs = enumerate(zip(resumed.losses, resumed.claimed, strict=False), start=epoch + 1)
        known = [(at, loss, said) for at, (loss, said) in pairs if said is not None]
        at, loss, said = max(known, key=lambda one: abs(one[1] - one[2]))
        yield say("checkpoint.flag_resumed", epoch=at, found=loss, said=said)
    if curve is None or task is None or not column or resumed.before is None or epoch not in curve.epochs:
        return
    share = is_share(task)
    claimed = claim_at(curve, column, curve.epochs.index(epoch), share=share)
    # where what predicts does not use `model`, this is the metric of the last weights, which are better
    if claimed is not None and is_worse(claimed, resumed.before, METRICS[task.metric].better, share=share):
        yield say("checkpoint.flag_middle", epoch=epoch, column=column, said=claimed, found=resumed.before)
