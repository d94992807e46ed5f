"""What the benchmarks share: the machine in words, and medians with their spread."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """One line on where and when this was measured, with the load that other programs made."""
    processors = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    name = next((line.partition(":")[2].strip() for line in processors if line.startswith("model name")), "")
    load = os.getloadavg()[0]
    command = " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]])
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {len(os.sched_getaffinity(0))} cores of {name}, "
        f"Linux {platform.release()}, Python {platform.python_version()}, torch {version('torch')}, "
        f"load {load:.1f} before the run: `{command}`"
    )


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and in brackets the least and the greatest.

    >>> spread([1.0, 3.0, 2.0])
    '2.00 (1.00 to 3.00)'
    """
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def row(*cells: object) -> str:
    """One line of a table in Markdown."""
    return "| " + " | ".join(map(str, cells)) + " |"


def header(*names: str) -> str:
    """The first two lines of a table in Markdown."""
    return row(*names) + "\n" + row(*["---"] * len(names))


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure and what it should be."""

    text: str
    values: Sequence[float]
    """One a round."""
    most: float = float("inf")
    least: float = float("-inf")

    @property
    def met(self) -> bool:
        """Whether the median is where it should be."""
        return self.least <= statistics.median(self.values) <= self.most


def show_aims(aims: Sequence[Aim]) -> None:
    """Prints a table of aims, what was measured, and whether they are met."""
    print("\n" + header("aim", "bound", "measured", "met"))
    for aim in aims:
        bound = f"≤ {aim.most:g}" if aim.most < float("inf") else f"≥ {aim.least:g}"
        print(row(aim.text, bound, spread(aim.values), "yes" if aim.met else "**no**"), flush=True)
