"""What makes a record one of the same inputs, and what does not."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from graders.batch.finished import is_finished
from graders.grading import setting_hash, submission_hash
from graders.grading.inputs import MOST_READ
from graders.grading.setting import Setting
from graders.grading.versions import _students as versions_of
from graders.index import Row
from graders.model import JudgeConfig, Runtime
from graders.submissions import Found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "ann"
    (made / "plots").mkdir(parents=True)
    (made / "l04_cnn.ipynb").write_text("{}", encoding="utf-8")
    (made / "l04_cnn.md").write_text("1. because", encoding="utf-8")
    (made / "plots/a.csv").write_text("1,2", encoding="utf-8")
    return made


CHANGES: dict[str, Callable[[Path], object]] = {
    "notebook": lambda folder: (folder / "l04_cnn.ipynb").write_text("[]", encoding="utf-8"),
    "answers": lambda folder: (folder / "l04_cnn.md").write_text("1. why", encoding="utf-8"),
    "a file below": lambda folder: (folder / "plots/a.csv").write_text("1,3", encoding="utf-8"),
    "another file": lambda folder: (folder / "plots/b.csv").write_text("1,2", encoding="utf-8"),
    "an empty folder": lambda folder: (folder / "more").mkdir(),
    "a file gone": lambda folder: (folder / "l04_cnn.md").unlink(),
    "another name": lambda folder: (folder / "l04_cnn.ipynb").rename(folder / "work.ipynb"),
    "a link": lambda folder: (folder / "link").symlink_to("l04_cnn.md"),
    "a large file": lambda folder: os.truncate(folder / "plots/a.csv", MOST_READ + 1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_grading_may_see_is_noticed(folder: Path, change: str) -> None:
    before = submission_hash(Found(folder, "l04_cnn"))
    CHANGES[change](folder)
    assert submission_hash(Found(folder, "l04_cnn")) != before


@pytest.mark.parametrize("change", ["notebook", "answers", "a file below"])
def test_a_change_is_noticed_among_more_files_than_are_read(
    folder: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graders.grading.inputs.MOST_ENTRIES", 5)
    (folder / "a_images").mkdir()
    for number in range(10):
        (folder / f"a_images/{number}.png").touch()
    before = submission_hash(Found(folder, "l04_cnn"))
    CHANGES[change](folder)
    assert submission_hash(Found(folder, "l04_cnn")) != before


def test_the_notebook_counts_by_its_text_however_many_files_there_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graders.grading.inputs.MOST_ENTRIES", 5)
    for number in range(10):
        (folder / f"{number}.png").touch()
    notebook = folder / "l04_cnn.ipynb"
    before, status = submission_hash(Found(folder, "l04_cnn")), notebook.stat()
    notebook.write_text("[]", encoding="utf-8")
    os.utime(notebook, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert submission_hash(Found(folder, "l04_cnn")) != before


def test_folders_in_folders_without_end_do_not_raise(nested: Path) -> None:
    assert submission_hash(Found(nested, "l04_cnn")) == submission_hash(Found(nested, "l04_cnn"))


def test_times_and_hidden_files_and_the_folder_that_it_lies_in_do_not_matter(folder: Path) -> None:
    before = submission_hash(Found(folder, "l04_cnn"))
    (folder / ".ipynb_checkpoints").mkdir()
    os.utime(folder / "l04_cnn.ipynb", (1, 1))
    moved = folder.rename(folder.with_name("bob"))
    assert submission_hash(Found(moved, "l04_cnn")) == before


def test_a_linked_notebook_counts_by_its_text(folder: Path) -> None:
    (folder / ".kept.ipynb").write_text("{}", encoding="utf-8")
    (folder / "l04_cnn.ipynb").unlink()
    (folder / "l04_cnn.ipynb").symlink_to(".kept.ipynb")
    before = submission_hash(Found(folder, "l04_cnn"))
    (folder / ".kept.ipynb").write_text("[]", encoding="utf-8")
    assert submission_hash(Found(folder, "l04_cnn")) != before


def test_other_students_notebooks_in_one_folder_do_not_matter(folder: Path) -> None:
    found = Found(folder, "l04_cnn", folder / "l04_cnn.ipynb", alone=True)
    before = submission_hash(found)
    (folder / "other.ipynb").write_text("{}", encoding="utf-8")
    assert submission_hash(found) == before
    (folder / "l04_cnn.ipynb").write_text("[]", encoding="utf-8")
    assert submission_hash(found) != before


def test_strange_things_in_a_folder_neither_block_nor_raise(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "nowhere.ipynb").symlink_to("/nowhere")
    (folder / os.fsdecode(b"caf\xe9")).write_text("", encoding="utf-8")
    os.truncate(folder / "l04_cnn.md", 2**40)
    assert submission_hash(Found(folder, "l04_cnn")) == submission_hash(Found(folder, "l04_cnn"))


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "checkpoint"},
        {"profile": "full"},
        {"device": "cuda:0"},
        {"sealed": False},
        {"secret": b"another"},
        {"seed": 1},
        {"twice": True},
    ],
    ids=str,
)
def test_another_setting_is_noticed(setting: Setting, change: dict[str, object]) -> None:
    usual: dict[str, object] = {
        "profile": "mini",
        "limits": setting.limits,
        "device": "cpu",
        "sealed": True,
        "secret": setting.secret,
    }
    before = setting_hash(setting.course, setting.assignment, **usual)
    assert setting_hash(setting.course, setting.assignment, **{**usual, **change}) != before
    assert setting_hash(setting.course, setting.assignment, **usual) == before


def test_another_judge_is_noticed(setting: Setting) -> None:
    def hash_with(judge: JudgeConfig | None) -> str:
        course = setting.course.model_copy(update={"judge": judge})
        options = {
            "profile": "mini",
            "limits": setting.limits,
            "device": "cpu",
            "sealed": True,
            "secret": b"",
        }
        return setting_hash(course, setting.assignment, **options)

    small, large = (JudgeConfig(base_url="http://h", model=model) for model in ("small", "large"))
    assert len({hash_with(judge) for judge in (None, small, large)}) == 3
    assert hash_with(small) == hash_with(small.model_copy(update={"seconds": 5.0}))


def test_a_worker_that_waits_for_a_judge_is_not_taken_for_one_that_hangs(setting: Setting) -> None:
    course = setting.course.model_copy(update={"judge": JudgeConfig(seconds=100)})
    judged = replace(setting, course=course, judge=Mock())
    assert (setting.judge_seconds, judged.judge_seconds) == (0, 600)


def test_another_version_of_a_kernels_packages_is_noticed(setting: Setting, tmp_path: Path) -> None:
    python = tmp_path / "python"

    def hash_with(torch: str) -> str:
        said = json.dumps({"python": "3.11", "torch": torch, "numpy": "1", "ipykernel": "6"})
        python.write_text(f"#!/bin/sh\necho '{said}'\n", encoding="utf-8")
        python.chmod(0o755)
        versions_of.cache_clear()
        course = setting.course.model_copy(update={"runtime": Runtime(kernels={"old": python})})
        options = {
            "profile": "mini",
            "limits": setting.limits,
            "device": "cpu",
            "sealed": True,
            "secret": b"",
        }
        return setting_hash(course, setting.assignment, **options)

    assert hash_with("2.0") == hash_with("2.0") != hash_with("2.1")


@pytest.fixture
def finished(folder: Path, tmp_path: Path) -> Callable[..., bool]:
    """Whether a record is one of today's inputs, with one thing of it changed."""
    out = tmp_path / "reports"
    (out / "ann").mkdir(parents=True)
    for suffix in ("html", "npz"):
        (out / f"ann/l04_cnn.{suffix}").touch()

    def of(*, rerun_borderline: bool = False, **changes: object) -> bool:
        values = {
            "student": "ann",
            "assignment": "l04_cnn",
            "status": "graded",
            "run_status": "completed",
            "earned": 1.0,
            "possible": 1.0,
            "seconds": 1.0,
            "submission": submission_hash(Found(folder, "l04_cnn")),
            "setting": "once",
            "borderline": False,
            "scored": True,
            "changed": 1,
            "size": 1,
        }
        row = Row(**{**values, **changes})
        settings = {False: "once", True: "twice"}
        return is_finished(Found(folder, "l04_cnn"), out, row, settings, rerun_borderline=rerun_borderline)

    return of


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"status": "ungradable", "run_status": "unreadable"}, True),
        ({"run_status": "infrastructure"}, False),
        ({"submission": "other"}, False),
        ({"submission": ""}, False),
        ({"setting": "other"}, False),
        ({"setting": "twice"}, True),
        ({"borderline": True}, True),
        ({"borderline": True, "rerun_borderline": True}, False),
        ({"borderline": True, "rerun_borderline": True, "setting": "twice"}, True),
        ({"rerun_borderline": True}, True),
    ],
    ids=str,
)
def test_a_record_of_the_same_inputs_is_kept(
    finished: Callable[..., bool], changes: dict[str, object], expected: bool
) -> None:
    assert finished(**changes) is expected
