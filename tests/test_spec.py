import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graders.course import open_course
from graders.errors import AuthorError, Problem, UsageError
from graders.spec import find_root, limits_for, read_course, read_runtime, secret_of

ROOT = Path(__file__).parent.parent
Change = Callable[[str, str], None]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the sample course that a test may spoil."""
    for name in ("course.toml", "sample.secret"):
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ("assignments", "reference"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def change(course: Path) -> Change:
    """Replaces text in `assignment.toml`."""
    path = course / "assignments/l04_cnn/assignment.toml"

    def replace(old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def problems(course: Path) -> dict[str, str]:
    """Messages by key."""
    with pytest.raises(AuthorError) as caught:
        open_course(course)
    return {f"{problem.file.name}:{problem.key}": problem.message for problem in caught.value.problems}


def test_the_sample_course_has_no_problem() -> None:
    assert {"l01_perceptron", "l04_cnn"} <= {found.slug for found in open_course(ROOT).assignments}


def test_the_course_is_found_from_inside() -> None:
    assert find_root(ROOT / "assignments/l04_cnn") == ROOT


def test_outside_a_course_the_way_back_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no course\.toml there or in a folder above"):
        find_root(tmp_path)


def test_all_problems_come_at_once_with_file_and_key(course: Path, change: Change) -> None:
    change("possible = 10", "possible = 11\ncolour = 'red'")
    change('metric = "accuracy"', 'metric = "acuracy"')
    change("blocks = 0.5  ", "blocks = 0.7  ")
    change('dataset = "clothes"', 'dataset = "shoes"')
    (course / "assignments/l04_cnn/probe.py").unlink()
    found = problems(course)
    assert {
        "assignment.toml:colour",
        "assignment.toml:possible",
        "assignment.toml:tasks[0].metric",
        "assignment.toml:tasks[1].criteria",
        "assignment.toml:dataset",
        "probe.py:",
    } <= set(found)


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("possible = 10", "possible = 11", "possible", "add up to 10"),
        ("possible = 10", "posible = 10", "posible", "unknown key"),
        ("possible = 10", "", "possible", "is missing"),
        ('metric = "accuracy"', 'metric = "acuracy"', "tasks[0].metric", "known: accuracy"),
        ('dataset = "clothes"', 'dataset = "shoes"', "dataset", "clothes, "),
        ("blocks = 0.5  ", "blocks = 0.7  ", "tasks[1].criteria", "adds up to 1.2"),
        ("dense_last = 0.25", "dense_first = 0.25", "tasks[1].criteria.dense_first", "known: blocks"),
        ('probe = "architecture"', 'probe = "archtecture"', "tasks[1].probe", "no function archtecture"),
        ('retrain = "retrain" ', 'retrain = "again" ', "tasks[2].retrain", "no function again"),
        ('id = "depth_study"', 'id = "width_study"', "tasks[3].id", "taken by an earlier task"),
        ('kind = "metric"', 'kind = "metrik"', "tasks[0]", "found"),
        ('metric = "accuracy"', 'metric = "accuracy"\ndataset = "x"', "tasks[0].dataset", "unknown data set"),
        ('diagnoses = "other_ways"', "", "tasks", "add them"),
        ("points = 3\nmetric", "points = 'three'\nmetric", "tasks[0].points", "found 'three'"),
        ("total_seconds = 900", "total_minutes = 15", "limits.total_minutes", "unknown key"),
        ("total_seconds = 900", "total_seconds = -1", "limits.total_seconds", "greater than 0"),
    ],
)
def test_each_mistake_is_named(
    course: Path, change: Change, *, old: str, new: str, key: str, said: str
) -> None:
    change(old, new)
    assert said in problems(course)[f"assignment.toml:{key}"]


def test_points_of_theory_must_be_those_of_its_questions(course: Path, change: Change) -> None:
    change('title.en = "Theory"\npoints = 3', 'title.en = "Theory"\npoints = 4')
    assert "gives 3 for it" in problems(course)["assignment.toml:tasks[5].points"]


ESSAY = """
[[tasks]]
id = "analysis"
kind = "essay"
title = { ru = "Анализ", en = "Analysis" }
points = 1
"""


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (
            'kind = "theory"',
            'kind = "theory"\nquestions = ["1", "99"]',
            "assignment.toml:tasks[5]",
            "asks 99",
        ),
        ('kind = "theory"', 'kind = "theory"\nquestions = ["1"]', "theory.toml:", "no task asks 2, 3"),
        ("possible = 10", "possible = 11", "assignment.toml:tasks[6]", "asks analysis"),
    ],
)
def test_every_question_belongs_to_one_task(
    course: Path, change: Change, *, old: str, new: str, key: str, said: str
) -> None:
    change(old, new)
    path = course / "assignments/l04_cnn/assignment.toml"
    path.write_text(path.read_text(encoding="utf-8") + ESSAY, encoding="utf-8")
    assert said in problems(course)[key]


def test_tasks_of_a_choice_are_worth_the_same_and_count_once(course: Path, change: Change) -> None:
    change('metric = "accuracy"', 'metric = "accuracy"\nchoice = "track"')
    path = course / "assignments/l04_cnn/assignment.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index("[[tasks]]")
    first = text[start : text.index("[[tasks]]", start + 1)]
    path.write_text(text + "\n" + first.replace('id = "accuracy"', 'id = "other"'), encoding="utf-8")
    found = problems(course)
    assert not any("possible" in key or "points" in key for key in found)
    change("points = 3\nmetric", "points = 2\nmetric")
    assert "of the same choice" in problems(course)["assignment.toml:tasks[6].points"]


def test_a_weight_of_a_rubric_is_checked_with_the_rest(course: Path) -> None:
    path = course / "assignments/l04_cnn/theory.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("weight = 0.25", "weight = 0.3", 1), encoding="utf-8")
    assert any(key.startswith("theory.toml:questions[0]") for key in problems(course))


@pytest.mark.parametrize(
    ("text", "said"),
    [("possible = = 1", "is not TOML"), ("", "is missing"), ("\x00", "is not TOML")],
)
def test_broken_toml_is_said(course: Path, text: str, said: str) -> None:
    (course / "assignments/l04_cnn/assignment.toml").write_text(text, encoding="utf-8")
    assert any(said in message for message in problems(course).values())


def test_a_file_that_is_not_utf8_is_said(course: Path) -> None:
    (course / "course.toml").write_bytes("title = 'Курс'".encode("cp1251"))
    assert problems(course)["course.toml:"] == "is not UTF-8; save it as UTF-8"


def test_a_broken_calibration_is_said(course: Path) -> None:
    (course / "assignments/l04_cnn/calibration.json").write_text("{", encoding="utf-8")
    assert "is not JSON" in problems(course)["calibration.json:"]


def test_a_missing_calibration_names_the_command(course: Path) -> None:
    (course / "assignments/l04_cnn/calibration.json").unlink()
    assert "grade calibrate l04_cnn" in problems(course)["calibration.json:profiles.mini"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("reference/l04_cnn.py", "reference"), ("reference/training.py", "reference"),
     ("assignments/l04_cnn/probe.py", "probe")],
)  # fmt: skip
def test_a_calibration_is_stale_when_what_it_measured_changes(course: Path, file: str, name: str) -> None:
    with (course / file).open("a", encoding="utf-8") as target:
        target.write("\n# changed\n")
    assert "stale" in problems(course)[f"calibration.json:profiles.mini.hashes.{name}"]


def test_a_course_without_its_secret_can_be_checked_but_not_graded(course: Path) -> None:
    (course / "sample.secret").unlink()
    assert "not found" in problems(course)["course.toml:secret"]
    assert open_course(course, public=True).assignments


def test_an_empty_secret_is_no_secret(course: Path) -> None:
    (course / "sample.secret").write_text("\n", encoding="utf-8")
    assert "32 random bytes" in problems(course)["course.toml:secret"]


def test_a_folder_without_assignments_is_said(course: Path) -> None:
    shutil.rmtree(course / "assignments")
    _, found = read_course(course)
    assert [problem.message for problem in found if isinstance(problem, Problem)] == [
        "no assignment found; expected <slug>/assignment.toml"
    ]


def test_limits_of_the_command_line_win_over_the_assignments_and_the_courses() -> None:
    course = open_course(ROOT)
    assignment = course.assignment("l04_cnn")
    assert assignment is not None
    limits = limits_for(course, assignment, {"cell_seconds": 5})
    assert (limits.cell_seconds, limits.total_seconds, limits.output_mib) == (5, 900, 16)
    assert len(secret_of(course)) >= 32


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ('python = "nowhere/python"', "runtime.python", "not found; expected an interpreter such as"),
        ('python = "assignments"', "runtime.python", "not found; expected an interpreter such as"),
        ('python = "course.toml"', "runtime.python", "not found; expected an interpreter such as"),
        ('kernels.old = "nowhere"', "runtime.kernels.old", "not found; expected an interpreter such as"),
        ('weights = "assignments"', "runtime.weights", "expected weights as torch.hub keeps them"),
        ("threads = 0", "runtime.threads", "greater than 0"),
        ('threads = "two"', "runtime.threads", "found 'two'"),
        ('pithon = "x"', "runtime.pithon", "unknown key"),
    ],
)
def test_each_mistake_of_the_runtime_is_named(course: Path, table: str, key: str, said: str) -> None:
    path = course / "course.toml"
    text = path.read_text(encoding="utf-8").partition("[runtime]")[0]
    path.write_text(f"{text}[runtime]\n{table}\n", encoding="utf-8")
    assert said in problems(course)[f"course.toml:{key}"]


def test_an_interpreter_is_looked_for_from_the_courses_folder(course: Path) -> None:
    (course / "python").symlink_to(sys.executable)
    path = course / "course.toml"
    text = path.read_text(encoding="utf-8").partition("[runtime]")[0]
    path.write_text(f'{text}[runtime]\npython = "python"\n', encoding="utf-8")
    assert open_course(course).runtime.python == course / "python"
    assert read_runtime(course) == open_course(course).runtime


def test_a_runtime_that_cannot_be_read_is_left_to_what_reads_the_course(course: Path) -> None:
    (course / "course.toml").write_text("[runtime]\nthreads = 0\n", encoding="utf-8")
    assert read_runtime(course) is None


def test_in_a_lesson_of_several_notebooks_every_measured_task_names_one(course: Path, change: Change) -> None:
    change('metric = "accuracy"', 'metric = "accuracy"\nnotebook = "one"')
    change('kind = "theory"', 'kind = "theory"\nnotebook = "one"')
    found = problems(course)
    assert "is missing" in found["assignment.toml:tasks[1].notebook"]
    assert "remove it" in found["assignment.toml:tasks[5].notebook"]
    assert "assignment.toml:tasks[0].notebook" not in found
