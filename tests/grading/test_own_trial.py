"""Own data on its way: what is said of it before anybody learns, and what is there while models learn."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_notebooks import GUESS, TABLE, own_data

from graders.grading import Setting, mark_work, run_submission
from graders.grading.own_trial import Examined
from graders.mirror import Mirrored
from graders.model import OWN_KINDS, Submission
from graders.own.alike import find_alike
from graders.own.intake import read_loaded
from graders.own.loaded import Declared, Loaded

RANDOM = np.random.default_rng(0)
DOUBLED = np.repeat(RANDOM.random((30, 16, 16)), 2, axis=0)
SERIES = RANDOM.normal(size=(6, 80)).cumsum(axis=1)
WINDOWS = np.array([series[at : at + 30] for series in SERIES for at in range(0, 50, 5)])


@pytest.mark.parametrize(
    ("kind", "arrays", "expected"),
    [
        ("sampling", {"X": DOUBLED}, True),
        ("sampling", {"X": DOUBLED, "groups": np.repeat(np.arange(30), 2)}, False),
        ("sampling", {"X": DOUBLED[::2]}, False),
        ("forecasting", {"X": WINDOWS, "y": WINDOWS[:, :3], "groups": np.repeat(np.arange(6), 10)}, False),
        ("forecasting", {"X": WINDOWS, "y": WINDOWS[:, :3]}, False),
    ],
)
def test_a_person_sees_copies_that_the_student_has_not_put_together(
    kind: str, arrays: dict[str, Any], expected: bool
) -> None:
    loaded = read_loaded(arrays, Declared(forms=dict.fromkeys(arrays, "array"), kind=kind), OWN_KINDS)
    assert isinstance(loaded, Loaded)
    alike = find_alike(loaded.examples)
    assert Examined(loaded, 0, alike, ()).shows_copies is expected


def test_windows_of_one_series_are_split_by_time_also_if_each_is_called_a_group_of_its_own() -> None:
    series = np.random.RandomState(0).randn(200).cumsum()
    cut = np.stack([series[at : at + 30] for at in range(170)])
    arrays = {"X": cut[:, :24], "y": cut[:, 24:], "groups": np.arange(170)}
    loaded = read_loaded(arrays, Declared(forms=dict.fromkeys(arrays, "array")), ["forecasting"])
    assert isinstance(loaded, Loaded)
    brought = Examined(loaded, 0, find_alike(loaded.examples), ())
    assert brought.by_time
    assert len(np.unique(brought.groups)) == 170


def test_the_student_files_are_not_there_while_it_learns(
    own_lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    random = np.random.default_rng(3)
    inputs = random.normal(size=(300, 4))
    np.savez(tmp_path / "mine.npz", X=inputs, y=(inputs[:, 0] * inputs[:, 1] > 0).astype(int))
    cells = (
        'import numpy as np\nown_kind = "classification"',
        'def load_all():\n    data = np.load("mine.npz")\n    return data["X"], data["y"], None',
        "def train(X, y, budget):\n    return load_all()\ndef predict(model, X):\n    return [0] * len(X)",
    )
    work = run_submission(own_lesson, replace(submitted(*cells), folder=tmp_path), lambda step: None)
    (mark,) = mark_work(work).marks
    assert (mark.reason.code, mark.reason.params["type"]) == ("probe.exception", "FileNotFoundError")


ADDRESS = "https://data.example.org/plants.npz"
LOOKS_UP = f"""
import os, urllib.request
import numpy as np
own_kind = "classification"
def download():
    urllib.request.urlretrieve("{ADDRESS}", "plants.npz")
    found = np.load("plants.npz")
    return found["X"], found["y"]
def load_all():
    return *download(), None
def train(X, y, budget):
    assert os.listdir(os.environ["TORCH_HOME"]) == ["hub"]
    assert "index" not in os.environ["GRADE_OFFLINE"] and not os.path.exists("/grade/mirror")
def predict(model, X):
    known, answers = download()
    return answers[np.abs(X[:, None] - known).sum(2).argmin(1)]
"""


def test_answers_cannot_be_looked_up_in_the_mirror_that_the_data_is_from(
    own_lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    inputs = np.random.default_rng(3).normal(size=(300, 4))
    np.savez(tmp_path / "plants.npz", X=inputs, y=(inputs[:, 0] * inputs[:, 1] > 0).astype(int))
    (tmp_path / "weights" / "hub" / "checkpoints").mkdir(parents=True)
    runtime = own_lesson.course.runtime.model_copy(update={"weights": tmp_path / "weights"})
    mirrored = replace(
        own_lesson,
        course=own_lesson.course.model_copy(update={"runtime": runtime}),
        assignment=own_lesson.assignment.model_copy(update={"pretrained": True}),
        mirror=(Mirrored(ADDRESS, tmp_path / "plants.npz", ""),),
    )
    work = run_submission(mirrored, submitted(LOOKS_UP), lambda step: None)
    (mark,) = mark_work(work).marks
    assert own_data(mark).examples == 300
    assert (mark.status, mark.reason.code, mark.reason.params["what"]) == ("not_run", "own.refused", ADDRESS)


def test_a_line_that_fails_without_files_is_named(
    own_lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    np.savez(tmp_path / "mine.npz", X=np.random.default_rng(0).normal(size=(300, 4)))
    cells = (
        'import numpy as np\nown_kind = "classification"\nsize = np.load("mine.npz")["X"].shape[1]',
        'def load_all():\n    X = np.load("mine.npz")["X"]\n    return X, (X[:, 0] > 0).astype(int), None',
        "train = lambda X, y, budget, size=size: size\ndef predict(model, X):\n    return [0] * len(X)",
    )
    work = run_submission(own_lesson, replace(submitted(*cells), folder=tmp_path), lambda step: None)
    (mark,) = mark_work(work).marks
    assert (mark.status, mark.reason.code) == ("failed", "own.lost")
    assert mark.reason.params["type"] == "FileNotFoundError"


def test_a_folder_that_is_too_large_is_told(
    own_lesson: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    (tmp_path / "large.bin").write_bytes(bytes(2 * 2**20))
    small = replace(own_lesson, limits=own_lesson.limits.model_copy(update={"own_data_mib": 1}))
    work = run_submission(small, replace(submitted(TABLE, GUESS), folder=tmp_path), lambda step: None)
    assert mark_work(work).marks[0].reason.code == "own.folder"


@pytest.mark.slow
def test_the_split_is_the_same_every_time_and_another_for_other_secrets(
    own_lesson: Setting, submitted: Callable[..., Submission]
) -> None:
    def hidden(secret: bytes) -> list[int]:
        work = run_submission(replace(own_lesson, secret=secret), submitted(TABLE, GUESS), lambda step: None)
        trial = work.own["own"]
        assert trial.lesson is not None
        return trial.lesson.split.hidden.tolist()

    assert hidden(b"one") == hidden(b"one") != hidden(b"two")
