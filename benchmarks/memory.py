"""Memory of warm kernels, which share what the process that they were forked from has loaded."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measuring import Aim, header, row, show_aims, spread
from notebooks import SLUG, make_course, trivial, write
from processes import Tree, memory_of

SLEEP_SECONDS = 8
"""How long the notebooks wait at their end, so that all kernels are there at once."""
LOOK_SECONDS = 0.1
TRIED = (1, 2, 4)
"""Kernels at a time."""
MIB = 1024
"""KiB in one."""


@dataclass(frozen=True, slots=True)
class Together:
    """Kernels that were alive at the same time, and the process that they were forked from."""

    kernels: int
    total: float
    """MiB of all of them; a page that n of them share counts for each as one n-th."""
    private: float
    """MiB that a kernel shares with nobody, mean over the kernels."""


def memory_table(root: Path, runs: int) -> None:
    """Prints the memory of one warm kernel and more, forked from one process."""
    make_course(root)
    for number in range(max(TRIED)):
        cells = [*trivial(), f"import time\ntime.sleep({SLEEP_SECONDS})"]
        write(root / "submissions" / f"student{number}" / f"{SLUG}.ipynb", cells)
    found = {kernels: [look(root, kernels) for _ in range(runs)] for kernels in TRIED}
    print(f"\nWarm kernels after the trivial notebook, {runs} runs.\n")
    print(header("kernels", "MiB of all and their origin", "MiB for one more", "MiB private to a kernel"))
    extra: dict[int, list[float]] = {}
    for kernels, samples in found.items():
        extra[kernels] = [
            (many.total - one.total) / max(1, kernels - 1)
            for many, one in zip(samples, found[1], strict=True)
        ]
        totals, private = [one.total for one in samples], [one.private for one in samples]
        more = spread(extra[kernels], 0) if kernels > 1 else ""
        print(row(kernels, spread(totals, 0), more, spread(private, 0)), flush=True)
    show_aims([Aim("MiB for one more warm kernel", extra[max(TRIED)], most=60)])


def look(root: Path, kernels: int) -> Together:
    """Grades as many submissions at a time, and looks at the kernels while they wait.

    Raises:
        SystemExit: there were never so many at once.
    """
    names = [f"submissions/student{number}" for number in range(max(2, kernels))]
    command = [sys.executable, "-m", "graders", *names, "--force", "--json", "--jobs", str(kernels)]
    seen: list[Together] = []
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            seen.extend(together(process.pid, kernels))
            time.sleep(LOOK_SECONDS)
    if not seen:
        raise SystemExit(f"never {kernels} warm kernels at once")
    # the notebooks wait for seconds, so that most looks meet them waiting
    middle = statistics.median_low([one.total for one in seen])
    return next(one for one in seen if one.total == middle)


def together(grade: int, kernels: int) -> Iterator[Together]:
    """What is there now, if it is so many kernels."""
    tree = Tree()
    origin = tree.zygote(grade)
    if origin is None:
        return
    monitors = tree.children(origin)
    firsts = [pid for monitor in monitors for pid in tree.children(monitor)]
    alive = [pid for first in firsts for pid in tree.children(first)]
    family = [origin, *monitors, *firsts, *alive]
    memory = {pid: memory_of(pid) for pid in family}
    if len(alive) == kernels and all(memory.values()):
        total = sum(one["Pss"] for one in memory.values()) / MIB
        own = [memory[pid]["Private_Clean"] + memory[pid]["Private_Dirty"] for pid in alive]
        yield Together(kernels, total, statistics.mean(own) / MIB)
