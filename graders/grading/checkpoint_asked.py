"""What a notebook is asked that loaded its weights, and what it answered: steps of the toolkit's own.

Not covered here: what the answers mean, which `grading.checkpoint` says.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graders.artifacts import BadArtifactError, read_json
from graders.checkpoint import Brought, Curve
from graders.checkpoint.curve import MOST_VALUE
from graders.grading.setting import Setting
from graders.grading.work import Work, arrays_of
from graders.metrics import METRICS
from graders.model import Frozen, Message, MetricTask
from graders.sandbox import ProbeStep

LOADED, RESUMED = "checkpoint_loaded", "checkpoint_resumed"
MIDDLE, BEFORE, AFTER = "checkpoint_middle", "checkpoint_before", "checkpoint_after"
EPOCHS = 2
"""Epochs that are trained again from mid-training, or one where two would take too long."""
Told = TypeVar("Told", bound=Frozen)
Size = Annotated[int, Field(ge=0, le=10**15)]
Loss = Annotated[float, Field(ge=-MOST_VALUE, le=MOST_VALUE)]


class Loaded(Frozen):
    """What `inside.checkpoint.loaded` writes."""

    parameters: Size
    others: Size
    """Numbers of the network that are no parameters, such as BatchNorm's running statistics."""
    trainable: Size
    absent: Size
    """Trainable parameters that stand nowhere in the file."""
    unsaved: Size
    """Running statistics of layers that learn, which stand nowhere in the file."""
    spoiled: Size
    """Parameters that are NaN or infinite."""
    idle: Size
    """Trainable parameters that no network of the notebook held when all its cells had run."""
    sizes: tuple[Size, ...] = Field(max_length=2000)
    """Parameters of each part of the network, with and without what is frozen, shared or no parameter."""

    @property
    def unused(self) -> bool:
        """Whether the notebook has, by all appearance, gone on without the weights."""
        return 2 * self.idle > self.trainable


class Again(Frozen):
    """What `inside.checkpoint.resumed` writes."""

    epoch: int | None = Field(ge=0, le=10**7)
    losses: tuple[Loss, ...] = Field(min_length=1, max_length=20)


def first_metric(setting: Setting) -> MetricTask | None:
    """The task by which mid-training is measured."""
    return next((task for task in setting.assignment.tasks if isinstance(task, MetricTask)), None)


def is_share(task: MetricTask) -> bool:
    """Whether its metric lies between 0 and 1, so that percent may be meant."""
    return METRICS[task.metric].bounds == (0.0, 1.0)


def checkpoint_steps(setting: Setting, brought: Brought) -> tuple[ProbeStep, ...]:
    """What the notebook is asked after the steps of its tasks."""
    return tuple(_steps(setting, brought))


def _steps(setting: Setting, brought: Brought) -> Iterator[ProbeStep]:
    if brought.weights is None:
        return
    limit = setting.run_limits.probe_seconds
    yield _step(LOADED, "inside.checkpoint.loaded", limit, {"file": brought.weights.file})
    if not brought.middle:
        return
    yield _step(MIDDLE, "inside.checkpoint.middle", limit, {"file": brought.middle})
    task = first_metric(setting)
    if task is not None:
        yield _step(BEFORE, task.probe, limit, {}, _public(setting, task))
    yield _step(
        RESUMED,
        "inside.checkpoint.resumed",
        setting.retrain_seconds,
        {"file": brought.middle, "epochs": _epochs(setting, brought.curve)},
    )
    if task is not None:
        yield _step(AFTER, task.probe, limit, {}, _public(setting, task))


def _step(
    name: str,
    function: str,
    seconds: float,
    parameters: Mapping[str, str | int],
    inputs: Mapping[str, NDArray[np.generic]] | None = None,
) -> ProbeStep:
    return ProbeStep(
        name=name, function=function, inputs=inputs or {}, parameters=parameters, seconds=seconds
    )


def _public(setting: Setting, task: MetricTask) -> dict[str, NDArray[np.generic]]:
    """The validation split in the place of the hidden one, so that mid-training sees nothing hidden."""
    shown = setting.splits_of(task).validation
    public = {f"validation_{name}": array for name, array in {**shown.inputs, **shown.targets}.items()}
    return {**public, **shown.inputs}


def _epochs(setting: Setting, curve: Curve | None) -> int:
    seconds = declared_seconds(curve)
    each = seconds / len(curve.epochs) if seconds is not None and curve is not None else 0.0
    return EPOCHS if EPOCHS * each <= setting.assignment.retrain_seconds else 1


def declared_seconds(curve: Curve | None) -> float | None:
    """Seconds that the training took, by the curve's column `seconds`; None where it has none."""
    values = curve.values("seconds") if curve is not None else []
    if not values or min(values) < 0:
        return None
    rising = all(one < other for one, other in pairwise(values))
    since_start = rising and len(values) > 3 and values[-1] > 2 * values[0]
    return values[-1] if since_start else sum(values)


def told_of(work: Work, name: str, model: type[Told]) -> Told | None:
    """What a step wrote; None where it did not end well, or wrote something else."""
    result = work.step(name)
    if result is None or result.status != "ok":
        return None
    try:
        return read_json(result.files.get(f"{name}.json", b""), model)
    except BadArtifactError:
        return None


def measured_at(work: Work, name: str) -> float | None:
    """The metric of mid-training on the validation split; None where there is nothing to measure."""
    task, result = first_metric(work.setting), work.step(name)
    if task is None or result is None or result.status != "ok":
        return None
    arrays = arrays_of(work, result)
    metric, shown = METRICS[task.metric], work.setting.splits_of(task).validation
    if isinstance(arrays, Message) or "own" not in arrays:
        return None
    read = metric.read(arrays["own"], shown.targets, work.setting.classes)
    return None if isinstance(read, Message) else metric.measure(read, shown.targets).value
