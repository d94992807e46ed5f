"""The `full` profile of `houses`: California's districts in the census of 1990 (Pace & Barry 1997).

R. Kelley Pace and Ronald Barry, "Sparse spatial autoregressions", Statistics & Probability Letters 33. The
archive is the one that scikit-learn's `fetch_california_housing` downloads, and the features are its own.
"""

import gzip
import hashlib
import io
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from graders.data import houses
from graders.data.downloads import Official, obtain
from graders.data.fingerprints import of_modules
from graders.data.seeds import random_stream
from graders.data.types import Floats, Hidden, Split
from graders.errors import DataMissingError, Problem

ARCHIVE = "cal_housing.tgz"
URL = "https://ndownloader.figshare.com/files/5976036"
SHA256 = "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681"
MEMBER = "CaliforniaHousing/cal_housing.data"
MOST_BYTES = 2**24
"""Of the unpacked archive; the table has about two million."""
OFFICIAL_COLUMNS = 9
"""Longitude, latitude, median age of houses, rooms, bedrooms, people, households, median income in 10,000
dollars, median value of a house in dollars."""
COLUMNS = (
    "MedInc",
    "HouseAge",
    "AveRooms",
    "AveBedrms",
    "Population",
    "AveOccup",
    "Latitude",
    "Longitude",
    "price",
)
"""As scikit-learn names them; rooms, bedrooms and people a household, price in 100,000 dollars."""
TRAIN, VALIDATION, HIDDEN = 12_000, 3_640, 5_000
PUBLIC_SEED = b"houses/full/1"
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class CaliforniaHousing:
    """Districts with median prices, cut by a fixed permutation; see `Source`.

    Inputs are `features`, float32 of shape (N, 8), the columns but for the price; targets are `prices`,
    float64 of shape (N,). Students find `train.csv` and `validation.csv`, with a header.

    The hidden districts are public figures for those who look for them, and no secret can change them. There
    is no variant: a change so slight that an honest model bears it leaves the nearest row of the public table
    the right one. An error far below the reference's is for a person to look at.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: from `GRADE_MIRROR`, else from scikit-learn's address."""
        archive = Official(ARCHIVE, URL, f"sha256:{SHA256}")
        obtain([archive], _folder(cache), dataset="houses", below=PurePosixPath(), progress=progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        train, validation, _ = self._parts(cache)
        for name, part in (("train", train), ("validation", validation)):
            rows = [",".join(COLUMNS), *(",".join(f"{value:.12g}" for value in row) for row in part)]
            (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="ascii")

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return houses.read(folder / "validation.csv", COLUMNS, VALIDATION)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: the same for every secret."""
        found = houses.split(self._parts(cache)[2])
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the module, which names the archive's own hash."""
        return hashlib.sha256((of_modules("houses_full.py", "houses.py") + SHA256).encode()).hexdigest()

    def _parts(self, cache: Path) -> tuple[Floats, Floats, Floats]:
        """Rows for training, for validation and hidden ones, with the columns `COLUMNS`."""
        self.fetch(cache, progress=False)
        table = districts(_folder(cache) / ARCHIVE)
        table = table[random_stream(PUBLIC_SEED).permutation(len(table))]
        return table[:TRAIN], table[TRAIN : TRAIN + VALIDATION], table[TRAIN + VALIDATION :]


def districts(archive: Path) -> Floats:
    """Every district of the archive in its order, shape (20640, 9), with the columns `COLUMNS`.

    Raises:
        DataMissingError: the archive holds no such table.
    """
    try:
        official = _numbers(
            _member(archive).decode("ascii").splitlines(), TRAIN + VALIDATION + HIDDEN, OFFICIAL_COLUMNS
        )
        longitude, latitude, age, rooms, bedrooms, people, households, income, value = official.T
        if households.min() <= 0:
            raise ValueError("a district without households")
    except (OSError, EOFError, zlib.error, tarfile.TarError, KeyError, ValueError) as error:
        message = (
            f"{MEMBER} cannot be read ({error}) though the archive has the SHA-256 that is expected: "
            "a fault of this toolkit, please report it; until then grade with --profile mini"
        )
        raise DataMissingError([Problem(archive, "", message)]) from error
    features = income, age, rooms / households, bedrooms / households, people, people / households
    return np.round(np.column_stack([*features, latitude, longitude, value / 100_000]), DECIMALS)


def _member(archive: Path) -> bytes:
    """The bytes of the table, of an archive of which neither size nor names are trusted."""
    with gzip.open(archive) as packed:
        unpacked = packed.read(MOST_BYTES + 1)
    if len(unpacked) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES} bytes when unpacked")
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as files:
        found = files.getmember(MEMBER)
        # one that is sparse can be larger than all of the archive
        file = files.extractfile(found) if found.isreg() and found.size <= MOST_BYTES else None
        if file is None:
            raise ValueError(f"no plain file of at most {MOST_BYTES} bytes")
        return file.read()


def _numbers(lines: list[str], rows: int, columns: int) -> Floats:
    """A table of so many rows and columns of finite numbers.

    >>> _numbers(["1,2", "3,4"], 2, 2).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if len(lines) != rows:
        raise ValueError(f"{len(lines)} rows, expected {rows}")
    table = np.array([[float(value) for value in line.split(",")] for line in lines])
    if table.shape[1] != columns or not np.isfinite(table).all():
        raise ValueError(f"{table.shape[1]} columns, expected {columns} of finite numbers")
    return table


def _folder(cache: Path) -> Path:
    return cache / "houses" / "official"
