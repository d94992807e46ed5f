"""Microscope pictures with masks of their cells, and the same pictures with noise to be taken away."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graders.data import png
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Split

NOISE = 0.15
"""Standard deviation of the noise of `noisy_cells`, where white is 1."""
DEAD = 0.3
"""Share of its pixels that are black, since noise alone is nearly as well taken away by a plain filter."""
GAIN, GAMMA = (0.9, 1.1), (0.9, 1.1)
"""Factor and power of the brightness in the private variant, drawn evenly: mild enough that nothing that was
not known by heart suffers."""
PUBLIC_NOISE = b"noisy_cells/1"


@dataclass(frozen=True, slots=True)
class CellPictures:
    """Grey pictures with masks."""

    images: Bytes
    """Shape (N, H, W), 0 is black."""
    masks: Bytes
    """1 where there is a cell, else 0; shape (N, H, W)."""


class CellSource(Protocol):
    """Where the pictures of one profile come from. All but `fingerprint` may raise `DataMissingError`."""

    @property
    def validation_count(self) -> int:
        """How many pictures `validation` and `clean` give."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """Get into `cache` what is not there yet."""

    def train(self, cache: Path) -> CellPictures:
        """Public pictures to train on."""

    def validation(self, cache: Path) -> CellPictures:
        """Other public pictures."""

    def hidden(self, cache: Path, secret: bytes) -> CellPictures:
        """The hidden test set; every call gives the same."""

    def clean(self, cache: Path) -> Bytes:
        """As many public pictures to add noise to, shape (N, H, W)."""

    def hidden_clean(self, cache: Path, secret: bytes) -> Bytes:
        """The same for the hidden set; none of `hidden`, which a notebook sees before it restores these."""

    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal of all that the pictures depend on besides the secret."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A profile of `cells`; see `Source`.

    Inputs are `images`, float32 in [0, 1] of shape (N, 1, H, W); targets are `masks`, uint8 0 or 1 of shape
    (N, H, W). Students find `train` and `validation`, each with `images/*.png` and `masks/*.png` (0 or 255)
    of the same names.
    """

    pictures: CellSource
    profile: str

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`."""
        self.pictures.fetch(cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        for name in ("train", "validation"):
            shown = getattr(self.pictures, name)(cache)
            png.write(folder / name / "images", shown.images)
            png.write(folder / name / "masks", shown.masks * np.uint8(255))

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        count = self.pictures.validation_count
        images, masks = (png.read_all(folder / "validation" / kind, count) for kind in ("images", "masks"))
        if images.shape != masks.shape:
            raise ValueError(f"validation: pictures {images.shape}, masks {masks.shape}")
        return Split({"images": as_floats(images)}, {"masks": (masks > 127).astype(np.uint8)})

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`; the variant is a little brighter or darker, differently in each picture."""
        found = self.pictures.hidden(cache, secret)
        random = random_stream(hmac.digest(secret, f"cells/{self.profile}/variant".encode(), "sha256"))
        return Hidden(
            inputs={"images": as_floats(found.images)},
            targets={"masks": found.masks},
            variant={"images": as_floats(relight(found.images, random))},
        )

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return _fingerprint(self.pictures)


@dataclass(frozen=True, slots=True)
class NoisyCells:
    """A profile of `noisy_cells`; see `Source`.

    Inputs are `images`, float32 in [0, 1] of shape (N, 1, H, W), with noise; targets are `clean`, the same
    without it, float32 in [0, 1] of shape (N, H, W). Students find `noisy/validation`, with `noisy/*.png` and
    `clean/*.png` of the same names.
    """

    pictures: CellSource
    profile: str

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`."""
        self.pictures.fetch(cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        clean = self.pictures.clean(cache)
        png.write(folder / "noisy" / "validation" / "noisy", add_noise(clean, random_stream(PUBLIC_NOISE)))
        png.write(folder / "noisy" / "validation" / "clean", clean)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        count, place = self.pictures.validation_count, folder / "noisy" / "validation"
        noisy, clean = (png.read_all(place / kind, count) for kind in ("noisy", "clean"))
        if noisy.shape != clean.shape:
            raise ValueError(f"noisy/validation: noisy {noisy.shape}, clean {clean.shape}")
        return _to_restore(noisy, clean)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: the noise is drawn from the secret, so that no variant is needed."""
        clean = self.pictures.hidden_clean(cache, secret)
        random = random_stream(hmac.digest(secret, f"noisy_cells/{self.profile}/noise".encode(), "sha256"))
        found = _to_restore(add_noise(clean, random), clean)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return _fingerprint(self.pictures)


def add_noise(images: Bytes, random: np.random.RandomState) -> Bytes:
    """The pictures with Gaussian noise, cut off at black and white, and with pixels that are black."""
    noisy = images / 255 + random.normal(0, NOISE, images.shape)
    return _as_bytes(np.where(random.random_sample(images.shape) < DEAD, 0.0, noisy))


def relight(images: Bytes, random: np.random.RandomState) -> Bytes:
    """The pictures in other light: each with a factor and a power of its own."""
    gain, gamma = (random.uniform(*ends, (len(images), 1, 1)) for ends in (GAIN, GAMMA))
    return _as_bytes(gain * (images / 255) ** gamma)


def as_floats(images: Bytes) -> NDArray[np.float32]:
    """Pictures (N, H, W) as networks take them: float32 in [0, 1], (N, 1, H, W)."""
    return images[:, None].astype(np.float32) / np.float32(255)


def _to_restore(noisy: Bytes, clean: Bytes) -> Split:
    return Split({"images": as_floats(noisy)}, {"clean": as_floats(clean)[:, 0]})


def _as_bytes(images: NDArray[np.float64]) -> Bytes:
    return np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)


def _fingerprint(pictures: CellSource) -> str:
    text = "".join(
        (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("cells.py", "png.py")
    )
    return hashlib.sha256(f"{pictures.fingerprint()}\n{text}".encode()).hexdigest()
