"""The `full` profile of `scenes` and `scenes10`: pictures of blood, the BCCD data set (MIT licence).

364 microscope pictures of 640 × 480 with boxes around red and white cells and platelets, up to 30 a picture,
and the official split. They are made four times smaller, so that a CPU can train on them.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from graders.data import boxes
from graders.data.boxes import Scenes
from graders.data.mirrored import obtain
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Split

MIRROR = "blood-cells"
HASHES = Path(__file__).parent / "blood_cells.sha256"
CATEGORIES = ("RBC", "WBC", "Platelets")
SMALLER = 4
VALIDATION = 87
BRIGHTNESS = 0.15
"""Share by which a picture of the variant is brighter or darker at most."""


@dataclass(frozen=True, slots=True)
class BloodCells:
    """205 pictures to train on and 87 for validation; the 72 official test pictures are hidden."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: from `GRADE_MIRROR`."""
        obtain(_hashes(), _folder(cache), MIRROR)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        self.fetch(cache, progress=False)
        for name, official in (("train", "train"), ("validation", "val")):
            boxes.write(folder / name, read(_folder(cache), official), CATEGORIES)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return boxes.split(boxes.read(folder / "validation", VALIDATION))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: the official test set, and the same in another light."""
        self.fetch(cache, progress=False)
        found = boxes.split(read(_folder(cache), "test"))
        random = random_stream(hmac.digest(secret, b"scenes/full/variant", "sha256"))
        images = found.inputs["images"]
        light = random.uniform(1 - BRIGHTNESS, 1 + BRIGHTNESS, (len(images), 1, 1, 1))
        changed: Bytes = np.round(np.clip(images * light, 0, 255)).astype(np.uint8)
        return Hidden(found.inputs, found.targets, variant={"images": changed})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the hashes of the files, and the modules that read them."""
        digest = hashlib.sha256(HASHES.read_bytes())
        for name in ("blood_cells.py", "boxes.py", "seeds.py"):
            digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class CountedBloodCells:
    """Those pictures of `BloodCells` that hold a set number of cells of any class, with the same files.

    The files are all of them, so that beside those of `scenes` they add nothing. There is no variant: that of
    the same hidden pictures is measured with `scenes`.
    """

    pictures: BloodCells
    least: int
    most: int
    """Cells in a picture, both included. From 8 to 12 are in 24 hidden pictures and 30 of validation."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`."""
        self.pictures.fetch(cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        self.pictures.publish(cache, folder)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return self._counted(self.pictures.validation(folder))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        found = self._counted(self.pictures.hidden(cache, secret))
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: that of the pictures, and which are kept."""
        return hashlib.sha256(f"{self.pictures.fingerprint()} {self.least} {self.most}".encode()).hexdigest()

    def _counted(self, found: Split) -> Split:
        cells = (found.targets["labels"] > 0).sum(axis=1)
        kept = (cells >= self.least) & (cells <= self.most)
        inputs, targets = (
            {name: array[kept] for name, array in arrays.items()} for arrays in (found.inputs, found.targets)
        )
        return Split(inputs, targets)


def read(folder: Path, official: str) -> Scenes:
    """The pictures of an official split; the two boxes of no size that the data set has are left out.

    Args:
        folder: with `ImageSets`, `Annotations` and `JPEGImages`, as Pascal VOC lays them out.
        official: `train`, `val` or `test`.
    """
    images, places, labels = [], [], []
    for name in (folder / "ImageSets" / "Main" / f"{official}.txt").read_text(encoding="ascii").split():
        with Image.open(folder / "JPEGImages" / f"{name}.jpg") as image:
            small = image.convert("RGB").resize((image.width // SMALLER, image.height // SMALLER))
        rows = []
        path = folder / "Annotations" / f"{name}.xml"
        tree = ElementTree.parse(path)  # noqa: S314 - one of the files whose hashes are known
        for found in tree.iter("object"):
            edges = [float(found.findtext(f"bndbox/{edge}", "")) for edge in ("xmin", "ymin", "xmax", "ymax")]
            label = CATEGORIES.index(found.findtext("name", "")) + 1
            if edges[0] < edges[2] and edges[1] < edges[3]:
                rows.append([*(edge / SMALLER for edge in edges), label])
        table = np.array(rows, dtype=np.float64).reshape(-1, 5)
        images.append(np.asarray(small))
        places.append(table[:, :4])
        labels.append(table[:, 4].astype(np.int64))
    return Scenes(np.stack(images), places, labels)


def _folder(cache: Path) -> Path:
    return cache / "scenes" / "official"


@once
def _hashes() -> dict[str, str]:
    rows = (line.split() for line in HASHES.read_text(encoding="ascii").splitlines())
    return {name: digest for digest, name in rows}
