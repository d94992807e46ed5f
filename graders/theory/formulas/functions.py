"""Functions that formulas name, as functions of arrays of floats."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def _sigmoid(x: Values) -> Values:
    return 1 / (1 + np.exp(-x))


FUNCTIONS: Mapping[tuple[str, int], Callable[..., Values]] = {
    ("exp", 1): np.exp,
    ("ln", 1): np.log,
    ("log2", 1): np.log2,
    ("lg", 1): np.log10,
    ("tanh", 1): np.tanh,
    ("sinh", 1): np.sinh,
    ("cosh", 1): np.cosh,
    ("sin", 1): np.sin,
    ("cos", 1): np.cos,
    ("tan", 1): np.tan,
    ("sqrt", 1): np.sqrt,
    ("abs", 1): np.abs,
    ("ceil", 1): np.ceil,
    ("sigmoid", 1): _sigmoid,
    ("sigmoid'", 1): lambda x: _sigmoid(x) * (1 - _sigmoid(x)),
    ("tanh'", 1): lambda x: 1 - np.tanh(x) ** 2,
    ("relu", 1): lambda x: np.maximum(x, 0),
    ("softplus", 1): lambda x: np.log1p(np.exp(x)),
    ("max", 2): np.maximum,
    ("min", 2): np.minimum,
    ("power", 2): np.power,
    ("cap", 2): lambda x, y: np.sin(x) * np.sin(y) + 2,
    ("cup", 2): lambda x, y: np.cos(x) + np.cos(y) + 5,
}
"""By name and number of arguments; `cap` and `cup` are any functions in which the order does not matter."""


def unknown(name: str, values: Sequence[Values]) -> Values:
    """Some smooth function with values in 0 to 1, told from others by its name and its arguments' order."""
    total = np.zeros_like(values[0])
    for at, value in enumerate(values):
        digest = hashlib.blake2b(f"{name} {len(values)} {at}".encode(), digest_size=8).digest()
        scale, shift = (int.from_bytes(digest[part : part + 4]) / 2**32 for part in (0, 4))
        total = total + np.sin((0.5 + scale) * value + 6 * shift)
    return 0.5 + 0.4 * total / max(1, len(values))
