"""Processes that are killed and commands that are interrupted: nothing is lost, nothing is counted twice."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from classroom import PREDICT, Class, alive, below, wait_for, workers

pytestmark = pytest.mark.slow

SLOW = "import time\ntime.sleep(3)"


def slow_class(room: Class, students: int) -> None:
    for number in range(students):
        room.submit(f"student{number}", f"print({number})", SLOW, PREDICT)


def stages(room: Class) -> list[Path]:
    """Folders of runs."""
    with suppress(FileNotFoundError):  # one that was about to be looked into has gone
        return list(room.temporary.glob("grade-run-*/w*/grade-*"))
    return []


def in_a_run(room: Class, process: subprocess.Popen[str], count: int) -> list[int]:
    """Waits until so many notebooks run; returns the workers."""

    def running() -> list[int]:
        started, found = stages(room), workers(process.pid)
        return found if min(len(started), len(found)) >= count else []

    return wait_for(running)


def test_a_worker_that_is_killed_costs_only_another_attempt(room: Class) -> None:
    slow_class(room, 2)
    process = room.start("--jobs", "2")
    os.kill(in_a_run(room, process, 2)[0], signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "attempt 2 of 3 follows later" in said
    assert "SIGKILL" in said
    assert {room.record(f"student{number}")["run"]["status"] for number in range(2)} == {"completed"}
    assert list(room.temporary.iterdir()) == []


def test_a_submission_whose_worker_always_dies_gets_no_mark_and_the_others_theirs(room: Class) -> None:
    room.submit("bad", "import time\ntime.sleep(100)")
    unreadable = room.submit("other")
    (unreadable / "l04_cnn.ipynb").write_text("no notebook", encoding="utf-8")
    process = room.start("--jobs", "1")
    for _ in range(3):
        (worker,) = in_a_run(room, process, 1)
        (stage,) = stages(room)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda gone=worker, left=stage: not alive([gone]) and not left.exists())
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "bad: no attempts are left and no mark was given" in said
    record = room.record("bad")
    assert (record["status"], record["run"]["status"]) == ("ungradable", "infrastructure")
    assert {(mark["status"], mark["earned"]) for mark in record["marks"]} == {("not_run", None)}
    assert room.record("other")["run"]["status"] == "unreadable"


def test_killed_at_any_moment_the_same_command_goes_on(room: Class) -> None:
    slow_class(room, 4)
    process = room.start("--jobs", "2")
    wait_for(lambda: len(room.graded()) >= 1)
    in_a_run(room, process, 1)
    started = below(process.pid)
    process.kill()
    process.communicate()
    wait_for(lambda: not alive(started), 30)
    before = room.graded()
    assert 1 <= len(before) < 4
    _, said = room.start("--jobs", "2").communicate(timeout=120)
    assert f"{len(before)} submission" in said
    after = room.graded()
    assert len(after) == 4
    assert {name: after[name] for name in before} == before
    assert list(room.temporary.iterdir()) == []


def test_ctrl_c_once_finishes_what_runs_and_begins_nothing(room: Class) -> None:
    slow_class(room, 4)
    process = room.start("--jobs", "2")
    in_a_run(room, process, 2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "2 submissions left to grade" in said
    assert len(room.graded()) == 2
    assert (room.root / "reports/class/index.html").is_file()
    assert list(room.temporary.iterdir()) == []


def test_ctrl_c_twice_ends_at_once(room: Class) -> None:
    for number in range(3):
        room.submit(f"student{number}", "import time\ntime.sleep(200)")
    process = room.start("--jobs", "2")
    in_a_run(room, process, 2)
    started = below(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    wait_for(lambda: "Ctrl-C again" in process.stderr.readline())
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert alive(started) == []
    assert room.graded() == {}
    assert list(room.temporary.iterdir()) == []


def test_sigterm_ends_at_once(room: Class) -> None:
    for number in range(2):
        room.submit(f"student{number}", "import time\ntime.sleep(200)")
    process = room.start("--jobs", "2")
    in_a_run(room, process, 2)
    started = below(process.pid)
    process.terminate()
    process.communicate(timeout=30)
    assert alive(started) == []
    assert list(room.temporary.iterdir()) == []
