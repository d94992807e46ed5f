"""The host's side of a zygote: start it, ask it for runs, and hold a run that it forked."""

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from graders.sandbox.cgroup import Cgroup
from graders.sandbox.channel import NotReadyError, Ready, close_all, receive, wait_ready
from graders.sandbox.environment import shared_variables
from graders.sandbox.process import END_SECONDS, in_memory
from graders.sandbox.view import Entry
from graders.sandbox.watch import descendants

# The package's folder must not stay on the path: other names in it would shadow a notebook's modules.
SERVE = "import sys; sys.path[0] = sys.argv.pop(1); from zygote.serve import main; del sys.path[0]; main()"
FAREWELL_SECONDS = 2.0
"""How long the monitor may take to tell how a run ended."""
START_SECONDS = 60.0
"""How long a zygote may take to its first fork: it imports torch before that."""


@contextmanager
def open_zygote(python: Path, threads: int, *, warm: bool) -> Iterator[socket.socket]:
    """A zygote in the students' interpreter, and the socket to ask it on. It ends with the block."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, tempfile.TemporaryFile() as output:
        process = _start(python, threads, theirs, output, warm)
        theirs.close()
        try:
            yield ours
        finally:
            ours.close()
            process.kill()  # its runs end with it
            process.wait()


def _start(
    python: Path, threads: int, end: socket.socket, output: IO[bytes], warm: bool
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the course's own interpreter
        [str(python), "-c", SERVE, str(Path(__file__).parent), str(end.fileno()), str(int(warm))],
        pass_fds=(end.fileno(),),
        env=shared_variables(python, threads),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def expect_several(zygote: socket.socket) -> None:
    """Tell a warm zygote before its first run that many follow, so that it prepares for them."""
    with contextlib.suppress(OSError):  # it is gone, which is noticed when a run is asked for
        zygote.send(b"several")


def entries_of(view: Sequence[Entry]) -> list[dict[str, Any]]:
    """A view in the words of `zygote.root`."""
    return [
        {"kind": type(entry).__name__.lower(), **{name: _plain(value) for name, value in _fields(entry)}}
        for entry in view
    ]


def _fields(entry: Entry) -> list[tuple[str, Any]]:
    return [(field.name, getattr(entry, field.name)) for field in dataclasses.fields(entry)]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


class DeadZygoteError(NotReadyError):
    """There is nobody to ask for a warm kernel any more."""


class Forked:
    """A run that a zygote forked."""

    def __init__(
        self,
        zygote: socket.socket,
        plan: dict[str, Any],
        program: bytes,
        group: Cgroup | None = None,
        warm: bool = False,
    ) -> None:
        """Ask for it and wait until its first process is there.

        Args:
            zygote: where to ask.
            plan: see `zygote.monitor`.
            program: the seccomp filter.
            group: the control group that the plan names.
            warm: whether the zygote has imported torch.

        Raises:
            DeadZygoteError: the zygote is gone.
            NotReadyError: the run cannot be made; says why.
        """
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, in_memory(json.dumps(plan).encode()) as asked, in_memory(program) as rules:
            try:
                socket.send_fds(zygote, [b"run"], [theirs.fileno(), asked.fileno(), rules.fileno()])
            except OSError as error:
                self.channel.close()
                raise DeadZygoteError(f"the zygote is gone: {error}") from error
        try:
            kind, what, handles = receive(self.channel, time.monotonic() + START_SECONDS)
            if kind != "started":
                close_all(handles)
                raise NotReadyError(str(what))
        except NotReadyError:
            self.channel.close()
            raise
        self.pid = int(what)
        self._process = handles[0]
        self.group = group
        self.warm = warm
        self.owned = ExitStack()

    @property
    def alive(self) -> bool:
        """Whether the run goes on."""
        return not select.select([self._process], [], [], 0)[0]

    def exit_code(self) -> int | None:
        """How the kernel ended, as a shell would show it; None where the zygote or the monitor was killed."""
        try:
            kind, what, _ = receive(self.channel, time.monotonic() + FAREWELL_SECONDS)
        except NotReadyError:
            return None
        return int(what) if kind == "ended" else None

    def wait_ready(self, seconds: float) -> Ready:
        """Wait until the kernel listens.

        Raises:
            NotReadyError: it does not within `seconds`.
        """
        return wait_ready(self.channel, seconds)

    def pids(self) -> list[int]:
        """Processes of the run."""
        return descendants(self.pid) if self.alive else []

    def drain(self) -> None:
        """Nothing to take: what is printed outside any cell goes nowhere."""

    tail = ""

    def kill(self) -> None:
        """End every process of the run and wait until the last is gone."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        self.channel.settimeout(END_SECONDS)
        with contextlib.suppress(OSError):
            while self.channel.recv(4096):  # the monitor lets go of its end when nothing is left
                pass

    def close(self) -> None:
        """Kill, and let go of every handle."""
        self.kill()
        self.channel.close()
        os.close(self._process)
        self.owned.close()
