"""A class with a tenth of hostile notebooks: how long it takes, and what it does to the machine.

    python benchmarks/batch.py [--submissions 200] [--hostile 20] [--jobs N]

Makes the class in a temporary folder, grades it with small limits, and prints in Markdown the wall-clock
time, the peak memory of `grade` itself (main process and workers) and of what it runs, how each kind of
notebook ended, and what was left behind: processes, files, mounts and control groups.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring import header, machine, row
from notebooks import make_class, make_course
from processes import Tree, command_of, memory_of, started_at, still_running

LIMITS = {
    "cell_seconds": 5,
    "total_seconds": 30,
    "probe_seconds": 20,
    "memory_mib": 1024,
    "disk_mib": 64,
    "output_mib": 4,
    "processes": 64,
}
LOOK_SECONDS = 0.5
END_SECONDS = 5.0
"""How long the last processes may take to go away after the command has ended."""
MIB = 1024
"""KiB in one."""
HONEST = "honest"


@dataclass(slots=True)
class Watched:
    """What was seen of a command while it ran."""

    host: float = 0.0
    """Most MiB of the main process and its workers together; shared pages are divided among them."""
    notebooks: float = 0.0
    """Most MiB of the zygote and all notebooks."""
    processes: int = 0
    """Most processes at one time."""
    hosts: set[int] = field(default_factory=set)
    """Main process and workers, whose numbers are in the names of control groups."""
    seen: dict[int, int] = field(default_factory=dict)
    """All processes, with the time at which each was started."""


def main() -> None:
    """Grades a class and prints what came of it."""
    parser = argparse.ArgumentParser(description="Grades a class with a tenth of hostile notebooks.")
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--hostile", type=int, help="a tenth by default")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    hostile = asked.submissions // 10 if asked.hostile is None else asked.hostile
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="class-") as name:
        root = Path(name)
        make_course(root)
        kinds = make_class(root, asked.submissions, hostile)
        (root / "tmp").mkdir()
        began = time.monotonic()
        code, watched = grade(root, asked.jobs)
        seconds = time.monotonic() - began
        records = [json.loads(path.read_bytes()) for path in sorted((root / "reports").glob("*/*.json"))]
        left = left_behind(root, watched)
        messages = (root / "messages").read_text(encoding="utf-8", errors="replace")
    print(f"\n{asked.submissions} submissions, {hostile} of them hostile, {asked.jobs} jobs.\n")
    print(header("", ""))
    print(row("wall-clock time", f"{seconds:.1f} s, {seconds / asked.submissions:.2f} s a submission"))
    print(row("peak memory of `grade` and its workers", f"{watched.host:.0f} MiB"))
    print(row("peak memory of all notebooks and their origin", f"{watched.notebooks:.0f} MiB"))
    print(row("most processes at a time", watched.processes))
    print(row("exit code", code))
    print(row("records", f"{len(records)} of {asked.submissions}"))
    for what, found in left.items():
        print(row(f"{what} left behind", "; ".join(found) or "none"))
    show_verdicts(records, kinds)
    if len(records) < asked.submissions:
        sys.exit(messages[-3000:])


def grade(root: Path, jobs: int) -> tuple[int, Watched]:
    """Runs `grade submissions` and looks at its processes meanwhile; its exit code and what was seen."""
    command = [sys.executable, "-m", "graders", "submissions", "--jobs", str(jobs), "--json"]
    for name, value in LIMITS.items():
        command += ["--limit", f"{name}={value}"]
    watched = Watched()
    with (root / "messages").open("wb") as messages:
        environment = {**os.environ, "TMPDIR": str(root / "tmp")}
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=messages
        )
        while process.poll() is None:
            look(process.pid, watched)
            time.sleep(LOOK_SECONDS)
    return process.returncode, watched


def look(main_process: int, watched: Watched) -> None:
    """Adds what is there now."""
    tree = Tree()
    zygote = tree.zygote(main_process)
    host = tree.family(main_process, without=zygote)
    notebooks = tree.family(zygote) if zygote is not None else []
    watched.host = max(watched.host, memory(host))
    watched.notebooks = max(watched.notebooks, memory(notebooks))
    watched.processes = max(watched.processes, len(host) + len(notebooks))
    watched.hosts.update(host)
    for pid in [*host, *notebooks]:
        if (when := started_at(pid)) is not None:
            watched.seen[pid] = when


def memory(pids: list[int]) -> float:
    """MiB of all of them; a page that n of them share counts for each as one n-th."""
    return sum(memory_of(pid).get("Pss", 0) for pid in pids) / MIB


def left_behind(root: Path, watched: Watched) -> dict[str, list[str]]:
    """What is there after a command that was not there before it."""
    end = time.monotonic() + END_SECONDS
    while (alive := still_running(watched.seen)) and time.monotonic() < end:
        time.sleep(0.1)
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return {
        "processes": [f"{pid} {command_of(pid)[:60]}" for pid in alive],
        "files": sorted(path.name for path in (root / "tmp").iterdir()),
        "mounts": [line.split()[4] for line in mounts if str(root) in line],
        "control groups": [
            path.name
            for path in Path("/sys/fs/cgroup").glob("**/grade-*-*")
            if int(path.name.split("-")[1]) in watched.hosts
        ],
    }


def show_verdicts(records: list[dict[str, Any]], kinds: dict[str, str]) -> None:
    """Prints how each kind of notebook ended."""
    ends: dict[str, Counter[str]] = {}
    for record in records:
        kind = kinds.get(record["student"], HONEST)
        ends.setdefault(kind, Counter())[record["run"]["status"]] += 1
    print("\n" + header("notebooks", "ended as"))
    for kind in sorted(ends, key=lambda kind: (kind != HONEST, kind)):
        print(row(kind, ", ".join(f"{status} {count}" for status, count in ends[kind].most_common())))


if __name__ == "__main__":
    main()
