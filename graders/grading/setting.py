"""What is the same for all submissions that one command grades, and the job that each becomes."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders import data
from graders.model import (
    Assignment,
    Course,
    Limits,
    MetricTask,
    Profile,
    ProfileCalibration,
    StructureTask,
    StudyTask,
    Submission,
)
from graders.sandbox import Job, Mount, ProbeStep, Sandbox, student_mounts

RETRAINED_ON = 2000
"""Hidden pictures that a row trained again is scored on."""
TRAININGS = 3
"""How often the row is trained again, the second and third time only where that is quick."""
FEW = 200
"""Hidden pictures that the notebook is called with in other ways."""
TRACED = 32
"""Hidden pictures that the network is traced on."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One assignment, ready to grade submissions with."""

    course: Course
    assignment: Assignment
    profile: Profile
    limits: Limits
    device: str
    """`cpu` or `cuda:0`."""
    sandbox: Sandbox
    seed: int
    public: bool
    """True for a self-check: the validation split stands in for the hidden set."""
    secret: bytes
    data_folder: Path
    """Public splits, mounted as `./data`."""
    hidden: data.Hidden
    validation: data.Labelled
    stretch: float = 1.0
    """How much longer than alone on the machine a run may take, since others run beside it."""

    @property
    def run_limits(self) -> Limits:
        """The limits of a run that shares the machine as this one does."""
        seconds = ("cell_seconds", "total_seconds", "probe_seconds")
        return self.limits.model_copy(
            update={name: getattr(self.limits, name) * self.stretch for name in seconds}
        )

    @property
    def retrain_seconds(self) -> float:
        """The same for training a row again."""
        return self.assignment.retrain_seconds * self.stretch

    @property
    def calibration(self) -> ProfileCalibration | None:
        """Measured thresholds of the profile; None before the first calibration."""
        found = self.assignment.calibration
        return found.profiles.get(self.profile) if found else None

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return int(self.validation.labels.max()) + 1


def prepare(
    course: Course,
    assignment: Assignment,
    *,
    profile: Profile,
    limits: Limits,
    device: str,
    sandbox: Sandbox,
    secret: bytes,
    public: bool = False,
    seed: int = 0,
    cache: Path | None = None,
) -> Setting:
    """Reads the data of an assignment.

    Raises:
        DataMissingError: the data set is not here and cannot be fetched.
    """
    cache = cache or data.cache_folder()
    name = assignment.dataset
    data.fetch(name, profile, cache, progress=True)
    validation = data.validation(name, profile, cache)
    if public:
        hidden = data.Hidden(validation.images, validation.labels, variant=validation.images)
    else:
        hidden = data.hidden(name, profile, secret, cache)
    return Setting(
        course=course,
        assignment=assignment,
        profile=profile,
        limits=limits,
        device=device,
        sandbox=sandbox,
        seed=seed,
        public=public,
        secret=secret,
        data_folder=data.public_folder(name, profile, cache),
        hidden=hidden,
        validation=validation,
    )


def job_for(setting: Setting, submission: Submission, modules: tuple[Path, ...] = ()) -> Job:
    """What the sandbox is to do with a submission whose notebook can be read."""
    if submission.notebook is None:
        raise ValueError(f"{submission.student} has no notebook to run")
    return Job(
        notebook=submission.notebook,
        mounts=(*student_mounts(submission), Mount(setting.data_folder, "data")),
        probe=setting.assignment.folder / "probe.py",
        steps=tuple(_steps(setting, submission)),
        limits=setting.run_limits,
        device=setting.device,
        seed=setting.seed,
        profile=setting.profile,
        modules=modules,
    )


def spot_check_draw(setting: Setting, submission: Submission) -> float:
    """A number in [0, 1) that only the host knows before the run, and that is the same when run again."""
    digest = hmac.digest(setting.secret, f"spot check {submission.notebook_sha256}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:6], "big") / 2**48


def _steps(setting: Setting, submission: Submission) -> Iterator[ProbeStep]:
    """One step for each function of the probe that a task names, in the order of the tasks."""
    seen: set[str] = set()
    hidden, validation = setting.hidden, setting.validation
    public: dict[str, NDArray[np.generic]] = {
        "validation_images": validation.images,
        "validation_labels": validation.labels,
    }
    retrain = None
    for task in setting.assignment.tasks:
        if not isinstance(task, (MetricTask, StructureTask, StudyTask)) or task.probe in seen:
            continue
        seen.add(task.probe)
        inputs = {**public, "images": hidden.images}
        if isinstance(task, StructureTask):
            inputs["images"] = hidden.images[:TRACED]
        if isinstance(task, MetricTask):
            inputs["variant"] = hidden.variant
        if isinstance(task, StudyTask):
            inputs = {}
            retrain = retrain or task.retrain
        yield ProbeStep(
            name=task.probe,
            function=task.probe,
            inputs=inputs,
            parameters={},
            seconds=setting.run_limits.probe_seconds,
        )
    for task in setting.assignment.tasks:
        if isinstance(task, MetricTask) and task.diagnoses is not None:
            yield ProbeStep(
                name=task.diagnoses,
                function=task.diagnoses,
                inputs={**public, "images": hidden.images[:FEW]},
                parameters={},
                seconds=setting.run_limits.probe_seconds,
            )
    if retrain is not None:
        # Last, since it takes longest and a notebook's `train` may leave anything behind.
        for training, name in enumerate(retrain_steps(retrain)):
            share = 1 if training == 0 else 1 / TRAININGS
            yield ProbeStep(
                name=name,
                function=retrain,
                inputs={**public, "images": hidden.images[:RETRAINED_ON]},
                parameters={
                    "draw": spot_check_draw(setting, submission),
                    "studies": retrained_studies(setting.assignment),
                    "seed": setting.seed + training,
                },
                seconds=setting.retrain_seconds * share,
                repeats=retrain if training else "",
            )


def retrained_studies(assignment: Assignment) -> list[str]:
    """Values of the column `study` whose rows may be drawn."""
    return [task.study for task in assignment.tasks if isinstance(task, StudyTask) and task.retrain]


def retrain_steps(retrain: str) -> list[str]:
    """Names of the steps that train a row again; those after the first tell how much it varies."""
    return [retrain, *(f"{retrain}_{number}" for number in range(2, TRAININGS + 1))]
