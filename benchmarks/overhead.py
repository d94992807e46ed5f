"""What grading costs beside the student's own code: `python benchmarks/overhead.py PATH [RUNS]`.

Grades one submission several times and prints where the wall-clock time of the command goes.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(path: str, out: str) -> dict[str, float]:
    """Seconds of one `grade PATH --json`, by where they went."""
    command = [sys.executable, "-m", "graders", path, "--json", "--out", out]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - began
    run = json.loads(done.stdout)["run"]
    return {
        "whole command": wall,
        "student's cells": run["cell_seconds"],
        "probe": run["probe_seconds"],
        "sandbox and kernel": run["seconds"] - run["cell_seconds"] - run["probe_seconds"],
        "reading, scoring, report": wall - run["seconds"],
        "overhead (whole less cells)": wall - run["cell_seconds"],
    }


def main() -> None:
    """Prints a table in Markdown: minimum, median and maximum over the runs."""
    path, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as out:
        figures = [measure(path, out) for _ in range(runs)]
    print(f"| {Path(path).name}, {runs} runs | min s | median s | max s |\n| --- | --- | --- | --- |")
    for name in figures[0]:
        values = [one[name] for one in figures]
        print(f"| {name} | {min(values):.2f} | {statistics.median(values):.2f} | {max(values):.2f} |")


if __name__ == "__main__":
    main()
