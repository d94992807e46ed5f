"""What a run could leave on the host, and how it is found."""

import ctypes
import gc
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from graders.sandbox.watch import descendants

PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock")  # noqa: S108 - where strays end up
WAIT_SECONDS = 3.0
"""How long the last of a run may take to go away."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of malloc.h."""
KIB = 2**10


@dataclass(frozen=True, slots=True)
class Host:
    """The state of the host before a run."""

    token: str
    """In the names of all files and the arguments of all processes that the run may leave."""
    processes: frozenset[int]
    mounts: frozenset[str]
    cgroups: frozenset[str]
    shared: int
    """Segments of System V shared memory."""
    files: int
    """Open file descriptors of this process."""
    threads: int
    resident: float
    """MiB of this process."""


def look(token: str) -> Host:
    """The state of the host now."""
    gc.collect()
    gc.freeze()  # what lives now is not looked through again, so that the looks that follow are quick
    return Host(
        token=token,
        processes=frozenset(descendants(os.getpid())),
        mounts=frozenset(mounts()),
        cgroups=frozenset(cgroups()),
        shared=shared_segments(),
        files=open_files(),
        threads=threading.active_count(),
        resident=resident(),
    )


def left_since(before: Host) -> tuple[str, ...]:
    """What there is that was not there before, after a moment in which it may go away."""
    gc.collect()
    return gone_within(WAIT_SECONDS, lambda: _left_since(before))


def gone_within(seconds: float, left: Callable[[], list[str]]) -> tuple[str, ...]:
    """What `left` still finds when the time is over."""
    end = time.monotonic() + seconds
    while (found := left()) and time.monotonic() < end:
        time.sleep(0.1)
    return tuple(found)


def _left_since(before: Host) -> list[str]:
    found = [
        f"process {pid}: {command(pid)}"
        for pid in descendants(os.getpid())[1:]
        if pid not in before.processes
    ]
    found += [
        f"process {pid}: {text}"
        for pid, text in commands()
        if before.token in text and pid not in before.processes
    ]
    found += [f"file {path}" for path in strays(before.token)]
    found += [f"mount {mount}" for mount in mounts() if mount not in before.mounts]
    found += [f"cgroup {path}" for path in cgroups() if path not in before.cgroups]
    if shared_segments() > before.shared:
        found.append("System V shared memory")
    if open_files() > before.files:
        found.append(f"{open_files() - before.files} open files")
    if threading.active_count() > before.threads:
        found.append(f"{threading.active_count() - before.threads} threads")
    return found


def commands() -> list[tuple[int, str]]:
    """Processes of this machine that this user may see, with their command lines."""
    numbers = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]
    return [(pid, command(pid)) for pid in numbers if pid != os.getpid()]


def command(pid: int) -> str:
    """A process's command line; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def strays(token: str) -> list[str]:
    """Files of this run where every process may write, and every stage in the temporary folder."""
    found = []
    for place in PLACES:
        try:
            found += [f"{place}/{name}" for name in names(place) if token in name]
        except OSError:
            continue
    return found + [
        str(path) for path in Path(tempfile.gettempdir()).iterdir() if path.name.startswith("grade-")
    ]


def names(place: str) -> list[str]:
    """What lies in a folder, by name; opens a file for a moment, as `scandir` does."""
    with os.scandir(place) as entries:
        return [entry.name for entry in entries]


def open_files() -> int:
    """How many file descriptors this process has open."""
    return len(names("/proc/self/fd"))


def mounts() -> list[str]:
    """Mount points of ours in this process's namespace."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [point for point in points if point.startswith((tempfile.gettempdir(), "/grade", "/home/student"))]


def cgroups() -> list[str]:
    """Control groups of this process."""
    root = Path("/sys/fs/cgroup")
    return [str(path) for path in root.glob(f"**/grade-{os.getpid()}-*") if path.is_dir()]


def shared_segments() -> int:
    """How many System V segments of shared memory there are."""
    try:
        return len(Path("/proc/sysvipc/shm").read_text().splitlines())
    except OSError:
        return 0


def resident() -> float:
    """MiB that this process has in memory, without what its allocator only keeps for later."""
    gc.collect()
    _glibc("malloc_trim", 0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def freed_memory_returned() -> Iterator[None]:
    """What is freed in the block goes back to the system, so that `resident` tells what is still in use.

    By itself glibc takes the size of the largest block freed so far for what is usual, and keeps up to 64 MiB
    for every thread, which `malloc_trim` does not give back; see `M_MMAP_THRESHOLD` in mallopt(3). It is left
    so elsewhere, since arithmetic on large arrays is half as fast without.
    """
    _glibc("mallopt", M_MMAP_THRESHOLD, 128 * KIB)
    _glibc("mallopt", M_TRIM_THRESHOLD, 128 * KIB)
    try:
        yield
    finally:
        _glibc("mallopt", M_MMAP_THRESHOLD, 32 * KIB * KIB)
        _glibc("mallopt", M_TRIM_THRESHOLD, 64 * KIB * KIB)


def _glibc(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, name):  # another libc keeps less
        getattr(libc, name)(*arguments)
