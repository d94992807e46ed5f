"""What sandboxes are asked to do with own data: learn from one part of it, then say what the other part is.

The student's part of the notebook gets none of the student's files and nothing of the course's mirror, and
hidden inputs are handed in after training. The reference and its baselines go the same way, one after
another in one sandbox.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook
from numpy.typing import NDArray

from graders.artifacts import BadArtifactError, read_json
from graders.grading.setting import Setting
from graders.model import Frozen, OwnDataTask
from graders.own.asking import for_reference, for_student
from graders.own.examples import Rows
from graders.own.kind import Asked
from graders.own.kinds import KINDS
from graders.own.letters import alphabet
from graders.own.loaded import Loaded, packed
from graders.own.slicing import Part
from graders.own.split import Split
from graders.sandbox import Job, Mount, ProbeStep, StepResult

GRACE, GRACE_SECONDS = 1.2, 10.0
"""Training may take so many times its budget, and some seconds more, before it is ended."""

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What every model learns from and is asked."""

    loaded: Loaded
    split: Split
    asked: Asked
    groups: Rows
    """Of the hidden examples, shape (n,)."""
    budget: float
    """Seconds of wall clock for a training; more where several submissions run at a time."""


@dataclass(frozen=True, slots=True)
class _Pupil:
    """One model, in the form of data that it takes."""

    run: str
    """Empty, or the name of a baseline."""
    forms: Mapping[str, str]
    given: Arrays
    hidden: Arrays


class Trained(Frozen):
    """What a sandbox says of a training."""

    seconds: float


def step_names(run: str) -> tuple[str, str]:
    """The steps in which a model learns and predicts.

    >>> step_names("otsu")
    ('train-otsu', 'predict-otsu')
    """
    return (f"train-{run}", f"predict-{run}") if run else ("train", "predict")


def trained_seconds(steps: Mapping[str, StepResult], run: str) -> float:
    """How long a training took by its own clock, and at most as long as the host waited for it."""
    step = steps[step_names(run)[0]]
    try:
        return min(step.seconds, read_json(step.files.get(f"{step.name}.json", b""), Trained).seconds)
    except BadArtifactError:
        return step.seconds


def students_job(setting: Setting, lesson: Lesson, part: Part) -> Job:
    """The part of the notebook that learns, with nothing of the student's beside it."""
    loaded, drawn = lesson.loaded, lesson.split
    pupil = _Pupil(
        "", loaded.forms, loaded.handed(drawn.train), for_student(loaded, drawn.hidden, lesson.asked)
    )
    return _job(setting, part.cells, tuple(_steps(setting, lesson, pupil)), mounts=setting.weights)


def references_job(setting: Setting, lesson: Lesson) -> Job:
    """The course's reference for the kind of data, and its baselines."""
    examples, asked = lesson.loaded.examples, lesson.asked
    kind = KINDS[examples.kind]
    forms = {"X": "list" if isinstance(examples.inputs, tuple) else "array"}
    if examples.targets is not None:
        forms["y"] = "array"
    given = for_reference(examples, lesson.split.train)
    hidden = {} if isinstance(asked.inputs, int) else packed("X", asked.inputs)
    steps = tuple(
        step
        for run in ("", *kind.baselines)
        for step in _steps(setting, lesson, _Pupil(run, forms, given, hidden))
    )
    cell = f"from {kind.opponent} import BASELINES, predict, train"
    return _job(setting, (cell,), steps, (setting.course.root / "reference",))


def _steps(setting: Setting, lesson: Lesson, pupil: _Pupil) -> Iterator[ProbeStep]:
    """Training and prediction; hidden inputs are handed in with the second alone."""
    examples = lesson.loaded.examples
    train, predict = step_names(pupil.run)
    sides = (examples.take(rows) for rows in (lesson.split.hidden, lesson.split.train))
    yield ProbeStep(
        name=train,
        function="inside.own_data.train",
        inputs=pupil.given,
        parameters={
            "run": pupil.run,
            "forms": dict(pupil.forms),
            "budget": lesson.budget,
            "alphabet": alphabet(*sides) if examples.kind == "text" else "",
            "restores": examples.kind == "reconstruction",
        },
        seconds=_longest_training(setting, lesson.budget),
    )
    count = lesson.asked.inputs
    yield ProbeStep(
        name=predict,
        function="inside.own_data.predict",
        inputs=pupil.hidden,
        parameters={
            "run": pupil.run,
            "forms": dict(pupil.forms),
            "count": count if isinstance(count, int) else 0,
        },
        seconds=setting.run_limits.probe_seconds,
    )


def longest_learning(setting: Setting, task: OwnDataTask) -> float:
    """Seconds after which a sandbox in which models learn from own data has ended."""
    models = 1 + max(len(kind.baselines) for kind in KINDS.values())
    budget = task.budget_seconds * setting.stretch
    return models * (_longest_training(setting, budget) + setting.run_limits.probe_seconds)


def _longest_training(setting: Setting, budget: float) -> float:
    return GRACE * budget + GRACE_SECONDS * setting.stretch


def _job(
    setting: Setting,
    cells: Sequence[str],
    steps: tuple[ProbeStep, ...],
    modules: tuple[Path, ...] = (),
    mounts: tuple[Mount, ...] = (),
) -> Job:
    # without the course's mirror: the answers of a set that it has could be looked up there
    notebook = new_notebook(cells=[new_code_cell(cell, id=f"part-{at}") for at, cell in enumerate(cells)])
    return Job(
        notebook=notebook,
        mounts=mounts,
        probe=setting.assignment.folder / "probe.py",
        steps=steps,
        limits=setting.run_limits,
        device=setting.device,
        seed=setting.seed,
        profile=setting.profile,
        modules=modules,
    )
