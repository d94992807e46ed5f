"""The `mini` profile of `clothes`: pictures drawn by our own code, in Fashion-MNIST's layout."""

import hashlib
import hmac
from pathlib import Path

import numpy as np

from graders.data import raster
from graders.data.garments import GARMENTS, Draw, Part
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Floats, Public, Raw

SIDE = 28
TRAIN, VALIDATION, HIDDEN = 5_000, 1_500, 4_000
"""Pictures in each split. On 4,000, a 95 % interval around 0.95 is 1.4 points wide."""
PUBLIC_SEED = b"clothes/mini/1"

# How far pictures of one class differ: evenly between minus and plus each value, or from 0 to it. The values
# are set so that linear, dense and convolutional networks come out near 70, 80 and 95 %.
SHIFT = 2.0
"""Pixels, each direction."""
TURN, SHEAR = 0.26, 0.15
"""Radians, and its tangent."""
SCALE = (0.72, 0.98)
"""What a garment takes of the picture, in each direction."""
NOISE = 0.35
"""Standard deviation, as a share of the fabric's brightness."""
TEXTURE = 0.85
"""Depth of the fabric's pattern, as a share of its brightness."""
OCCLUDED = 0.85
"""Share of the pictures in which something covers a part."""


class DrawnClothes:
    """Drawn pictures; the public ones from a published seed, the hidden ones from the secret."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def public(self, cache: Path) -> Public:
        """See `Source.public`."""
        return Public(
            draw(random_stream(PUBLIC_SEED + b"/train"), TRAIN),
            draw(random_stream(PUBLIC_SEED + b"/validation"), VALIDATION),
        )

    def hidden(self, cache: Path, secret: bytes) -> Raw:
        """See `Source.hidden`."""
        return draw(random_stream(hmac.digest(secret, b"clothes/mini/hidden", "sha256")), HIDDEN)

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the text of the modules that draw, sizes and seed included."""
        digest = hashlib.sha256()
        for name in ("clothes_mini.py", "garments.py", "raster.py", "seeds.py"):
            digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
        return digest.hexdigest()


def _affine(random: np.random.RandomState, count: int) -> tuple[Floats, Floats]:
    """Matrices (N, 2, 2) and offsets (N, 2) that take garment coordinates to pixels."""
    turn, shear = random.uniform(-1, 1, (2, count)) * [[TURN], [SHEAR]]
    scale = random.uniform(*SCALE, (2, count)) * SIDE / 2
    flip = random.choice([-1.0, 1.0], count)
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    stretch = np.array([[scale[0] * flip, scale[0] * shear], [np.zeros(count), scale[1]]])
    offset = SIDE / 2 + random.uniform(-SHIFT, SHIFT, (count, 2))
    return np.einsum("ijn,jkn->nik", rotate, stretch), offset


def _fabric(random: np.random.RandomState, count: int) -> Floats:
    """Brightness of the cloth, shape (N, 28, 28): plain, striped or checked, with a slow change of light."""
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    angle = random.uniform(0, np.pi, (count, 1, 1))
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    step, phase = random.uniform(0.6, 2.0, (count, 1, 1)), random.uniform(0, 2 * np.pi, (count, 1, 1))
    stripes = np.sin(step * u + phase)
    checks = stripes * np.sin(step * v + phase)
    kind = random.randint(0, 3, (count, 1, 1))
    pattern = np.where(kind == 0, 0.0, np.where(kind == 1, stripes, checks))
    light = random.uniform(-0.02, 0.02, (count, 1, 1)) * u
    base, depth = random.uniform(0.42, 0.95, (count, 1, 1)), random.uniform(0, TEXTURE, (count, 1, 1))
    return base * (1 - depth / 2 + depth / 2 * pattern + light)


def _occluders(random: np.random.RandomState, count: int) -> Part:
    """A bar or patch for some pictures, in pixels."""
    centre = random.uniform(4, SIDE - 4, (count, 1, 2))
    half = random.uniform(1.5, 5, (count, 1, 2)) * (random.random_sample((count, 1, 1)) < OCCLUDED)
    angle = random.uniform(0, np.pi, count)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    rotate = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Part(centre + np.einsum("ijn,nkj->nki", rotate, corners), random.uniform(0, 1, count))


def _paint(canvas: Floats, part: Part, colour: Floats | float) -> Floats:
    cover = raster.coverage(part.outline, SIDE)
    return canvas + cover * (colour * part.shade[:, None, None] - canvas)


def draw_class(random: np.random.RandomState, label: int, count: int) -> Bytes:
    """Pictures of one class, uint8, shape (count, 28, 28)."""
    matrix, offset = _affine(random, count)
    fabric = _fabric(random, count)
    canvas = np.zeros((count, SIDE, SIDE))
    for part in GARMENTS[label](Draw(random, count)):
        outline = np.einsum("nij,nvj->nvi", matrix, part.outline) + offset[:, None]
        canvas = _paint(canvas, Part(outline, part.shade), fabric)
    canvas = _paint(canvas, _occluders(random, count), 1.0)
    light = fabric.mean(axis=(1, 2), keepdims=True)
    noise = random.normal(size=canvas.shape) * random.uniform(0.02, NOISE, (count, 1, 1)) * light
    images: Bytes = np.round(np.clip(canvas + noise, 0, 1) * 255).astype(np.uint8)
    return images


def draw(random: np.random.RandomState, count: int) -> Raw:
    """A split: as many pictures of each class as of any other, in random order."""
    labels = random.permutation(np.arange(count) % len(GARMENTS)).astype(np.uint8)
    images = np.empty((count, SIDE, SIDE), np.uint8)
    for label in range(len(GARMENTS)):
        places = np.flatnonzero(labels == label)
        images[places] = draw_class(random, label, len(places))
    return Raw(images, labels)
