"""The end of processes that do what they can to survive."""

import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pyseccomp", exc_type=ImportError)

from forked import in_child

from graders.sandbox.zygote.linux import PR_SET_CHILD_SUBREAPER, prctl
from graders.sandbox.zygote.reaping import end_descendants

MOST = 80
USER = 65529
"""Of this test alone, since the limit counts all processes of a user."""


def become_spare() -> None:
    os.setresuid(USER, USER, USER)


def hop() -> None:
    """Live on in a new process all the time."""
    while os.fork() == 0:
        pass


def multiply() -> None:
    while True:
        with suppress(OSError):
            os.fork()


@pytest.mark.skipif(os.geteuid() != 0, reason="it would count the user's other processes")
@pytest.mark.parametrize(("bomb", "count"), [(hop, 8), (multiply, 1)])
def test_nothing_outruns_it(bomb: Callable[[], None], count: int) -> None:
    def survivors() -> list[str]:
        resource.setrlimit(resource.RLIMIT_NPROC, (MOST, MOST))
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        for _ in range(count):
            if os.fork() == 0:
                try:
                    bomb()
                finally:
                    os._exit(0)
        time.sleep(0.2)
        end_descendants()
        return Path(f"/proc/self/task/{os.getpid()}/children").read_bytes().decode().split()

    assert in_child(survivors, become_spare) == []


def test_a_process_that_is_already_stopped_is_ended_too() -> None:
    def survivors() -> list[str]:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        child = os.fork()
        if child == 0:
            signal.raise_signal(signal.SIGSTOP)
        os.waitpid(child, os.WUNTRACED)
        end_descendants()
        return Path(f"/proc/self/task/{os.getpid()}/children").read_bytes().decode().split()

    assert in_child(survivors) == []
