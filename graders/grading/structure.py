"""Judges the structure of a network: its traced operations, believed where a replay gives the predictions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graders.artifacts import BadArtifactError, read_json
from graders.grading.metric import Measured
from graders.grading.setting import TRACED
from graders.grading.work import Work, arrays_of, finished_step
from graders.metrics.structure import judge, read_layers
from graders.metrics.trace import Trace
from graders.metrics.unet import declared_plan, judge_unet, tell_plan
from graders.model import Criterion, Diagnosis, Layers, Mark, Message, StructureTask, say
from graders.score import criteria_mark, failed_mark


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a recording shows, beside what was submitted for the same pictures."""

    network: Layers
    criteria: tuple[Criterion, ...]
    told: tuple[Message, ...] = ()
    """What the network is, in words."""


def judge_structure(work: Work, task: StructureTask, measured: Measured | Mark | None) -> Mark:
    """The mark of a structure task.

    Args:
        work: what came in and what came out.
        task: what is asked.
        measured: the assignment's metric, whose predictions the replay must reproduce.
    """
    result = finished_step(work, task, task.probe)
    if isinstance(result, Mark):
        return result
    hint = say("structure.hint_unreadable")
    constants = arrays_of(work, result)
    if isinstance(constants, Message):
        return failed_mark(task, constants, hint)
    try:
        trace = read_json(result.files.get(f"{result.name}.json", b""), Trace)
    except BadArtifactError as error:
        return failed_mark(task, error.message, hint)
    # as many pictures, since a recording may be of one batch size, but not those that it was made with:
    # for these it could simply list the answers
    others = slice(TRACED[task.plan], 2 * TRACED[task.plan])
    predicted = measured.few.get("evaluation") if isinstance(measured, Measured) else None
    submitted = predicted[others] if predicted is not None else None
    images = work.setting.hidden.inputs["images"][others]
    look = _look_at_unet if task.plan == "unet" else _look_at_classifier
    seen = look(task, trace, constants, images, submitted)
    verified = seen.network.verified
    met = sum(1 for criterion in seen.criteria if criterion.status == "met")
    told = seen.told if verified else (*seen.told, say("structure.unverified"))
    return criteria_mark(
        task,
        seen.criteria,
        reason=say("structure.mark", met=met, n=len(seen.criteria)),
        trusted=verified,
        evidence=(seen.network, *(Diagnosis(message=message) for message in told)),
    )


def _look_at_classifier(
    task: StructureTask,
    trace: Trace,
    constants: Mapping[str, NDArray[np.generic]],
    images: NDArray[np.float32],
    submitted: NDArray[np.int64] | None,
) -> _Seen:
    from graders.metrics.replay import verify  # with PyTorch, which most commands need not wait for

    verified = submitted is not None and verify(trace, constants, images, submitted)
    network = _network(trace, constants, verified)
    return _Seen(network, judge(task, network))


def _look_at_unet(
    task: StructureTask,
    trace: Trace,
    constants: Mapping[str, NDArray[np.generic]],
    images: NDArray[np.float32],
    submitted: NDArray[np.bool_] | None,
) -> _Seen:
    from graders.metrics.unet_replay import believed, used_plan  # with PyTorch, as above

    found = believed(trace, constants, images, submitted) if submitted is not None else None
    if found is not None:
        plan = used_plan(found, constants, images)
    else:
        plan = declared_plan(trace, constants, images.shape)
    network = _network(found or trace, constants, found is not None)
    return _Seen(network, judge_unet(task, plan), (tell_plan(plan),))


def _network(trace: Trace, constants: Mapping[str, NDArray[np.generic]], verified: bool) -> Layers:
    return Layers(
        found_by=trace.found_by,
        verified=verified,
        parameters=trace.parameters,
        layers=read_layers(trace, constants),
    )
