"""Judges metrics: hidden targets against predictions, with the diagnoses that cost nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graders.artifacts import BadArtifactError, read_json
from graders.data import Arrays
from graders.grading.work import Work, arrays_of, finished_step
from graders.metrics import METRICS, Metric
from graders.model import (
    Diagnosis,
    Evidence,
    Frozen,
    Mark,
    Measurement,
    Message,
    MetricTask,
    Picture,
    Pictures,
    Threshold,
    say,
)
from graders.score import failed_mark, metric_mark, share

MOST_TEXT = 600
"""Characters of a text that a notebook made."""
OTHER_WAYS = ("evaluation", "reversed", "single", "scaled", "standardised")
OTHER_INPUTS = {"scaled": "mistake.scale", "standardised": "mistake.standardised"}
"""What is said where the notebook does better on other inputs than on those that it is given."""
NOTICED = 0.02
"""Share of inputs from which on a different answer is worth a sentence."""
COSTLY = 0.05
"""Share of a task's points that a mistake must cost to be named."""


class Declared(Frozen):
    """How the notebook was called, as its process says."""

    found_by: str = Field(max_length=20)
    name: str = Field(max_length=100)
    normalisation: str = Field(max_length=60)
    generated: tuple[str, ...] = Field(default=(), max_length=4)
    """Texts that the notebook made, for the report."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one metric task measured."""

    hidden: Measurement
    variant: Measurement | None
    """On the private variant of the hidden set; None where it has none."""
    validation: Measurement
    """On the public validation split."""
    few: Mapping[str, NDArray[Any]]
    """Predictions for the first hidden inputs, by the way in which the notebook was called."""
    targets: Arrays
    """What these are compared with."""
    declared: Declared
    beside: tuple[Message, ...] = ()
    """What is said beside the value."""
    doubt: Message | None = None
    """Why a person must look before the value counts."""
    pictures: tuple[Picture, ...] = ()
    """Of public examples, for the report."""


def measure(work: Work, task: MetricTask) -> Measured | Mark:
    """Measures the predictions of a notebook; a mark where there is nothing to measure."""
    result = finished_step(work, task, task.probe)
    if isinstance(result, Mark):
        return result
    hint = say("predictions.hint")
    arrays = arrays_of(work, result)
    if isinstance(arrays, Message):
        return failed_mark(task, arrays, hint)
    try:
        declared = read_json(result.files.get(f"{result.name}.json", b""), Declared)
    except BadArtifactError as error:
        return failed_mark(task, error.message, hint)
    checked = _check(work, task, arrays)
    if isinstance(checked, Message):
        return failed_mark(task, checked, hint)
    splits = work.setting.splits_of(task)
    hidden, validation = splits.hidden, splits.validation
    metric = METRICS[task.metric]
    own, shown = checked["own"], checked["validation"]
    beside = metric.beside(own, hidden.targets) if metric.beside is not None else ()
    few = {**_other_ways(work, task, arrays), "own": own[: metric.compared]}
    return Measured(
        hidden=metric.measure(own, hidden.targets),
        variant=metric.measure(checked["variant"], hidden.targets) if "variant" in checked else None,
        validation=metric.measure(shown, validation.targets),
        few=few,
        targets=hidden.first(metric.compared).targets,
        declared=declared,
        beside=(*beside, *(say("metric.generated", text=text[:MOST_TEXT]) for text in declared.generated)),
        doubt=metric.doubt(own, hidden.targets) if metric.doubt is not None else None,
        pictures=metric.show(shown, validation) if metric.show is not None else (),
    )


def _check(
    work: Work, task: MetricTask, arrays: Mapping[str, NDArray[np.generic]]
) -> dict[str, NDArray[Any]] | Message:
    """Every array that counts, checked, or what is wrong with the first bad one."""
    splits, metric = work.setting.splits_of(task), METRICS[task.metric]
    targets = {"own": splits.hidden.targets, "validation": splits.validation.targets}
    if splits.hidden.variant and not work.setting.public:
        targets["variant"] = splits.hidden.targets
    checked = {}
    for name, compared in targets.items():
        if name not in arrays:
            return say("probe.no_artifact", name=name)
        found = metric.read(arrays[name], compared, work.setting.classes)
        if isinstance(found, Message):
            return found
        checked[name] = found
    return checked


def _other_ways(
    work: Work, task: MetricTask, arrays: Mapping[str, NDArray[np.generic]]
) -> dict[str, NDArray[Any]]:
    """Predictions for the first hidden inputs, called in other ways; what is missing or bad costs nothing.

    Args:
        work: the submission's.
        task: which of its tasks.
        arrays: what the task's probe wrote, besides what its `diagnoses` did.
    """
    result = work.step(task.diagnoses) if task.diagnoses is not None else None
    more = arrays_of(work, result) if result is not None else {}
    given = {**arrays, **({} if isinstance(more, Message) else more)}
    metric, classes = METRICS[task.metric], work.setting.classes
    targets = work.setting.splits_of(task).hidden.first(metric.compared).targets
    found = {name: metric.read(given[name], targets, classes) for name in OTHER_WAYS if name in given}
    return {name: checked for name, checked in found.items() if not isinstance(checked, Message)}


def threshold_of(work: Work, task: MetricTask) -> Threshold:
    """The author's own thresholds, or the calibrated ones.

    Raises:
        ValueError: there are neither; `graders.course` refuses to grade such an assignment.
    """
    if task.override is not None:
        return Threshold(zero=task.override.zero, full=task.override.full, rule=task.override.reason)
    calibration = work.setting.calibration
    if calibration is None:
        raise ValueError(f"{task.id} has no thresholds for the profile {work.setting.profile}")
    return calibration.thresholds[task.id]


def judge_metric(work: Work, task: MetricTask, measured: Measured | Mark) -> Mark:
    """The mark of a metric task."""
    if isinstance(measured, Mark):
        return measured
    metric, threshold = METRICS[task.metric], threshold_of(work, task)
    told = [*measured.beside, *diagnose(metric, measured, Cost(task, threshold))]
    evidence: list[Evidence] = [Diagnosis(message=message) for message in told]
    if measured.pictures:
        evidence.append(Pictures(items=measured.pictures))
    mark = metric_mark(task, measured.hidden, threshold, evidence, hint=metric.hint)
    if measured.doubt is None:
        return mark
    value = Diagnosis(message=mark.reason)
    return mark.model_copy(
        update={
            "status": "needs_review",
            "settled": False,
            "reason": measured.doubt,
            "evidence": (value, *mark.evidence),
        }
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a mistake costs in points of a task."""

    task: MetricTask
    threshold: Threshold

    def of(self, value: float, mended: float) -> float:
        """Points that `mended` would earn beyond those of `value`."""
        gain = share(mended, self.threshold) - share(value, self.threshold)
        return round(self.task.points * gain, 2)

    def counts(self, points: float) -> bool:
        """Whether so many points are worth a sentence."""
        return points >= COSTLY * self.task.points


def diagnose(metric: Metric, measured: Measured, cost: Cost) -> list[Message]:
    """What was noticed when the notebook was called in other ways, and usual mistakes with what they cost."""
    noticed = []
    declared, few = measured.declared, measured.few
    if declared.found_by == "discovery":
        noticed.append(say("predict.discovered", name=declared.name, normalisation=declared.normalisation))
    own = metric.measure(few["own"], measured.targets).value
    noticed.extend(_costliest(metric, measured, own, cost))
    n = len(few["own"])
    changed = {
        name: 1 - float(np.mean(metric.same(few[name], few["own"]))) for name in OTHER_WAYS if name in few
    }
    if "evaluation" not in few:
        return noticed
    if changed["evaluation"] >= NOTICED:
        evaluation = metric.measure(few["evaluation"], measured.targets).value
        noticed.append(_forgotten_eval(metric, own, evaluation, changed["evaluation"], n))
        points = cost.of(own, evaluation)
        noticed.extend([say("mistake.cost", points=points)] if cost.counts(points) else [])
    elif changed.get("reversed", 0.0) >= NOTICED:
        noticed.append(say("predict.order", changed=_percent(changed["reversed"]), n=n))
    elif "reversed" in changed and "single" not in changed:
        noticed.append(say("predict.not_single"))
    elif changed.get("single", 0.0) >= NOTICED:
        noticed.append(say("predict.single", changed=_percent(changed["single"]), n=n))
    return noticed


def _costliest(metric: Metric, measured: Measured, own: float, cost: Cost) -> list[Message]:
    """The mistake without which the first examples would earn most, where that is worth a sentence."""
    few = measured.few
    mended = {code: mend(few["own"]) for code, mend in metric.mistakes.items()}
    mended |= {code: few[name] for name, code in OTHER_INPUTS.items() if name in few}
    values = {code: metric.measure(found, measured.targets).value for code, found in mended.items()}
    points = {code: cost.of(own, value) for code, value in values.items()}
    code = max(points, key=lambda name: points[name], default=None)
    if code is None or not cost.counts(points[code]):
        return []
    return [say(code, points=points[code], before=own, after=values[code])]


def _forgotten_eval(metric: Metric, own: float, evaluation: float, changed: float, n: int) -> Message:
    """What evaluation mode changes, in the terms of the metric."""
    gain = evaluation - own if metric.better == "higher" else own - evaluation
    if metric.proportion and gain >= NOTICED:
        return say("predict.eval_gain", gain=_percent(gain), n=n)
    if not metric.proportion and gain >= NOTICED * abs(own):
        return say("predict.eval_better", before=own, after=evaluation, n=n)
    return say("predict.eval_differs", changed=_percent(changed), n=n)


def _percent(share: float) -> float:
    return round(100 * share, 1)
