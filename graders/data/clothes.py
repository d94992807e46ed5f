"""Pictures of clothes in ten classes: files in torchvision's layout, arrays as networks take them."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graders.data import folders
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Public, Raw, Split
from graders.data.variant import vary


class Pictures(Protocol):
    """Where the pictures of one profile come from. All but `fingerprint` may raise `DataMissingError`."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """Download into `cache` what is not there yet."""

    def public(self, cache: Path) -> Public:
        """The training and validation splits."""

    def hidden(self, cache: Path, secret: bytes) -> Raw:
        """The hidden test set; every call gives the same."""

    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal of all that the pictures depend on besides the secret."""


@dataclass(frozen=True, slots=True)
class Clothes:
    """A profile of `clothes`; see `Source`.

    Inputs are `images`, float32 in [0, 1] of shape (N, 1, 28, 28); targets are `labels`, int64 of shape (N,).
    """

    pictures: Pictures
    profile: str

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`."""
        self.pictures.fetch(cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        folders.write(self.pictures.public(cache), folder)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        raw = folders.read(folder, folders.STEMS["validation"])
        return Split({"images": _as_floats(raw.images)}, _targets(raw))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        raw = self.pictures.hidden(cache, secret)
        random = random_stream(hmac.digest(secret, f"clothes/{self.profile}/variant".encode(), "sha256"))
        return Hidden(
            inputs={"images": _as_floats(raw.images)},
            targets=_targets(raw),
            variant={"images": _as_floats(vary(raw.images, random))},
        )

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        variant = (Path(__file__).parent / "variant.py").read_text(encoding="utf-8")
        return hashlib.sha256(f"{self.pictures.fingerprint()}\n{variant}".encode()).hexdigest()


def _as_floats(images: Bytes) -> NDArray[np.float32]:
    return images[:, None].astype(np.float32) / np.float32(255)


def _targets(raw: Raw) -> dict[str, NDArray[np.int64]]:
    return {"labels": raw.labels.astype(np.int64)}
