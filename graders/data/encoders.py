"""Two fixed encoders of pictures: stand-ins for GoogLeNet and ResNet-50 where their weights cannot be had.

Nothing in them was trained and they are no networks, but fixed filters that were chosen and not learnt. Each
says, for each quarter of the picture, how often colours and directions of edges occur; histograms of
directions are the features of Dalal & Triggs, "Histograms of oriented gradients for human detection", CVPR
2005. The quarters keep apart what stands where.

`googlenet` looks at the picture at a quarter of its size through parallel branches (colours, fine edges,
coarse edges) and adds up soft responses in eight directions. `resnet50` looks at the whole size, and of
sixteen directions only the strongest counts at each pixel, so that it tells shapes apart much better.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from graders.data.types import Bytes

Features = NDArray[np.float32]

QUARTERS = 2
"""Rows and columns of quarters."""
AT_ONCE = 100
"""Pictures that are looked at together."""
LEAST_COLOUR, LEAST_SOFT, LEAST_EDGE = 0.15, 0.03, 0.05
"""Responses below these are taken for noise; a picture's values go from -1 to 1."""
SMALLEST = 1e-3
"""Keeps shares and logarithms of quarters without anything in them finite."""


def googlenet(pictures: Bytes) -> Features:
    """Features of the weaker encoder: float32 (N, 4 · 25) of pictures uint8 (N, 64, 64, 3), by quarters."""
    return _in_parts(_googlenet, pictures)


def resnet50(pictures: Bytes) -> Features:
    """Features of the better encoder: float32 (N, 4 · 24) of pictures uint8 (N, 64, 64, 3), by quarters."""
    return _in_parts(_resnet50, pictures)


ENCODERS: dict[str, Callable[[Bytes], Features]] = {"googlenet": googlenet, "resnet50": resnet50}


def _in_parts(encode: Callable[[Features], Features], pictures: Bytes) -> Features:
    parts = (pictures[start : start + AT_ONCE] for start in range(0, len(pictures), AT_ONCE))
    found = [encode(part.astype(np.float32) / np.float32(127.5) - 1) for part in parts]
    return np.concatenate(found).reshape(len(pictures), -1)


def _googlenet(pictures: Features) -> Features:
    small = _pool(pictures, pictures.shape[1] // 4)
    directions = np.arange(8) * 2 * np.pi / 8
    branches = [_shares(_colours(small))]
    for width in (0.7, 1.2):
        across, down = _slopes(_contrast(small), width)
        response = across[..., None] * np.cos(directions) + down[..., None] * np.sin(directions)
        branches.append(_shares(np.maximum(response - LEAST_SOFT, 0)))
    return np.concatenate(branches, axis=-1)


def _resnet50(pictures: Features) -> Features:
    bins = 16
    across, down = _slopes(_contrast(pictures), 1.2)
    strongest = np.rint(np.arctan2(down, across) * bins / (2 * np.pi)).astype(np.int64) % bins
    count, side, _ = strongest.shape
    quarter = np.arange(side) // (side // QUARTERS)
    cell = (np.arange(count)[:, None, None] * QUARTERS + quarter[:, None]) * QUARTERS + quarter
    edges = np.bincount((cell * bins + strongest).ravel(), (np.hypot(across, down) > LEAST_EDGE).ravel())
    found = np.zeros(count * QUARTERS**2 * bins)
    found[: len(edges)] = edges
    of_pixels = found.reshape(count, QUARTERS, QUARTERS, bins) / (side // QUARTERS) ** 2
    colours = _colours(_pool(pictures, side // 2))
    return np.concatenate([_shares(colours), _shares(of_pixels)], axis=-1)


def _shares(responses: NDArray[np.floating]) -> Features:
    """In each quarter the share of each channel and the logarithm of all of them, (N, 2, 2, C + 1)."""
    found = _pool(responses, QUARTERS)
    whole = found.sum(axis=-1, keepdims=True) + SMALLEST
    shares: Features = np.concatenate([found / whole, np.log(whole)], axis=-1).astype(np.float32)
    return shares


def _colours(pictures: Features) -> Features:
    """How far each primary colour is above each other one, (N, H, W, 6)."""
    pairs = [(one, other) for one in range(3) for other in range(3) if one != other]
    above = np.stack([pictures[..., one] - pictures[..., other] for one, other in pairs], axis=-1)
    found: Features = np.maximum(above - np.float32(LEAST_COLOUR), 0)
    return found


def _contrast(pictures: Features) -> Features:
    """How far the colour of each pixel is from the ground's, (N, H, W)."""
    some = pictures[:, ::4, ::4].reshape(len(pictures), -1, 3)  # enough for a median
    away = pictures - np.median(some, axis=1)[:, None, None]
    found: Features = np.sqrt(np.einsum("nhwc,nhwc->nhw", away, away))
    return found


def _slopes(grey: Features, width: float) -> tuple[Features, Features]:
    """Derivatives across and down of pictures smoothed by a Gaussian `width` pixels wide, (N, H, W) each."""
    sigma = (0.0, width, width)
    return gaussian_filter(grey, sigma, order=(0, 0, 1)), gaussian_filter(grey, sigma, order=(0, 1, 0))


def _pool(values: NDArray[np.floating], parts: int) -> NDArray[np.floating]:
    """Means over `parts` × `parts` fields of equal size, (N, parts, parts, C)."""
    count, side, _, channels = values.shape
    field = side // parts
    fields = values.reshape(count, parts, field, parts, field, channels)
    means: NDArray[np.floating] = fields.mean(axis=(2, 4))
    return means
