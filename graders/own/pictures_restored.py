"""Reconstruction: how near restored pictures come to hidden ones that the host has spoiled."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.data.seeds import random_stream
from graders.model import Message, say
from graders.own.examples import Examples
from graders.own.kind import Asked, Values
from graders.own.reading import Floats, arrays_of, numbers

NOISE, DEAD = 0.15, 0.3
"""Standard deviation of the noise where white is 1, and the share of black pixels, as in lesson 6."""
MOST = 60.0
"""Decibels of a picture that is restored without any error."""
SLACK = 1.0
"""How far values may lie outside [0, 1], since a network's output is seldom cut off."""


def ask(hidden: Examples, known: Examples, seed: int) -> Asked:
    """The hidden pictures with noise and black pixels; the clean ones stay here."""
    clean = np.clip(arrays_of(hidden), 0, 1)
    return Asked(spoiled(clean, random_stream(f"own/reconstruction/{seed}".encode())), {"clean": clean})


def spoiled(clean: NDArray[np.float32], random: np.random.RandomState) -> NDArray[np.float32]:
    """Pictures (n, C, H, W) with noise, and pixels that are black in all channels."""
    found = np.empty_like(clean)
    for row, picture in enumerate(clean):  # one by one, since random numbers come in double precision
        noisy = np.clip(picture + NOISE * random.standard_normal(picture.shape), 0, 1)
        found[row] = np.where(random.random_sample(picture.shape[1:]) < DEAD, 0, noisy)
    return found


def read(returned: NDArray[np.generic], asked: Asked) -> Floats | Message:
    """Pictures (n, C, H, W) in [0, 1], or what is wrong with them.

    Args:
        returned: that shape, or (n, H, W, C), or (n, H, W) of one channel; a little outside is cut off.
        asked: what `ask` made.

    >>> read(np.array([[[0.5, 1.1]]]), Asked(1, {"clean": np.zeros((1, 1, 1, 2))}))
    array([[[[0.5, 1. ]]]])
    """
    return as_pictures(returned, asked.truth["clean"].shape)


def as_pictures(returned: NDArray[np.generic], shape: tuple[int, ...]) -> Floats | Message:
    """Pictures of this shape (n, C, H, W) in [0, 1] from any usual layout, or what is wrong with them."""
    n, channels, height, width = shape
    last = (n, height, width, channels)
    if returned.shape == last and last != shape:
        returned = returned.transpose(0, 3, 1, 2)
    values = numbers(returned, (n, channels, height, width), *([(n, height, width)] if channels == 1 else []))
    if isinstance(values, Message):
        return values
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    if low < -SLACK or high > 1 + SLACK:
        return say("own.not_pictures", low=low, high=high)
    return np.clip(values, 0, 1)


def statistics(predicted: NDArray[Any], asked: Asked) -> Values:
    """Peak signal-to-noise ratio of each picture in decibels, (n, 1)."""
    errors = ((predicted - asked.truth["clean"]) ** 2).mean(axis=(1, 2, 3))
    decibels: Values = -10 * np.log10(np.maximum(errors, 10 ** (-MOST / 10)))[:, None]
    return decibels
