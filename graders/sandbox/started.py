"""What every tier's run can do, once it was started."""

from contextlib import ExitStack
from typing import Protocol

from graders.sandbox.cgroup import Cgroup
from graders.sandbox.channel import Ready


class Started(Protocol):
    """A run with all its processes: `process.Sealed` for a cold command, `zygotes.Forked` for a fork."""

    group: Cgroup | None
    """Its control group; None where this machine lets us make none."""
    warm: bool
    """Whether its kernel was forked from a process that had imported torch."""
    owned: ExitStack
    """What ends with the run: its user id, its control group, and a zygote that was started for it alone."""

    @property
    def pid(self) -> int:
        """Process id of its first process."""

    @property
    def alive(self) -> bool:
        """Whether it goes on."""

    def exit_code(self) -> int | None:
        """How it ended, as a shell would show it; None where what is above it did. Asked once, afterwards."""

    @property
    def tail(self) -> str:
        """The end of what was printed outside any cell."""

    def wait_ready(self, seconds: float) -> Ready:
        """Wait until the kernel listens.

        Raises:
            NotReadyError: it does not within `seconds`; says why.
        """

    def pids(self) -> list[int]:
        """Its processes."""

    def drain(self) -> None:
        """Take what was printed outside any cell, so that nothing blocks on a full pipe."""

    def kill(self) -> None:
        """End every process and wait until the last is gone."""

    def close(self) -> None:
        """Kill, and let go of every handle."""
