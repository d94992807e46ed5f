"""`grade` as it is typed: bad input, exit codes, and what is printed."""

import codecs
import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from classroom import make_course
from nbformat.v4 import new_code_cell, new_notebook

from graders.cli import run
from graders.device import cores

ROOT = Path(__file__).parent.parent
GOOD = new_notebook(cells=[new_code_cell("def predict(images):\n    return images.flatten(1)[:, :10]")])


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal whose tables do not break their words."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def student(course: Path) -> Callable[[str | bytes], Path]:
    """Writes a student's notebook and returns the folder."""

    def write(text: str | bytes, name: str = "l04_cnn.ipynb") -> Path:
        folder = course / "submissions" / "ann"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write


def record(course: Path) -> dict[str, object]:
    return json.loads((course / "reports/ann/l04_cnn.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no path given"),
        (["nowhere"], "nowhere not found; expected a student's folder"),
        (["empty"], "empty has no notebook in it"),
        (["course.toml"], "is no notebook"),
        (["submissions", "--assignment", "l99"], "this course has: l01_perceptron, l04_cnn"),
        (["submissions", "--limit", "minutes=5"], "unknown limit 'minutes'"),
        (["submissions", "--limit", "cell_seconds=soon"], "expected a number"),
        (["submissions", "--limit", "cell_seconds=-1"], "expected a positive number"),
        (["submissions", "--limit", "memory_mib=1.5"], "expected a whole number"),
        (["submissions", "--profile", "huge"], ""),
        (["submissions", "--colour"], ""),
        (["submissions", "--device", "cuda"], "0 GPUs can be used here"),
        (["submissions", "--sandbox", "none"], "add --trust-notebooks if it may"),
        (["check", "nowhere.ipynb"], "not found"),
        (["report", "--out", "nowhere"], "expected the folder that `grade` wrote records to"),
        (["calibrate"], "no assignment given"),
        (["calibrate", "l99"], "unknown assignment 'l99'"),
        (["calibrate", "l04_cnn", "--seeds", "1"], "at least 2"),
        (["data", "fetch", "shoes"], "clothes, "),
    ],
)
def test_a_wrong_command_is_explained_with_exit_code_2(
    student: Callable[..., Path], capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    folder = student(nbformat.writes(GOOD))
    (folder.parent.parent / "empty").mkdir()
    assert run(arguments) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_outside_a_course_the_way_back_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nbformat.write(GOOD, tmp_path / "l04_cnn.ipynb")
    assert run(["l04_cnn.ipynb"]) == 2


def test_an_authors_mistakes_are_listed_and_nothing_is_written(
    course: Path, student: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / "assignments/l04_cnn/assignment.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("possible = 10", "possible = 12\nx = 1"), encoding="utf-8"
    )
    assert run([str(student(nbformat.writes(GOOD)))]) == 2
    messages = capsys.readouterr().err
    assert "assignment.toml: possible: is 12" in messages
    assert "assignment.toml: x: unknown key" in messages
    assert not (course / "reports").exists()


def test_a_fault_of_the_toolkit_is_exit_code_3_and_writes_nothing(
    course: Path,
    student: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("graders.pipeline.make_record", fail)
    assert run([str(student("not a notebook"))]) == 3
    assert "fault of the toolkit" in capsys.readouterr().err
    assert not (course / "reports/ann/l04_cnn.json").exists()


def test_a_full_disk_is_said_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "reports/class/index.html")

    monkeypatch.setattr("graders.commands.whole.grade_asked", full)
    assert run([str(ROOT / "submissions" / "student42")]) == 2
    said = capsys.readouterr().err
    assert "No space left on device (reports/class/index.html); make room" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_whoever_stops_reading_meets_no_traceback(course: Path, student: Callable[..., Path]) -> None:
    command = [sys.executable, "-m", "graders", str(student("broken")), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=course) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 141
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


def test_a_huge_notebook_is_not_even_read(course: Path, student: Callable[..., Path]) -> None:
    folder = student("")
    with (folder / "l04_cnn.ipynb").open("wb") as file:
        file.truncate(200 * 2**20)
    began = time.monotonic()
    assert run([str(folder)]) == 1
    assert time.monotonic() - began < 30
    assert record(course)["run"]["message"]["params"]["limit"] == 50


TOO_DEEP = '{"cells": ' + "[" * 100_000
OTHER_LANGUAGE = json.dumps(
    {"cells": [], "metadata": {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}},
     "nbformat": 4, "nbformat_minor": 5}
)  # fmt: skip
OLD_CELL = {"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": [], "metadata": {}}
OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [{"cells": [OLD_CELL], "metadata": {}}],
}
UNREADABLE: dict[str, str | bytes] = {
    "empty": "",
    "not_json": "not JSON",
    "truncated": nbformat.writes(GOOD)[:100],
    "list": "[1, 2]",
    "binary": b"\xff\xfe\x00bin",
    "too_deep": TOO_DEEP,
    "cells_of_another_kind": '{"cells": 1, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "other_language": OTHER_LANGUAGE,
}
UNUSUAL: dict[str, str | bytes] = {
    "nbformat_3": json.dumps(OLD),
    "byte_order_mark": codecs.BOM_UTF8 + nbformat.writes(GOOD).encode(),
    "no_kernelspec_and_no_cells": nbformat.writes(new_notebook()),
    "half_a_letter": nbformat.writes(new_notebook(cells=[new_code_cell("x = 'HALF'")])).replace(
        "HALF", "\\ud83d"
    ),
}


@pytest.fixture(scope="module")
def oddities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a class of notebooks that are not as Jupyter writes them."""
    root = tmp_path_factory.mktemp("oddities")
    make_course(root)
    for name, text in {**UNREADABLE, **UNUSUAL}.items():
        folder = root / "submissions" / name
        folder.mkdir(parents=True)
        (folder / "l04_cnn.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert run([str(root / "submissions"), "--out", str(root / "reports")]) == 1
    return root / "reports"


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_notebook_that_cannot_be_read_is_told_to_the_student_and_is_no_zero(
    oddities: Path, name: str
) -> None:
    found = json.loads((oddities / name / "l04_cnn.json").read_text(encoding="utf-8"))
    status = "unsupported" if name == "other_language" else "unreadable"
    assert (found["status"], found["run"]["status"]) == ("ungradable", status)
    assert found["run"]["message"] is not None
    assert {mark["earned"] for mark in found["marks"] if mark["kind"] != "theory"} == {None}
    assert "<html" in (oddities / name / "l04_cnn.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_notebooks_are_run_all_the_same(oddities: Path, name: str) -> None:
    found = json.loads((oddities / name / "l04_cnn.json").read_text(encoding="utf-8"))
    assert found["run"]["status"] == "completed"


@pytest.mark.skipif(cores() < 2, reason="with one core a zygote would only stand in the way")
def test_a_single_submission_gets_a_warm_kernel(course: Path, student: Callable[..., Path]) -> None:
    assert run([str(student(nbformat.writes(GOOD)))]) == 0
    ran = record(course)["run"]
    assert (ran["sandbox"], ran["kernel"]) in (
        ("namespaces", "warm"),
        ("bubblewrap", "cold"),
        ("landlock", "warm"),
    )


def test_without_a_sandbox_trusted_notebooks_are_graded_and_the_terminal_warns(
    course: Path, student: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(student(nbformat.writes(GOOD))), "--sandbox", "none", "--trust-notebooks"]) == 0
    assert record(course)["run"]["sandbox"] == "none"
    assert "Запущено без песочницы" in capsys.readouterr().out


def test_a_students_check_without_a_sandbox_needs_no_trust(student: Callable[..., Path]) -> None:
    assert run(["check", str(student(nbformat.writes(GOOD))), "--sandbox", "none"]) == 1


def test_json_is_one_document_and_nothing_else(
    student: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(student("broken")), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["student"] == "ann"


def test_reports_can_be_rebuilt_from_records_in_another_language(
    course: Path, student: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run([str(student("broken"))])
    report = course / "reports/ann/l04_cnn.html"
    before = report.read_text(encoding="utf-8")
    (course / "reports/odd").mkdir()
    (course / "reports/odd/l04_cnn.json").write_text("{}", encoding="utf-8")
    assert run(["report", "--language", "en"]) == 1
    assert "odd" in capsys.readouterr().err
    assert 'lang="ru"' in before
    assert 'lang="en"' in report.read_text(encoding="utf-8")
    assert (course / "reports/class/index.html").is_file()


@pytest.mark.slow
def test_full_data_that_cannot_be_had_says_how_and_leaves_nothing(
    course: Path, student: Callable[..., Path], tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "GRADE_DATA": str(tmp_path / "cache"),
        "GRADE_MIRROR": str(tmp_path / "nothing"),
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    folder = student(nbformat.writes(GOOD))
    command = [sys.executable, "-m", "graders", str(folder), "--profile", "full"]
    done = subprocess.run(
        command, check=False, env=environment, capture_output=True, text=True, cwd=course, timeout=120
    )
    assert done.returncode == 2, done.stderr
    assert "grade data fetch clothes" in done.stderr
    assert "GRADE_MIRROR" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course / "reports").exists()


@pytest.mark.slow
def test_ctrl_c_ends_everything_and_leaves_no_half_written_record(
    course: Path, student: Callable[..., Path]
) -> None:
    marker = f"{os.getpid()}{time.monotonic_ns()}"
    sleeping = new_notebook(
        cells=[new_code_cell(f"import subprocess\nsubprocess.run(['sleep', '9{marker[-8:]}'])")]
    )
    folder = student(nbformat.writes(sleeping))
    process = subprocess.Popen(
        [sys.executable, "-m", "graders", str(folder)],
        cwd=course, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    wanted = f"sleep 9{marker[-8:]}"
    deadline = time.monotonic() + 60
    while not _running(wanted) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _running(wanted)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in messages
    assert not _running(wanted)
    assert not (course / "reports").exists()


def _running(command: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() == command:
                return True
        except OSError:
            continue
    return False
