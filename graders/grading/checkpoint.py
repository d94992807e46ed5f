"""Weights that were scored in place of a training: what goes with them, and what does not fit.

The points come from the predictions, as always. Here is what a person looks at beside them: the curve, the
network that the weights make, the metric where the curve claims one, and epochs that were trained again.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from graders.checkpoint import Brought, Curve, misfits, suspicions, written_counts
from graders.checkpoint.compare import claim_at, figure_column, is_worse
from graders.claims import output_lines
from graders.grading.checkpoint_asked import LOADED, Loaded, first_metric, is_share, told_of
from graders.grading.checkpoint_resumed import against_curve, trained_again
from graders.grading.metric import Measured
from graders.grading.work import LIMITS, Work
from graders.metrics import METRICS
from graders.model import (
    Checkpoint,
    CurvePoint,
    Diagnosis,
    Flag,
    Layers,
    Mark,
    Measurement,
    Message,
    MetricTask,
    say,
)

DOUBTS = (
    "checkpoint.flag_absent",
    "checkpoint.flag_unsaved",
    "checkpoint.flag_unused",
    "checkpoint.flag_unasked",
)
"""Flags that say that another network may have been measured than the one that was trained."""
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
    row = _row(brought)
    resumed = trained_again(work, brought, problems)
    found = Checkpoint(
        file=brought.weights.file,
        numbers=brought.weights.numbers,
        built=loaded.parameters if loaded is not None else None,
        others=loaded.others if loaded is not None else 0,
        metric=column,
        measured=shown.value if shown is not None and column else None,
        claimed=_claim(brought.curve, column, task, row),
        at=brought.curve.epochs[row] if brought.curve is not None else 0,
        curve=_points(brought.curve, column),
        epochs=len(brought.curve.epochs) if brought.curve is not None else 0,
        problems=tuple(problems),
        resumed=resumed,
    )
    odd = [
        *([say("checkpoint.flag_unasked")] if loaded is None and work.run.status not in LIMITS else []),
        *_sizes(brought, loaded, marks),
        *_counted(work, brought, loaded),
        *suspicions(brought.curve, brought.weights),
        *_worse(found, task, shown),
    ]
    if resumed is not None:
        same = task is first_metric(work.setting)
        odd.extend(against_curve(resumed, brought.curve, column if same else "", task))
    return (found,), tuple(Flag(kind="checkpoint", message=message) for message in odd)


def in_doubt(work: Work, marks: Sequence[Mark], flags: Sequence[Flag]) -> tuple[Mark, ...]:
    """The marks, with zeros left for a person that may be owed to the training that was skipped."""
    if work.run.mode != "checkpoint":
        return tuple(marks)
    doubt = next((flag.message for flag in flags if flag.message.code in DOUBTS), None)
    return tuple(_left_open(mark, doubt) if mark.status == "failed" else mark for mark in marks)


def _left_open(mark: Mark, doubt: Message | None) -> Mark:
    reason = mark.reason
    if reason.code == "probe.exception" and reason.params.get("type") == "NameError":
        hint = say("checkpoint.hint_skipped")
        return mark.model_copy(update={"status": "not_run", "earned": None, "settled": False, "hint": hint})
    if doubt is None or mark.kind != "metric" or mark.value is None:
        return mark
    evidence = (Diagnosis(message=doubt), *mark.evidence)
    hint = say("checkpoint.hint_doubt")
    return mark.model_copy(
        update={"status": "needs_review", "settled": False, "hint": hint, "evidence": evidence}
    )


def _column(curve: Curve | None, task: MetricTask | None) -> str:
    if task is None:
        return ""
    return figure_column(curve, METRICS[task.metric].claimed_as or task.metric, share=is_share(task))


def _row(brought: Brought) -> int:
    """The curve's row of the epoch that the weights say they are of; the last where they say none."""
    curve, epoch = brought.curve, brought.weights.epoch if brought.weights is not None else None
    return curve.epochs.index(epoch) if curve is not None and epoch in curve.epochs else -1


def _claim(curve: Curve | None, column: str, task: MetricTask | None, row: int) -> float | None:
    if curve is None or not column or task is None:
        return None
    return claim_at(curve, column, row, share=is_share(task))


def _worse(found: Checkpoint, task: MetricTask | None, shown: Measurement | None) -> Iterator[Message]:
    """The metric of the weights against the curve; those of the best epoch can only be better."""
    if found.claimed is None or task is None or shown is None:
        return
    metric = METRICS[task.metric]
    favourable = shown.high if metric.better == "higher" else shown.low
    if is_worse(found.claimed, favourable, metric.better, share=is_share(task)):
        yield say(
            "checkpoint.flag_worse",
            column=found.metric,
            epoch=found.at,
            said=found.claimed,
            found=shown.value,
        )


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
    elif loaded.unsaved:
        yield say("checkpoint.flag_unsaved", n=loaded.unsaved, name=brought.weights.file)
    if loaded.unused:
        yield say("checkpoint.flag_unused", n=loaded.idle, name=brought.weights.file)
    traced = [item.parameters for mark in marks for item in mark.evidence if isinstance(item, Layers)]
    if traced and traced[0] not in loaded.sizes:
        yield say("checkpoint.flag_traced", traced=traced[0], built=loaded.parameters)


def _counted(work: Work, brought: Brought, loaded: Loaded | None) -> Iterator[Message]:
    """The number of parameters that the student wrote down, against the network's."""
    if loaded is None or brought.weights is None:
        return
    known = (*loaded.sizes, brought.weights.numbers)
    metadata = (f"{key}: {value}" for key, value in brought.weights.metadata.items())
    for odd in misfits(written_counts(metadata), known, (), loaded.parameters)[:1]:
        yield say("checkpoint.flag_noted", name=brought.weights.file, said=odd.text, built=loaded.parameters)
    submitted, run = work.submission.notebook, work.execution
    if submitted is None or run is None:
        return
    said, again = (
        [one for cell in notebook.cells for one in written_counts(output_lines(cell))]
        for notebook in (submitted, run.notebook)
    )
    for odd in misfits(said, known, again, loaded.parameters)[:1]:
        yield say("checkpoint.flag_counted", said=odd.text, built=loaded.parameters)


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
