"""A control group for each run: the kernel's own limit of memory and processes, and a share of the CPU.

Memory counts what all processes of the run use together, with the files that they write to file systems in
memory, and with the cache of files that they were the first to read, which the kernel gives up before it
kills. Pages that a run shares with the process that it was forked from count to that one.
Where no group can be made (`find` returns None), the host's watchdog is what is left.
"""

import contextlib
import itertools
import os
import re
import signal
import time
from pathlib import Path
from types import TracebackType

from graders.sandbox.hierarchy import Hierarchy, find, find_once, write_number

__all__ = ["Cgroup", "Hierarchy", "find", "find_once", "open_group", "sweep"]

MIB = 2**20
NAME = re.compile(r"grade-(\d+)-\d+")
"""Process id of the owner, and a number that counts up."""
POLL_SECONDS = 0.001
END_SECONDS = 5.0
"""How long the end of killed processes may take."""
_numbers = itertools.count(time.monotonic_ns())  # a dead command may have had our process id


class Cgroup:
    """The group of one run. Used as a context manager that kills what is left and removes the group."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self._folders = folders

    @property
    def files(self) -> tuple[str, ...]:
        """Files that a process writes its id to, to be in the group with all that it starts."""
        return tuple(str(folder / "cgroup.procs") for folder in self._distinct())

    def add(self, pid: int) -> None:
        """Put a process into the group.

        Raises:
            OSError: it has ended, or may not be moved.
        """
        for file in self.files:
            write_number(Path(file), pid)

    def peak_bytes(self) -> int:
        """Most memory so far, as the kernel counts it; 0 before Linux 5.19 in version 2."""
        folder = self._folders["memory"]
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            with contextlib.suppress(FileNotFoundError):
                return int((folder / name).read_text())
        return 0

    def was_full(self) -> bool:
        """Whether the group came to its own limit of memory, so that it is not the machine that was full."""
        folder = self._folders["memory"]
        with contextlib.suppress(FileNotFoundError):
            return _keyed(folder / "memory.events").get("oom", 0) > 0
        limit = int((folder / "memory.limit_in_bytes").read_text())
        return self.peak_bytes() > limit - MIB  # version 1 has no count of this that can be relied on

    def oom_kills(self) -> int:
        """How many of its processes the kernel killed because the group or the machine was out of memory."""
        folder = self._folders["memory"]
        for name in ("memory.events", "memory.oom_control"):
            with contextlib.suppress(FileNotFoundError):
                return _keyed(folder / name).get("oom_kill", 0)
        return 0

    def kill(self) -> None:
        """Kill every process of the group and wait for their ends.

        Raises:
            TimeoutError: some are still there after END_SECONDS.
        """
        if "pids" in self._folders:
            with contextlib.suppress(FileNotFoundError):
                write_number(self._folders["pids"] / "pids.max", 0)  # or a fork bomb could outrun us
        deadline = time.monotonic() + END_SECONDS
        while pids := self._pids():
            if time.monotonic() > deadline:
                raise TimeoutError(f"processes of {self.files[0]} do not end: {sorted(pids)}")
            for folder in self._distinct():
                with contextlib.suppress(FileNotFoundError):
                    write_number(folder / "cgroup.kill", 1)
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(POLL_SECONDS)

    def remove(self) -> None:
        """Remove the empty group; nothing happens where it is gone.

        Raises:
            OSError: a process is still in it.
        """
        for folder in self._distinct():
            with contextlib.suppress(FileNotFoundError):
                _remove(folder)

    def _distinct(self) -> list[Path]:
        return list(dict.fromkeys(self._folders.values()))

    def _pids(self) -> set[int]:
        found: set[int] = set()
        for folder in self._distinct():
            with contextlib.suppress(FileNotFoundError):
                found.update(int(pid) for pid in (folder / "cgroup.procs").read_text().split())
        return found

    def __enter__(self) -> "Cgroup":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.remove()


def open_group(hierarchy: Hierarchy, memory_mib: int, processes: int) -> Cgroup:
    """A new group.

    Args:
        hierarchy: where.
        memory_mib: most memory of all processes together, MiB; swap counts as memory or is not given.
        processes: most processes and threads at one time; those of the sandbox itself count.

    Raises:
        OSError: it cannot be made; nothing of it is left.
    """
    name = f"grade-{os.getpid()}-{next(_numbers)}"
    group = Cgroup({controller: folder / name for controller, folder in hierarchy.folders.items()})
    try:
        for folder in dict.fromkeys(parent / name for parent in hierarchy.folders.values()):
            folder.mkdir()
        _limit(hierarchy, name, memory_mib * MIB, processes)
    except OSError:
        group.remove()
        raise
    return group


def sweep(hierarchy: Hierarchy) -> list[str]:
    """End and remove the groups of commands that were killed; the names of what was removed.

    What cannot be ended or removed stays for the next command to try.
    """
    found: dict[str, dict[str, Path]] = {}
    for controller, parent in hierarchy.folders.items():
        for folder in parent.iterdir():
            match = NAME.fullmatch(folder.name)
            if match and not Path(f"/proc/{match[1]}").exists():
                found.setdefault(folder.name, {})[controller] = folder
    removed = []
    for name, folders in found.items():
        left = Cgroup(folders)
        with contextlib.suppress(OSError):
            left.kill()
            left.remove()
            removed.append(name)
    return sorted(removed)


def _limit(hierarchy: Hierarchy, name: str, memory: int, processes: int) -> None:
    """Write a group's limits; the file for swap is missing where the system does not count it.

    The CPU needs no file: every group begins with the same share.
    """
    values: dict[str, tuple[tuple[str, int], ...]]
    if hierarchy.version == 2:
        values = {
            "memory": (("memory.max", memory), ("memory.swap.max", 0)),
            "pids": (("pids.max", processes),),
        }
    else:
        values = {
            "memory": (("memory.limit_in_bytes", memory), ("memory.memsw.limit_in_bytes", memory)),
            "pids": (("pids.max", processes),),
        }
    optional = {"memory.swap.max", "memory.memsw.limit_in_bytes"}
    for controller, parent in hierarchy.folders.items():
        for file, value in values.get(controller, ()):
            path = parent / name / file
            if file not in optional or path.exists():
                write_number(path, value)


def _keyed(file: Path) -> dict[str, int]:
    """The numbers of a file with a name and a number on each line."""
    return {name: int(value) for name, value in (line.split() for line in file.read_text().splitlines())}


def _remove(folder: Path) -> None:
    """Remove a group, waiting for the last of its processes to be gone.

    Raises:
        OSError: one stays.
    """
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            folder.rmdir()
            return
        except FileNotFoundError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)
