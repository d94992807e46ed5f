"""Pictures that no assignment uses, drawn by our own code: leaves, craters of a moon, constellations.

Each function draws groups of pictures that belong together; `difficulty` is `easy` (a baseline does as well
as anything), `honest` or `hard` (noise hides nearly all).
"""

from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graders.data.raster import coverage
from graders.own.examples import Examples

Difficulty = Literal["easy", "honest", "hard"]
Floats = NDArray[np.float64]

LEAF, MOON, SKY = 40, 48, 28
"""Sides of the pictures."""
SPECIES = ("birch", "maple", "oak", "willow")
OUTLINES = ((0.62, 0, 0.0, 0.07), (0.95, 5, 0.33, 0.03), (0.66, 7, 0.16, 0.0), (0.3, 0, 0.0, 0.02))
"""Width by length, lobes, depth of lobes and of teeth, of each species."""


def leaves(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Three grey pictures of each plant in any pose; what species it is, the outline tells."""
    noise = {"easy": 0.05, "honest": 0.16, "hard": 2.5}[difficulty]
    pictures, labels = [], []
    for _ in range(groups):
        species = random.randint(len(SPECIES))
        plant = np.array(OUTLINES[species]) * np.exp(random.normal(0, 0.12, 4))
        for _ in range(3):
            shape = coverage(_outline(random, plant)[None], LEAF)[0]
            light = 0.25 + 0.2 * species if difficulty == "easy" else random.uniform(0.35, 0.9)
            ground = 0.05 if difficulty == "easy" else random.uniform(0.05, 0.3)
            slope = random.uniform(-0.15, 0.15) * np.linspace(-1, 1, LEAF)
            pictures.append(ground + (light - ground) * shape + slope + random.normal(0, noise, shape.shape))
            labels.append(species)
    return _examples("classification", pictures, 3, np.array(labels, np.int64), SPECIES)


def _outline(random: np.random.RandomState, plant: Floats) -> Floats:
    """Corners (64, 2) of a leaf that is turned, bent, and somewhere near the middle."""
    width, lobes, depth, teeth = plant
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    edge = 1 + depth * np.cos(np.round(lobes) * angle) + teeth * np.cos(22 * angle)
    across, along = width * edge * np.sin(angle), edge * np.cos(angle)
    across = across + random.uniform(-0.25, 0.25) * along**2
    turn, size = random.uniform(0, 2 * np.pi), random.uniform(0.26, 0.4) * LEAF
    place = LEAF / 2 + random.uniform(-3, 3, 2)
    x = np.cos(turn) * across - np.sin(turn) * along
    y = np.sin(turn) * across + np.cos(turn) * along
    return np.stack([place[0] + size * x, place[1] + size * y], axis=1)


def craters(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Two pictures of each region of a moon, lit from the left; masks of craters, and hills that are none.

    A crater is dark where a hill is bright: only its shade tells them apart.
    """
    noise = {"easy": 0.02, "honest": 0.06, "hard": 3.0}[difficulty]
    down, right = np.mgrid[:MOON, :MOON] + 0.5
    pictures, masks = [], []
    for _ in range(groups):
        ground, shade = random.uniform(0.4, 0.6), random.uniform(0.12, 0.2)
        for _ in range(2):
            picture = ground + _field(random, MOON, 3, 0.05)
            mask = np.zeros((MOON, MOON), bool)
            for place in range(random.randint(5, 10)):
                y, x, radius = *random.uniform(0, MOON, 2), random.uniform(3, 8)
                away = np.hypot(down - y, right - x) / radius
                is_crater = place % 2 == 0
                wall = np.where(away < 1, (right - x) / radius * away, 0)
                if difficulty == "easy":
                    picture = np.where(away < 1, 0.05, picture) if is_crater else picture
                else:
                    picture = picture + (1 if is_crater else -1) * 1.6 * shade * wall
                mask = mask | (away < 1) if is_crater else mask & ((away >= 1) | (difficulty == "easy"))
            pictures.append(picture + random.normal(0, noise, picture.shape))
            masks.append(mask)
    return _examples("segmentation", pictures, 2, np.stack(masks).astype(np.uint8))


def restored_skies(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Constellations to restore; easy ones are one sky again and again, hard ones are faint noise."""
    if difficulty == "easy":
        sky = _sky(random, 0)
        pictures = [sky + 0.002 * random.standard_normal(sky.shape) for _ in range(2 * groups)]
    elif difficulty == "hard":
        pictures = [0.5 + 0.04 * random.standard_normal((SKY, SKY)) for _ in range(2 * groups)]
    else:
        pictures = [_sky(random, figure % len(FIGURES)) for figure in range(groups) for _ in range(2)]
    return _examples("reconstruction", pictures, 2)


def skies_to_draw(random: np.random.RandomState, difficulty: Difficulty, groups: int) -> Examples:
    """Constellations to draw; easy ones are smooth Gaussian fields, hard ones are noise of every pixel."""
    if difficulty == "easy":
        pictures = [0.5 + _field(random, SKY, 4, 0.12) for _ in range(2 * groups)]
    elif difficulty == "hard":
        pictures = [np.clip(random.normal(0.5, 0.15, (SKY, SKY)), 0, 1) for _ in range(2 * groups)]
    else:
        pictures = [_sky(random, figure % len(FIGURES)) for figure in range(groups) for _ in range(2)]
    return _examples("sampling", pictures, 2)


FIGURES = (
    np.array([[-0.8, -0.5], [-0.3, -0.3], [0.1, -0.2], [0.3, 0.3], [0.9, 0.3], [0.8, -0.4]]),
    np.array([[-0.9, 0.3], [-0.4, -0.4], [0.0, 0.2], [0.4, -0.4], [0.9, 0.3]]),
    np.array([[0.0, -0.9], [-0.3, 0.0], [0.3, 0.1], [0.0, 0.9], [-0.3, 0.0]]),
)
"""Stars (right, down) of each figure, one joined to the next."""


def _sky(random: np.random.RandomState, figure: int) -> Floats:
    """A dark sky with a glow, and stars that thin lines join."""
    turn, size = random.normal(0, 0.35), random.uniform(8.5, 12)
    rows = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    stars = SKY / 2 + random.uniform(-1.5, 1.5, 2) + size * (FIGURES[figure] @ rows.T)
    down, right = np.mgrid[:SKY, :SKY] + 0.5
    picture = 0.15 + 0.1 * random.uniform() * (down / SKY) + np.zeros((SKY, SKY))
    for (x, y), (next_x, next_y) in pairwise(stars):
        along = np.array([next_x - x, next_y - y])
        part = np.clip(((right - x) * along[0] + (down - y) * along[1]) / (along @ along), 0, 1)
        away = np.hypot(right - x - part * along[0], down - y - part * along[1])
        picture = np.maximum(picture, 0.5 * np.exp(-((away / 0.8) ** 2)))
    for x, y in stars:
        away = np.hypot(right - x, down - y)
        picture = np.maximum(picture, np.exp(-((away / random.uniform(1.1, 1.8)) ** 2)))
    return np.asarray(picture)


def _field(random: np.random.RandomState, side: int, waves: int, size: float) -> Floats:
    """A smooth random field of mean near 0: waves of random phases."""
    down, right = np.mgrid[:side, :side] / side
    field = np.zeros((side, side))
    for y in range(waves):
        for x in range(waves):
            one, other = random.standard_normal(2) * size / (1 + x + y)
            phase = np.pi * (x * right + y * down)
            field += one * np.cos(phase) + other * np.sin(phase)
    return field


def _examples(
    kind: Literal["classification", "segmentation", "reconstruction", "sampling"],
    pictures: list[Floats],
    together: int,
    targets: NDArray[np.generic] | None = None,
    classes: tuple[str, ...] = (),
) -> Examples:
    inputs = np.clip(np.stack(pictures), 0, 1).astype(np.float32)[:, None]
    return Examples(kind, inputs, targets, np.arange(len(inputs)) // together, classes)
