"""What data sets are made of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]


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
class Labelled:
    """Pictures as a network takes them, with their classes."""

    images: NDArray[np.float32]
    """In [0, 1], shape (N, 1, 28, 28)."""
    labels: NDArray[np.int64]
    """Class ids, shape (N,)."""


@dataclass(frozen=True, slots=True)
class Hidden(Labelled):
    """The hidden test set, twice over."""

    variant: NDArray[np.float32]
    """The same pictures slightly shifted, brighter or darker; same shape and labels as `images`."""


class Source(Protocol):
    """One profile of a data set. All methods but `fingerprint` may raise `DataMissingError`."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """Download into `cache` what is not there yet."""

    def public(self, cache: Path) -> Public:
        """The training and validation splits."""

    def hidden(self, cache: Path, secret: bytes) -> Raw:
        """The hidden test set; every call gives the same."""

    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal of all that the data depends on besides the secret."""
