"""What a run could leave behind is found: each thing is left here on purpose."""

import ctypes
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import traces
from traces import left_since, look


@contextmanager
def process(token: str) -> Iterator[None]:
    with subprocess.Popen(["sleep", "60"]) as running:
        yield
        running.kill()


@contextmanager
def orphan(token: str) -> Iterator[None]:
    ran = subprocess.run(
        ["sh", "-c", f"setsid sh -c 'sleep 60; : {token}' >/dev/null 2>&1 & echo $!"],
        capture_output=True,
        check=True,
    )
    yield
    os.killpg(int(ran.stdout), 9)


@contextmanager
def file(place: str, token: str) -> Iterator[None]:
    path = Path(place, f"x{token}")
    path.touch()
    yield
    path.unlink()


@contextmanager
def staged(token: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="grade-"):
        yield


@contextmanager
def descriptor(token: str) -> Iterator[None]:
    number = os.open("/dev/null", os.O_RDONLY)
    yield
    os.close(number)


@contextmanager
def thread(token: str) -> Iterator[None]:
    end = threading.Event()
    running = threading.Thread(target=end.wait)
    running.start()
    yield
    end.set()
    running.join()


@contextmanager
def segment(token: str) -> Iterator[None]:
    libc = ctypes.CDLL(None)
    number = libc.shmget(0, 4096, 0o1600)
    yield
    libc.shmctl(number, 0, None)


LEFT = {
    "process": process,
    "orphan": orphan,
    "tmp": lambda token: file("/tmp", token),  # noqa: S108 - where strays end up
    "dev_shm": lambda token: file("/dev/shm", token),  # noqa: S108 - the same
    "stage": staged,
    "descriptor": descriptor,
    "thread": thread,
    "segment": segment,
}


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder that no other process puts stages into."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.parametrize("what", LEFT)
def test_it_is_found(what: str, monkeypatch: pytest.MonkeyPatch, alone: None) -> None:
    monkeypatch.setattr(traces, "WAIT_SECONDS", 0.3)
    token = f"token{secrets.token_hex(6)}"
    before = look(token)
    leave: Callable[..., object] = LEFT[what]
    with leave(token):
        assert left_since(before)
    monkeypatch.setattr(traces, "WAIT_SECONDS", 3.0)
    assert not left_since(before)


@pytest.mark.parametrize("what", ["mounts", "cgroups"])
def test_a_mount_or_a_control_group_is_found(what: str, monkeypatch: pytest.MonkeyPatch, alone: None) -> None:
    monkeypatch.setattr(traces, "WAIT_SECONDS", 0.3)
    before = look("none")
    seen = getattr(traces, what)()
    monkeypatch.setattr(traces, what, lambda: [*seen, "/mnt/grade-left"])
    assert left_since(before)


def test_memory_that_is_kept_is_found() -> None:
    before = look("none")
    kept = bytearray(b"x") * (80 * 2**20)
    assert traces.resident() - before.resident > 50
    del kept
    assert traces.resident() - before.resident < 50


FREED = """
import sys, threading
from contextlib import nullcontext
from traces import freed_memory_returned, resident

def fill():
    blocks = [b"x" * 3_900_000 for _ in range(16)]
    blocks.clear()
    freed.set()
    end.wait()

bytes(31 * 2**20)  # one large block: from now on glibc takes such for usual
freed, end = threading.Event(), threading.Event()
with freed_memory_returned() if sys.argv[1] == "returned" else nullcontext():
    before = resident()
    thread = threading.Thread(target=fill)
    thread.start()
    freed.wait()
    print(round(resident() - before))
    end.set()
"""


def test_memory_that_a_thread_has_freed_is_not_taken_for_kept() -> None:
    def kept(how: str) -> int:
        command = [sys.executable, "-c", FREED, how]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
        return int(ran.stdout)

    assert kept("as usual") > 50
    assert kept("returned") < 10
