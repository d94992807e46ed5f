"""What tests of batches share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import PREDICT, Class, make_course

from graders.cli import run


@pytest.fixture
def room(tmp_path: Path, data_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    """A class without students, as the current folder."""
    make_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    made = Class(tmp_path)
    yield made
    made.end()


@pytest.fixture(scope="session")
def graded_once(data_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four students of all kinds, graded two at a time."""
    root = tmp_path_factory.mktemp("class")
    make_course(root)
    room = Class(root)
    room.submit("ann")
    room.submit("bob", "1 / 0", PREDICT)
    room.submit("cid")
    (root / "submissions/dan").mkdir()
    (root / "submissions/dan/l04_cnn.ipynb").write_text("no notebook", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert run(["submissions", "--jobs", "2", "--language", "en"]) == 1
    room.end()
    return root


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    """A copy of the graded class, as the current folder."""
    root = tmp_path / "class"
    shutil.copytree(graded_once, root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "200")
    made = Class(root)
    yield made
    made.end()
