"""The process of a sandbox: started, watched, and ended with everything below it."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import IO

from graders.sandbox.cgroup import Cgroup
from graders.sandbox.channel import NotReadyError, Ready, wait_ready
from graders.sandbox.watch import descendants

END_SECONDS = 20.0
"""How long the end of a killed run may take."""
TAIL = 4096
"""Bytes of the output that are kept, for messages about a sandbox that did not start."""


class Sealed:
    """A command that was started cold, with everything that it starts."""

    def __init__(
        self,
        command: Callable[[int], list[str]],
        options: Sequence[str] | None,
        program: bytes,
        environment: dict[str, str],
        cwd: str,
        *,
        files: tuple[int, ...] = (),
    ) -> None:
        """Start it.

        Args:
            command: what to run, given the number of the descriptor that is its socket to the host.
            options: bubblewrap's; None runs the command without a sandbox. They go through a file,
                since a command line could be read inside.
            program: the seccomp filter; used with bubblewrap only.
            environment: of the command, or of bubblewrap itself.
            cwd: working folder.
            files: open descriptors that the command gets too.

        Raises:
            OSError: it cannot be started.
        """
        self.group: Cgroup | None = None
        self.warm = False
        self.owned = ExitStack()
        self._init: int | None = None
        self._tail = b""
        self.channel, theirs = socket.socketpair()
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        try:
            wanted = command(theirs.fileno())
            launch = partial(_start, environment=environment, cwd=cwd, output=output)
            if options is None:
                self._popen = launch(wanted, (theirs.fileno(), *files))
            else:
                self._start_bubblewrap(wanted, options, program, (theirs.fileno(), *files), launch)
        except BaseException:
            os.close(self._output)
            self.channel.close()
            raise
        finally:
            os.close(output)
            theirs.close()

    def _start_bubblewrap(
        self,
        command: list[str],
        options: Sequence[str],
        program: bytes,
        inherited: tuple[int, ...],
        launch: Callable[[list[str], tuple[int, ...]], subprocess.Popen[bytes]],
    ) -> None:
        info, info_end = os.pipe()
        try:
            with in_memory(program) as rules:
                text = b"".join(
                    os.fsencode(option) + b"\0" for option in (*options, "--seccomp", str(rules.fileno()))
                )
                with in_memory(text) as arguments:
                    given = ["--args", str(arguments.fileno()), "--info-fd", str(info_end)]
                    fds = (arguments.fileno(), rules.fileno(), info_end, *inherited)
                    self._popen = launch(["bwrap", *given, "--", *command], fds)
        finally:
            os.close(info_end)
            with os.fdopen(info, "rb") as file:
                told = file.read() if hasattr(self, "_popen") else b""
        # nothing is told where bubblewrap failed, and `alive` says so
        with contextlib.suppress(ValueError, KeyError, ProcessLookupError):
            self._init = os.pidfd_open(json.loads(told)["child-pid"])

    @property
    def pid(self) -> int:
        """Process id of the command."""
        return self._popen.pid

    def wait_ready(self, seconds: float) -> Ready:
        """Wait until the kernel listens.

        Raises:
            NotReadyError: it does not within `seconds`.
        """
        try:
            return wait_ready(self.channel, seconds)
        except NotReadyError as error:
            raise NotReadyError(f"{error}; {self.tail[-400:]}") from error

    def join(self, group: Cgroup) -> None:
        """Put what runs so far into a control group; what it starts later is in it by itself."""
        self.group = group
        moved: set[int] = set()
        while found := set(self.pids()) - moved:  # one may have forked before it was moved
            for pid in found:
                with contextlib.suppress(OSError):  # it has ended
                    group.add(pid)
            moved |= found

    @property
    def alive(self) -> bool:
        """Whether the command is running."""
        return self._popen.poll() is None

    def exit_code(self) -> int | None:
        """How the command ended, as a shell would show it."""
        code = self._popen.poll()
        return 128 - code if code is not None and code < 0 else code

    def pids(self) -> list[int]:
        """Processes of the run."""
        return descendants(self._popen.pid)

    def drain(self) -> None:
        """Take what was printed outside any cell, so that the run does not block on a full pipe."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._output, 65536):
                self._tail = (self._tail + chunk)[-TAIL:]

    @property
    def tail(self) -> str:
        """The end of what was printed outside any cell."""
        self.drain()
        return self._tail.decode(errors="replace").strip()

    def kill(self) -> None:
        """End every process of the run and wait until the last is gone."""
        if self._init is not None:
            # The first process of a pid namespace takes all others with it, and ends after them.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
            select.select([self._init], [], [], END_SECONDS)
        else:
            for pid in reversed(self.pids()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait(END_SECONDS)

    def close(self) -> None:
        """Kill and let go of the pipe."""
        self.kill()
        os.close(self._output)
        self.channel.close()
        if self._init is not None:
            os.close(self._init)
        self.owned.close()


def in_memory(content: bytes) -> IO[bytes]:
    """A file that exists in memory only, at its beginning."""
    file = os.fdopen(os.memfd_create("grade"), "w+b")
    file.write(content)
    file.seek(0)
    return file


def _start(
    command: list[str], fds: tuple[int, ...], environment: dict[str, str], cwd: str, output: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the command is ours
        command,
        pass_fds=fds,
        env=environment,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
