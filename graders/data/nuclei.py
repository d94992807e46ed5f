"""The `full` profile of `cells` and `noisy_cells`: nuclei under a fluorescence microscope.

334 grey pictures of 256×256 pixels with merged masks, from stage 1 of the Data Science Bowl 2018 (Broad
Bioimage Benchmark Collection BBBC038, CC0), with corrected masks. They are halved to 128×128, so that a small
U-Net trains on a CPU in minutes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders.data import png
from graders.data.cells import CellPictures
from graders.data.mirrored import obtain
from graders.data.types import Bytes

LISTED = Path(__file__).parent / "nuclei.txt"
"""One picture a line: split, id, and SHA-256 of its picture and of its mask."""
KEPT_BACK = 24
"""Pictures of the training split that students do not get: they are restored from noise."""
VALIDATION = 38


@dataclass(frozen=True, slots=True)
class _Listed:
    split: str
    name: str
    image: str
    mask: str


class Nuclei:
    """198 pictures to train on, 38 for validation; the 74 of the test split are hidden."""

    validation_count = VALIDATION

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `CellSource.fetch`: from `GRADE_MIRROR`."""
        listed = _read_list()
        files = {f"images/{one.name}.png": one.image for one in listed}
        files |= {f"masks/{one.name}.png": one.mask for one in listed}
        obtain(files, _folder(cache), "nuclei")

    def train(self, cache: Path) -> CellPictures:
        """See `CellSource.train`."""
        return self._pictures(cache, _names("train")[:-KEPT_BACK])

    def validation(self, cache: Path) -> CellPictures:
        """See `CellSource.validation`."""
        return self._pictures(cache, _names("val"))

    def hidden(self, cache: Path, secret: bytes) -> CellPictures:
        """See `CellSource.hidden`: the test split, which no secret can change."""
        return self._pictures(cache, _names("test"))

    def clean(self, cache: Path) -> Bytes:
        """See `CellSource.clean`."""
        return self.validation(cache).images

    def hidden_clean(self, cache: Path, secret: bytes) -> Bytes:
        """See `CellSource.hidden_clean`."""
        return self._pictures(cache, _names("train")[-KEPT_BACK:]).images

    def fingerprint(self) -> str:
        """See `CellSource.fingerprint`: the published files and the rule of the split."""
        text = LISTED.read_text(encoding="ascii") + Path(__file__).read_text(encoding="utf-8")
        return hashlib.sha256(text.encode()).hexdigest()

    def _pictures(self, cache: Path, names: list[str]) -> CellPictures:
        self.fetch(cache, progress=False)
        images, masks = (
            np.stack([png.read(_folder(cache) / kind / f"{name}.png") for name in names])
            for kind in ("images", "masks")
        )
        return CellPictures(
            np.round(_halved(images)).astype(np.uint8), (_halved(masks) >= 127.5).astype(np.uint8)
        )


def _folder(cache: Path) -> Path:
    return cache / "cells" / "nuclei"


def _halved(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Means of blocks of 2×2 pixels."""
    count, height, width = pictures.shape
    means: NDArray[np.float64] = pictures.reshape(count, height // 2, 2, width // 2, 2).mean(axis=(2, 4))
    return means


def _read_list() -> list[_Listed]:
    return [_Listed(*line.split()) for line in LISTED.read_text(encoding="ascii").splitlines()]


def _names(split: str) -> list[str]:
    return [one.name for one in _read_list() if one.split == split]
