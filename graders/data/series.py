"""The `mini` profile of `series`: monthly series that are much alike, drawn by our own code."""

import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.fingerprints import of_modules
from graders.data.seeds import random_stream
from graders.data.types import Floats, Hidden, Split

SEASON = 12
"""Months after which the pattern comes again."""
HORIZON = 12
"""Months to forecast: the last ones of each series."""
SHORTEST, LONGEST = 60, 144
"""Months of a series, its last `HORIZON` ones included."""
TRAIN, VALIDATION, HIDDEN = 600, 100, 240
PUBLIC_SEED = b"series/mini/1"
HEADER = "series,month,value"

SHAPES = np.array(
    [
        [-0.9, -1.0, -0.4, 0.0, 0.2, 0.7, 1.4, 1.3, 0.4, -0.2, -0.8, -0.7],  # one summit in summer
        [-0.8, -0.9, -0.3, -0.1, 0.0, -0.2, -0.6, -0.4, 0.1, 0.3, 0.7, 2.2],  # a summit in December
        [0.9, 0.6, 0.1, -0.6, -1.0, -0.7, 0.2, 0.9, 0.7, 0.0, -0.7, -0.4],  # two summits
    ]
)
"""Seasons that series mix, each with mean near 0 and a spread near 1."""


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """Drawn series; the public ones from a published seed, the hidden ones from the secret; see `Source`.

    Students find `series/train.csv` and `series/validation.csv` with the columns `series` (a number), `month`
    (from 0) and `value`. The last `HORIZON` months of each series are what a forecast is compared with: there
    is one origin for each series, so that series are independent examples.

    Inputs are `history`, float64 of shape (N, `LONGEST - HORIZON`), with NaN after the last known month of
    shorter series. Targets are the same `history`, which gives each series its scale; `future`, float64 of
    shape (N, `HORIZON`); and `counts`, bool of shape (N,): False where a series is shown and worth nothing.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        (folder / "series").mkdir()
        for name, count in (("train", TRAIN), ("validation", VALIDATION)):
            drawn = draw(random_stream(PUBLIC_SEED + b"/" + name.encode()), count)
            rows = [
                f"{number},{month},{value:.1f}"
                for number, series in enumerate(drawn)
                for month, value in enumerate(series)
            ]
            text = "\n".join([HEADER, *rows]) + "\n"
            (folder / "series" / f"{name}.csv").write_text(text, encoding="ascii")

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        lines = (folder / "series" / "validation.csv").read_text(encoding="ascii").splitlines() or [""]
        if lines[0] != HEADER:
            raise ValueError(f"series/validation.csv begins with {lines[0][:80]!r}")
        table = np.loadtxt(lines[1:], delimiter=",", ndmin=2)
        found = [table[table[:, 0] == number, 2] for number in range(VALIDATION)]
        if table.shape[1] != 3 or not all(SHORTEST <= len(series) <= LONGEST for series in found):
            raise ValueError("series/validation.csv: series are missing or of another length")
        return split(found)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: drawn from the secret, so that there is nothing to memorise and no variant."""
        found = split(draw(random_stream(hmac.digest(secret, b"series/mini/hidden", "sha256")), HIDDEN))
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return of_modules("series.py")


def draw(random: np.random.RandomState, count: int) -> list[Floats]:
    """Series of different lengths, all values above zero, rounded as the files have them."""
    return [_series(random, random.randint(SHORTEST, LONGEST + 1)) for _ in range(count)]


def split(series: list[Floats], counts: bool = True) -> Split:
    """What is known of each series, and the months to forecast."""
    history = np.full((len(series), LONGEST - HORIZON), np.nan)
    for row, values in zip(history, series, strict=True):
        row[: len(values) - HORIZON] = values[:-HORIZON]
    future = np.stack([values[-HORIZON:] for values in series])
    return Split(
        {"history": history}, {"future": future, "history": history, "counts": np.full(len(series), counts)}
    )


def _series(random: np.random.RandomState, months: int) -> Floats:
    """One series: level × season × what is left, each with something that last year's values do not say.

    The level grows or shrinks at a rate that changes at times, and is struck by shocks of which most is made
    good within months. The season mixes two shapes, from one to the other as years go by, and its strength
    changes. What is left follows the month before (an autoregression).
    """
    month = np.arange(months)
    level = np.log(random.uniform(60, 600)) + np.cumsum(_growth(random, months))
    one, other = SHAPES[random.choice(len(SHAPES), 2, replace=False)]
    turned = (month + random.randint(SEASON)) % SEASON
    start, end = random.uniform(0, 1, 2)
    mixed = start + (end - start) * month / months
    strength = random.uniform(0.08, 0.22) * np.exp(random.normal(0, 0.5) * month / months)
    season = strength * ((1 - mixed) * one[turned] + mixed * other[turned])
    logarithms = level + season + _shocks(random, months) + _autoregression(random, months)
    return np.asarray(np.round(np.exp(logarithms), 1))


def _growth(random: np.random.RandomState, months: int) -> Floats:
    """Growth of the logarithm a month: constant for some years, then another."""
    changes = random.uniform(size=months) < 1 / 60
    return np.asarray(random.normal(0.08, 0.08, months)[np.cumsum(changes)] / SEASON)


def _shocks(random: np.random.RandomState, months: int) -> Floats:
    """Sudden changes of the level, each mostly made good after about five months."""
    left = np.zeros(months)
    for when in np.flatnonzero(random.uniform(size=months) < 1 / 40):
        age = np.arange(months - when)
        left[when:] += random.choice([-1, 1]) * random.uniform(0.15, 0.4) * (0.1 + 0.9 * np.exp(-age / 5))
    return left


def _autoregression(random: np.random.RandomState, months: int) -> Floats:
    """Deviations of which three quarters are left a month later."""
    news = random.normal(0, 0.015, months)
    left = np.zeros(months)
    for month in range(1, months):
        left[month] = 0.75 * left[month - 1] + news[month]
    return left
