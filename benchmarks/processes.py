"""Processes and their memory, as `/proc` tells it."""

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path


class Tree:
    """The processes of this moment, each with those that it started."""

    def __init__(self) -> None:
        self._children: dict[int, list[int]] = defaultdict(list)
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = path.read_text(errors="replace").rpartition(")")[2].split()
                self._children[int(fields[1])].append(int(path.parent.name))

    def children(self, pid: int) -> list[int]:
        """Those that a process started itself."""
        return self._children.get(pid, [])

    def family(self, pid: int, without: int | None = None) -> list[int]:
        """A process and all below it; leaves out `without` and all below that."""
        found = [pid]
        for one in found:
            found.extend(child for child in self.children(one) if child != without)
        return found

    def zygote(self, grade: int) -> int | None:
        """The process below a `grade` command that its warm kernels are forked from."""
        return next((pid for pid in self.children(grade) if "zygote.serve" in command_of(pid)), None)


def command_of(pid: int) -> str:
    """A process's command line; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def started_at(pid: int) -> int | None:
    """When a process was started, in ticks since the system was; None where it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[19]) if fields[0] != "Z" else None


def still_running(started: Mapping[int, int | None]) -> list[int]:
    """Those of the processes that are still there; a number may have passed on to a later process."""
    return [pid for pid, when in started.items() if when is not None and started_at(pid) == when]


def memory_of(pid: int) -> dict[str, int]:
    """A process's memory by the names of `smaps_rollup`, KiB; empty where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}
