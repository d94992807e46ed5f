"""Data drawn for the tests of own data; nothing here is an assignment's."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from graders.model import OwnKind
from graders.own.examples import Examples

Floats = NDArray[np.float32]


def examples(
    kind: OwnKind,
    inputs: Floats | tuple[str, ...],
    targets: NDArray[Any] | None = None,
    groups: NDArray[np.int64] | None = None,
    classes: tuple[str, ...] = (),
) -> Examples:
    """Checked examples, each a group of its own unless told otherwise."""
    own = np.arange(len(inputs)) if groups is None else groups
    return Examples(kind, inputs, targets, own, classes)


def clouds(count: int, side: int = 40, seed: int = 0, channels: int = 1) -> Floats:
    """Pictures (count, channels, side, side) of soft spots, from 0 to 1, with some noise."""
    random = np.random.RandomState(seed)
    made = gaussian_filter(random.randn(count, 1, side, side), (0, 0, 2.5, 2.5))
    made = 0.5 + made / (4 * made.std()) + random.randn(count, channels, side, side) * 0.01
    return made.clip(0, 1).astype(np.float32)


def cropped(picture: Floats, share: float, down: float = 0, right: float = 0) -> Floats:
    """A picture (C, H, W) without `share` of its sides, enlarged again; what is cut where, from 0 to 1."""
    _, height, width = picture.shape
    rows, columns = (
        np.linspace(0, (1 - share) * (size - 1), size) + at * share * (size - 1)
        for size, at in ((height, down), (width, right))
    )
    top, left = (
        np.floor(rows).astype(int).clip(0, height - 2),
        np.floor(columns).astype(int).clip(0, width - 2),
    )
    below, beside = (rows - top)[:, None], (columns - left)[None, :]
    one = picture[:, top][:, :, left] * (1 - beside) + picture[:, top][:, :, left + 1] * beside
    other = picture[:, top + 1][:, :, left] * (1 - beside) + picture[:, top + 1][:, :, left + 1] * beside
    made: Floats = (one * (1 - below) + other * below).astype(np.float32)
    return made


WORDS = tuple(
    first + second for first in ("ka", "lo", "mi", "ru", "te") for second in ("ban", "dor", "sil", "vet")
)


def sentences(count: int, length: int = 25, seed: int = 0) -> tuple[str, ...]:
    """Texts of random words."""
    random = np.random.RandomState(seed)
    return tuple(
        " ".join(WORDS[word] for word in random.randint(len(WORDS), size=length)) for _ in range(count)
    )


def table(count: int, width: int = 6, seed: int = 0) -> Floats:
    """Independent normal columns."""
    return np.random.RandomState(seed).randn(count, width).astype(np.float32)
