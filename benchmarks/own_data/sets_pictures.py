"""Honest sets of pictures, real and drawn, as students would bring them along.

Each takes the folder of real data (GRADE_MIRROR) and how many examples there are at most.
"""

import csv
import gzip
import re
import string
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
from drawn import SETS
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from sklearn import datasets

from graders.data import clothes_mini, idx
from graders.model import OwnKind
from graders.own.examples import Examples

Floats = NDArray[np.float32]
Random = np.random.RandomState
Set = Callable[[Path, int], Examples]


def made(kind: OwnKind, pictures: Floats, targets: NDArray[np.generic] | None = None) -> Examples:
    """Examples each of which is a group of its own; grey pictures (n, H, W) get a channel."""
    shaped = pictures[:, None] if pictures.ndim == 3 else pictures
    classes: tuple[str, ...] = ()
    if kind == "classification" and targets is not None:
        names, targets = np.unique(targets, return_inverse=True)
        classes, targets = tuple(map(str, names)), targets.astype(np.int64)
    return Examples(kind, np.ascontiguousarray(shaped, np.float32), targets, np.arange(len(shaped)), classes)


def fashion(mirror: Path, count: int) -> Examples:
    """Fashion-MNIST: clothes on black ground."""
    pictures, labels = _fashion(mirror)
    return made("classification", pictures[:count], labels[:count])


def trousers(mirror: Path, count: int) -> Examples:
    """Of Fashion-MNIST only trousers, to be drawn anew: no class is plainer."""
    pictures, labels = _fashion(mirror)
    return made("sampling", pictures[labels == 1][:count])


def shoes(mirror: Path, count: int) -> Examples:
    """Of Fashion-MNIST sneakers and ankle boots."""
    pictures, labels = _fashion(mirror)
    chosen = np.flatnonzero((labels == 7) | (labels == 9))[:count]
    return made("classification", pictures[chosen], labels[chosen])


def _fashion(mirror: Path) -> tuple[Floats, NDArray[np.uint8]]:
    folder = mirror / "FashionMNIST" / "raw"
    pictures, labels = (
        idx.decode(gzip.decompress((folder / name).read_bytes()), dimensions, folder / name)
        for name, dimensions in (("train-images-idx3-ubyte.gz", 3), ("train-labels-idx1-ubyte.gz", 1))
    )
    return pictures[-30_000:].astype(np.float32) / 255, labels[-30_000:]


def digits(mirror: Path, count: int) -> Examples:
    """Digits written by hand, 8 × 8, of scikit-learn."""
    found = datasets.load_digits()
    return made("classification", found.images[:count].astype(np.float32) / 16, found.target[:count])


def zeros(mirror: Path, count: int) -> Examples:
    """Of these only the zeros, to be drawn anew."""
    found = datasets.load_digits()
    return made("sampling", found.images[found.target == 0][:count].astype(np.float32) / 16)


def nuclei(mirror: Path, count: int) -> Examples:
    """Nuclei under a microscope with their masks, at half their size."""
    names = [row["id"] for row in csv.DictReader((mirror / "nuclei" / "index.csv").open(encoding="ascii"))]
    pictures, masks = (
        np.stack([_read(mirror / "nuclei" / part / f"{name}.png", (128, 128)) for name in names[:count]])
        for part in ("images", "masks")
    )
    return made("segmentation", pictures, (masks > 0.5).astype(np.uint8))


def blood(mirror: Path, count: int) -> Examples:
    """Blood under a microscope, at a quarter of its size."""
    paths = sorted((mirror / "blood-cells" / "JPEGImages").glob("*.jpg"))
    return made("reconstruction", np.stack([_read(path, (160, 120)) for path in paths[:count]]))


def cells(mirror: Path, count: int) -> Examples:
    """Single cells cut out of these, 32 × 32 in colour; which kind each is."""
    pictures, labels = [], []
    for path in sorted((mirror / "blood-cells" / "Annotations").glob("*.xml")):
        whole = Image.open(mirror / "blood-cells" / "JPEGImages" / f"{path.stem}.jpg").convert("RGB")
        for one in path.read_text(encoding="utf-8").split("<object>")[1:]:
            found = dict(re.findall(r"<(name|[xy]m\w\w)>(.*?)</", one))
            box = [int(found[side]) for side in ("xmin", "ymin", "xmax", "ymax")]
            if min(box[2] - box[0], box[3] - box[1]) > 20 and len(labels) < count:
                pictures.append(np.asarray(whole.crop(box).resize((32, 32)), np.float32) / 255)
                labels.append(found["name"])
    return made("classification", np.stack(pictures).transpose(0, 3, 1, 2), np.array(labels))


def photographs(mirror: Path, count: int) -> Examples:
    """Parts of 32 × 32 of two photographs that do not overlap, sky and walls included; which of the two."""
    parts = [
        (np.asarray(whole[top : top + 32, left : left + 32], np.float32) / 255, label)
        for label, whole in enumerate(datasets.load_sample_images().images)
        for top in range(0, whole.shape[0] - 31, 32)
        for left in range(0, whole.shape[1] - 31, 32)
    ]
    chosen = np.random.RandomState(0).permutation(len(parts))[:count]
    pictures = np.stack([parts[row][0] for row in chosen]).transpose(0, 3, 1, 2)
    return made("classification", pictures, np.array([parts[row][1] for row in chosen]))


def letters(mirror: Path, count: int) -> Examples:
    """Capital letters in fonts of matplotlib, in any size and place, some of them slanted."""
    random = Random(0)
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    fonts = sorted(path for path in folder.glob("DejaVuS*.ttf") if "Display" not in path.name)
    pictures, labels = [], []
    for number in range(count):
        letter = string.ascii_uppercase[number % 26]
        font = ImageFont.truetype(str(fonts[random.randint(len(fonts))]), random.randint(16, 25))
        page = Image.new("L", (32, 32), 0)
        ImageDraw.Draw(page).text(tuple(random.randint(1, 8, 2)), letter, fill=255, font=font)
        slanted = page.rotate(random.uniform(-15, 15), Image.Resampling.BILINEAR)
        pictures.append(np.asarray(slanted, np.float32) / 255)
        labels.append(letter)
    return made("classification", np.stack(pictures), np.array(labels))


def shapes(mirror: Path, count: int) -> Examples:
    """Discs and squares of white on black without any noise: as plain as a student's own drawings get."""
    random = Random(0)
    down, right = np.mgrid[:32, :32] + 0.5
    pictures = []
    for number in range(count):
        y, x, size = down - random.uniform(10, 22), right - random.uniform(10, 22), random.uniform(4, 10)
        away = np.hypot(y, x) if number % 2 else np.maximum(np.abs(y), np.abs(x))
        pictures.append(away < size)
    return made("classification", np.stack(pictures).astype(np.float32), np.arange(count) % 2)


def lines(mirror: Path, count: int) -> Examples:
    """A straight line in each; its slope is to be told."""
    random = Random(1)
    down, right = np.mgrid[:24, :24] + 0.5
    turns = random.uniform(0, np.pi, count)
    aside = random.uniform(-4, 4, count)
    away = np.abs(
        (down - 12) * np.cos(turns)[:, None, None]
        - (right - 12) * np.sin(turns)[:, None, None]
        - aside[:, None, None]
    )
    return made("regression", (1.5 - away).clip(0, 1).astype(np.float32), turns.astype(np.float32))


def doodles(mirror: Path, count: int) -> Examples:
    """Scribbles of one stroke: smooth random walks on paper."""
    random = Random(2)
    pictures = []
    for _ in range(count):
        page = Image.new("L", (28, 28), 255)
        path = 14 + 3.0 * np.cumsum(random.randn(10, 2), axis=0)
        ImageDraw.Draw(page).line([tuple(point) for point in path.clip(2, 26)], fill=0, width=2)
        pictures.append(np.asarray(page, np.float32) / 255)
    return made("sampling", np.stack(pictures))


def clothes(mirror: Path, count: int) -> Examples:
    """Clothes as lesson 4 draws them."""
    raw = clothes_mini.draw(Random(0), count)
    return made("classification", raw.images.astype(np.float32) / 255, raw.labels)


def drawn(name: str, each: int) -> Set:
    """One of the sets of `drawn.py`, of whose groups of `each` the first are kept."""

    def load(mirror: Path, count: int) -> Examples:
        found = SETS[name](Random(7), "honest", -(-count // each))
        return found.take(np.arange(min(count, len(found))))

    return load


def noise(mirror: Path, count: int) -> Examples:
    """Soft clouds."""
    random = Random(3)
    rough = random.randn(count, 6, 6)
    waves = np.cos(np.pi * np.outer(np.arange(6), np.arange(32) + 0.5) / 32)
    made_ = np.einsum("ki,nkl,lj->nij", waves, rough, waves)
    return made("sampling", (0.5 + made_ / 40).clip(0, 1).astype(np.float32))


def _read(path: Path, size: tuple[int, int]) -> Floats:
    return np.asarray(Image.open(path).convert("L").resize(size), np.float32) / 255


PICTURES: dict[str, Set] = {
    "Fashion-MNIST": fashion,
    "its trousers": trousers,
    "its shoes": shoes,
    "digits 8 × 8": digits,
    "its zeros": zeros,
    "nuclei": nuclei,
    "blood": blood,
    "cells": cells,
    "photographs": photographs,
    "letters": letters,
    "plain shapes": shapes,
    "plain lines": lines,
    "doodles": doodles,
    "drawn clothes": clothes,
    "clouds": noise,
    "leaves": drawn("leaves", 3),
    "craters": drawn("craters", 2),
    "skies": drawn("skies to draw", 2),
}
