"""Files that students hand in beside their notebooks, honest and not."""

import json
import struct
from pathlib import Path
from typing import Any

HONEST = Path(__file__).parent / "honest_curves.json"


def safetensors(header: dict[str, Any] | bytes, body: bytes = b"", length: int | None = None) -> bytes:
    """A file of that header, which may lie about its own length."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def tensor(shape: list[int], begin: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    """One line of a header."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def honest_curves() -> list[dict[str, Any]]:
    """Real trainings, as `benchmarks/curves.py` made them."""
    return json.loads(HONEST.read_text(encoding="utf-8"))


def csv_of(columns: dict[str, list[float]], digits: int) -> bytes:
    """A curve as a student's program writes it."""
    n = len(next(iter(columns.values())))
    lines = [",".join(["epoch", *columns])]
    for row in range(n):
        values = (f"{column[row]:.{digits}f}" for column in columns.values())
        lines.append(",".join([str(row + 1), *values]))
    return ("\n".join(lines) + "\n").encode()


def smoothed(values: list[float], weight: float) -> list[float]:
    """An exponential moving average, as loggers draw it."""
    found = [values[0]]
    for value in values[1:]:
        found.append(weight * found[-1] + (1 - weight) * value)
    return found
