"""Judges metrics: hidden targets against predictions, with the diagnoses that cost nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graders.artifacts import BadArtifactError, read_json
from graders.grading.setting import FEW
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
    Threshold,
    say,
)
from graders.score import failed_mark, metric_mark

OTHER_WAYS = ("evaluation", "reversed", "single")
NOTICED = 0.02
"""Share of pictures from which on a different answer is worth a sentence."""


class Declared(Frozen):
    """How the notebook was called, as its process says."""

    found_by: str = Field(max_length=20)
    name: str = Field(max_length=100)
    normalisation: str = Field(max_length=60)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one metric task measured."""

    hidden: Measurement
    variant: Measurement
    """On the private variant of the hidden set."""
    validation: Measurement
    """On the public validation split."""
    few: Mapping[str, NDArray[np.int64]]
    """Class ids for the first hidden inputs, by the way in which the notebook was called."""
    targets: NDArray[np.int64]
    """Classes of these inputs."""
    declared: Declared


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
    checked = _check(work, METRICS[task.metric], arrays)
    if isinstance(checked, Message):
        return failed_mark(task, checked, hint)
    hidden, validation = work.setting.hidden, work.setting.validation
    metric = METRICS[task.metric].measure
    n = len(checked["evaluation"])
    few = {"evaluation": checked["evaluation"], **_other_ways(work, task, n)}
    return Measured(
        hidden=metric(checked["own"], hidden.labels),
        variant=metric(checked["variant"], hidden.labels),
        validation=metric(checked["validation"], validation.labels),
        few={**few, "own": checked["own"][:n]},
        targets=hidden.labels[:n],
        declared=declared,
    )


def _check(
    work: Work, metric: Metric, arrays: Mapping[str, NDArray[np.generic]]
) -> dict[str, NDArray[np.int64]] | Message:
    """Class ids of every array the probe writes, or what is wrong with the first bad one."""
    hidden = len(work.setting.hidden.labels)
    few = min(FEW, hidden)
    lengths = {
        "own": hidden,
        "variant": hidden,
        "validation": len(work.setting.validation.labels),
        "evaluation": few,
    }
    checked = {}
    for name, n in lengths.items():
        if name not in arrays:
            return say("probe.no_artifact", name=name)
        classes = metric.read(arrays[name], n, work.setting.classes)
        if isinstance(classes, Message):
            return classes
        checked[name] = classes
    return checked


def _other_ways(work: Work, task: MetricTask, n: int) -> dict[str, NDArray[np.int64]]:
    """Class ids of the first `n` hidden inputs, called in other ways; what is missing costs nothing."""
    result = work.step(task.diagnoses) if task.diagnoses is not None else None
    arrays = arrays_of(work, result) if result is not None else {}
    if isinstance(arrays, Message):
        return {}
    read = METRICS[task.metric].read
    found = {name: read(arrays[name], n, work.setting.classes) for name in OTHER_WAYS if name in arrays}
    return {name: classes for name, classes in found.items() if not isinstance(classes, Message)}


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
    evidence: list[Evidence] = [Diagnosis(message=message) for message in diagnose(measured)]
    return metric_mark(task, measured.hidden, threshold_of(work, task), evidence)


def diagnose(measured: Measured) -> list[Message]:
    """What was noticed when the notebook was called in other ways."""
    noticed = []
    declared, few = measured.declared, measured.few
    if declared.found_by == "discovery":
        noticed.append(say("predict.discovered", name=declared.name, normalisation=declared.normalisation))
    changed = {name: float(np.mean(few[name] != few["own"])) for name in OTHER_WAYS if name in few}
    gain = float(np.mean(few["evaluation"] == measured.targets) - np.mean(few["own"] == measured.targets))
    if changed["evaluation"] >= NOTICED:
        code = "predict.eval_gain" if gain >= NOTICED else "predict.eval_differs"
        noticed.append(
            say(code, gain=_percent(gain), changed=_percent(changed["evaluation"]), n=len(measured.targets))
        )
    elif changed.get("reversed", 0.0) >= NOTICED:
        noticed.append(say("predict.order", changed=_percent(changed["reversed"]), n=len(measured.targets)))
    elif "reversed" in changed and "single" not in changed:
        noticed.append(say("predict.not_single"))
    elif changed.get("single", 0.0) >= NOTICED:
        noticed.append(say("predict.single", changed=_percent(changed["single"]), n=len(measured.targets)))
    return noticed


def _percent(share: float) -> float:
    return round(100 * share, 1)
