"""What the plan knows of a lesson: how many examples it has, and what its reference takes for its steps."""

from dataclasses import dataclass
from pathlib import Path

from graders.model import Assignment, Course, MetricTask, OwnDataTask, Profile
from graders.plan.counting import count_steps
from graders.plan.library import Facts
from graders.plan.sizes import examples


@dataclass(frozen=True, slots=True)
class Lesson:
    """An assignment on one profile of its data."""

    slug: str
    notebooks: tuple[str, ...]
    """Names of its notebooks, as `Assignment.notebooks` has them."""
    facts: Facts
    reference_seconds: float | None
    """Mean seconds of one run of the reference, probe included; None before a calibration."""
    reference_work: float
    """Training in the reference, in the unit of `Count.work`; 0 where none was found."""
    own_seconds: float = 0.0
    """What students and the reference may train on own data, where a student brings some."""


def lesson_of(course: Course, assignment: Assignment, profile: Profile) -> Lesson:
    """What is known of a lesson."""
    environment = {"GRADE_MODE": "rerun", "GRADE_PROFILE": profile, "GRADE_SEED": "0", "GRADE_DEVICE": "cpu"}
    facts = Facts(*examples(assignment.dataset, profile), environment)
    calibration = assignment.calibration.profiles.get(profile) if assignment.calibration else None
    return Lesson(
        slug=assignment.slug,
        notebooks=assignment.notebooks,
        facts=facts,
        reference_seconds=calibration.seconds.mean if calibration else None,
        reference_work=_reference_work(course.root / "reference", assignment, facts) if calibration else 0.0,
        own_seconds=sum(
            2 * task.budget_seconds for task in assignment.tasks if isinstance(task, OwnDataTask)
        ),
    )


def _reference_work(folder: Path, assignment: Assignment, facts: Facts) -> float:
    """The training in what a calibration runs: the reference, once for each notebook of a student."""
    try:
        modules = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    except (OSError, ValueError):
        return 0.0
    work = 0.0
    for name in assignment.notebooks:
        tasks = [task for task in assignment.part(name).tasks if isinstance(task, MetricTask)]
        if tasks:
            run = tasks[0].full
            source = (
                f"from {assignment.slug} import load, {run}\n"
                f'{run}(load("data"), torch.device("cpu"), 0, os.environ["GRADE_PROFILE"])'
            )
            work += count_steps([f"import os, torch\n{source}"], facts, modules).work
    return work
