"""The `full` profile of `series`: the drawn family, and the airline passengers beside it."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.fingerprints import of_modules
from graders.data.mirrored import obtain
from graders.data.series import DrawnSeries, split
from graders.data.types import Floats, Hidden, Split

FILES = {"airline-passengers.csv": "8cb51be753a718d9be5d76d7e238cc224792754676adc21faa59e954b0201621"}
"""SHA-256 by name: monthly totals in thousands, 1949 to 1960 (Box & Jenkins 1976, series G)."""
MONTHS = 144
DRAWN = DrawnSeries()


@dataclass(frozen=True, slots=True)
class SeriesAndAirline:
    """`DrawnSeries`, and the airline passengers as the last hidden series; see `Source`.

    The 144 numbers are public and in every textbook, and one series has no interval: its forecast is shown
    and does not count. Students find it as `series/airline.csv`, whole.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: it is copied from `GRADE_MIRROR`."""
        obtain(FILES, _folder(cache), "")

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        DRAWN.publish(cache, folder)
        rows = [f"{month},{value:.0f}" for month, value in enumerate(self._airline(cache))]
        text = "\n".join(["month,value", *rows]) + "\n"
        (folder / "series" / "airline.csv").write_text(text, encoding="ascii")

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`: the drawn series alone."""
        return DRAWN.validation(folder)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        drawn, airline = DRAWN.hidden(cache, secret), split([self._airline(cache)], counts=False)
        inputs, targets = (
            {name: np.concatenate([array, last[name]]) for name, array in first.items()}
            for first, last in ((drawn.inputs, airline.inputs), (drawn.targets, airline.targets))
        )
        return Hidden(inputs, targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the modules and the file's own hash."""
        parts = of_modules("series_full.py", "series.py"), *FILES.values()
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def _airline(self, cache: Path) -> Floats:
        self.fetch(cache, progress=False)
        with (_folder(cache) / "airline-passengers.csv").open(encoding="ascii", newline="") as file:
            values = [float(row["Passengers"]) for row in csv.DictReader(file)]
        return np.array(values[:MONTHS])


def _folder(cache: Path) -> Path:
    return cache / "airline"
