"""What data sets are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Arrays = Mapping[str, NDArray[Any]]
"""Arrays by name; the first axis of each is the examples."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Labelled grey pictures as IDX files hold them."""

    images: Bytes
    """Shape (N, 28, 28), 0 is black."""
    labels: Bytes
    """Class ids, shape (N,)."""


@dataclass(frozen=True, slots=True)
class Public:
    """What students get."""

    train: Raw
    validation: Raw


@dataclass(frozen=True, slots=True)
class Split:
    """Examples that a notebook is measured on."""

    inputs: Arrays
    """What the notebook is given."""
    targets: Arrays
    """What its predictions are compared with, by the host alone where the split is hidden."""

    def __len__(self) -> int:
        return len(next(iter(self.targets.values())))

    def first(self, n: int) -> Self:
        """The same with the first `n` examples only."""
        return type(self)(**{field.name: _first(getattr(self, field.name), n) for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Hidden(Split):
    """The hidden test set, twice over."""

    variant: Arrays
    """`inputs` slightly changed, with the same targets: what was memorised does not survive it."""


@dataclass(frozen=True, slots=True)
class Splits:
    """What a task is measured on."""

    hidden: Hidden
    validation: Split
    """Public; in a self-check it stands in for the hidden set too."""


def _first(arrays: Arrays, n: int) -> Arrays:
    return {name: array[:n] for name, array in arrays.items()}


class Source(Protocol):
    """One profile of a data set. All methods but `fingerprint` may raise `DataMissingError`."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """Download into `cache` what is not there yet."""

    def publish(self, cache: Path, folder: Path) -> None:
        """Write the public splits into an empty folder, as students find them."""

    def validation(self, folder: Path) -> Split:
        """The public validation split, from the files of such a folder.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what it was when it was written.
        """

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """The hidden test set; every call gives the same."""

    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal of all that the data depends on besides the secret."""
