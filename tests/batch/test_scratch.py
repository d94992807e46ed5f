"""Temporary folders of commands that were killed go, those of living commands stay."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graders.batch.scratch import scratch, sweep

HOLD = """
import sys, tempfile, time
from graders.batch.scratch import scratch
with scratch() as folder:
    tempfile.mkdtemp(prefix="grade-")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="base-", dir="/tmp") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.fixture
def holder(base: Path) -> Iterator[subprocess.Popen[str]]:
    """Another command that is using its folder."""
    command = [sys.executable, "-c", HOLD]
    process = subprocess.Popen(
        command, env={**os.environ, "TMPDIR": str(base)}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_temporary_files_lie_in_it_and_go_with_it(base: Path) -> None:
    with scratch() as folder:
        made = Path(tempfile.mkdtemp())
        assert made.parent == folder
        (made / "locked").mkdir(mode=0o000)
    assert list(base.iterdir()) == []
    assert tempfile.gettempdir() == str(base)


def test_that_of_a_living_command_stays(base: Path, holder: subprocess.Popen[str]) -> None:
    sweep()
    assert len(list(base.glob("*/grade-*"))) == 1


def test_that_of_a_killed_command_goes(base: Path, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert len(list(base.iterdir())) == 1
    sweep()
    assert list(base.iterdir()) == []


def test_folders_of_others_stay(base: Path) -> None:
    (base / "grade-run-other").mkdir()
    (base / "elsewhere").mkdir()
    (base / "elsewhere/owner").touch()
    (base / "grade-run-link").symlink_to(base / "elsewhere")
    sweep()
    assert len(list(base.iterdir())) == 3


def test_a_long_path_leaves_room_for_sockets(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = base / ("x" * 60)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with scratch() as folder:
        assert len(str(folder)) < 50
