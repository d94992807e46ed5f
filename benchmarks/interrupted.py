"""Kills a batch again and again at random moments and compares what it ends with to an undisturbed one.

    python benchmarks/interrupted.py [submissions] [kills] [jobs] [seed]

Every kill is SIGKILL of the main process; then the same command is given again. Printed are, for each kill,
when it came, and how many records there were before and after; at the end how often a finished submission was
graded again, what was left behind, and where the records differ from those of the undisturbed batch.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from measuring import header, machine, row
from notebooks import SLUG, make_course, write
from processes import Tree, started_at, still_running

VARY = {"graded_at", "seconds", "cell_seconds", "probe_seconds", "peak_mib", "traceback"}
"""Keys of a record that differ from run to run by their nature."""
END_SECONDS = 30.0
"""How long processes may take to end after their main process was killed."""


def main(submissions: int = 60, kills: int = 20, jobs: int = 2, seed: int = 0) -> int:
    """Runs the comparison; 1 where anything differs or is left behind."""
    print(machine(), flush=True)
    root = Path(tempfile.mkdtemp(prefix="killed-"))
    try:
        make_class(root, submissions)
        began = time.monotonic()
        run(root, "undisturbed", jobs).communicate()
        whole = time.monotonic() - began
        made = len(records(root, "undisturbed"))
        print(f"undisturbed: {made} records in {whole:.1f} s", flush=True)
        if made < submissions:
            print((root / "messages").read_text(encoding="utf-8"))
            return 1
        chance = np.random.default_rng(seed)
        most = 2 * whole / kills  # so that the kills fall on the whole of one batch
        return disturbed(root, submissions, kills, jobs, (chance.uniform(0, most) for _ in count()))
    finally:
        shutil.rmtree(root)


def disturbed(root: Path, submissions: int, kills: int, jobs: int, moments: Iterator[float]) -> int:
    """Kills, goes on, and compares; 1 where anything differs or is left behind."""
    print(header("kill", "after s", "records before", "after", "graded twice", "still running"))
    twice, running = 0, 0
    kill = 1
    while kill <= kills:
        before = written(root)
        process = run(root, "disturbed", jobs)
        began = time.monotonic()
        if kill % 2 == 0:
            # every other kill meets notebooks that run; the rest fall into start-up too
            wait_for_run(root, process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(next(moments))
            # all done before its moment came: begin once more, so that every kill meets work
            shutil.rmtree(root / "disturbed")
            continue
        delay = time.monotonic() - began
        below = {pid: started_at(pid) for pid in Tree().family(process.pid)}
        process.kill()
        process.wait()
        alive = wait_for_end(below)
        after = written(root)
        again = [name for name in before if after.get(name) != before[name]]
        twice, running = twice + len(again), running + len(alive)
        print(row(kill, f"{delay:.2f}", len(before), len(after), len(again), len(alive)), flush=True)
        kill += 1
    run(root, "disturbed", jobs).communicate()
    left = sorted(path.name for path in (root / "tmp").iterdir())
    differing = compare(records(root, "undisturbed"), records(root, "disturbed"))
    print(f"records at the end: {len(records(root, 'disturbed'))} of {submissions}")
    print(f"finished submissions that were graded again: {twice}")
    print(f"processes still there {END_SECONDS:.0f} s after a kill: {running}")
    print(f"temporary files left after the last command: {left or 'none'}")
    print(f"fields that differ from the undisturbed batch: {differing or 'none'}")
    return int(bool(twice or running or left or differing))


def make_class(root: Path, submissions: int) -> None:
    """A copy of the sample course with small notebooks, every fifth with a cell that fails."""
    make_course(root)
    (root / "tmp").mkdir()
    for number in range(submissions):
        cells = [
            "import time\nimport torch",
            f"torch.manual_seed({number})\nflat, linear = torch.nn.Flatten(), torch.nn.Linear(784, 10)",
            "def predict(images):\n    return linear(flat(images))",
            f"time.sleep({0.3 * (number % 4)})",
        ]
        if number % 5 == 4:
            cells.append("1 / 0")
        write(root / "submissions" / f"student{number:03}" / f"{SLUG}.ipynb", cells)


def run(root: Path, out: str, jobs: int) -> subprocess.Popen[bytes]:
    """`grade submissions`, quiet, with temporary files of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "graders", "submissions", "--jobs", str(jobs), "--out", out],
        cwd=root,
        env={**os.environ, "TMPDIR": str(root / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=(root / "messages").open("w"),
    )


def records(root: Path, out: str) -> dict[str, Any]:
    """The records by student."""
    return {path.parent.name: json.loads(path.read_bytes()) for path in (root / out).glob("*/*.json")}


def written(root: Path) -> dict[str, tuple[int, int]]:
    """When each record was written; every one must be whole."""
    records(root, "disturbed")
    found = (root / "disturbed").glob("*/*.json")
    return {path.parent.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def compare(expected: Any, found: Any, place: str = "") -> list[str]:
    """Places where two documents differ."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = sorted({*expected, *found} - VARY)
        return [one for key in keys for one in compare(expected.get(key), found.get(key), f"{place}.{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [one for index, (a, b) in pairs for one in compare(a, b, f"{place}[{index}]")]
    return [] if expected == found else [f"{place}: {expected!r} / {found!r}"[:200]]


def wait_for_run(root: Path, process: subprocess.Popen[bytes]) -> None:
    """Waits until a notebook runs or the command ends."""
    while process.poll() is None:
        with suppress(FileNotFoundError):  # a folder that was about to be looked into has gone
            if list((root / "tmp").glob("grade-run-*/w*/grade-*")):
                return
        time.sleep(0.02)


def wait_for_end(started: dict[int, int | None]) -> list[int]:
    """Those of the processes, with when each was started, that are still there after a while."""
    deadline = time.monotonic() + END_SECONDS
    while (alive := still_running(started)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return alive


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
