"""Public splits as a folder in torchvision's layout, made once and whole."""

import gzip
import shutil
import tempfile
from pathlib import Path

from graders.data import idx
from graders.data.types import Bytes, Public, Raw
from graders.errors import DataMissingError, Problem

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


def publish(public: Public, folder: Path) -> None:
    """Write the splits so that `folder` appears whole or not at all.

    Processes that publish the same folder at one time do not disturb each other: the first one's is kept.

    Raises:
        DataMissingError: the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder.parent, error) from error
    try:
        for split, raw in (("train", public.train), ("validation", public.validation)):
            for path, values in zip(paths(draft, STEMS[split]), (raw.images, raw.labels), strict=True):
                _write(path, values)
        show(draft)
        draft.rename(folder)
    except OSError as error:
        if not folder.is_dir():
            raise unwritable(folder.parent, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def show(folder: Path) -> None:
    """Let every user read a published folder: where root grades, notebooks run as another.

    Raises:
        DataMissingError: its rights cannot be changed.
    """
    try:
        for path in (folder, *folder.rglob("*")):
            mode = 0o755 if path.is_dir() else 0o644
            if path.stat().st_mode & mode != mode:
                path.chmod(mode)
    except OSError as error:
        raise unwritable(folder, error) from error


def _write(path: Path, values: Bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(idx.encode(values))


def unwritable(folder: Path, error: OSError) -> DataMissingError:
    """The error for a cache that cannot be written to."""
    message = f"the data cache cannot be written ({error}); set GRADE_DATA to a folder that can"
    return DataMissingError([Problem(folder, "", message)])
