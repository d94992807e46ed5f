"""Public splits as files in torchvision's layout."""

import gzip
from pathlib import Path

from graders.data import idx
from graders.data.types import Public, Raw

RAW = Path("FashionMNIST", "raw")
"""Where `torchvision.datasets.FashionMNIST` looks below its root."""
STEMS = {"train": "train", "validation": "t10k"}
"""What torchvision calls each split; its test set is our validation split."""


def paths(folder: Path, stem: str, suffix: str = "") -> tuple[Path, Path]:
    """The files of pictures and labels called `stem` in a data folder."""
    raw = folder / RAW
    return raw / f"{stem}-images-idx3-ubyte{suffix}", raw / f"{stem}-labels-idx1-ubyte{suffix}"


def read(folder: Path, stem: str, suffix: str = "") -> Raw:
    """Read pictures and labels, packed where the suffix is `.gz`.

    Raises:
        OSError: a file is missing or is not the gzip file that its name promises.
        ValueError: a file is not what the format says, or pictures and labels differ in number.
    """
    images_path, labels_path = paths(folder, stem, suffix)
    images = idx.decode(_content(images_path), 3, images_path)
    labels = idx.decode(_content(labels_path), 1, labels_path)
    if len(images) != len(labels):
        raise ValueError(
            f"{labels_path}: found {len(labels)} labels, expected {len(images)} for the pictures"
        )
    return Raw(images, labels)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except EOFError as error:
        raise ValueError(f"{path}: the packed file is cut off") from error


def write(public: Public, folder: Path) -> None:
    """Write the splits into a folder."""
    for split, raw in (("train", public.train), ("validation", public.validation)):
        for path, values in zip(paths(folder, STEMS[split]), (raw.images, raw.labels), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(idx.encode(values))
