"""Several submissions in worker processes, and the same command again."""

import json
import shutil
from dataclasses import replace
from typing import Any

import pytest
from classroom import PREDICT, Class

import graders.grading
from graders.cli import run
from graders.course import calibration_hashes, open_course
from graders.grading import Setting, Work
from graders.model import Assignment, Course, Record

COMMAND = ["submissions", "--jobs", "2", "--language", "en"]


def add_assignment(room: Class, slug: str) -> None:
    """A second assignment, which is the first under another name."""
    folder = room.root / "assignments" / slug
    shutil.copytree(room.root / "assignments/l04_cnn", folder)
    shutil.copy(room.root / "reference/l04_cnn.py", room.root / f"reference/{slug}.py")
    course = open_course(room.root, public=True)
    path = folder / "calibration.json"
    calibration = json.loads(path.read_text(encoding="utf-8"))
    calibration["profiles"]["mini"]["hashes"] = calibration_hashes(course, course.assignment(slug), "mini")
    path.write_text(json.dumps(calibration), encoding="utf-8")


def test_every_submission_gets_its_record_and_the_class_its_page(graded: Class) -> None:
    statuses = {name: graded.record(name)["run"]["status"] for name in ("ann", "bob", "cid", "dan")}
    assert statuses == {"ann": "completed", "bob": "cell_error", "cid": "completed", "dan": "unreadable"}
    assert (graded.root / "reports/class/index.html").is_file()
    ann = graded.record("ann")
    assert ann["seconds"] >= ann["run"]["seconds"] > 0


def test_the_same_command_again_runs_nothing_and_says_so(
    graded: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    before = graded.graded()
    assert run(COMMAND) == 1
    said = capsys.readouterr()
    assert graded.graded() == before
    assert "4 submissions are already graded, unchanged; --force grades them again." in said.err
    assert "Submissions – graded: 3; could not be graded: 1" in said.err
    assert "Runs – ran to the end: 2" in said.err
    assert "ann" in said.out


def test_only_what_changed_is_graded_again(graded: Class) -> None:
    before = graded.graded()
    graded.submit("ann", "x = 1", PREDICT)
    (graded.root / "submissions/cid/l04_cnn.md").write_text("1. because", encoding="utf-8")
    run(COMMAND)
    after = graded.graded()
    assert {name for name in after if after[name] != before[name]} == {"ann", "cid"}
    assert len(graded.record("ann")["run"]["cells"]) == 2


@pytest.mark.slow
def test_force_grades_all_again(graded: Class) -> None:
    before = graded.graded()
    run([*COMMAND, "--force"])
    after = graded.graded()
    assert {name for name in after if after[name] != before[name]} == set(before)


@pytest.mark.parametrize("name", ["index.sqlite", "class/index.html"])
def test_a_view_that_is_gone_is_made_again_without_running_anything(graded: Class, name: str) -> None:
    before = graded.graded()
    (graded.root / "reports" / name).unlink()
    run(COMMAND)
    assert graded.graded() == before
    assert (graded.root / "reports" / name).is_file()


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_index_costs_nothing(graded: Class, damage: bytes) -> None:
    before = graded.graded()
    (graded.root / "reports/index.sqlite").write_bytes(damage)
    run(COMMAND)
    assert graded.graded() == before


@pytest.mark.parametrize("name", ["l04_cnn.npz", "l04_cnn.html"])
def test_what_lacks_a_part_is_not_finished(graded: Class, name: str) -> None:
    before = graded.graded()
    (graded.root / "reports/ann" / name).unlink()
    run(["submissions/ann", "--language", "en"])
    assert graded.graded()["ann"] != before["ann"]
    assert (graded.root / "reports/ann" / name).is_file()


def test_a_fault_of_the_machine_is_tried_again_the_next_time(graded: Class) -> None:
    path = graded.root / "reports/ann/l04_cnn.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["run"]["status"], record["status"] = "infrastructure", "ungradable"
    path.write_text(json.dumps(record), encoding="utf-8")
    run(COMMAND)
    assert graded.record("ann")["run"]["status"] == "completed"


def test_one_whose_report_cannot_be_written_does_not_cost_the_others_their_marks(
    graded: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    before = graded.graded()
    shutil.rmtree(graded.root / "reports/ann")
    (graded.root / "reports/ann").write_text("in the way", encoding="utf-8")
    assert run(["submissions/ann", "submissions/dan", "--language", "en", "--force"]) == 1
    said = capsys.readouterr().err
    assert "ann: the result could not be written (File exists)" in said
    assert "Traceback" not in said
    assert graded.graded()["dan"] != before["dan"]


def test_a_page_of_the_class_that_cannot_be_written_is_said(
    graded: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(graded.root / "reports/class")
    (graded.root / "reports/class").write_text("in the way", encoding="utf-8")
    assert run(COMMAND) == 1
    said = capsys.readouterr().err
    assert "reports/class/index.html: the result could not be written (File exists)" in said


def test_one_that_the_toolkit_fails_on_does_not_cost_the_others_their_marks(
    room: Class, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_assignment(room, "l05_more")
    (room.submit("ann") / "l04_cnn.ipynb").write_text("no notebook", encoding="utf-8")
    (room.submit("bob") / "l04_cnn.ipynb").rename(room.root / "submissions/bob/l05_more.ipynb")

    def prepare(course: Course, assignment: Assignment, **options: Any) -> Setting:
        setting = graders.grading.prepare(course, assignment, **options)
        broken = assignment.model_copy(update={"rubric": None})
        return replace(setting, assignment=broken) if assignment.slug == "l05_more" else setting

    monkeypatch.setattr("graders.commands.batch.prepare", prepare)
    assert run(COMMAND) == 3
    assert "bob, l05_more: a fault of the toolkit" in capsys.readouterr().err
    assert list(room.graded()) == ["ann"]


def test_a_check_that_the_toolkit_fails_on_is_no_clean_one(
    room: Class, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ann", "bob"):
        (room.submit(name) / "l04_cnn.ipynb").write_text("no notebook", encoding="utf-8")

    def make_record(work: Work, *arguments: Any) -> Record:
        if work.submission.student == "bob":
            raise ZeroDivisionError
        return graders.grading.make_record(work, *arguments)

    monkeypatch.setattr("graders.pipeline.make_record", make_record)
    assert run(["check", "submissions", "--language", "en"]) == 3
    said = capsys.readouterr()
    assert "not checked: bob: ZeroDivisionError" in said.err
    assert said.out


def test_a_single_submission_is_kept_too_and_its_table_shown(
    graded: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    before = graded.graded()
    assert run(["submissions/ann", "--language", "en"]) == 0
    said = capsys.readouterr()
    assert "This submission is already graded, unchanged" in said.err
    assert "Total" in said.out
    assert run(["submissions/ann", "--language", "en", "--force"]) == 0
    assert graded.graded()["ann"] != before["ann"]


def test_what_is_kept_is_shown_in_the_language_asked_for(graded: Class) -> None:
    before = graded.graded()
    run(["submissions", "--language", "ru"])
    assert graded.graded() == before
    assert 'lang="ru"' in (graded.root / "reports/ann/l04_cnn.html").read_text(encoding="utf-8")


def test_json_lists_all_that_was_asked_for(graded: Class, capsys: pytest.CaptureFixture[str]) -> None:
    run([*COMMAND, "--json"])
    document = json.loads(capsys.readouterr().out)
    assert [record["student"] for record in document] == ["ann", "bob", "cid", "dan"]


def test_two_folders_with_one_name_do_not_overwrite_each_other(
    room: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(room.submit("ann"), room.root / "late/ann")
    assert run(["submissions/ann", "late/ann"]) == 2
    said = capsys.readouterr().err
    assert str(room.root / "submissions/ann") in said
    assert str(room.root / "late/ann") in said


@pytest.mark.parametrize("command", [["submissions"], ["check", "submissions"]], ids=["grade", "check"])
def test_a_notebook_that_could_be_anything_is_named_and_the_others_are_graded(
    room: Class, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    add_assignment(room, "l05_more")
    room.submit("ann")
    unclear = room.submit("bob")
    (unclear / "l04_cnn.ipynb").rename(unclear / "homework.ipynb")
    assert run([*command, "--language", "en", "--json"]) == 1
    said = capsys.readouterr()
    assert f"{unclear}: cannot tell which assignment this is for: homework.ipynb" in said.err
    assert json.loads(said.out)["student"] == "ann"


def test_a_folder_that_is_named_twice_is_graded_once(
    graded: Class, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["submissions/ann", "submissions", "--json"])
    assert len(json.loads(capsys.readouterr().out)) == 4


@pytest.mark.parametrize("jobs", ["0", "-3", "many"])
def test_jobs_that_make_no_sense_are_refused(graded: Class, jobs: str) -> None:
    assert run(["submissions", "--jobs", jobs]) == 2
