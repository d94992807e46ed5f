"""What the course's own classifier sees in pictures of clothes: features, and a guess at the class.

The network was trained by `python reference/features.py` on pictures of both profiles, and its weights are
kept beside this module. It is run in NumPy, so that reading data needs no torch.
"""

import functools
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders.data.types import Bytes

WEIGHTS = Path(__file__).parent / "features.npz"
LAYERS = (("conv1", 2), ("conv2", 2), ("conv3", 2))
"""Names of the convolutions, and their strides."""
DIMENSIONS = 64
AT_ONCE = 250
"""Pictures that are looked at at one time: what convolutions need is some 20 MiB then."""

Singles = NDArray[np.float32]


def features(images: Bytes | Singles) -> tuple[Singles, Singles]:
    """Features of pictures, and how probable each class is.

    Args:
        images: shape (N, 28, 28), uint8, or floats in [0, 1].

    Returns:
        The values of the last layer but one, not negative, float32 of shape (N, 64); probabilities of the ten
        classes, float32 of shape (N, 10).
    """
    scale = np.float32(1 / 255) if images.dtype == np.uint8 else np.float32(1)
    found = [
        _look(images[start : start + AT_ONCE].astype(np.float32) * scale)
        for start in range(0, len(images), AT_ONCE)
    ]
    if not found:
        return np.zeros((0, DIMENSIONS), np.float32), np.zeros((0, 10), np.float32)
    vectors, probabilities = zip(*found, strict=True)
    return np.concatenate(vectors), np.concatenate(probabilities)


def fingerprint() -> str:
    """SHA-256 in hexadecimal of the weights and of how they are used."""
    return hashlib.sha256(WEIGHTS.read_bytes() + Path(__file__).read_bytes()).hexdigest()


@functools.cache
def _weights() -> dict[str, Singles]:
    with np.load(WEIGHTS, allow_pickle=False) as file:
        return {name: file[name].astype(np.float32) for name in file.files}


def _look(images: Singles) -> tuple[Singles, Singles]:
    weights = _weights()
    maps = images[:, None]
    for name, stride in LAYERS:
        maps = np.maximum(_convolve(maps, weights[f"{name}.weight"], weights[f"{name}.bias"], stride), 0)
    flat = maps.reshape(len(maps), -1)
    vectors = np.maximum(flat @ weights["dense.weight"].T + weights["dense.bias"], 0)
    scores = vectors @ weights["last.weight"].T + weights["last.bias"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Singles = powers / powers.sum(axis=1, keepdims=True)
    return vectors, probabilities


def _convolve(maps: Singles, kernels: Singles, bias: Singles, stride: int) -> Singles:
    """Maps (N, C, H, W) to maps (N, K, H', W') by kernels (K, C, k, k), with k // 2 of zeros around them."""
    size = kernels.shape[-1]
    framed = np.pad(maps, ((0, 0), (0, 0), *[(size // 2, size // 2)] * 2))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (size, size), axis=(2, 3))
    patches = windows[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    n, height, width = patches.shape[:3]
    flat = patches.reshape(n * height * width, -1) @ kernels.reshape(len(kernels), -1).T + bias
    found: Singles = flat.reshape(n, height, width, -1).transpose(0, 3, 1, 2)
    return found
