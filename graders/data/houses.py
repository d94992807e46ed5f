"""Tables of houses with prices, as both profiles of `houses` have them: the price is the last column."""

from pathlib import Path

import numpy as np

from graders.data.types import Floats, Split


def read(path: Path, columns: tuple[str, ...], rows: int) -> Split:
    """The examples of a table with a header.

    Raises:
        OSError: it is not there.
        ValueError: it has other columns, or another number of rows.
    """
    header, *lines = path.read_text(encoding="ascii").splitlines() or [""]
    if header != ",".join(columns) or len(lines) != rows:
        raise ValueError(f"{path.name}: {len(lines)} rows under {header[:80]!r}, expected {rows}")
    return split(np.loadtxt(lines, delimiter=",", ndmin=2))


def split(table: Floats) -> Split:
    """Inputs `features`, float32 (N, columns - 1), and targets `prices`, float64 (N,)."""
    return Split({"features": table[:, :-1].astype(np.float32)}, {"prices": table[:, -1].copy()})
