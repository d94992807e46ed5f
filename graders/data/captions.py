"""Captions of pictures as files in the layout of Flickr8k, and prefixes of them as arrays."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from graders.data.encoders import Features
from graders.data.types import Bytes, Split

PAD, START, END, UNKNOWN = MARKS = "<pad>", "<start>", "<end>", "<unk>"
PREFIXES = ("image", "prefix", "next")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A caption up to one place, and the word that stands there."""

    prefix: Words
    """Words, `<start>` first."""
    word: str
    """What comes next; `<end>` where the caption is whole."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything of a data set of captions that students find."""

    train: Sequence[str]
    """Names of pictures."""
    validation: Sequence[str]
    pictures: Iterable[Bytes]
    """Of both splits in that order, each (H, W, 3)."""
    captions: Sequence[Sequence[Words]]
    """Of each picture, in that order."""
    features: Mapping[str, Features]
    """By encoder, float32 (N, D), rows in that order."""
    vocabulary: Words
    """Words by their ids."""
    cuts: Sequence[Cut]
    """One of each validation picture."""


def cut_one(random: np.random.RandomState, caption: Words, longest: int) -> Cut | None:
    """The caption cut at a random place, with at most `longest` words before it; None where it has none such.

    A place anywhere within the caption would say how long it is: a prefix of three words would be seen more
    often where the caption ends soon, and `<end>` would follow it more often than it should. So caption and
    place are drawn apart, and both again where the caption has no such place.
    """
    place = random.randint(longest)
    if place > len(caption):
        return None
    return Cut((START, *caption[:place]), (*caption, END)[place])


def write(shown: Shown, folder: Path) -> None:
    """Write all that students find into an empty folder."""
    names = [*shown.train, *shown.validation]
    (folder / "Images").mkdir()
    for name, picture in zip(names, shown.pictures, strict=True):
        Image.fromarray(picture).save(folder / "Images" / name, compress_level=1)
    for encoder, features in shown.features.items():
        np.save(folder / f"features.{encoder}.npy", features)
    captions = zip(names, shown.captions, strict=True)
    lines = [(name, " ".join(words)) for name, several in captions for words in several]
    _write_table(folder / "captions.txt", [("image", "caption"), *lines])
    for part in ("train", "validation", "vocabulary"):
        (folder / f"{part}.txt").write_text("\n".join(getattr(shown, part)) + "\n", encoding="ascii")
    cuts = zip(shown.validation, shown.cuts, strict=True)
    rows = [(name, " ".join(one.prefix), one.word) for name, one in cuts]
    _write_table(folder / "validation_prefixes.csv", [PREFIXES, *rows])


def read_cuts(folder: Path) -> list[Cut]:
    """The cuts of validation captions that `write` left in a folder.

    Raises:
        OSError: a file is missing.
        ValueError: it is not as it was written.
    """
    expected = len(read_lines(folder / "validation.txt"))
    with (folder / "validation_prefixes.csv").open(encoding="ascii", newline="") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    if tuple(header) != PREFIXES or len(rows) != expected or any(len(row) != len(PREFIXES) for row in rows):
        raise ValueError(f"validation_prefixes.csv: {len(rows)} rows under {header[:5]}, expected {expected}")
    return [Cut(tuple(prefix.split()), word) for _, prefix, word in rows]


def read_features(folder: Path, encoders: Iterable[str]) -> dict[str, Features]:
    """Features of the validation pictures, by encoder.

    Raises:
        OSError: a file is missing.
        ValueError: it is not as it was written.
    """
    validation = len(read_lines(folder / "validation.txt"))
    return {name: np.load(folder / f"features.{name}.npy")[-validation:] for name in encoders}


def read_lines(path: Path) -> Words:
    """Words of a file with one a line."""
    return tuple(path.read_text(encoding="ascii").split())


def asked(features: Mapping[str, Features], cuts: Sequence[Cut], vocabulary: Words, longest: int) -> Split:
    """What a notebook is asked for.

    Returns:
        Inputs: `features` and `prefixes`, int64 (N, longest), ids of words, padded with `<pad>` on the right.
        Targets: `words`, int64 (N,), ids of the next words; `vocabulary`, int64 (N,), how many there are.
    """
    ids = {word: number for number, word in enumerate(vocabulary)}
    prefixes = np.full((len(cuts), longest), ids[PAD], dtype=np.int64)
    for row, one in enumerate(cuts):
        prefixes[row, : len(one.prefix)] = [ids[word] for word in one.prefix]
    words = np.array([ids[one.word] for one in cuts], dtype=np.int64)
    sizes = np.full(len(cuts), len(vocabulary), dtype=np.int64)
    return Split({**features, "prefixes": prefixes}, {"words": words, "vocabulary": sizes})


def _write_table(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
