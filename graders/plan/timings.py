"""How long a notebook took where its student ran it, as far as metadata of cells and their outputs say.

Jupyter (`execution`), the ExecuteTime extension and Colab (`executionInfo`) write times into metadata;
`%%time` and tqdm print them. It was another machine, often one with a GPU, so that these are bounds and no
measurements. Nobody vouches for them, and nothing but the plan and the order of work depends on them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_READ = 20_000
"""Characters at the end of a cell's outputs that are looked at."""
LONGEST = 30 * 86_400.0
"""Seconds beyond which a time is a slip."""

_SPANS = {
    "execution": (
        ("iopub.execute_input", "shell.execute_reply"),
        ("iopub.status.busy", "iopub.status.idle"),
    ),
    "ExecuteTime": (("start_time", "end_time"),),
}
_WALL = re.compile(r"Wall time:\s*((?:[\d.]+\s*(?:days?|min|ms|µs|us|ns|[dhs])\s*,?\s*)+)")
_AMOUNT = re.compile(r"([\d.]+)\s*(days?|min|ms|µs|us|ns|[dhs])")
_BAR = re.compile(r"\[((?:\d+:)?\d+:\d\d)<(?:00:)?00:00")
_GPU = re.compile(r"\bcuda(?::\d)?\b|\bTesla\b|\bNVIDIA\b", re.IGNORECASE)
_UNITS = {"d": 86_400.0, "h": 3600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class Saved:
    """A code cell as it was handed in."""

    source: str
    output: str
    """Text of its outputs, capped."""
    metadata: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Timings:
    """What a notebook says of its own run."""

    cells: tuple[float, ...]
    """Seconds of each code cell; 0 where it does not say."""
    on_gpu: bool
    """Whether it mentions a GPU."""

    @property
    def seconds(self) -> float:
        """All cells together."""
        return sum(self.cells)


def timings(cells: Sequence[Saved], accelerated: bool = False) -> Timings | None:
    """The times that a notebook's file tells; None where it tells none.

    Args:
        cells: its code cells.
        accelerated: whether the notebook's own metadata asks for a GPU.
    """
    seconds = tuple(max(_told(cell.metadata), _printed(cell.output)) for cell in cells)
    if not any(seconds):
        return None
    return Timings(seconds, accelerated or any(_GPU.search(cell.output) for cell in cells))


def _told(metadata: Mapping[str, object]) -> float:
    """Seconds by a cell's metadata."""
    found = []
    for key, spans in _SPANS.items():
        table = metadata.get(key)
        for span in spans if isinstance(table, Mapping) else ():
            times = [_time(table.get(name)) for name in span] if isinstance(table, Mapping) else [None, None]
            if times[0] is not None and times[1] is not None:
                found.append(times[1] - times[0])
    colab = metadata.get("executionInfo")
    elapsed = colab.get("elapsed") if isinstance(colab, Mapping) else None
    if isinstance(elapsed, int | float) and elapsed < LONGEST * 1000:
        found.append(elapsed / 1000)
    return max((one for one in found if 0 <= one <= LONGEST), default=0.0)


def _time(value: object) -> float | None:
    """Seconds of a time as ISO 8601 writes it."""
    try:
        return datetime.fromisoformat(value[:40]).timestamp() if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def _printed(output: str) -> float:
    """Seconds that `%%time` printed, or else tqdm's bars that came to their end."""
    text = output[-MOST_READ:]
    walls = [sum(_amounts(match[1])) for match in _WALL.finditer(text)]
    found = sum(walls) or sum(_clock(match[1]) for match in _BAR.finditer(text))
    return found if found <= LONGEST else 0.0


def _amounts(text: str) -> Iterator[float]:
    for number, unit in _AMOUNT.findall(text[:100]):
        try:
            yield float(number) * _UNITS["d" if unit.startswith("day") else unit]
        except ValueError:  # two points in a number
            continue


def _clock(text: str) -> float:
    """Seconds of `1:02:03` or `12:34`."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part[:6])
    return seconds
