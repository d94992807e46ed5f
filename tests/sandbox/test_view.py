"""What a sealed notebook sees, as a list of entries in the order in which they are made."""

import venv
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from graders.model import Limits
from graders.sandbox import Job
from graders.sandbox.stage import Stage
from graders.sandbox.view import Scratch, view


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter in the host's folder for temporary files, where a course may lie too."""
    venv.create(tmp_path / "venv", symlinks=True)
    return tmp_path / "venv" / "bin" / "python"


def test_nothing_is_covered_by_what_comes_later(python: Path, tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    probe.touch()
    job = Job(new_notebook(), (), probe, (), Limits(), "cpu", None, "mini")
    with Stage() as stage:
        entries = list(view(job, stage, python, 65534))
    assert any(entry.target == tmp_path / "venv" for entry in entries)
    for number, entry in enumerate(entries):
        if isinstance(entry, Scratch):
            covered = [one.target for one in entries[:number] if entry.target in one.target.parents]
            assert covered == [], entry.target
