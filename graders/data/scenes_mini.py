"""The `mini` profile of `scenes`: pictures with shapes on a cluttered background, drawn by our own code."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders.data import boxes
from graders.data.boxes import Scenes
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Floats, Hidden, Split

SIDE = 128
"""Width and height of a picture in pixels."""
CATEGORIES = ("circle", "square", "triangle")
"""Classes 1, 2 and 3, as COCO counts: 0 is left to the background."""
TRAIN, VALIDATION, HIDDEN = 400, 100, 150
PUBLIC_SEED = b"scenes/mini/1"
LEAST_SIDE, MOST_SIDE = 7.5, 36.0
"""Of a shape before it is turned, in pixels."""
COVERED = 0.45
"""Largest share of the picture that the shapes of a scene would cover, were they all of the largest size."""
OVERLAP = 0.25
"""Largest share of the smaller of two boxes that both have in common, unless there is no room."""
TRIES = 16
"""Places that are tried for a shape at one time."""


@dataclass(frozen=True, slots=True)
class DrawnScenes:
    """Drawn scenes with few and with many objects, with files for students; see `Source` and `Scenes`."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        for name, count in (("train", TRAIN), ("validation", VALIDATION)):
            random = random_stream(PUBLIC_SEED + b"/" + name.encode())
            boxes.write(folder / name, draw(random, counts(random, count)), CATEGORIES)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return boxes.split(boxes.read(folder / "validation", VALIDATION))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: drawn from the secret, so that there is nothing to memorise and no variant."""
        random = random_stream(hmac.digest(secret, b"scenes/mini/hidden", "sha256"))
        return _hidden(draw(random, counts(random, HIDDEN)))

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the text of the modules that draw."""
        return _fingerprint()


@dataclass(frozen=True, slots=True)
class CountedScenes:
    """Drawn scenes with a set number of objects and no files: students draw none, they train on `scenes`."""

    least: int
    most: int
    """Objects in a scene, both included."""
    pictures: int
    """Scenes of the hidden split."""
    shown: int
    """Scenes of the public one."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`: there is nothing to write."""

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        random = random_stream(PUBLIC_SEED + f"/{self.least}-{self.most}".encode())
        return boxes.split(draw(random, self._counts(random, self.shown)))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        name = f"scenes{self.least}-{self.most}/mini/hidden".encode()
        random = random_stream(hmac.digest(secret, name, "sha256"))
        return _hidden(draw(random, self._counts(random, self.pictures)))

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the text of the modules that draw, and how many."""
        sizes = f"{self.least} {self.most} {self.pictures} {self.shown}"
        return hashlib.sha256(f"{_fingerprint()} {sizes}".encode()).hexdigest()

    def _counts(self, random: np.random.RandomState, pictures: int) -> NDArray[np.int64]:
        return random.randint(self.least, self.most + 1, pictures)


def counts(random: np.random.RandomState, pictures: int) -> NDArray[np.int64]:
    """Objects in each of so many scenes: in three of four 1 to 20, else up to 60, in one of ten up to 120."""
    few, more, crowd = random.randint([[1], [21], [61]], [[21], [61], [121]], (3, pictures))
    kind = random.random_sample(pictures)
    drawn: NDArray[np.int64] = np.where(kind < 0.75, few, np.where(kind < 0.9, more, crowd))
    return drawn


def draw(random: np.random.RandomState, numbers: NDArray[np.int64]) -> Scenes:
    """One scene for each number of objects."""
    drawn = [_scene(random, int(number)) for number in numbers]
    images, places, labels = zip(*drawn, strict=True)
    return Scenes(np.stack(images), places, labels)


def _scene(random: np.random.RandomState, count: int) -> tuple[Bytes, Floats, NDArray[np.int64]]:
    """A picture (SIDE, SIDE, 3) with its boxes xyxy (count, 4) and their classes (count,)."""
    canvas = _background(random)
    labels = random.randint(1, len(CATEGORIES) + 1, count)
    most = float(np.clip(np.sqrt(COVERED * SIDE**2 / count), 1.2 * LEAST_SIDE, MOST_SIDE))
    sides = np.exp(random.uniform(np.log(max(LEAST_SIDE, most / 3)), np.log(most), count))
    outlines = [_outline(random, label, side) for label, side in zip(labels, sides, strict=True)]
    found = np.empty((count, 4))
    for index, outline in enumerate(outlines):
        low, high = outline.min(axis=0), outline.max(axis=0)
        moved = _place(random, high - low, found[:index]) - low
        found[index] = np.concatenate([low + moved, high + moved])
        _fill(canvas, outline + moved, _colour(random, canvas, found[index]))
    canvas += random.normal(0, random.uniform(0.01, 0.05), canvas.shape)
    image: Bytes = np.round(np.clip(canvas, 0, 1) * 255).astype(np.uint8)
    return image, np.round(found, 2), labels


def _background(random: np.random.RandomState) -> Floats:
    """A plain colour with slow changes of light, and lines and crosses that are no objects."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    canvas = np.tile(random.uniform(0.15, 0.85, 3), (SIDE, SIDE, 1))
    for _ in range(3):
        angle, waves, phase = random.uniform(0, 2 * np.pi), random.uniform(0.3, 2.5), random.uniform(0, 7)
        wave = np.sin(2 * np.pi * waves * (x * np.cos(angle) + y * np.sin(angle)) + phase)
        canvas += wave[..., None] * random.uniform(-0.06, 0.06, 3)
    for _ in range(random.randint(2, 9)):
        centre, half = random.uniform(0, SIDE, 2), random.uniform(3, 30)
        angle, crossed = random.uniform(0, np.pi), random.random_sample() < 0.5
        colour, width = random.uniform(0, 1, 3), random.uniform(0.6, 1.4)
        for turn in (angle, angle + np.pi / 2) if crossed else (angle,):
            along = np.array([np.cos(turn), np.sin(turn)])
            across = width * np.array([-along[1], along[0]])
            length = half / 3 if crossed else half
            ends = np.array([-length * along, length * along])
            _fill(canvas, centre + np.array([*(ends - across), *(ends[::-1] + across)]), colour)
    return canvas


def _outline(random: np.random.RandomState, label: int, side: float) -> Floats:
    """Corners of a shape around (0, 0), in order, shape (corners, 2)."""
    corners, turn = {
        1: (16, 0.0),
        2: (4, np.pi / 4 + random.uniform(-0.3, 0.3)),
        3: (3, random.uniform(0, 2 * np.pi)),
    }[label]
    # a triangle or a square of the radius of a circle has less area, so they are made a little larger
    radius = side / 2 * {1: 1.0, 2: 1.2, 3: 1.25}[label]
    angles = turn + np.arange(corners) * 2 * np.pi / corners
    outline: Floats = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return outline


def _place(random: np.random.RandomState, size: Floats, others: Floats) -> Floats:
    """The upper left corner (2,) of a box of `size` that overlaps the `others` (N, 4) little enough."""
    allowed, areas = OVERLAP, (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    smaller = np.minimum(areas, size[0] * size[1])
    while True:
        low = random.uniform(0, SIDE - size, (TRIES, 2))
        shared = np.ones((TRIES, len(others)))
        for axis in (0, 1):
            left, right = low[:, axis, None], low[:, axis, None] + size[axis]
            inside = np.minimum(right, others[:, axis + 2]) - np.maximum(left, others[:, axis])
            shared *= inside.clip(0)
        worst = (shared / smaller).max(axis=1, initial=0.0)
        best = int(np.argmax(worst <= allowed))
        if worst[best] <= allowed:
            corner: Floats = low[best]
            return corner
        allowed += 0.01


def _colour(random: np.random.RandomState, canvas: Floats, box: Floats) -> Floats:
    """A colour that differs from what lies below the box."""
    x1, y1, x2, y2 = box.astype(np.int64)
    below = canvas[y1 : y2 + 1, x1 : x2 + 1].mean(axis=(0, 1))
    colours = random.uniform(0, 1, (8, 3))
    far = np.abs(colours - below).max(axis=1) >= 0.3
    chosen: Floats = colours[np.argmax(far)]
    return chosen


def _fill(canvas: Floats, outline: Floats, colour: Floats) -> None:
    """Paint a convex polygon; a pixel at its edge gets a share by the distance of its centre from it."""
    (x1, y1), (x2, y2) = outline.min(axis=0), outline.max(axis=0)
    rows = slice(max(0, int(y1) - 1), int(y2) + 2)
    columns = slice(max(0, int(x1) - 1), int(x2) + 2)
    part = canvas[rows, columns]
    x = columns.start + 0.5 + np.arange(part.shape[1])
    y = rows.start + 0.5 + np.arange(part.shape[0])
    ends = np.concatenate([outline[1:], outline[:1]])
    along = (ends - outline) / np.sqrt(((ends - outline) ** 2).sum(axis=1, keepdims=True))
    # for each edge (E, 1, 1), how far inside of it the centres of the pixels lie
    run, rise = along[:, :1, None], along[:, 1:, None]
    depth = run * (y[:, None] - outline[:, 1:, None]) - rise * (x - outline[:, :1, None])
    cover = (depth.min(axis=0) + 0.5).clip(0, 1)[..., None]
    part += cover * (colour - part)


def _hidden(scenes: Scenes) -> Hidden:
    found = boxes.split(scenes)
    return Hidden(found.inputs, found.targets, variant={})


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in ("scenes_mini.py", "boxes.py", "seeds.py"):
        digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
    return digest.hexdigest()
