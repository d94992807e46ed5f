"""The process of a sandbox: started, watched, and ended with everything below it."""

import contextlib
import json
import os
import select
import signal
import subprocess
from collections.abc import Sequence

from graders.sandbox.watch import descendants

END_SECONDS = 20.0
"""How long the end of a killed run may take."""
TAIL = 4096
"""Bytes of the output that are kept, for messages about a sandbox that did not start."""


class Sealed:
    """A running command with everything that it starts."""

    def __init__(
        self, command: Sequence[str], options: Sequence[str] | None, environment: dict[str, str], cwd: str
    ) -> None:
        """Start it.

        Args:
            command: what to run.
            options: bubblewrap's; None runs the command without a sandbox. They go through a file,
                since a command line could be read inside.
            environment: of the command, or of bubblewrap itself.
            cwd: working folder.

        Raises:
            OSError: it cannot be started.
        """
        self._init: int | None = None
        self._tail = b""
        self.output, output = os.pipe()
        os.set_blocking(self.output, False)
        try:
            if options is None:
                self.popen = self._start(list(command), (), environment, cwd, output)
            else:
                self._start_bubblewrap(command, options, environment, cwd, output)
        except BaseException:
            os.close(self.output)
            raise
        finally:
            os.close(output)

    @staticmethod
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

    def _start_bubblewrap(
        self,
        command: Sequence[str],
        options: Sequence[str],
        environment: dict[str, str],
        cwd: str,
        output: int,
    ) -> None:
        arguments = os.memfd_create("bwrap")
        info, info_end = os.pipe()
        try:
            os.write(arguments, b"".join(option.encode() + b"\0" for option in options))
            os.lseek(arguments, 0, os.SEEK_SET)
            program = ["bwrap", "--args", str(arguments), "--info-fd", str(info_end), "--", *command]
            self.popen = self._start(program, (arguments, info_end), environment, cwd, output)
        finally:
            os.close(arguments)
            os.close(info_end)
            with os.fdopen(info, "rb") as file:
                told = file.read() if hasattr(self, "popen") else b""
        with contextlib.suppress(
            ValueError, KeyError, ProcessLookupError
        ):  # bubblewrap failed: `alive` tells
            self._init = os.pidfd_open(json.loads(told)["child-pid"])

    @property
    def alive(self) -> bool:
        """Whether the command is running."""
        return self.popen.poll() is None

    def pids(self) -> list[int]:
        """Processes of the run."""
        return descendants(self.popen.pid)

    def drain(self) -> None:
        """Take what was printed outside any cell, so that the run does not block on a full pipe."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self.output, 65536):
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
                os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(END_SECONDS)

    def close(self) -> None:
        """Kill and let go of the pipe."""
        self.kill()
        os.close(self.output)
        if self._init is not None:
            os.close(self._init)
