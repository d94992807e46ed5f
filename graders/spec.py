"""Reads `course.toml` and what stands in `assignments/`; collects every mistake with file and key.

Only what the files say of themselves is checked here. What needs metrics, data sets, the theory scorer or the
reference to judge is checked by `graders.course`.
"""

import ast
import json
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from graders.errors import AuthorError, Problem, UsageError
from graders.model import (
    Assignment,
    AssignmentFile,
    Calibration,
    Course,
    CourseFile,
    EssayTask,
    Limits,
    MetricTask,
    Rubric,
    Runtime,
    StructureTask,
    StudyTask,
    TheoryTask,
)

COURSE_FILE = "course.toml"
UNSHOWN = (("judge", "base_url"), ("judge", "key_variable"))
"""Where authors have put a key by mistake; what was found there is not repeated."""
Parsed = TypeVar("Parsed", bound=BaseModel)


def find_root(*starts: Path) -> Path:
    """The nearest folder at or above the first of `starts` that lies in a course: one with a `course.toml`.

    Raises:
        UsageError: none of them lies in one.
    """
    for start in starts:
        folder = start.resolve()
        for above in (folder, *folder.parents):
            if os.access(above / COURSE_FILE, os.F_OK):
                return above
    raise UsageError(
        f"{starts[0].resolve()} is not inside a course: no {COURSE_FILE} there or in a folder above. "
        "Run grade in the course's folder."
    )


def read_course(root: Path) -> tuple[Course | None, list[Problem]]:
    """The course in `root`, or None, and every problem of its files."""
    problems: list[Problem] = []
    path = root / COURSE_FILE
    file = _parse(path, CourseFile, problems)
    assignments = [
        _read_assignment(folder, problems)
        for folder in sorted((root / "assignments").glob("*/"))
        if (folder / "assignment.toml").is_file()
    ]
    if not assignments:
        problems.append(
            Problem(root / "assignments", "", "no assignment found; expected <slug>/assignment.toml")
        )
    if file is not None:
        problems.extend(_limit_problems(path, file.limits))
        file = file.model_copy(update={"runtime": _runtime(root, file.runtime)})
        problems.extend(_runtime_problems(path, file.runtime))
        if file.mirror is not None:
            folder = root / file.mirror.folder
            file = file.model_copy(update={"mirror": file.mirror.model_copy(update={"folder": folder})})
        if not _has_secret(root / file.secret):
            message = f"{file.secret} not found or empty; put 32 random bytes in hexadecimal there"
            problems.append(Problem(path, "secret", message))
    read = tuple(assignment for assignment in assignments if assignment is not None)
    if file is None or len(read) < len(assignments):
        return None, problems
    return Course(**dict(file), root=root, assignments=read), problems


def _runtime(root: Path, runtime: Runtime) -> Runtime:
    """The runtime with its paths taken from the course's folder."""
    return runtime.model_copy(
        update={
            "python": root / runtime.python if runtime.python else None,
            "kernels": {name: root / python for name, python in runtime.kernels.items()},
            "weights": root / runtime.weights if runtime.weights else None,
        }
    )


def _runtime_problems(path: Path, runtime: Runtime) -> list[Problem]:
    named = {"runtime.python": runtime.python} if runtime.python else {}
    named |= {f"runtime.kernels.{name}": python for name, python in runtime.kernels.items()}
    problems = [
        Problem(path, key, f"{python} not found; expected an interpreter such as /opt/course/bin/python")
        for key, python in named.items()
        if not os.access(python, os.X_OK) or python.is_dir()
    ]
    if runtime.weights is not None and not (runtime.weights / "hub" / "checkpoints").is_dir():
        message = f"{runtime.weights}/hub/checkpoints not found; expected weights as torch.hub keeps them"
        problems.append(Problem(path, "runtime.weights", message))
    return problems


def read_runtime(root: Path) -> Runtime | None:
    """The course's `[runtime]` by itself; None where `course.toml` has a mistake: `read_course` tells it."""
    try:
        table = tomllib.loads((root / COURSE_FILE).read_text(encoding="utf-8")).get("runtime", {})
        return _runtime(root, Runtime.model_validate(table))
    except (OSError, ValueError):
        return None


def _has_secret(path: Path) -> bool:
    return path.is_file() and bool(path.read_bytes().strip())


def secret_of(course: Course) -> bytes:
    """The secret that hidden splits and spot checks are drawn from."""
    return (course.root / course.secret).read_bytes().strip()


def limits_for(course: Course, assignment: Assignment, overrides: dict[str, float]) -> Limits:
    """Limits of one run: the course's, then the assignment's, then the command line's."""
    return Limits.model_validate({**course.limits, **assignment.limits, **overrides})


def read_rubric(path: Path) -> Rubric:
    """A `theory.toml` by itself.

    Raises:
        AuthorError: it is missing or wrong; all its mistakes are in it.
    """
    problems: list[Problem] = []
    rubric = _parse(path, Rubric, problems)
    if problems or rubric is None:
        raise AuthorError(problems)
    return rubric


def _read_assignment(folder: Path, problems: list[Problem]) -> Assignment | None:
    path = folder / "assignment.toml"
    file = _parse(path, AssignmentFile, problems)
    rubric_path = folder / "theory.toml"
    rubric = _parse(rubric_path, Rubric, problems) if rubric_path.is_file() else None
    calibration_path = folder / "calibration.json"
    calibration = _parse(calibration_path, Calibration, problems) if calibration_path.is_file() else None
    if file is None:
        return None
    problems.extend(_limit_problems(path, file.limits))
    problems.extend(_point_problems(path, file))
    problems.extend(_theory_problems(path, rubric_path, file, rubric))
    problems.extend(_probe_problems(path, folder / "probe.py", file))
    return Assignment(**dict(file), slug=folder.name, folder=folder, rubric=rubric, calibration=calibration)


def _parse(path: Path, model: type[Parsed], problems: list[Problem]) -> Parsed | None:
    """A file as `model`, or None, with its problems; unknown keys do not hide what else is wrong."""
    data = _read(path, problems)
    if data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems.extend(_explained(path, error))
        for item in error.errors():
            if item["type"] == "extra_forbidden":
                _drop(data, item["loc"])
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _read(path: Path, problems: list[Problem]) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        problems.append(Problem(path, "", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        problems.append(Problem(path, "", "is not UTF-8; save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(path, "", f"is not TOML: {error}"))
    except json.JSONDecodeError as error:
        problems.append(Problem(path, "", f"is not JSON: {error}"))
    return None


def _drop(data: Any, location: Iterable[str | int]) -> None:
    """Removes the key at `location`, whose parts may name union members that the data does not have."""
    *way, key = location
    for part in way:
        if isinstance(part, int) or part in data:
            data = data[part]
    data.pop(key, None)


def _explained(path: Path, error: ValidationError, prefix: tuple[str, ...] = ()) -> list[Problem]:
    return [
        Problem(
            path,
            _dotted((*prefix, *item["loc"])),
            item["msg"] if item["loc"] in UNSHOWN else _explain(item["type"], item["msg"], item["input"]),
        )
        for item in error.errors()
    ]


def _dotted(location: Iterable[str | int]) -> str:
    """A TOML-like path; the names of union members that pydantic puts in are left out.

    >>> _dotted(("tasks", 0, "metric", "points"))
    'tasks[0].points'
    """
    key = ""
    previous: str | int = ""
    kinds = {"metric", "structure", "study", "theory", "essay", "picture"}
    for part in location:
        if isinstance(part, int):
            key += f"[{part}]"
        elif not (part in kinds and isinstance(previous, int)):
            key += f".{part}" if key else part
        previous = part
    return key


def _explain(kind: str, message: str, found: object) -> str:
    if kind == "extra_forbidden":
        return "unknown key; remove it or mend its spelling"
    if kind == "missing":
        return "is missing; add it"
    return f"{message}; found {found!r:.80}"


def _limit_problems(path: Path, limits: dict[str, float]) -> list[Problem]:
    try:
        Limits.model_validate(limits)
    except ValidationError as error:
        return [
            Problem(
                path, f"limits.{_dotted(item['loc'])}", _explain(item["type"], item["msg"], item["input"])
            )
            for item in error.errors()
        ]
    return []


def _point_problems(path: Path, file: AssignmentFile) -> list[Problem]:
    problems = []
    once = {task.group: task.points for task in file.tasks if not task.bonus}
    total = sum(once.values())
    if abs(total - file.possible) > 1e-9:
        problems.append(
            Problem(path, "possible", f"is {file.possible:g}, but the tasks' points add up to {total:g}")
        )
    problems.extend(_choice_problems(path, file))
    first = next((task for task in file.tasks if isinstance(task, MetricTask)), None)
    if any(isinstance(task, StructureTask) for task in file.tasks) and (
        first is None or first.diagnoses is None
    ):
        problems.append(
            Problem(path, "tasks", "a structure is compared with the first metric's `diagnoses`; add them")
        )
    problems.extend(_notebook_problems(path, file))
    seen: set[str] = set()
    for index, task in enumerate(file.tasks):
        if task.id in seen:
            problems.append(Problem(path, f"tasks[{index}].id", f"{task.id} is taken by an earlier task"))
        seen.add(task.id)
        if isinstance(task, (StructureTask, StudyTask)):
            weights = sum(task.criteria.values())
            if abs(weights - task.points) > 1e-9:
                problems.append(
                    Problem(
                        path,
                        f"tasks[{index}].criteria",
                        f"adds up to {weights:g}, but the task has {task.points:g} points",
                    )
                )
    return problems


def _choice_problems(path: Path, file: AssignmentFile) -> list[Problem]:
    """Tasks that a student chooses between are worth the same."""
    first: dict[str, MetricTask] = {}
    problems = []
    for index, task in enumerate(file.tasks):
        if not isinstance(task, MetricTask) or task.choice is None:
            continue
        other = first.setdefault(task.choice, task)
        if (other.points, other.bonus) != (task.points, task.bonus):
            message = f"is {task.points:g}, but {other.id} of the same choice has {other.points:g}"
            problems.append(Problem(path, f"tasks[{index}].points", message))
    return problems


def _notebook_problems(path: Path, file: AssignmentFile) -> list[Problem]:
    """Where a lesson has several notebooks, each task that is measured names one; texts name none."""
    if not any(task.notebook for task in file.tasks):
        return []
    problems = []
    for index, task in enumerate(file.tasks):
        measured = not isinstance(task, (TheoryTask, EssayTask))
        if measured and not task.notebook:
            problems.append(Problem(path, f"tasks[{index}].notebook", "is missing; other tasks name theirs"))
        elif task.notebook and not measured:
            message = "texts are read from the .md file and from all notebooks; remove it"
            problems.append(Problem(path, f"tasks[{index}].notebook", message))
    return problems


def _theory_problems(
    path: Path, rubric_path: Path, file: AssignmentFile, rubric: Rubric | None
) -> list[Problem]:
    tasks = [
        (index, task) for index, task in enumerate(file.tasks) if isinstance(task, (TheoryTask, EssayTask))
    ]
    if not tasks:
        return [Problem(rubric_path, "", "is not used: no task of kind theory")] if rubric else []
    if rubric is None:
        if rubric_path.is_file():
            return []
        key = f"tasks[{tasks[0][0]}].kind"
        return [Problem(path, key, f"{tasks[0][1].kind} needs questions; {rubric_path.name} not found")]
    essays = {essay.id: essay.points for essay in rubric.essays}
    left = {question.id: question.points for question in rubric.questions}
    problems = []
    # a task that names no question has those that no other names, so that it comes last
    for index, task in sorted(tasks, key=lambda one: isinstance(one[1], TheoryTask) and not one[1].questions):
        if isinstance(task, EssayTask):
            asked = {task.id: essays.pop(task.id, None)}
        elif task.questions:
            asked = {name: left.pop(name, None) for name in task.questions}
        else:
            asked, left = dict(left), {}
        unknown = [name for name, points in asked.items() if points is None]
        total = sum(points or 0.0 for points in asked.values())
        if unknown or not asked:
            names = ", ".join(unknown)
            message = (
                f"asks {names or 'nothing'}, which {rubric_path.name} does not have or another task asks"
            )
            problems.append(Problem(path, f"tasks[{index}]", message))
        elif abs(total - task.points) > 1e-9:
            message = f"is {task.points:g}, but {rubric_path.name} gives {total:g} for it"
            problems.append(Problem(path, f"tasks[{index}].points", message))
    unused = ", ".join([*left, *essays])
    if unused:
        problems.append(Problem(rubric_path, "", f"is not used as a whole: no task asks {unused}"))
    return problems


def _probe_problems(path: Path, probe: Path, file: AssignmentFile) -> list[Problem]:
    """The probe is read as text, never imported: it needs the students' packages."""
    wanted = [
        (f"tasks[{index}].{key}", name)
        for index, task in enumerate(file.tasks)
        for key in ("probe", "diagnoses", "retrain")
        if (name := getattr(task, key, None)) is not None
    ]
    if not wanted:
        return []
    if not probe.is_file():
        return [Problem(probe, "", "not found; tasks of this assignment call its functions")]
    try:
        tree = ast.parse(probe.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        return [Problem(probe, "", f"is not Python: {error}")]
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return [
        Problem(path, key, f"{probe.name} has no function {name}; it has {', '.join(sorted(functions))}")
        for key, name in wanted
        if name not in functions
    ]
