"""Ends the processes of a run that has no process namespace, whose end would end them all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

REAP_SECONDS = 10.0
"""How long it may take; then the run is given up as it is."""
QUIET = (b"T", b"t", b"Z", b"X")
"""States in which a process starts no other."""


def end_descendants(seconds: float = REAP_SECONDS) -> None:
    """End everything below this process, which must be the reaper of what loses its parent.

    Killed one by one, processes that start others could outrun it. So all are stopped first, again and again
    until none is found running, and then killed.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        while not _all_stopped() and time.monotonic() < deadline:
            _collect()
        for pid in _below(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not _collect():
            return


def _all_stopped() -> bool:
    quiet = True
    for pid in _below(os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            quiet = _state(pid) in QUIET and quiet
    return quiet


def _below(pid: int) -> Iterator[int]:
    """Processes below `pid`, each as soon as it is found: a moment later it may be another."""
    waiting = [pid]
    while waiting:
        above = waiting.pop()
        with suppress(OSError):  # it has ended, and what was below it is now below this process
            for task in Path(f"/proc/{above}/task").iterdir():
                for child in map(int, (task / "children").read_bytes().split()):
                    yield child
                    waiting.append(child)


def _state(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return QUIET[-1]


def _collect() -> bool:
    """Take the exit codes of children that have ended; whether there is a child at all, ended or not."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True
