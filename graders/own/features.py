"""Features of any pictures without a network that was trained: random convolutions and their components.

Filters that were never trained tell sets of pictures apart, and favour nothing that some other data set has
(Naeem et al. 2020, "Reliable fidelity and diversity metrics for generative models", section 5); nobody can
train against filters that the host draws from its seed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from graders.own.shrinking import Singles, shrunk

SIDE = 32
"""Pictures are shrunk to this."""
FILTERS = (24, 48, 64)
"""Of the three layers; each sees maps of half the size."""
BLIND = 3
"""Quarters of the filters that add up to 0: they see edges whatever the brightness, which the others see."""
GRID = 2
"""Means are taken over this many parts down and across."""
DIMENSIONS = 64
"""Principal components that are kept."""
LEAST = 0.03
"""Least variance by which one is scaled, by the largest: what hardly varies would rule every distance."""

Floats = NDArray[np.float64]


def filters(channels: int, random: np.random.RandomState) -> list[Singles]:
    """Random filters of each layer, (K × K × maps before, maps after)."""
    before = (channels, *FILTERS)
    found = []
    for layer, after in enumerate(FILTERS):
        drawn = random.standard_normal((before[layer] * _size(layer) ** 2, after))
        drawn[:, : after * BLIND // 4] -= drawn[:, : after * BLIND // 4].mean(axis=0)
        found.append((drawn / np.linalg.norm(drawn, axis=0)).astype(np.float32))
    return found


def raw(pictures: NDArray[np.floating], layers: Sequence[Singles]) -> Floats:
    """How strongly each filter answers in each part of pictures (n, C, H, W), shape (n, D)."""
    small = shrunk(pictures, SIDE)
    found = []
    for part in np.array_split(small, max(1, len(small) // 128)):
        maps, means = part, []
        for layer, weights in enumerate(layers):
            maps = np.maximum(_convolved(_halved(maps) if layer else maps, weights, _size(layer)), 0)
            means.append(shrunk(maps, GRID).reshape(len(maps), -1))
        found.append(np.concatenate(means, axis=1))
    return np.concatenate(found).astype(np.float64)


def _size(layer: int) -> int:
    return 3 if layer else 5


def _halved(maps: Singles) -> Singles:
    """Means of 2 × 2, as long as there are enough pixels for that; an odd last row or column is left out."""
    height, width = maps.shape[2:]
    if min(height, width) < 4:
        return maps
    maps = maps[:, :, : height // 2 * 2, : width // 2 * 2]
    halves: Singles = (
        maps[:, :, ::2, ::2] + maps[:, :, 1::2, ::2] + maps[:, :, ::2, 1::2] + maps[:, :, 1::2, 1::2]
    ) / np.float32(4)
    return halves


def _convolved(pictures: Singles, weights: Singles, size: int) -> Singles:
    """Maps (n, K, H, W) of pictures (n, C, H, W) and weights (C × size², K), mirrored at the border."""
    around = size // 2
    framed = np.pad(pictures, ((0, 0), (0, 0), (around, around), (around, around)), mode="symmetric")
    windows = sliding_window_view(framed, (size, size), axis=(2, 3))  # (n, C, H, W, size, size)
    n, channels, height, width = windows.shape[:4]
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * height * width, channels * size * size)
    return np.ascontiguousarray((rows @ weights).reshape(n, height, width, -1).transpose(0, 3, 1, 2))


def components(rows: Floats) -> tuple[Floats, Floats]:
    """Mean (D,) and axes (D, K) in which training pictures lie about 1 from their mean."""
    centre = rows.mean(axis=0)
    centred = rows - centre
    values, directions = np.linalg.eigh(centred.T @ centred / len(rows))
    values, directions = values[::-1][:DIMENSIONS], directions[:, ::-1][:, :DIMENSIONS]
    axes = directions / np.sqrt(np.maximum(values, LEAST * max(float(values[0]), 1e-12)))
    length = np.sqrt(((centred @ axes) ** 2).sum(axis=1).mean())
    return centre, axes / max(float(length), 1e-6)
