"""What the processes of a run use, as `/proc` tells it."""

import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
MOST_ENTRIES = 5000
"""Files that a run may leave in a shared folder."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What some processes use together."""

    resident: int
    """Bytes; memory that processes share is counted for each of them."""
    tasks: int
    """Processes and threads."""


def descendants(root: int) -> list[int]:
    """`root` and all processes below it that are still running."""
    if not Path("/proc/self").exists():  # macOS, where there is no sandbox either
        return [root]
    children: dict[int, list[int]] = defaultdict(list)
    with os.scandir("/proc") as entries:
        numbers = [int(entry.name) for entry in entries if entry.name.isdigit()]
    for pid in numbers:
        if stat := _fields(pid):
            children[int(stat[1])].append(pid)
    found = [root]
    for pid in found:
        found.extend(children[pid])
    return found


def usage(pids: list[int]) -> Usage:
    """Memory and number of tasks of `pids`; those that have ended count nothing."""
    stats = [stat for pid in pids if (stat := _fields(pid))]
    return Usage(sum(int(stat[21]) for stat in stats) * PAGE, sum(int(stat[17]) for stat in stats))


def proportional(pids: list[int]) -> int:
    """Bytes in memory, shared pages divided among their users; slow, so asked only over a limit."""
    return sum(_proportional(pid) for pid in pids)


def used_files(handle: int) -> int:
    """How many files the file system of an open folder has."""
    system = os.fstatvfs(handle)
    return system.f_files - system.f_ffree


def kernel_oom_kills() -> int:
    """How many processes the system has killed so far because memory ran out, whosever they were."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def stored(folder: Path) -> int | None:
    """Bytes that the files below `folder` take on the disk; None where there are too many or some are hidden.

    A folder that its user may write to and not list hides what is in it.
    """
    total, seen = 0, 0
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_ENTRIES:
                        return None
                    with suppress(FileNotFoundError):
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            continue  # it went away
        except OSError:
            return None
    return total


def _fields(pid: int) -> list[str]:
    """Fields of `/proc/<pid>/stat` from the third, the state; empty where the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return usage([pid]).resident
