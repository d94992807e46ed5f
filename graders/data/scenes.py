"""Simple scenes, drawn by our own code: one to three coloured things on a plain ground."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graders.data.raster import coverage
from graders.data.types import Bytes, Floats

SIDE = 64
"""Width and height of a picture in pixels."""
QUARTER = SIDE // 2
SHAPES = ("circle", "square", "triangle", "star")
COLOURS = {
    "red": (205, 45, 40),
    "orange": (235, 140, 30),
    "yellow": (232, 214, 60),
    "green": (50, 150, 65),
    "blue": (50, 85, 205),
    "purple": (140, 60, 165),
}
"""Red, green and blue, 0 to 255, before the light of a scene changes them."""
GROUNDS = {"dark": (38, 40, 46), "light": (212, 210, 204)}
RADII = {"small": (5.0, 7.5), "large": (10.0, 13.0)}
"""Least and greatest radius of a thing in pixels; the circle around the shape."""
COUNTS = (0.3, 0.45, 0.25)
"""Share of scenes with one, two and three things."""
CORNERS = 40
AT_ONCE = 100
"""Pictures that are drawn together."""
LIGHT, GRAIN = 0.06, 5.0
"""Standard deviations: of the logarithm of the light on a thing, of the noise of a pixel from 0 to 255."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a scene."""

    shape: str
    colour: str
    size: str
    row: int
    """Which quarter of the picture it stands in: 0 is the upper row."""
    column: int
    """0 is the left column."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen, in words. Where exactly a thing stands and in what light, only its picture says."""

    things: tuple[Thing, ...]
    ground: str


def draw_scenes(random: np.random.RandomState, count: int) -> list[Scene]:
    """Scenes whose things differ in all ways at random, each in a quarter of its own."""
    return [_scene(random) for _ in range(count)]


def _scene(random: np.random.RandomState) -> Scene:
    number = 1 + int(np.searchsorted(np.cumsum(COUNTS), random.random_sample()))
    quarters = random.permutation(4)[:number]
    things = tuple(
        Thing(
            SHAPES[random.randint(len(SHAPES))],
            list(COLOURS)[random.randint(len(COLOURS))],
            list(RADII)[random.randint(len(RADII))],
            int(quarter) // 2,
            int(quarter) % 2,
        )
        for quarter in quarters
    )
    return Scene(things, list(GROUNDS)[random.randint(len(GROUNDS))])


def render(random: np.random.RandomState, scenes: Sequence[Scene]) -> Bytes:
    """A picture of each scene, uint8 RGB (N, 64, 64, 3); place, turn, size and light vary at random."""
    parts = [_render(random, scenes[start : start + AT_ONCE]) for start in range(0, len(scenes), AT_ONCE)]
    return np.concatenate(parts)


def _render(random: np.random.RandomState, scenes: Sequence[Scene]) -> Bytes:
    grounds = np.array([GROUNDS[scene.ground] for scene in scenes]).reshape(-1, 1, 1, 3)
    light = np.exp(random.normal(0, LIGHT, (len(scenes), 1, 1, 1)))
    pictures = grounds * light + random.normal(0, GRAIN, (len(scenes), SIDE, SIDE, 1))
    things = [thing for scene in scenes for thing in scene.things]
    owners = [owner for owner, scene in enumerate(scenes) for _ in scene.things]
    shares = coverage(np.stack([_outline(random, thing) for thing in things]), QUARTER)[..., None]
    colours = np.array([COLOURS[thing.colour] for thing in things])
    colours = colours * np.exp(random.normal(0, LIGHT, (len(things), 3)))
    for owner, thing, share, colour in zip(owners, things, shares, colours, strict=True):
        top, left = thing.row * QUARTER, thing.column * QUARTER
        quarter = pictures[owner, top : top + QUARTER, left : left + QUARTER]
        quarter += share * (colour - grounds[owner])  # what is added keeps the grain
    return np.clip(np.rint(pictures), 0, 255).astype(np.uint8)


def _outline(random: np.random.RandomState, thing: Thing) -> Floats:
    """Corners of a thing in pixels of its quarter, shape (CORNERS, 2)."""
    low, high = RADII[thing.size]
    radius, turn = random.uniform(low, high), random.uniform(-0.2, 0.2)
    free = QUARTER / 2 - radius
    place = QUARTER / 2 + random.uniform(-free, free, 2)
    around = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach, direction = _reach(thing.shape, around), around + turn
    corners: Floats = place + radius * reach[:, None] * np.column_stack(
        [np.sin(direction), -np.cos(direction)]
    )
    return corners


def _reach(shape: str, around: Floats) -> Floats:
    """Distance of the outline from the middle, as a share of the radius, at angles from straight up."""
    if shape == "circle":
        return np.full_like(around, 0.9)
    if shape == "star":
        return 0.7 + 0.3 * np.cos(5 * around)
    sides = {"square": 4, "triangle": 3}[shape]
    wedge = 2 * np.pi / sides
    # a side of a regular polygon lies at cos(π/n) / cos(angle from the middle of the side)
    middle = np.pi / 4 if shape == "square" else 0.0
    from_side = np.mod(around - middle, wedge) - wedge / 2
    found: Floats = np.cos(wedge / 2) / np.cos(from_side)
    return found
