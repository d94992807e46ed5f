"""Microscope pictures of cells, drawn by our own code, with the mask of what is a cell.

Light falls off to one side and to the corners, some cells are dim, cells touch, and there is bright debris:
specks, hollow bubbles and blurred stains. No single brightness tells a cell from the rest; its size and its
border do.
"""

import numpy as np

from graders.data.cells import CellPictures
from graders.data.types import Bytes, Floats

SIDE = 64
CELLS = (5, 10)
"""Cells of a picture, at least and at most; fewer where there is no room for them."""
RADIUS = (4.5, 8.5)
"""Mean radius of a cell, pixels."""
SEAM = 1.3
"""Width of the border between two cells that touch, pixels; it belongs to neither."""
TRIES = 30
"""Places that are tried for a cell before it is left out."""
NOISE = (0.02, 0.05)
"""Standard deviation of the noise of the sensor."""


def draw(random: np.random.RandomState, count: int, noise: tuple[float, float] = NOISE) -> CellPictures:
    """Pictures of 64×64 pixels, drawn one after the other.

    Args:
        random: where everything is drawn from.
        count: how many.
        noise: least and greatest standard deviation of the noise of the sensor, where white is 1.
    """
    drawn = [_draw_one(random, noise) for _ in range(count)]
    return CellPictures(np.stack([image for image, _ in drawn]), np.stack([mask for _, mask in drawn]))


def _draw_one(random: np.random.RandomState, noise: tuple[float, float]) -> tuple[Bytes, Bytes]:
    centres, radii = _places(random)
    depth = _depth(random, centres, radii)
    first, second = (
        np.sort(depth, axis=0)[-2:][::-1] if len(depth) > 1 else (depth[0], np.full_like(depth[0], -SIDE))
    )
    inside = (first > 0) & (first - second > SEAM)
    cells = _cells(random, depth, first - second)
    ground = random.uniform(0.12, 0.28)
    scene = (ground + cells + _debris(random, first)) * _light(random)
    seen = scene + random.normal(size=scene.shape) * random.uniform(*noise)
    return np.round(np.clip(seen, 0, 1) * 255).astype(np.uint8), inside.astype(np.uint8)


def _places(random: np.random.RandomState) -> tuple[Floats, Floats]:
    """Centres (K, 2), down and right, and radii (K,); half of the cells touch an earlier one."""
    centres: list[Floats] = []
    radii: list[float] = []
    for _ in range(random.randint(CELLS[0], CELLS[1] + 1)):
        radius = random.uniform(*RADIUS)
        for _ in range(TRIES):
            if centres and random.random_sample() < 0.5:
                beside, angle = random.randint(len(centres)), random.uniform(0, 2 * np.pi)
                away = 0.95 * (radius + radii[beside])
                centre = centres[beside] + away * np.array([np.sin(angle), np.cos(angle)])
            else:
                centre = random.uniform(0, SIDE, 2)
            far = all(
                np.hypot(*(centre - other)) > 0.9 * (radius + r)
                for other, r in zip(centres, radii, strict=True)
            )
            if far and (centre > -radius / 2).all() and (centre < SIDE + radius / 2).all():
                centres.append(centre)
                radii.append(radius)
                break
    return np.array(centres), np.array(radii)


def _offsets(centres: Floats) -> tuple[Floats, Floats]:
    """Distances from each centre, down and right, each (K, 64, 64)."""
    down, right = np.mgrid[:SIDE, :SIDE] + 0.5
    return down - centres[:, 0, None, None], right - centres[:, 1, None, None]


def _depth(random: np.random.RandomState, centres: Floats, radii: Floats) -> Floats:
    """How far each pixel lies inside each cell, in pixels, below 0 outside; shape (K, 64, 64).

    An outline is a circle with two waves along it: one makes it long, the other uneven.
    """
    down, right = _offsets(centres)
    distance = np.hypot(down, right)
    direction = (right + 1j * down) / np.maximum(distance, 1e-9)
    outline = np.ones_like(distance)
    for waves, most in ((2, 0.22), (3, 0.1)):
        size = random.uniform(0, most, (len(radii), 1, 1))
        turn = np.exp(1j * random.uniform(0, 2 * np.pi, (len(radii), 1, 1)))
        outline += size * (direction**waves * turn).real
    depth: Floats = radii[:, None, None] * outline - distance
    return depth


def _cells(random: np.random.RandomState, depth: Floats, gap: Floats) -> Floats:
    """Brightness that the cells add to the ground: a soft edge, a darker nucleus, and darker seams."""
    count = len(depth)
    bright = np.where(random.random_sample(count) < 0.3, 0.1, 0.2) * random.uniform(0.8, 1.5, count)
    nucleus = random.uniform(0.1, 0.6, count)
    body = np.clip(depth / 1.5 + 0.5, 0, 1)
    core = np.clip((depth - 3) / 1.5, 0, 1)
    each = bright[:, None, None] * body * (1 - nucleus[:, None, None] * core)
    seams = np.clip(gap / SEAM, 0.35, 1)
    cells: Floats = each.max(axis=0) * seams
    return cells


def _debris(random: np.random.RandomState, depth: Floats) -> Floats:
    """Brightness of what is no cell, shape (64, 64); `depth` is that inside the nearest cell."""
    specks, bubbles, stains = random.randint(4, 12), random.randint(1, 4), random.randint(0, 3)
    count = specks + bubbles + stains
    down, right = _offsets(random.uniform(0, SIDE, (count, 2)))
    distance = np.hypot(down, right)
    bright = random.uniform(0.15, 0.45, (count, 1, 1))
    small = random.uniform(0.7, 1.8, (specks, 1, 1))
    ring = random.uniform(3.0, 7.0, (bubbles, 1, 1))
    wide = random.uniform(5.0, 10.0, (stains, 1, 1))
    parts = [
        np.exp(-((distance[:specks] / small) ** 2)),
        np.exp(-((distance[specks : specks + bubbles] - ring) ** 2)) * 0.7,
        np.exp(-((distance[specks + bubbles :] / wide) ** 2)) * 0.6,
    ]
    # a bubble on top of a cell could not be told from its border
    outside = np.clip(-depth / 2, 0, 1)
    debris: Floats = (np.concatenate(parts) * bright).max(axis=0) * outside
    return debris


def _light(random: np.random.RandomState) -> Floats:
    """Light of the lamp, shape (64, 64): brighter on one side, darker to the corners."""
    down, right = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE - 0.5
    angle = random.uniform(0, 2 * np.pi)
    slope = random.uniform(0.3, 1.0) * (np.sin(angle) * down + np.cos(angle) * right)
    corners = random.uniform(0.2, 0.9) * (down**2 + right**2)
    light: Floats = random.uniform(0.9, 1.4) * (1 + slope) * (1 - corners)
    return light
