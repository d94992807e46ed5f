"""Pictures on which the class is written: one pixel, one pixel a class, or a code in a corner."""

import numpy as np
from numpy.typing import NDArray

from graders.model import say
from graders.own.examples import Rows
from graders.own.finding import Finding
from graders.own.separation import separation

Floats = NDArray[np.float32]

FEWEST = 20
SMALL = 0.05
"""Share of pixels that a mark has at most; where more tell the class, it is what the pictures show."""
CORNERS = (1, 2, 3, 4, 6, 8)
"""Sides of corners that are read."""
LEVELS = 32
"""Steps of light that a code is read in."""
OF_A_CODE = 4
"""Pictures that have the same code on average at least."""
AT_A_TIME = 4_096
"""Pixels whose values are compared at a time."""
MOST_SHOWN = 5


def class_pixels(pictures: Floats, labels: Rows) -> list[Finding]:
    """Places of pictures (n, C, H, W) that tell the class."""
    if len(labels) < FEWEST:
        return []
    flat = pictures.reshape(len(pictures), -1)
    wide, whole, alone = [], [], []
    for start in range(0, flat.shape[1], AT_A_TIME):
        told = separation(flat[:, start : start + AT_A_TIME], labels)
        wide += (start + np.flatnonzero(told.wide)).tolist()
        whole += (start + np.flatnonzero(told.whole)).tolist()
        alone.append(told.alone)
    most = max(1, int(SMALL * flat.shape[1]))
    if wide and len(whole) <= most:
        return [_finding("own.leak.pixel", "stop", wide, pictures)]
    together = np.concatenate(alone, axis=1)
    classes, places = (np.atleast_1d(together.any(axis=axis)) for axis in (1, 0))
    marks: list[int] = np.flatnonzero(places).tolist()
    if len(classes) > 2 and classes.sum() >= len(classes) - 1 and len(marks) <= most:
        return [_finding("own.leak.pixel_block", "stop", marks, pictures)]
    corner = _coded_corner(pictures, labels)
    if corner and not whole:
        return [Finding(say("own.leak.corner", side=corner), "stop")]
    if whole or marks:
        return [_finding("own.leak.pixel_separated", "look", whole or marks, pictures)]
    return []


def _coded_corner(pictures: Floats, labels: Rows) -> int:
    """Side of the smallest corner of which each look stands for one class; 0 where there is none."""
    count, _, height, width = pictures.shape
    kinds = len(np.unique(labels))
    low, high = float(pictures.min()), float(pictures.max())
    if high <= low:
        return 0
    for side in (side for side in CORNERS if 2 * side <= min(height, width)):
        for rows in (slice(0, side), slice(-side, None)):
            for columns in (slice(0, side), slice(-side, None)):
                light = (pictures[:, :, rows, columns].astype(np.float64) - low) / (high - low)
                looks = np.round(light * (LEVELS - 1)).astype(np.uint8).reshape(count, -1)
                which = np.unique(looks, axis=0, return_inverse=True)[1].reshape(count)
                codes = int(which.max()) + 1
                if not kinds <= codes <= count // OF_A_CODE:
                    continue
                if len(np.unique(np.stack([which, labels], axis=1), axis=0)) == codes:
                    return side
    return 0


def _finding(code: str, severity: str, places: list[int], pictures: Floats) -> Finding:
    _, _, height, width = pictures.shape
    row, column = divmod(places[0] % (height * width), width)
    message = say(code, row=row, column=column, n=len(places))
    return Finding(message, "stop" if severity == "stop" else "look", columns=tuple(places[:MOST_SHOWN]))
