"""What is the same for all submissions that one command grades, and the job that each becomes."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from graders import data
from graders.errors import AuthorError
from graders.metrics import METRICS
from graders.mirror import Mirrored, hash_problems, read_mirror
from graders.model import (
    Assignment,
    Course,
    Limits,
    MetricTask,
    Mode,
    OwnDataTask,
    Probed,
    Profile,
    ProfileCalibration,
    RunMode,
    StructureTask,
    StudyTask,
    Submission,
)
from graders.sandbox import DATA, WEIGHTS, Job, Mount, ProbeStep, Sandbox, student_mounts
from graders.theory import Taught, load_prior, untaught
from graders.theory.judges import Judge

RETRAINED_ON = 2000
"""Hidden pictures that a row trained again is scored on."""
TRAININGS = 3
"""How often the row is trained again, the second and third time only where that is quick."""
TRACED = {"alexnet": 32, "unet": 8}
"""Hidden pictures that a network is traced on, by its plan: a mask is more of an answer than a class."""


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
    splits: Mapping[str, data.Splits]
    """What tasks are measured on, by data set."""
    taught: Taught
    """What people's marks of the lesson's theory answers taught."""
    judge: Judge | None = None
    """Who else reads theory answers; None where nobody does. It opens a connection only when it is asked."""
    mirror: tuple[Mirrored, ...] = ()
    """Files of the Internet that notebooks get, hashes checked."""
    expected: Mapping[str, float] = field(default_factory=dict)
    """Seconds that the notebooks of students are expected to take, where that decides how they are run."""
    mode: Mode | None = None
    """Whether to train again, as the command line has it; None leaves it to tasks, assignment and course."""
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
    def weights(self) -> tuple[Mount, ...]:
        """The course's pretrained weights, where the assignment allows them."""
        folder = self.course.runtime.weights
        return (Mount(folder, WEIGHTS),) if self.assignment.pretrained and folder is not None else ()

    @property
    def judge_seconds(self) -> float:
        """How long the judge may take for one submission."""
        config, rubric = self.course.judge, self.assignment.rubric
        if self.judge is None or config is None or rubric is None:
            return 0.0
        return config.seconds * len(rubric.questions)

    def part(self, notebook: str) -> Self:
        """The same for one of the assignment's notebooks."""
        return replace(self, assignment=self.assignment.part(notebook))

    @property
    def calibration(self) -> ProfileCalibration | None:
        """Measured thresholds of the profile; None before the first calibration."""
        found = self.assignment.calibration
        return found.profiles.get(self.profile) if found else None

    @property
    def hidden(self) -> data.Hidden:
        """The hidden set of the data that students get."""
        return self.splits[self.assignment.dataset].hidden

    @property
    def validation(self) -> data.Split:
        """The public validation split of the data that students get."""
        return self.splits[self.assignment.dataset].validation

    def splits_of(self, task: MetricTask) -> data.Splits:
        """What a metric is measured on."""
        return self.splits[task.dataset or self.assignment.dataset]

    @property
    def classes(self) -> int:
        """How many classes there are; 0 where the examples are in none."""
        labels = self.validation.targets.get("labels")
        return int(labels.max()) + 1 if labels is not None else 0


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
    taught: Taught | None = None,
    judge: Judge | None = None,
    mode: Mode | None = None,
) -> Setting:
    """Reads the data of an assignment; without `taught` theory answers are scored as before any mark.

    Raises:
        DataMissingError: the data set is not here and cannot be fetched.
        AuthorError: a file of the course's mirror is not what its list says.
    """
    cache = cache or data.cache_folder()
    for name in assignment.datasets:
        data.fetch(name, profile, cache, progress=True)
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
        data_folder=data.shared_folder(assignment.datasets, profile, cache),
        splits={
            name: data.splits(name, profile, secret, cache, public=public) for name in assignment.datasets
        },
        taught=taught or untaught(load_prior()),
        judge=judge,
        mirror=_mirror(course),
        mode=mode,
    )


def _mirror(course: Course) -> tuple[Mirrored, ...]:
    """The files of the course's mirror.

    Raises:
        AuthorError: one of them is not what the list says.
    """
    if course.mirror is None:
        return ()
    files, problems = read_mirror(course.mirror.folder)
    problems = problems or hash_problems(course.mirror.folder, files)
    if problems:
        raise AuthorError(problems)
    return files


def job_for(
    setting: Setting,
    submission: Submission,
    modules: tuple[Path, ...] = (),
    mode: RunMode = "rerun",
    more: tuple[ProbeStep, ...] = (),
) -> Job:
    """What the sandbox is to do with a submission whose notebook can be read.

    Args:
        setting: what is the same for all submissions.
        submission: what came in.
        modules: folders that the notebook may import from.
        mode: whether it trains, or loads the weights that came with it.
        more: steps after those of the tasks.
    """
    if submission.notebook is None:
        raise ValueError(f"{submission.student} has no notebook to run")
    return Job(
        notebook=submission.notebook,
        mounts=(
            *student_mounts(submission, setting.data_folder),
            Mount(setting.data_folder, DATA, open=True),
            *setting.weights,
        ),
        probe=setting.assignment.folder / "probe.py",
        steps=(*_steps(setting, submission), *more),
        limits=setting.run_limits,
        device=setting.device,
        seed=setting.seed,
        profile=setting.profile,
        modules=modules,
        mirror=setting.mirror,
        mode=mode,
    )


def spot_check_draw(setting: Setting, submission: Submission) -> float:
    """A number in [0, 1) that only the host knows before the run, and that is the same when run again."""
    digest = hmac.digest(setting.secret, f"spot check {submission.notebook_sha256}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:6], "big") / 2**48


def _steps(setting: Setting, submission: Submission) -> Iterator[ProbeStep]:
    """One step for each function of the probe that a task names, in the order of the tasks."""
    seen: set[str] = set()
    retrain = None
    for task in setting.assignment.tasks:
        if not isinstance(task, Probed) or task.probe in seen:
            continue
        seen.add(task.probe)
        inputs: dict[str, NDArray[np.generic]] = {}
        if isinstance(task, StructureTask):
            inputs = _inputs(setting.splits[setting.assignment.dataset], TRACED[task.plan])
        if isinstance(task, MetricTask):
            splits = setting.splits_of(task)
            inputs = {**_inputs(splits), **_variant(splits.hidden)}
        if isinstance(task, StudyTask):
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
                inputs=_inputs(setting.splits_of(task), METRICS[task.metric].compared),
                parameters={},
                seconds=setting.run_limits.probe_seconds,
            )
    for task in setting.assignment.tasks:
        if isinstance(task, OwnDataTask):
            yield ProbeStep(
                name=task.id,
                function="inside.own_data.load",
                inputs={},
                parameters={"most_mib": setting.limits.artifact_mib},
                seconds=setting.run_limits.probe_seconds,
            )
    if retrain is not None:
        # Last, since it takes longest and a notebook's `train` may leave anything behind.
        for training, name in enumerate(retrain_steps(retrain)):
            share = 1 if training == 0 else 1 / TRAININGS
            yield ProbeStep(
                name=name,
                function=retrain,
                inputs=_inputs(setting.splits[setting.assignment.dataset], RETRAINED_ON),
                parameters={
                    "draw": spot_check_draw(setting, submission),
                    "studies": retrained_studies(setting.assignment),
                    "seed": setting.seed + training,
                },
                seconds=setting.retrain_seconds * share,
                repeats=retrain if training else "",
            )


def _inputs(splits: data.Splits, most: int | None = None) -> dict[str, NDArray[np.generic]]:
    """All of the validation split, and the inputs of the hidden one, or of its first examples."""
    shown, hidden = splits.validation, splits.hidden
    public = {f"validation_{name}": array for name, array in {**shown.inputs, **shown.targets}.items()}
    return {**public, **(hidden if most is None else hidden.first(most)).inputs}


def _variant(hidden: data.Hidden) -> dict[str, NDArray[np.generic]]:
    """Inputs of the private variant, as the probe calls them: `variant` where there is one, else by name."""
    alone = len(hidden.variant) == 1
    return {"variant" if alone else f"variant_{name}": array for name, array in hidden.variant.items()}


def retrained_studies(assignment: Assignment) -> list[str]:
    """Values of the column `study` whose rows may be drawn."""
    return [task.study for task in assignment.tasks if isinstance(task, StudyTask) and task.retrain]


def retrain_steps(retrain: str) -> list[str]:
    """Names of the steps that train a row again; those after the first tell how much it varies."""
    return [retrain, *(f"{retrain}_{number}" for number in range(2, TRAININGS + 1))]
