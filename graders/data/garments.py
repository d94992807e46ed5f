"""Outlines of ten classes of clothes, with the proportions of each piece drawn at random.

Coordinates run from -1 to 1 in both directions, y down. A garment is a list of parts, painted in order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from graders.data.types import Floats


@dataclass(frozen=True, slots=True)
class Part:
    """One polygon of a garment, for many pictures at once."""

    outline: Floats
    """Corners (x, y), shape (N, corners, 2)."""
    shade: Floats
    """Brightness against the fabric's own, shape (N,): 1 is the fabric, 0 a hole."""


class Draw:
    """Random proportions for `count` garments."""

    def __init__(self, random: np.random.RandomState, count: int) -> None:
        self._random = random
        self.count = count

    def size(self, low: float, high: float) -> Floats:
        """One uniform number for each garment, shape (count,)."""
        return self._random.uniform(low, high, self.count)

    def chance(self, probability: float) -> Floats:
        """1.0 with this probability and 0.0 otherwise, shape (count,)."""
        return (self._random.random_sample(self.count) < probability).astype(np.float64)

    def points(self, corners: Sequence[tuple[Floats | float, Floats | float]]) -> Floats:
        """Corners given as numbers or as arrays of shape (count,), stacked to (count, corners, 2)."""
        return np.stack([np.stack(np.broadcast_arrays(x, y, self.size(0, 0))[:2], 1) for x, y in corners], 1)


Garment = Callable[[Draw], list[Part]]


def mirrored(right: Floats) -> Floats:
    """A closed outline from its right half, listed from the top of the middle line to its bottom."""
    return np.concatenate([right, right[:, ::-1] * (-1, 1)], axis=1)


def rounded(outline: Floats, times: int = 2) -> Floats:
    """Cut every corner of a closed outline, `times` times over (Chaikin's curve)."""
    for _ in range(times):
        following = np.roll(outline, -1, axis=1)
        cut = np.stack([0.8 * outline + 0.2 * following, 0.2 * outline + 0.8 * following], axis=2)
        outline = cut.reshape(len(outline), -1, 2)
    return outline


def stroke(path: Floats, width: Floats) -> Floats:
    """The outline of a line of the given width along an open path of shape (N, points, 2)."""
    along = np.gradient(path, axis=1)
    along = along / np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-9)
    across = np.stack([-along[..., 1], along[..., 0]], axis=2) * width[:, None, None] / 2
    return np.concatenate([path + across, (path - across)[:, ::-1]], axis=1)


def arc(draw: Draw, x: Floats, y: Floats, radius_x: Floats, radius_y: Floats) -> Floats:
    """The upper half of an ellipse as an open path, from left to right."""
    angle = np.linspace(np.pi, 0, 13)
    return draw.points([(x + radius_x * np.cos(a), y - radius_y * np.sin(a)) for a in angle])


def _plain(draw: Draw) -> Floats:
    return np.ones(draw.count)


def t_shirt(draw: Draw) -> list[Part]:
    """Short sleeves that stick out, a wide open neck, nothing on the front."""
    shoulder, waist, hem = draw.size(0.42, 0.52), draw.size(0.36, 0.48), draw.size(0.6, 0.85)
    neck, dip = draw.size(0.16, 0.26), draw.size(0.08, 0.28)
    reach, drop = draw.size(0.74, 0.98), draw.size(-0.32, 0.0)
    body = mirrored(
        draw.points(
            [
                (0.0, -0.72 + dip),
                (0.7 * neck, -0.74 + 0.6 * dip),
                (neck, -0.76),
                (shoulder, -0.68),
                (reach, drop - 0.14),
                (reach - 0.2, drop + 0.1),
                (waist, -0.24),
                (waist, hem),
                (0.0, hem + 0.02),
            ]
        )
    )
    return [Part(rounded(body, 1), _plain(draw))]


def trouser(draw: Draw) -> list[Part]:
    """A waistband and two legs with a gap between."""
    waist, hip = draw.size(0.24, 0.36), draw.size(0.3, 0.42)
    ankle, width = draw.size(0.24, 0.46), draw.size(0.13, 0.22)
    crotch = draw.size(-0.35, -0.12)
    legs = mirrored(
        draw.points(
            [
                (0.0, -0.9),
                (waist, -0.9),
                (hip, -0.5),
                (ankle + width / 2, 0.92),
                (ankle - width, 0.92),
                (0.0, crotch),
            ]
        )
    )
    band = mirrored(draw.points([(0.0, -0.9), (waist, -0.9), (waist + 0.02, -0.76), (0.0, -0.76)]))
    return [Part(legs, _plain(draw)), Part(band, draw.size(0.6, 1.1))]


def _with_sleeves(
    draw: Draw, hem: Floats, *, flare: Floats, neck: Floats, dip: Floats, length: Floats
) -> list[Part]:
    """Hanging sleeves and the body that three of the tops share; a `length` of 1 reaches the hands."""
    shoulder, waist = draw.size(0.42, 0.5), draw.size(0.34, 0.44)
    hand_x = shoulder + length * (draw.size(0.62, 0.86) - shoulder)
    hand_y = length * (draw.size(0.35, 0.68) + 0.7) - 0.7
    body = mirrored(
        draw.points(
            [
                (0.0, -0.74 + dip),
                (0.7 * neck, -0.76 + 0.6 * dip),
                (neck, -0.8),
                (shoulder, -0.7),
                (waist, -0.2),
                (waist + flare, hem),
                (0.0, hem),
            ]
        )
    )
    sleeve = draw.points(
        [
            (shoulder - 0.12, -0.76),
            (shoulder + 0.06, -0.64),
            (hand_x + 0.08, hand_y - 0.04),
            (hand_x - 0.12, hand_y + 0.04),
            (waist - 0.02, -0.2),
        ]
    )
    seam = draw.size(0.72, 1.0)
    return [
        Part(rounded(sleeve, 1), seam),
        Part(rounded(sleeve * (-1, 1), 1), seam),
        Part(rounded(body, 1), _plain(draw)),
    ]


def pullover(draw: Draw) -> list[Part]:
    """Long sleeves, a closed round neck with a ribbed collar, and a ribbed band at the hem."""
    hem, neck = draw.size(0.6, 0.82), draw.size(0.15, 0.24)
    top = _with_sleeves(
        draw, hem, flare=draw.size(-0.06, 0.03), neck=neck, dip=draw.size(0.08, 0.16), length=_plain(draw)
    )
    rib = draw.size(0.55, 0.9)
    band = draw.points([(-0.4, hem - 0.14), (0.4, hem - 0.14), (0.38, hem + 0.02), (-0.38, hem + 0.02)])
    collar = stroke(
        arc(draw, 0 * neck, -0.72 + 0 * neck, neck, -draw.size(0.08, 0.18)), draw.size(0.09, 0.13)
    )
    return [*top, Part(band, rib), Part(collar, rib)]


def dress(draw: Draw) -> list[Part]:
    """Straps or narrow shoulders, a waist, and a skirt that widens."""
    shoulder, neck = draw.size(0.2, 0.32), draw.size(0.08, 0.16)
    bust, waist, skirt = draw.size(0.24, 0.36), draw.size(0.15, 0.26), draw.size(0.36, 0.7)
    height, hem = draw.size(-0.28, 0.0), draw.size(0.74, 0.94)
    shape = mirrored(
        draw.points(
            [
                (0.0, -0.9 + draw.size(0.12, 0.4)),
                (neck, -0.92),
                (shoulder, -0.9),
                (bust, -0.55),
                (waist, height),
                (skirt, hem),
                (0.0, hem + 0.03),
            ]
        )
    )
    belt = stroke(draw.points([(-waist, height), (0.0, height), (waist, height)]), draw.size(0.05, 0.1))
    return [Part(rounded(shape, 1), _plain(draw)), Part(belt, draw.size(0.5, 1.0))]


def coat(draw: Draw) -> list[Part]:
    """Long and wide, open down the front between two lapels, a belt on some."""
    hem = draw.size(0.82, 0.98)
    top = _with_sleeves(
        draw,
        hem,
        flare=draw.size(0.06, 0.22),
        neck=draw.size(0.14, 0.2),
        dip=draw.size(0.05, 0.1),
        length=_plain(draw),
    )
    point = draw.size(-0.2, 0.1)
    opening = draw.points(
        [(-0.11, -0.8), (0.11, -0.8), (0.035, point), (0.05, hem), (-0.05, hem), (-0.035, point)]
    )
    lapel = draw.points([(0.1, -0.82), (0.26, -0.62), (0.2, -0.48), (0.03, point)])
    shade = draw.size(0.55, 0.8)
    return [
        *top,
        Part(opening, draw.size(0.1, 0.5)),
        Part(lapel, shade),
        Part(lapel * (-1, 1), shade),
    ]


def sandal(draw: Draw) -> list[Part]:
    """A sole, perhaps a heel, and a few straps with nothing between them."""
    heel, thick = draw.size(0.0, 0.5), draw.size(0.1, 0.16)
    ground = 0.55 + 0 * heel
    path = draw.points(
        [
            (-0.85, ground - heel),
            (-0.5, ground - heel),
            (-0.1, ground - 0.55 * heel),
            (0.3, ground),
            (0.85, ground),
        ]
    )
    post = draw.points(
        [(-0.86, ground - heel), (-0.68, ground - heel), (-0.72, ground + 0.06), (-0.82, ground + 0.06)]
    )
    width = draw.size(0.08, 0.13)
    ankle_y = ground - heel - draw.size(0.3, 0.55)
    toe = arc(draw, draw.size(0.34, 0.44), ground, draw.size(0.3, 0.4), draw.size(0.22, 0.36))
    ankle = arc(draw, draw.size(-0.6, -0.5), ground - heel, draw.size(0.2, 0.28), ground - heel - ankle_y)
    thong = draw.points([(-0.4, ankle_y + 0.06), (-0.05, ground - 0.42), (0.3, ground - 0.26)])
    toe_hole = draw.points([(0.66, ground - 0.02), (0.86, ground - 0.3), (1.0, ground - 0.02)])
    return [
        Part(toe, draw.size(0.7, 1.0)),
        Part(toe_hole, draw.size(0.0, 0.0)),
        Part(stroke(path, thick), _plain(draw)),
        Part(post, draw.size(0.8, 1.0)),
        Part(stroke(ankle, width), _plain(draw)),
        Part(stroke(thong, width * draw.chance(0.6)), _plain(draw)),
    ]


def shirt(draw: Draw) -> list[Part]:
    """Long or short sleeves, a turned-down collar in two points, a button strip and often a pocket."""
    hem = draw.size(0.66, 0.88)
    length = 1 - draw.chance(0.35) * draw.size(0.5, 0.62)
    top = _with_sleeves(
        draw,
        hem,
        flare=draw.size(-0.02, 0.08),
        neck=draw.size(0.14, 0.2),
        dip=draw.size(0.1, 0.18),
        length=length,
    )
    collar = draw.points([(0.0, -0.66), (0.14, -0.88), (0.26, -0.78), (0.2, -0.5)])
    light, dark = draw.size(1.1, 1.3), draw.size(0.5, 0.8)
    strip = stroke(draw.points([(0.0, -0.62), (0.0, 0.0), (0.0, hem)]), draw.size(0.07, 0.11))
    left, pocket_y = draw.size(0.12, 0.16), draw.size(-0.36, -0.24)
    pocket_size = draw.size(0.17, 0.24) * draw.chance(0.7)
    pocket = draw.points(
        [
            (left, pocket_y),
            (left + pocket_size, pocket_y),
            (left + pocket_size, pocket_y + pocket_size),
            (left, pocket_y + pocket_size),
        ]
    )
    return [
        *top,
        Part(strip, dark),
        Part(pocket, draw.size(0.6, 0.8)),
        Part(collar, light),
        Part(collar * (-1, 1), light),
    ]


def _sole(draw: Draw, ground: Floats, thick: Floats, shade: Floats) -> Part:
    sole = draw.points([(-0.88, ground - thick), (0.9, ground - thick), (0.86, ground), (-0.86, ground)])
    return Part(sole, shade)


def sneaker(draw: Draw) -> list[Part]:
    """Low, with a pale thick sole and laces over the slope."""
    ground, thick = draw.size(0.42, 0.5), draw.size(0.12, 0.2)
    back, tongue, toe = draw.size(-0.12, 0.08), draw.size(-0.3, -0.1), draw.size(0.1, 0.2)
    upper = draw.points(
        [
            (-0.86, ground - 0.05),
            (-0.88, back),
            (-0.72, back - 0.1),
            (-0.4, back + 0.08),
            (-0.1, tongue),
            (0.1, tongue + 0.08),
            (0.5, toe),
            (0.86, toe + 0.08),
            (0.9, ground - 0.05),
        ]
    )
    lace_shade, lace_width = draw.size(0.2, 0.6), draw.size(0.05, 0.08)
    laces = [
        Part(
            stroke(
                draw.points(
                    [(0.02 + 0.16 * i, tongue + 0.09 + 0.12 * i), (0.09 + 0.13 * i, tongue + 0.3 + 0.07 * i)]
                ),
                lace_width,
            ),
            lace_shade,
        )
        for i in range(3)
    ]
    return [Part(rounded(upper, 1), _plain(draw)), *laces, _sole(draw, ground, thick, draw.size(1.2, 1.6))]


def bag(draw: Draw) -> list[Part]:
    """A box with a handle to see through, and a clasp or flap."""
    top, bottom = draw.size(0.5, 0.78), draw.size(0.56, 0.86)
    upper, lower = draw.size(-0.25, 0.05), draw.size(0.55, 0.8)
    box = rounded(mirrored(draw.points([(0.0, upper), (top, upper), (bottom, lower), (0.0, lower)])), 1)
    handle = stroke(
        arc(draw, 0 * top, upper + 0.04, top * draw.size(0.45, 0.85), draw.size(0.35, 0.68)),
        draw.size(0.08, 0.15),
    )
    deep = draw.size(0.12, 0.4)
    flap = mirrored(
        draw.points([(0.0, upper), (top, upper), (0.9 * top, upper + deep), (0.0, upper + deep + 0.08)])
    )
    return [Part(handle, draw.size(0.7, 1.0)), Part(box, _plain(draw)), Part(flap, draw.size(0.6, 1.1))]


def ankle_boot(draw: Draw) -> list[Part]:
    """A shaft above the ankle, a heel, a dark sole."""
    ground, heel = draw.size(0.62, 0.72), draw.size(0.08, 0.28)
    top, back, front = draw.size(-0.86, -0.45), draw.size(-0.82, -0.7), draw.size(-0.2, 0.02)
    toe = draw.size(0.2, 0.34)
    upper = draw.points(
        [
            (back, top),
            (front, top + draw.size(-0.06, 0.06)),
            (front + 0.04, -0.05),
            (0.45, toe),
            (0.86, toe + 0.12),
            (0.9, ground - 0.1),
            (-0.86, ground - 0.1),
            (-0.82, 0.1),
        ]
    )
    sole = draw.points(
        [
            (-0.88, ground - 0.14),
            (0.9, ground - 0.14),
            (0.88, ground),
            (-0.2, ground),
            (-0.3, ground - 0.04),
            (-0.36, ground + heel),
            (-0.84, ground + heel),
        ]
    )
    elastic = draw.points(
        [(front - 0.3, top + 0.2), (front - 0.08, top + 0.2), (front - 0.1, 0.1), (front - 0.2, 0.1)]
    )
    return [
        Part(rounded(upper, 1), _plain(draw)),
        Part(sole, draw.size(0.4, 0.8)),
        Part(elastic, draw.size(0.5, 1.0)),
    ]


GARMENTS: tuple[Garment, ...] = (
    t_shirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)
"""By class id, in Fashion-MNIST's order."""
