"""The layout that a student's pictures have, and the way to and from the one that the host works with."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Channels = Literal["none", "first", "last"]
COLOURS = (1, 3)
"""Channels that a picture may have."""
WHITE = 255


@dataclass(frozen=True, slots=True)
class Layout:
    """How a student's pictures are laid out."""

    channels: Channels
    """`none`: (n, H, W); `first`: (n, C, H, W); `last`: (n, H, W, C)."""
    white: int
    """What stands for white: 1 or 255; 0 where the student has standardised the pictures."""
    dtype: np.dtype[Any]

    def read(self, raw: NDArray[Any]) -> NDArray[np.float32]:
        """Pictures as the host has them: float32 (n, C, H, W), white being 1."""
        if self.white:
            pictures: NDArray[np.float32] = (raw / self.white).astype(np.float32)
        else:
            low, high = float(raw.min()), float(raw.max())
            pictures = ((raw - low) / ((high - low) or 1.0)).astype(np.float32)
        if self.channels == "none":
            return pictures[:, None]
        return np.ascontiguousarray(np.moveaxis(pictures, -1, 1)) if self.channels == "last" else pictures

    def write(self, pictures: NDArray[np.floating[Any]]) -> NDArray[Any]:
        """Pictures of the host's, float (n, C, H, W), as the student has them."""
        laid = pictures[:, 0] if self.channels == "none" else pictures
        laid = np.moveaxis(laid, 1, -1) if self.channels == "last" else laid
        scaled = laid * self.white
        whole = self.dtype.kind in "biu"
        return np.ascontiguousarray(
            (np.clip(np.rint(scaled), 0, self.white) if whole else scaled).astype(self.dtype)
        )


def layout_of(raw: NDArray[Any]) -> Layout | None:
    """The layout of what may be pictures; None where the shape is that of none."""
    white = 0 if float(raw.min(initial=0)) < 0 else WHITE if float(raw.max(initial=0)) > 1.5 else 1
    if raw.ndim == 3:
        return Layout("none", white, raw.dtype)
    if raw.ndim == 4 and raw.shape[1] in COLOURS:
        return Layout("first", white, raw.dtype)
    if raw.ndim == 4 and raw.shape[3] in COLOURS:
        return Layout("last", white, raw.dtype)
    return None
