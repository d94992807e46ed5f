"""Data sets: what students get, and what their predictions are measured on."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pooch
from numpy.typing import NDArray

from graders.data import folders
from graders.data.clothes_full import FashionMnist
from graders.data.clothes_mini import DrawnClothes
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Labelled, Source
from graders.data.variant import vary
from graders.errors import DataMissingError, Problem
from graders.model import Profile

__all__ = [
    "DATASETS",
    "Dataset",
    "Hidden",
    "Labelled",
    "cache_folder",
    "fetch",
    "fingerprint",
    "hidden",
    "is_here",
    "public_folder",
    "validation",
]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set in its two sizes."""

    profiles: dict[Profile, Source]


DATASETS: dict[str, Dataset] = {
    "clothes": Dataset({"mini": DrawnClothes(), "full": FashionMnist()}),
}


def cache_folder() -> Path:
    """Where data sets are kept: `GRADE_DATA`, or the user's cache folder of this platform."""
    return Path(os.environ.get("GRADE_DATA") or pooch.os_cache("graders")).expanduser().absolute()


def fetch(name: str, profile: Profile, cache: Path, progress: bool) -> None:
    """Download what the data set needs and `cache` lacks; the other functions do so by themselves.

    Args:
        name: a key of `DATASETS`.
        profile: which size of it.
        cache: such as `cache_folder()`.
        progress: whether to show a bar on standard error.

    Raises:
        DataMissingError: it is not in the cache and cannot be had.
    """
    DATASETS[name].profiles[profile].fetch(cache, progress)


def fingerprint(name: str, profile: Profile) -> str:
    """SHA-256 in hexadecimal of all that public and hidden data depend on besides the secret."""
    variant = (Path(__file__).parent / "variant.py").read_text(encoding="utf-8")
    source = DATASETS[name].profiles[profile].fingerprint()
    return hashlib.sha256(f"{source}\n{variant}".encode()).hexdigest()


def public_folder(name: str, profile: Profile, cache: Path) -> Path:
    """The folder that students see as `data`, in torchvision's layout; made where it is missing.

    Raises:
        DataMissingError: the data cannot be had, or the cache cannot be written to.
    """
    folder = _folder(name, profile, cache)
    if not folder.is_dir():
        folders.publish(DATASETS[name].profiles[profile].public(cache), folder)
    elif os.geteuid() == 0:
        folders.show(folder)  # made under a strict umask, perhaps by an ordinary user who could read it
    return folder


def is_here(name: str, profile: Profile, cache: Path) -> bool:
    """Whether `public_folder` has nothing to make and nothing to download."""
    return _folder(name, profile, cache).is_dir()


def _folder(name: str, profile: Profile, cache: Path) -> Path:
    return cache / name / f"{profile}-{DATASETS[name].profiles[profile].fingerprint()[:16]}"


def validation(name: str, profile: Profile, cache: Path) -> Labelled:
    """The public validation split, from the very files that students see.

    Raises:
        DataMissingError: as for `public_folder`, or its files were damaged later.
    """
    folder = public_folder(name, profile, cache)
    try:
        raw = folders.read(folder, folders.STEMS["validation"])
    except (OSError, ValueError) as error:
        message = f"the folder was changed after it was made ({error}); delete it, and it is made again"
        raise DataMissingError([Problem(folder, "", message)]) from error
    return Labelled(_pictures(raw.images), raw.labels.astype(np.int64))


def hidden(name: str, profile: Profile, secret: bytes, cache: Path) -> Hidden:
    """The hidden test set and its private variant; nothing of it is written anywhere.

    Args:
        name: a key of `DATASETS`.
        profile: which size of it.
        secret: the course's secret; the same one always gives the same pictures.
        cache: such as `cache_folder()`.

    Raises:
        DataMissingError: the data cannot be had.
        ValueError: the secret is empty.
    """
    if not secret:
        raise ValueError("the secret is empty; anyone could draw the same hidden pictures")
    raw = DATASETS[name].profiles[profile].hidden(cache, secret)
    random = random_stream(hmac.digest(secret, f"{name}/{profile}/variant".encode(), "sha256"))
    return Hidden(
        images=_pictures(raw.images),
        labels=raw.labels.astype(np.int64),
        variant=_pictures(vary(raw.images, random)),
    )


def _pictures(images: Bytes) -> NDArray[np.float32]:
    return images[:, None].astype(np.float32) / np.float32(255)
