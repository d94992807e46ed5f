"""What a notebook costs beside its own cells: bare nbclient, nbgrader, otter and `grade`, side by side.

    python benchmarks/overhead.py [trivial] [training] [jobs] [memory]
                                  [--runs 7] [--batch 20] [--train-seconds 60]

Prints a table in Markdown for each name given, for all of them by default. In each round everything that a
table compares runs once, one after another, so that ratios are taken between neighbours; given are medians
over the rounds with the least and the greatest value. Overhead is the wall-clock time of the command less the
time in the notebook's cells, which the notebook measures itself, in the same way everywhere.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from measuring import Aim, header, machine, row, show_aims, spread
from memory import memory_table
from notebooks import steps_for, training, trivial
from tools import Run, Sample, bare_nbclient, grade, make_environment, nbgrader_autograde, otter_run

NBCLIENT, NBGRADER, OTTER, GRADE = "bare nbclient", "nbgrader autograde", "otter run", "grade"
MORE_NBGRADER, MORE_GRADE = "nbgrader autograde, one more of a class", "grade, one more of a class"
FEW = 2
"""Submissions of the smaller of two classes; what it takes is mostly the fixed part of a command."""
NBGRADER_SHARE = 4
"""nbgrader gets a class smaller by this factor, since it takes so much longer."""

Rounds = Mapping[str, Sequence[Sample]]
"""Samples by what was run, one a round."""


def main() -> None:
    """Measures what the command line names."""
    tables: dict[str, Callable[[argparse.Namespace, Path], None]] = {
        "trivial": trivial_table,
        "training": training_table,
        "jobs": jobs_table,
        "memory": lambda asked, root: memory_table(root, asked.runs),
    }
    parser = argparse.ArgumentParser(description="Measures what grading costs beside the student's own code.")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"any of {', '.join(tables)}")
    parser.add_argument("--runs", type=int, default=7, help="rounds of each table")
    parser.add_argument("--batch", type=int, default=20, help="submissions of a class beside its first two")
    parser.add_argument("--train-seconds", type=float, default=60, help="length of the training notebook")
    asked = parser.parse_args()
    if unknown := set(asked.tables) - set(tables):
        parser.error(f"unknown tables: {', '.join(sorted(unknown))}")
    print(machine(), flush=True)
    for name in asked.tables or tables:
        with tempfile.TemporaryDirectory(prefix="overhead-") as root:
            tables[name](asked, Path(root))


def trivial_table(asked: argparse.Namespace, root: Path) -> None:
    """The trivial notebook through everything, alone and as one more of a class."""
    cells = trivial()
    few = max(1, asked.batch // NBGRADER_SHARE)
    runs = {
        **_alone(root, cells),
        MORE_NBGRADER: one_more(root, "nbgrader", partial(nbgrader_autograde, cells=cells), few),
        MORE_GRADE: one_more(root, "grade", partial(grade, cells=cells), asked.batch),
    }
    rounds = measure(runs, asked.runs)
    print(
        f"\nA trivial notebook, {asked.runs} rounds. One more of a class: a class of {FEW} and one of "
        f"{FEW + asked.batch} (nbgrader: {FEW + few}), and their difference divided.\n"
    )
    show(rounds, against=MORE_GRADE)
    slower = [(NBGRADER, MORE_GRADE), (MORE_NBGRADER, MORE_GRADE), (OTTER, MORE_GRADE)]
    show_aims(
        [
            Aim("one more of a class with one job, overhead in s", overheads(rounds[MORE_GRADE]), most=0.3),
            *(Aim(f"overhead of {a} / {b}", ratios(rounds, a, b), least=5) for a, b in slower),
            Aim(f"whole time of {GRADE} / {NBCLIENT}", walls(rounds, GRADE, NBCLIENT), most=1),
        ]
    )


def training_table(asked: argparse.Namespace, root: Path) -> None:
    """A notebook that trains for a minute through everything."""
    steps = steps_for(asked.train_seconds)
    rounds = measure(_alone(root, training(steps)), asked.runs)
    print(f"\nA notebook of {steps} training steps, {asked.runs} rounds.\n")
    show(rounds, against=GRADE)
    show_aims([Aim(f"whole time of {GRADE} / {NBCLIENT}", walls(rounds, GRADE, NBCLIENT), most=1)])


def jobs_table(asked: argparse.Namespace, root: Path) -> None:
    """Classes of the trivial notebook with one job and more, up to the number of cores."""
    cores = len(os.sched_getaffinity(0))
    tried = [jobs for jobs in (1, 2, 4, 8, 16) if jobs <= cores]
    whole = {jobs: grade(_new(root, f"all{jobs}"), trivial(), FEW + asked.batch, jobs) for jobs in tried}
    start = {jobs: grade(_new(root, f"few{jobs}"), trivial(), max(FEW, jobs), jobs) for jobs in tried}
    seconds: dict[int, list[tuple[float, float]]] = {jobs: [] for jobs in tried}
    for _ in range(asked.runs):
        for jobs in tried:
            seconds[jobs].append((whole[jobs]().wall, start[jobs]().wall))
    print(f"\nClasses of {FEW + asked.batch} trivial notebooks, {asked.runs} rounds.\n")
    print(header("jobs", "whole s", "submissions a minute", "s for one more", "throughput / one job"))
    rates = {}
    gains = {}
    for jobs, pairs in seconds.items():
        more = FEW + asked.batch - max(FEW, jobs)
        rates[jobs] = [more / (all_of - few) for all_of, few in pairs]
        gains[jobs] = [rate / one for rate, one in zip(rates[jobs], rates[1], strict=True)]
        print(
            row(
                jobs,
                spread([all_of for all_of, _ in pairs]),
                spread([60 * (FEW + asked.batch) / all_of for all_of, _ in pairs], 0),
                spread([1 / rate for rate in rates[jobs]], 3),
                spread(gains[jobs]),
            )
        )
    show_aims(
        [Aim(f"throughput at {jobs} jobs / one job", gains[jobs], least=0.8 * jobs) for jobs in tried[1:]]
    )


def _new(root: Path, name: str) -> Path:
    folder = root / name
    folder.mkdir()
    return folder


def _alone(root: Path, cells: Sequence[str]) -> dict[str, Run]:
    """One command for one notebook, of each tool."""
    make_environment()
    tools: dict[str, Callable[[Path, Sequence[str]], Run]] = {
        NBCLIENT: bare_nbclient,
        NBGRADER: nbgrader_autograde,
        OTTER: otter_run,
        GRADE: grade,
    }
    return {name: tool(_new(root, name), cells) for name, tool in tools.items()}


def one_more(root: Path, name: str, tool: Callable[..., Run], more: int) -> Run:
    """What each of `more` submissions adds to a class of a few."""
    small = tool(_new(root, f"{name}-few"), students=FEW)
    large = tool(_new(root, f"{name}-all"), students=FEW + more)

    def run() -> Sample:
        one, other = small(), large()
        return Sample((other.wall - one.wall) / more, (other.cells - one.cells) / more)

    return run


def measure(runs: Mapping[str, Run], rounds: int) -> Rounds:
    """Runs each once to warm the disk's cache, then all in turn, round by round."""
    for run in runs.values():
        run()
    samples: dict[str, list[Sample]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            samples[name].append(run())
    return samples


def overheads(samples: Sequence[Sample]) -> list[float]:
    """Seconds beside the cells, by round."""
    return [one.overhead for one in samples]


def ratios(rounds: Rounds, name: str, other: str) -> list[float]:
    """Overhead of one over that of another, pair by pair."""
    pairs = zip(overheads(rounds[name]), overheads(rounds[other]), strict=True)
    return [one / two for one, two in pairs]


def walls(rounds: Rounds, name: str, other: str) -> list[float]:
    """Whole time of one over that of another, pair by pair."""
    return [one.wall / two.wall for one, two in zip(rounds[name], rounds[other], strict=True)]


def show(rounds: Rounds, against: str) -> None:
    """Prints a table; the last column has overheads over that of `against`, pair by pair."""
    print(header("", "whole s", "cells s", "overhead s", f"overhead / {against}"))
    for name, samples in rounds.items():
        ratio = spread(ratios(rounds, name, against)) if name != against else "1"
        print(
            row(
                name,
                spread([one.wall for one in samples]),
                f"{statistics.median(one.cells for one in samples):.2f}",
                spread(overheads(samples)),
                ratio,
            )
        )


if __name__ == "__main__":
    main()
