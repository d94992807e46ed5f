"""Data sets: what students get, and what their predictions are measured on."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pooch

from graders.data.blood_cells import BloodCells, CountedBloodCells
from graders.data.captions_full import FlickrCaptions, FlickrWholeCaptions
from graders.data.captions_mini import DrawnCaptions, DrawnWholeCaptions
from graders.data.cells import Cells, NoisyCells
from graders.data.cells_mini import DrawnCells
from graders.data.clothes import Clothes
from graders.data.clothes_full import FashionMnist
from graders.data.clothes_mini import DrawnClothes
from graders.data.crowds import TaughtCrowds
from graders.data.generation import Generation
from graders.data.gradients import DrawnGradients
from graders.data.houses_full import CaliforniaHousing
from graders.data.houses_mini import DrawnHouses
from graders.data.lstm_cases import DrawnLstmCases
from graders.data.nuclei import Nuclei
from graders.data.poem import DrawnPoem
from graders.data.poem_full import Onegin
from graders.data.publishing import publish, show
from graders.data.reconstruction import Reconstruction
from graders.data.reviews import DrawnReviews
from graders.data.scenes_mini import CountedScenes, DrawnScenes
from graders.data.series import DrawnSeries
from graders.data.series_full import SeriesAndAirline
from graders.data.types import Arrays, Hidden, Source, Split, Splits
from graders.errors import DataMissingError, Problem
from graders.model import Profile

__all__ = [
    "DATASETS",
    "Arrays",
    "Dataset",
    "Hidden",
    "Split",
    "Splits",
    "cache_folder",
    "fetch",
    "fingerprint",
    "hidden",
    "is_here",
    "public_folder",
    "shared_folder",
    "splits",
    "validation",
]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set in the sizes that it has."""

    profiles: dict[Profile, Source]


TEN = CountedScenes(10, 10, pictures=60, shown=20)
HUNDRED = CountedScenes(100, 120, pictures=30, shown=10)

DATASETS: dict[str, Dataset] = {
    "cells": Dataset({"mini": Cells(DrawnCells(), "mini"), "full": Cells(Nuclei(), "full")}),
    "captions": Dataset({"mini": DrawnCaptions(), "full": FlickrCaptions()}),
    "clothes": Dataset({"mini": Clothes(DrawnClothes(), "mini"), "full": Clothes(FashionMnist(), "full")}),
    "generation": Dataset({"mini": Generation(DrawnClothes()), "full": Generation(FashionMnist())}),
    "gradients": Dataset({"mini": DrawnGradients(), "full": DrawnGradients()}),
    "houses": Dataset({"mini": DrawnHouses(), "full": CaliforniaHousing()}),
    "lstm_cases": Dataset({"mini": DrawnLstmCases(), "full": DrawnLstmCases()}),
    "poem": Dataset({"mini": DrawnPoem(), "full": Onegin()}),
    "reviews": Dataset({"mini": DrawnReviews(), "full": DrawnReviews()}),
    "series": Dataset({"mini": DrawnSeries(), "full": SeriesAndAirline()}),
    "noisy_cells": Dataset({"mini": NoisyCells(DrawnCells(), "mini"), "full": NoisyCells(Nuclei(), "full")}),
    "scenes": Dataset({"mini": DrawnScenes(), "full": BloodCells()}),
    "scenes10": Dataset({"mini": TEN, "full": CountedBloodCells(BloodCells(), 8, 12)}),
    "scenes100": Dataset({"mini": HUNDRED, "full": TaughtCrowds(HUNDRED)}),
    "whole_captions": Dataset({"mini": DrawnWholeCaptions(), "full": FlickrWholeCaptions()}),
    "reconstruction": Dataset(
        {"mini": Reconstruction(DrawnClothes()), "full": Reconstruction(FashionMnist())}
    ),
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
    _source(name, profile).fetch(cache, progress)


def fingerprint(name: str, profile: Profile) -> str:
    """SHA-256 in hexadecimal of all that public and hidden data depend on besides the secret."""
    return _source(name, profile).fingerprint()


def public_folder(name: str, profile: Profile, cache: Path) -> Path:
    """The folder that students see as `data`, made where it is missing.

    Raises:
        DataMissingError: the data cannot be had, or the cache cannot be written to.
    """
    return _made(_folder(name, profile, cache), lambda draft: _source(name, profile).publish(cache, draft))


def shared_folder(names: Sequence[str], profile: Profile, cache: Path) -> Path:
    """The folder with the public files of several data sets side by side, made where it is missing.

    Raises:
        DataMissingError: as for `public_folder`.
    """
    if len(names) == 1:
        return public_folder(names[0], profile, cache)

    def write(draft: Path) -> None:
        for name in names:
            shutil.copytree(public_folder(name, profile, cache), draft, dirs_exist_ok=True)

    prints = "\n".join(fingerprint(name, profile) for name in names)
    digest = hashlib.sha256(prints.encode()).hexdigest()
    return _made(cache / "+".join(names) / f"{profile}-{digest[:16]}", write)


def _made(folder: Path, write: Callable[[Path], None]) -> Path:
    """The folder, which `write` fills where it is missing."""
    if not folder.is_dir():
        publish(write, folder)
    elif os.geteuid() == 0:
        show(folder)  # made under a strict umask, perhaps by an ordinary user who could read it
    return folder


def is_here(name: str, profile: Profile, cache: Path) -> bool:
    """Whether `public_folder` has nothing to make and nothing to download."""
    return _folder(name, profile, cache).is_dir()


def _source(name: str, profile: Profile) -> Source:
    return DATASETS[name].profiles[profile]


def _folder(name: str, profile: Profile, cache: Path) -> Path:
    return cache / name / f"{profile}-{fingerprint(name, profile)[:16]}"


def validation(name: str, profile: Profile, cache: Path) -> Split:
    """The public validation split, from the very files that students see.

    Raises:
        DataMissingError: as for `public_folder`, or its files were damaged later.
    """
    folder = public_folder(name, profile, cache)
    try:
        return _source(name, profile).validation(folder)
    except (OSError, ValueError) as error:
        message = f"the folder was changed after it was made ({error}); delete it, and it is made again"
        raise DataMissingError([Problem(folder, "", message)]) from error


def hidden(name: str, profile: Profile, secret: bytes, cache: Path) -> Hidden:
    """The hidden test set and its private variant; nothing of it is written where students see it.

    Args:
        name: a key of `DATASETS`.
        profile: which size of it.
        secret: the course's secret; the same one always gives the same examples.
        cache: such as `cache_folder()`.

    Raises:
        DataMissingError: the data cannot be had.
        ValueError: the secret is empty.
    """
    if not secret:
        raise ValueError("the secret is empty; anyone could draw the same hidden examples")
    return _source(name, profile).hidden(cache, secret)


def splits(name: str, profile: Profile, secret: bytes, cache: Path, *, public: bool) -> Splits:
    """What tasks on a data set are measured on; with `public`, validation stands in for the hidden set.

    Raises:
        DataMissingError: the data cannot be had.
    """
    shown = validation(name, profile, cache)
    if public:
        return Splits(Hidden(shown.inputs, shown.targets, variant=shown.inputs), shown)
    return Splits(hidden(name, profile, secret, cache), shown)
