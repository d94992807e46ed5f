"""`grade plan` as it is typed: what is printed, what it exits with, and what it leaves alone."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from graders.cli import run
from graders.course import open_course
from graders.grading import submission_hash
from graders.model import Limits, Record
from graders.model.run import CellResult
from graders.plan import expected_seconds, lesson_of, training_seconds
from graders.plan.planning import LARGEST_LOOKED
from graders.plan.whole import START_SECONDS
from graders.store import write_record
from graders.submissions import Found, find

ROOT = Path(__file__).parent.parent.parent
TRAIN = (
    "for epoch in range({epochs}):\n    for x in DataLoader(data, batch_size=64):\n        f(x).backward()"
)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def submit(course: Path, student: str, *cells: str, slug: str = "l04_cnn", **metadata: Any) -> Path:
    folder = course / "submissions" / student
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug}.ipynb"
    made = [new_code_cell(cell, metadata=metadata) for cell in cells]
    nbformat.write(new_notebook(cells=made), path)
    return path


def planned(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    code = run(["plan", "submissions", "--json", "--language", "en", *options])
    document = json.loads(capsys.readouterr().out)
    document["by"] = {one["student"]: one for one in document["submissions"]}
    return code, document


def test_more_training_takes_longer_and_nothing_is_run_or_written(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", "open('/tmp/never', 'w')", TRAIN.format(epochs=2))
    submit(course, "bob", TRAIN.format(epochs=20))
    before = sorted(path for path in course.rglob("*"))
    code, plan = planned(capsys)
    assert code == 0
    assert plan["by"]["ann"]["seconds"] < plan["by"]["bob"]["seconds"]
    assert plan["by"]["bob"]["source"] == "from its loops: 1,580 steps"
    assert plan["by"]["bob"]["low"] < plan["by"]["bob"]["seconds"] < plan["by"]["bob"]["high"]
    assert sorted(path for path in course.rglob("*")) == before


def test_data_of_a_students_own_is_learned_from_twice_and_is_not_over_budget(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for student, load in (("ann", "x = 1"), ("bob", "def load_all():\n    return X, y, None")):
        submit(course, student, load, TRAIN.format(epochs=2), slug="l06_unet")
    code, plan = planned(capsys)
    assert code == 0
    assert (plan["by"]["ann"]["own_seconds"], plan["by"]["bob"]["own_seconds"]) == (0, 120)
    assert plan["by"]["bob"]["seconds"] == plan["by"]["ann"]["seconds"]
    assert plan["seconds"] > 120


def test_what_is_over_its_budget_is_named_with_what_to_do(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", TRAIN.format(epochs=10**15))
    submit(course, "bob", TRAIN.format(epochs=2))
    code, plan = planned(capsys)
    assert code == 1
    assert plan["by"]["ann"]["over"] == ["cell_seconds", "total_seconds"]
    assert plan["by"]["bob"]["over"] == []
    assert plan["one_after_another"] < 1000  # the limit ends it
    assert run(["plan", "submissions", "--language", "en"]) == 1
    shown = capsys.readouterr().out
    assert "1 submission is over its budget" in shown
    assert "total_seconds = 900" in shown
    assert "ask the student for weights" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_long_times_are_hours_and_the_limit_that_is_advised_can_be_typed(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", TRAIN.format(epochs=8000))
    assert run(["plan", "submissions", "--language", "ru"]) == 1
    shown = capsys.readouterr().out
    assert "✗ 3 ч" in shown
    assert re.search(r"--limit total_seconds=\d{5} ", " ".join(shown.split()))


def test_long_names_leave_room_for_the_source(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit(course, "Константинопольский-Преображенский [red]Александр", TRAIN.format(epochs=200))
    assert run(["plan", "submissions", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "from its loops" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_limits_of_the_command_line_count(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit(course, "ann", TRAIN.format(epochs=30))
    assert planned(capsys)[0] == 0
    code, plan = planned(capsys, "--limit", "total_seconds=5", "--limit", "cell_seconds=5")
    assert (code, plan["by"]["ann"]["over"]) == (1, ["cell_seconds", "total_seconds"])


def test_weights_beside_a_notebook_are_scored_instead_where_the_mode_says_so(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guard = 'import os\nskip_training = os.environ.get("GRADE_MODE") == "checkpoint"\n'
    load = "def load_model(path): ..."
    long, short = (TRAIN.format(epochs=epochs).replace("\n", "\n    ") for epochs in (10**6, 2))
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    weights = len(header).to_bytes(8, "little") + header + bytes(4)
    for student, body, file in (
        ("ann", long, weights),
        ("bob", long, b""),
        ("cid", long, b"no weights"),
        ("dan", short, weights),
    ):
        path = submit(course, student, load, f"{guard}if not skip_training:\n    {body}")
        if file:
            path.with_suffix(".safetensors").write_bytes(file)

    def scored(*options: str) -> set[str]:
        return {one["student"] for one in planned(capsys, *options)[1]["submissions"] if one["checkpoint"]}

    assert (scored("--mode", "auto"), scored("--mode", "checkpoint")) == ({"ann"}, {"ann", "dan"})
    code, plan = planned(capsys, "--mode", "auto")
    assert code == 1
    assert plan["by"]["ann"]["seconds"] < 10
    assert plan["by"]["ann"]["over"] == []
    assert plan["by"]["cid"]["over"] == ["cell_seconds", "total_seconds"]
    assert scored() == set()


def record(course: Path, student: str, seconds: float, /, **changes: Any) -> Record:
    """A record of what stands in the student's folder now."""
    found, _ = find(course / "submissions" / student, ["l04_cnn", "l06_unet"])
    sample: dict[str, Any] = {
        "schema": 1,
        "student": student,
        "assignment": "l04_cnn",
        "profile": "mini",
        "graded_at": "2026-03-01T10:00:00Z",
        "status": "graded",
        "earned": 1.0,
        "provisional": 0.0,
        "possible": 10.0,
        "run": {"status": "completed", "seconds": seconds},
        "marks": [],
        "versions": {},
        "hashes": {"submission": submission_hash(found[0])},
    }
    made = Record.model_validate({**sample, **changes})
    write_record(course / "reports", made, {})
    return made


def test_a_record_of_the_same_notebook_is_the_best_source(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", TRAIN.format(epochs=30))
    cell = CellResult(number=1, index=0, status="ok", seconds=30.0).model_dump()
    run_of = {"status": "completed", "seconds": 33.0, "cells": [cell]}
    record(course, "ann", 33.0, run=run_of, seconds=100.0)
    _, plan = planned(capsys)
    one = plan["by"]["ann"]
    assert plan["one_after_another"] == START_SECONDS + 100
    assert (one["kind"], one["seconds"], one["longest_cell"]) == ("record", 33.0, 30.0)
    submit(course, "ann", TRAIN.format(epochs=31))
    assert planned(capsys)[1]["by"]["ann"]["kind"] == "earlier"
    submit(course, "ann", TRAIN.format(epochs=3000))
    assert planned(capsys)[1]["by"]["ann"]["kind"] == "loops"


def test_a_record_of_another_profile_or_of_a_fault_says_nothing(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", TRAIN.format(epochs=3))
    record(course, "ann", 33.0, profile="full")
    assert planned(capsys)[1]["by"]["ann"]["kind"] == "loops"
    record(course, "ann", 33.0, run={"status": "infrastructure", "seconds": 33.0})
    assert planned(capsys)[1]["by"]["ann"]["kind"] == "loops"


@pytest.mark.parametrize(("mode", "device"), [("checkpoint", "cpu"), ("rerun", "cuda:0")])
def test_a_record_of_weights_or_of_another_device_does_not_tell_how_long_a_training_takes(
    course: Path, capsys: pytest.CaptureFixture[str], mode: str, device: str
) -> None:
    submit(course, "ann", TRAIN.format(epochs=3))
    record(course, "ann", 3.0, run={"status": "completed", "seconds": 3.0, "mode": mode, "device": device})
    assert planned(capsys)[1]["by"]["ann"]["kind"] == "loops"


@pytest.mark.parametrize(("whole", "besides"), [(40.0, 35.0), (0.0, 120.0)])
def test_a_record_tells_what_learning_from_own_data_took(
    course: Path, capsys: pytest.CaptureFixture[str], whole: float, besides: float
) -> None:
    submit(course, "ann", "def load_all():\n    return X, y, None", slug="l06_unet")
    record(course, "ann", 5.0, assignment="l06_unet", seconds=whole)
    one = planned(capsys)[1]["by"]["ann"]
    assert (one["kind"], one["seconds"], one["own_seconds"]) == ("record", 5.0, besides)


def test_a_notebook_without_loops_takes_what_the_class_takes(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", "print('no training')")
    assert planned(capsys)[1]["by"]["ann"]["kind"] == "reference"
    for name, seconds in (("bob", 10.0), ("cid", 11.0), ("dan", 400.0)):
        submit(course, name, "x = 1")
        record(course, name, seconds)
    one = planned(capsys)[1]["by"]["ann"]
    assert (one["kind"], one["seconds"]) == ("class", 11.0)


def test_earlier_runs_tell_how_fast_this_machine_is(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit(course, "ann", TRAIN.format(epochs=10))
    alone = planned(capsys)[1]["by"]["ann"]["seconds"]
    for name in ("bob", "cid", "dan"):
        submit(course, name, TRAIN.format(epochs=10))
        record(course, name, 4 * alone)
    assert planned(capsys)[1]["by"]["ann"]["seconds"] == pytest.approx(4 * alone, rel=0.05)


def test_times_that_the_notebook_kept_are_used(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit(course, "ann", "import mystery\nmystery.train()", executionInfo={"elapsed": 120_000})
    one = planned(capsys)[1]["by"]["ann"]
    assert (one["kind"], one["longest_cell"]) == ("timings", 120.0)


def test_files_that_are_no_notebooks_cost_the_others_nothing(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", TRAIN.format(epochs=3))
    contents = (
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"nbformat": 4, "cells": [1, 2]}',
        b'{"nbformat": 9, "cells": []}',
    )
    for number, content in enumerate(contents):
        submit(course, f"bad{number}", "x = 1").write_bytes(content)
    by = planned(capsys)[1]["by"]
    assert by.pop("ann")["kind"] == "loops"
    said = {(one["kind"], one["seconds"], one["source"]) for one in by.values()}
    assert (len(by), said) == (6, {("nothing", 0.0, "no notebook that can be read")})


def test_another_assignment_and_jobs_can_be_asked_for(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "ann", TRAIN.format(epochs=3))
    submit(course, "ann", TRAIN.format(epochs=3), slug="l08_gan")
    _, plan = planned(capsys, "--assignment", "l08_gan", "--jobs", "1")
    assert [one["assignment"] for one in plan["submissions"]] == ["l08_gan"]
    assert plan["jobs"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ["plan"],
        ["plan", "nowhere"],
        ["plan", "submissions", "--jobs", "0"],
        ["plan", ".", "--assignment", "x"],
    ],
)
def test_what_cannot_be_asked_for_is_refused(course: Path, words: list[str]) -> None:
    submit(course, "ann", "x = 1")
    assert run(words) == 2


def test_the_samples_are_planned_in_both_languages_within_80_columns(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "submissions", course / "submissions", dirs_exist_ok=True)
    for language in ("ru", "en"):
        assert run(["plan", "submissions", "--language", language]) == 0
        shown = capsys.readouterr().out
        assert shown.count("student01") == 7
        assert max(map(len, shown.splitlines())) <= 80


def test_the_order_of_work_follows_the_loops_where_there_is_no_record(course: Path) -> None:
    read = open_course(course, public=True, calibrated=False)
    assignment = read.assignment("l04_cnn")
    assert assignment is not None
    lesson = lesson_of(read, assignment, "mini")

    def expected(student: str) -> float | None:
        found = Found(course / "submissions" / student, "l04_cnn")
        return expected_seconds(found, lesson, Limits(), on_gpu=False)

    submit(course, "ann", TRAIN.format(epochs=2))
    submit(course, "bob", TRAIN.format(epochs=20))
    submit(course, "cid", "x = 1").write_bytes(b" " * (LARGEST_LOOKED + 1))
    (course / "submissions/dan").mkdir()
    ann, bob = expected("ann"), expected("bob")
    assert ann is not None
    assert bob is not None
    assert ann < bob
    assert expected("cid") is None
    assert expected("dan") == 0  # nothing to run


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        (TRAIN.format(epochs=10**5), True),
        (TRAIN.replace("{epochs}", "how_many()"), False),
        ("print('training stands elsewhere')", False),
    ],
)
def test_auto_chooses_by_what_a_notebook_tells_and_by_no_guess(course: Path, cell: str, known: bool) -> None:
    read = open_course(course, public=True, calibrated=False)
    assignment = read.assignment("l04_cnn")
    assert assignment is not None
    submit(course, "ann", cell)
    found, limits = Found(course / "submissions/ann", "l04_cnn"), Limits()
    told = training_seconds(found, lesson_of(read, assignment, "mini"), limits, on_gpu=False)
    assert (told is not None) is known
    assert told is None or told > 10 * limits.total_seconds  # what the limit would cut off is told as well
