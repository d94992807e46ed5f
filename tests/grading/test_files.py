"""What of a student's folder a notebook sees."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graders.grading import Setting, run_submission
from graders.model import Run, Submission

LOOK = """
import pathlib
import helper
assert helper.answer == 42
assert pathlib.Path("deep/words.txt").read_text() == "hello"
pathlib.Path("deep/words.txt").write_text("mine")
names = {path.name for path in pathlib.Path().iterdir()}
assert {"data", "deep", "helper.py"} <= names
assert not {"link", ".hidden"} & names
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text("answer = 42\n", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/words.txt").write_text("hello", encoding="utf-8")
    (tmp_path / ".hidden").write_text("no", encoding="utf-8")
    (tmp_path / "link").symlink_to("/etc/passwd")
    return tmp_path


@pytest.fixture
def look(setting: Setting, submitted: Callable[..., Submission]) -> Callable[[Path], Run]:
    def run(folder: Path) -> Run:
        return run_submission(setting, replace(submitted(LOOK), folder=folder), lambda step: None).run

    return run


def test_plain_files_are_there_as_copies_and_links_and_hidden_ones_are_not(
    folder: Path, look: Callable[[Path], Run]
) -> None:
    assert look(folder).cells[0].error is None
    assert (folder / "deep/words.txt").read_text(encoding="utf-8") == "hello"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root grades files that others may not read")
def test_files_that_only_their_owner_may_read_are_readable_inside(
    folder: Path, look: Callable[[Path], Run]
) -> None:
    (folder / "helper.py").chmod(0o600)
    (folder / "deep").chmod(0o700)
    assert look(folder).cells[0].error is None
