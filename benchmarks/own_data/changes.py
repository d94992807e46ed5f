"""Changes of a grey picture (H, W) from 0 to 1, as somebody would make to hide a copy."""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import rotate, shift

Floats = NDArray[np.float32]
Random = np.random.RandomState


def cropped(share: float) -> Callable[[Floats, Random], Floats]:
    """Cuts off `share` of both sides, at random edges, and enlarges what is left."""

    def change(picture: Floats, random: Random) -> Floats:
        height, width = picture.shape
        rows, columns = (round(side * (1 - share)) for side in (height, width))
        top, left = random.randint(height - rows + 1), random.randint(width - columns + 1)
        kept = Image.fromarray(_bytes(picture[top : top + rows, left : left + columns]))
        return _numbers(kept.resize((width, height), Image.Resampling.BILINEAR))

    return change


def mirrored(picture: Floats, random: Random) -> Floats:
    """Turns left and right round."""
    return picture[:, ::-1]


def lit(picture: Floats, random: Random) -> Floats:
    """Less contrast and another brightness."""
    return picture * np.float32(random.uniform(0.6, 0.9)) + np.float32(random.uniform(0, 0.1))


def noisy(picture: Floats, random: Random) -> Floats:
    """Normal noise of 5 % of the range."""
    return (picture + 0.05 * random.randn(*picture.shape)).clip(0, 1).astype(np.float32)


def jpeg(picture: Floats, random: Random) -> Floats:
    """Saved as JPEG of quality 40."""
    file = io.BytesIO()
    Image.fromarray(_bytes(picture)).save(file, "JPEG", quality=40)
    return _numbers(Image.open(file))


def shifted(picture: Floats, random: Random) -> Floats:
    """Moved by up to 8 % of a side; edges are continued."""
    far = random.uniform(-0.08, 0.08, 2) * picture.shape
    moved: Floats = shift(picture, far, order=1, mode="nearest")
    return moved


def turned(picture: Floats, random: Random) -> Floats:
    """Rotated by 3 degrees one way or the other."""
    made: Floats = rotate(picture, 3 * random.choice([-1, 1]), reshape=False, order=1, mode="nearest")
    return made


def mixed(picture: Floats, random: Random) -> Floats:
    """A crop of 8 %, mirrored, with noise."""
    return noisy(mirrored(cropped(0.08)(picture, random), random), random)


CHANGES: dict[str, Callable[[Floats, Random], Floats]] = {
    "crop 2 %": cropped(0.02),
    "crop 5 %": cropped(0.05),
    "crop 10 %": cropped(0.10),
    "mirror": mirrored,
    "light": lit,
    "noise": noisy,
    "JPEG": jpeg,
    "shift 8 %": shifted,
    "turn 3°": turned,
    "crop, mirror, noise": mixed,
}


def _bytes(picture: Floats) -> NDArray[np.uint8]:
    return np.round(picture.clip(0, 1) * 255).astype(np.uint8)


def _numbers(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / np.float32(255)
