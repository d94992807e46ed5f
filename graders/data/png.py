"""Grey pictures as PNG files, one folder of numbered pictures for each kind."""

from pathlib import Path

import numpy as np
from PIL import Image

from graders.data.types import Bytes


def write(folder: Path, pictures: Bytes) -> None:
    """Writes pictures as `000.png`, `001.png` and so on.

    Args:
        folder: made where it is missing.
        pictures: shape (N, H, W).
    """
    folder.mkdir(parents=True)
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(folder / f"{number:03}.png")


def read(path: Path) -> Bytes:
    """One picture, shape (H, W).

    Raises:
        OSError: the file is missing or no picture.
        ValueError: the picture is not grey with 8 bits a pixel.
    """
    with Image.open(path) as image:
        if image.mode != "L":
            raise ValueError(f"{path}: the picture is {image.mode}, expected L")
        return np.asarray(image).copy()


def read_all(folder: Path, count: int) -> Bytes:
    """The pictures that `write` wrote, shape (count, H, W).

    Raises:
        OSError: one is missing or no picture.
        ValueError: there are more or fewer, or they are not grey or not of one size.
    """
    paths = sorted(folder.glob("*.png"))
    if len(paths) != count:
        raise ValueError(f"{folder}: {len(paths)} pictures, expected {count}")
    return np.stack([read(path) for path in paths])
