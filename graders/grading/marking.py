"""Marks every task of an assignment, and notes what a person should look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graders.claims import Figure, find_claims, written_claims
from graders.flags import (
    better_on_hidden_flag,
    beyond_reference_flag,
    by_hand_flag,
    claim_flag,
    value_claim_flag,
    variant_flag,
)
from graders.grading.checkpoint import in_doubt, judge_checkpoint
from graders.grading.choice import chosen
from graders.grading.essay import judge_essay
from graders.grading.metric import Measured, judge_metric, measure, threshold_of
from graders.grading.own_data import judge_own_data
from graders.grading.picture import judge_picture
from graders.grading.refused import refusal_flags, spared
from graders.grading.setting import Setting
from graders.grading.structure import judge_structure
from graders.grading.study import judge_study
from graders.grading.theory import judge_theory
from graders.grading.work import Work
from graders.metrics import METRICS
from graders.model import (
    Checkpoint,
    Claim,
    Diagnosis,
    EssayTask,
    Flag,
    Layers,
    Mark,
    Measurement,
    MetricTask,
    OwnDataTask,
    PictureTask,
    SpotCheck,
    StructureTask,
    Study,
    StudyTask,
    Task,
    say,
)
from graders.score import metric_mark


@dataclass(frozen=True, slots=True)
class Marked:
    """All marks of one submission, with the figures saved in it and what to look at."""

    marks: tuple[Mark, ...]
    claims: tuple[Claim, ...]
    flags: tuple[Flag, ...]
    checkpoints: tuple[Checkpoint, ...] = ()
    """Weights that were scored in place of a training."""


def mark_work(work: Work) -> Marked:
    """Marks each task of the assignment, in its order."""
    return _together(work) if work.parts else _mark_notebook(work, others=())


def _mark_notebook(work: Work, others: Sequence[str]) -> Marked:
    """Marks the tasks of one notebook; `others` are the names of those beside it."""
    measured = {
        task.id: measure(work, task) for task in work.setting.assignment.tasks if isinstance(task, MetricTask)
    }
    first = next(iter(measured.values()), None)
    tasks = work.setting.assignment.tasks
    marks = chosen(tasks, [_judge(work, task, measured, first) for task in tasks])
    marks = spared(marks, work.run, _code(work))
    claims = _claims(work, _first(work, measured), others)
    task = _first(work, measured)
    brought, odd = judge_checkpoint(work, task, measured[task.id] if task is not None else None, marks)
    flags = (*_flags(work, marks, claims, measured), *odd)
    return Marked(in_doubt(work, marks, odd), claims, flags, brought)


def _first(work: Work, measured: Mapping[str, Measured | Mark]) -> MetricTask | None:
    """The task whose figure students claim: the first that was measured, so the one that was chosen."""
    return next((task for task in _metrics(work) if isinstance(measured[task.id], Measured)), None)


def _claims(work: Work, first: MetricTask | None, others: Sequence[str]) -> tuple[Claim, ...]:
    """Figures that the student saved in the notebook or, for one of several, wrote into the file."""
    metric = METRICS[first.metric] if first is not None else None
    notebook, execution = work.submission.notebook, work.execution
    if metric is None or not metric.claimed_as or notebook is None or execution is None:
        return ()
    figure, name = Figure(metric.claimed_as, metric.proportion), work.submission.name
    written = written_claims(work.submission.theory, figure, name, others) if name else ()
    return (*find_claims(notebook, execution.notebook, figure), *written)


def _metrics(work: Work) -> list[MetricTask]:
    return [task for task in work.setting.assignment.tasks if isinstance(task, MetricTask)]


def _together(work: Work) -> Marked:
    """The marks of several notebooks, and those of tasks that are of none."""
    names = [part.submission.name for part in work.parts]
    parts = [
        _mark_notebook(part, [other for other in names if other != part.submission.name])
        for part in work.parts
    ]
    marks = {mark.task: mark for part in parts for mark in part.marks}
    for task in work.setting.assignment.tasks:
        if not task.notebook:
            marks[task.id] = _judge(work, task, {}, None)
    return Marked(
        tuple(marks[task.id] for task in work.setting.assignment.tasks if task.id in marks),
        tuple(
            claim.model_copy(update={"notebook": name})
            for name, part in zip(names, parts, strict=True)
            for claim in part.claims
        ),
        tuple(
            flag.model_copy(update={"notebook": name})
            for name, part in zip(names, parts, strict=True)
            for flag in part.flags
        ),
        tuple(
            found.model_copy(update={"notebook": name})
            for name, part in zip(names, parts, strict=True)
            for found in part.checkpoints
        ),
    )


def _judge(
    work: Work, task: Task, measured: dict[str, Measured | Mark], first: Measured | Mark | None
) -> Mark:
    if isinstance(task, MetricTask):
        return judge_metric(work, task, measured[task.id])
    if isinstance(task, StructureTask):
        return judge_structure(work, task, first)
    if isinstance(task, StudyTask):
        return judge_study(work, task, first)
    if isinstance(task, EssayTask):
        return judge_essay(work, task)
    if isinstance(task, PictureTask):
        return judge_picture(work, task)
    if isinstance(task, OwnDataTask):
        return judge_own_data(work, task)
    return judge_theory(work, task)


def _flags(
    work: Work, marks: tuple[Mark, ...], claims: tuple[Claim, ...], measured: dict[str, Measured | Mark]
) -> tuple[Flag, ...]:
    found: list[Flag | None] = []
    calibration = None if work.setting.public else work.setting.calibration
    first = _first(work, measured)
    for task in _metrics(work):
        one, metric = measured[task.id], METRICS[task.metric]
        if not isinstance(one, Measured):
            continue
        if task is first and metric.proportion:
            found.append(claim_flag(claims, one.hidden, one.validation.n))
        elif task is first:
            found.append(value_claim_flag(claims, one.hidden, one.validation, metric.better))
        if task.by_hand:
            found.extend(by_hand_flag(_code(work), need.partition("(")[0]) for need in task.needs)
        if calibration is None:
            continue
        found.append(beyond_reference_flag(one.hidden, threshold_of(work, task)))
        if metric.proportion:
            found.append(better_on_hidden_flag(one.hidden, one.validation))
        if task is _metrics(work)[0] and one.variant is not None:
            found.append(variant_flag(one.hidden, one.variant, calibration.variant_gap))
    evidence = [item for mark in marks for item in mark.evidence]
    if any(isinstance(item, Layers) and not item.verified for item in evidence):
        found.append(Flag(kind="unverified_trace", message=say("structure.unverified")))
    checks = [item.spot_check for item in evidence if isinstance(item, Study) and item.spot_check]
    found.extend(_spot_check_flag(check) for check in checks[:1] if check.verdict != "agrees")
    return (*(flag for flag in found if flag is not None), *refusal_flags(marks, work.run))


def _code(work: Work) -> list[str]:
    """Source of the notebook's code cells."""
    notebook = work.submission.notebook
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"] if notebook else []


def _spot_check_flag(check: SpotCheck) -> Flag:
    return Flag(
        kind="spot_check",
        message=say(
            "flag.spot_check",
            width=check.row.width,
            depth=check.row.depth,
            said=check.row.accuracy,
            found=check.measured.value,
        ),
    )


def average(setting: Setting, first: Marked, second: Marked) -> Marked:
    """The first marking with its borderline marks measured twice: the mean of both values counts."""
    again = {mark.task: mark for mark in second.marks}
    tasks = {task.id: task for task in setting.assignment.tasks}
    marks = tuple(
        _average(tasks[mark.task], mark, again[mark.task])
        if mark.status == "borderline" and mark.task in again  # of a choice another may be the best now
        else mark
        for mark in first.marks
    )
    return Marked(marks, first.claims, first.flags, first.checkpoints)


def _average(task: Task, first: Mark, second: Mark) -> Mark:
    one, two = _measurement(first), _measurement(second)
    if not isinstance(task, MetricTask) or first.threshold is None or one is None or two is None:
        return first
    both = Measurement(
        value=(one.value + two.value) / 2,
        low=(one.low + two.low) / 2,
        high=(one.high + two.high) / 2,
        n=one.n,
    )
    noticed = Diagnosis(message=say("metric.measured_twice", first=one.value, second=two.value))
    hint = METRICS[task.metric].hint
    return metric_mark(task, both, first.threshold, (*first.evidence, noticed), hint=hint)


def _measurement(mark: Mark) -> Measurement | None:
    if mark.value is None or mark.low is None or mark.high is None or mark.n is None:
        return None
    return Measurement(value=mark.value, low=mark.low, high=mark.high, n=mark.n)
