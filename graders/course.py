"""Opens a course and checks it as a whole: everything an author can get wrong, reported together."""

import hashlib
from pathlib import Path

from graders import data
from graders.errors import AuthorError, Problem
from graders.metrics import METRICS, structure, study, unet
from graders.mirror import read_mirror
from graders.model import (
    Assignment,
    Course,
    MetricTask,
    Mode,
    OwnDataTask,
    OwnKind,
    Profile,
    StructureTask,
    StudyTask,
)
from graders.own.kinds import KINDS
from graders.spec import read_course
from graders.theory import check_once


def open_course(
    root: Path, *, profile: Profile | None = None, public: bool = False, calibrated: bool = True
) -> Course:
    """The course in `root`.

    Args:
        root: folder with `course.toml`.
        profile: what will be graded on; None for the course's own.
        public: True where no hidden data is needed, so that neither secret nor reference need be there.
        calibrated: False while calibrating, so that missing or stale thresholds are no problem.

    Raises:
        AuthorError: with every problem that was found in the course's files.
    """
    course, problems = read_course(root)
    if public:
        problems = [problem for problem in problems if problem.key != "secret"]
    if course is not None:
        if course.mirror is not None:
            problems.extend(read_mirror(course.mirror.folder)[1])
        for assignment in course.assignments:
            problems.extend(_assignment_problems(assignment))
            if not public:
                problems.extend(_reference_problems(course, assignment))
            if calibrated:
                wanted = profile_for(course, assignment, profile)
                problems.extend(_calibration_problems(course, assignment, wanted, public))
    if problems or course is None:
        raise AuthorError(problems)
    return course


def profile_for(course: Course, assignment: Assignment, wanted: Profile | None) -> Profile:
    """The profile to grade on: the one that is pinned, else the one asked for, else the course's."""
    return assignment.profile or wanted or course.profile


def reference_file(course: Course, slug: str) -> Path:
    """The module that exposes `solve` and the baselines of an assignment."""
    return course.root / "reference" / f"{slug}.py"


def opponent_file(course: Course, kind: OwnKind) -> Path:
    """The module that learns from students' own data of a kind."""
    return course.root / "reference" / f"{KINDS[kind].opponent}.py"


def opponents_hash(course: Course) -> str:
    """SHA-256 of all that learns from students' own data."""
    return _sha256(*sorted((course.root / "reference").glob("own_*.py")))


def calibration_hashes(course: Course, assignment: Assignment, profile: Profile) -> dict[str, str]:
    """SHA-256 of what calibrated figures depend on; thresholds are stale when one changes."""
    reference = reference_file(course, assignment.slug)
    return {
        "reference": _sha256(
            reference,
            reference.with_name("training.py"),
            *sorted(reference.parent.glob(f"{assignment.slug}_*.py")),
        ),
        "probe": _sha256(assignment.folder / "probe.py"),
        "data": data_hash(assignment, profile),
    }


def data_hash(assignment: Assignment, profile: Profile) -> str:
    """SHA-256 of the data sets of an assignment; that of the data set itself where there is one."""
    found = [data.fingerprint(name, profile) for name in assignment.datasets]
    return found[0] if len(found) == 1 else hashlib.sha256("\n".join(found).encode()).hexdigest()


def assignment_hash(assignment: Assignment) -> str:
    """SHA-256 of the files that say how an assignment is marked."""
    names = ("assignment.toml", "theory.toml", "probe.py")
    return _sha256(*(assignment.folder / name for name in names))


def calibration_hash(assignment: Assignment) -> str:
    """SHA-256 of the assignment's `calibration.json`."""
    return _sha256(assignment.folder / "calibration.json")


def _sha256(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _assignment_problems(assignment: Assignment) -> list[Problem]:
    path = assignment.folder / "assignment.toml"
    problems = []
    named = {"dataset": assignment.dataset}
    for index, task in enumerate(assignment.tasks):
        if isinstance(task, MetricTask) and task.dataset is not None:
            named[f"tasks[{index}].dataset"] = task.dataset
    for key, name in named.items():
        if name not in data.DATASETS:
            known = ", ".join(sorted(data.DATASETS))
            problems.append(Problem(path, key, f"unknown data set {name!r}; known: {known}"))
    for index, task in enumerate(assignment.tasks):
        key = f"tasks[{index}]"
        if isinstance(task, MetricTask) and task.metric not in METRICS:
            known = ", ".join(sorted(METRICS))
            problems.append(Problem(path, f"{key}.metric", f"unknown metric {task.metric!r}; known: {known}"))
        if isinstance(task, (StructureTask, StudyTask)):
            problems.extend(_criteria_problems(path, key, task))
    problems.extend(_mode_problems(path, assignment))
    if assignment.rubric is not None:
        path = assignment.folder / "theory.toml"
        problems.extend(check_once(assignment.rubric, path, data.cache_folder()))
    return problems


def _reference_problems(course: Course, assignment: Assignment) -> list[Problem]:
    needed = {reference_file(course, assignment.slug): "a reference solution"}
    for task in assignment.tasks:
        if isinstance(task, OwnDataTask):
            needed |= {
                opponent_file(course, kind): f"an opponent for own data ({kind})" for kind in task.accepts
            }
    return [
        Problem(path, "", f"not found; {assignment.slug} needs {what}")
        for path, what in needed.items()
        if not path.is_file()
    ]


def _mode_problems(path: Path, assignment: Assignment) -> list[Problem]:
    """Tasks of one notebook share a run, so that they cannot ask for different ones."""
    asked: dict[str, Mode] = {}
    problems = []
    for index, task in enumerate(assignment.tasks):
        if task.mode is not None and asked.setdefault(task.notebook, task.mode) != task.mode:
            message = f"is {task.mode}, but another task of the same notebook asks for {asked[task.notebook]}"
            problems.append(Problem(path, f"tasks[{index}].mode", f"{message}; give both the same"))
    return problems


def _criteria_problems(path: Path, key: str, task: StructureTask | StudyTask) -> list[Problem]:
    if isinstance(task, StructureTask):
        known: tuple[str, ...] = unet.CRITERIA if task.plan == "unet" else structure.CRITERIA
    else:
        known = study.SIZES_CRITERIA if task.varies else study.BASELINE_CRITERIA
    problems = [
        Problem(path, f"{key}.criteria.{code}", f"unknown criterion; known: {', '.join(known)}")
        for code in task.criteria
        if code not in known
    ]
    if isinstance(task, StudyTask) and ("retrained" in task.criteria) != (task.retrain is not None):
        message = "belongs with `criteria.retrained`: give both or neither"
        problems.append(Problem(path, f"{key}.retrain", message))
    return problems


def _calibration_problems(
    course: Course, assignment: Assignment, profile: Profile, public: bool
) -> list[Problem]:
    path = assignment.folder / "calibration.json"
    command = f"run `grade calibrate {assignment.slug} --profile {profile}`"
    calibration = assignment.calibration.profiles.get(profile) if assignment.calibration else None
    if any(name not in data.DATASETS for name in assignment.datasets):
        return []
    measured = any(isinstance(task, MetricTask | StudyTask) for task in assignment.tasks)
    if calibration is None and not measured:
        return []
    if calibration is None:
        return [Problem(path, f"profiles.{profile}", f"no calibration; {command}")]
    problems = [
        Problem(path, f"profiles.{profile}.hashes.{name}", f"stale: the {name} has changed since; {command}")
        for name, digest in calibration_hashes(course, assignment, profile).items()
        if calibration.hashes.get(name) != digest and not (public and name == "reference")
    ]
    for task in assignment.tasks:
        if isinstance(task, MetricTask) and task.override is None:
            key = f"profiles.{profile}.thresholds.{task.id}"
            found = calibration.thresholds.get(task.id)
            if found is None:
                problems.append(Problem(path, key, f"no thresholds; {command}"))
            elif (found.zero_run, found.full_run, set(found.others)) != (
                task.zero,
                task.full,
                set(task.scale),
            ):
                problems.append(Problem(path, key, f"stale: other runs than the task names now; {command}"))
    return problems
