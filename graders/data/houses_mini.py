"""The `mini` profile of `houses`: flats with prices, drawn by our own code."""

import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data import houses
from graders.data.fingerprints import of_modules
from graders.data.seeds import random_stream
from graders.data.types import Floats, Hidden, Split

COLUMNS = ("rooms", "floor", "area", "distance", "price")
"""Rooms, floor, area in m², distance to the centre in km, price in millions of roubles."""
TRAIN, VALIDATION, HIDDEN = 4_000, 1_000, 3_000
PUBLIC_SEED = b"houses/mini/1"
NOISE = 0.08
"""Standard deviation of the logarithm of the price that nothing explains."""


@dataclass(frozen=True, slots=True)
class DrawnHouses:
    """Drawn flats; the public ones from a published seed, the hidden ones from the secret; see `Source`.

    Inputs are `features`, float32 of shape (N, 4), the columns but for the price; targets are `prices`,
    float64 of shape (N,). Students find `train.csv` and `validation.csv`, with a header.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        for name, count in (("train", TRAIN), ("validation", VALIDATION)):
            table = draw(random_stream(PUBLIC_SEED + b"/" + name.encode()), count)
            rows = [
                ",".join(COLUMNS),
                *(f"{r:.0f},{f:.0f},{a:.1f},{d:.2f},{p:.3f}" for r, f, a, d, p in table),
            ]
            (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="ascii")

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return houses.read(folder / "validation.csv", COLUMNS, VALIDATION)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: drawn from the secret, so that there is nothing to memorise and no variant."""
        found = houses.split(
            draw(random_stream(hmac.digest(secret, b"houses/mini/hidden", "sha256")), HIDDEN)
        )
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the text of the modules that draw."""
        return of_modules("houses_mini.py", "houses.py")


def draw(random: np.random.RandomState, count: int) -> Floats:
    """Flats, one a row, shape (count, 5), with the columns `COLUMNS`, rounded as the files have them.

    What a square metre costs falls with the distance; a high floor is worth much near the centre and nothing
    far out, the ground floor costs a tenth everywhere, and small flats are dearer by the metre. No sum of the
    columns says that, whatever their weights.
    """
    rooms = random.choice([1, 2, 3, 4, 5], count, p=[0.3, 0.32, 0.24, 0.1, 0.04])
    floor = random.randint(1, 26, count)
    area = np.round((14 + 17 * rooms) * np.exp(random.normal(0, 0.18, count)), 1)
    distance = np.round(np.minimum(random.gamma(2.0, 6.0, count), 45), 2)
    metre = 0.09 + 0.34 * np.exp(-distance / 8)
    view = 1 + 0.6 * (floor / 25) ** 2 * np.exp(-distance / 6)
    ground = np.where(floor == 1, 0.9, 1.0)
    small = 1 + 0.35 * np.exp(-area / 40)
    price = area * metre * view * ground * small * np.exp(random.normal(0, NOISE, count))
    return np.column_stack([rooms, floor, area, distance, np.round(price, 3)])
