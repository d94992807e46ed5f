"""A folder in the layout of Flickr8k that the instructor brings: pictures with captions in English.

Hodosh, Young & Hockenmaier 2013, "Framing image description as a ranking task". Its pictures may not be
redistributed, so that nothing of it is known here, neither hashes nor an official split.
"""

import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from graders.data.captions import MARKS, Words
from graders.data.mirrored import mirror_folder
from graders.errors import DataMissingError, Problem

FOLDER = "flickr8k"
"""Below `GRADE_MIRROR`."""
EIGHTH = 8
"""One picture of so many is hidden, and another one for validation."""
FEWEST = 80
"""Pictures; from fewer nothing can be said."""
SEEN_OFTEN = 5
"""How often a word must stand in captions of the training split to be of the vocabulary."""
_NAME = re.compile(r"[\w-][\w.-]{0,99}\.(jpe?g|png)", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Described:
    """Pictures by their names, with captions."""

    folder: Path
    """With the pictures."""
    names: tuple[str, ...]
    captions: tuple[tuple[Words, ...], ...]
    """Of each picture, word by word, in lower case."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The three splits."""

    train: Described
    validation: Described
    hidden: Described


def root() -> Path:
    """Where the folder must lie."""
    return mirror_folder() / FOLDER


def read() -> Parts:
    """The splits: pictures in the order of the SHA-256 of their names, so that none of them is picked.

    Raises:
        DataMissingError: the folder is not there, or not in this layout.
    """
    table = root() / "captions.txt"
    try:
        lines = table.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(
            f"{table} cannot be read ({error}); set GRADE_MIRROR to a folder with {FOLDER}/Images/ and "
            f"{FOLDER}/captions.txt, a table `image,caption` as Flickr8k has it"
        ) from error
    found: dict[str, list[Words]] = {}
    for line in lines[1:]:
        name, _, text = line.partition(",")
        words = tuple(_WORD.findall(text.lower()))
        if words:
            found.setdefault(name.strip(), []).append(words)
    if lines[:1] != ["image,caption"] or len(found) < FEWEST:
        first = lines[0][:60] if lines else ""
        raise _bad(
            f"{table}: captions of {len(found)} pictures under {first!r}; expected at least {FEWEST} "
            "under 'image,caption'"
        )
    images = root() / "Images"
    odd = [name for name in found if not _NAME.fullmatch(name)]
    if odd:
        raise _bad(
            f"{table} names {odd[0]!r} and {len(odd) - 1} more; expected names of letters, digits, dots and "
            "dashes that end in .jpg or .png"
        )
    try:
        there = {entry.name for entry in os.scandir(images)}
    except OSError as error:
        raise _bad(f"{images} cannot be read ({error}); it should hold the pictures of {table}") from error
    missing = [name for name in found if name not in there]
    if missing:
        raise _bad(f"{table} names {missing[0]!r} and {len(missing) - 1} more that are not in {images}")
    order = sorted(found, key=lambda name: hashlib.sha256(name.encode()).digest())
    part = len(order) // EIGHTH
    hidden, validation, train = (
        Described(images, tuple(names), tuple(tuple(found[name]) for name in names))
        for names in (order[:part], order[part : 2 * part], order[2 * part :])
    )
    return Parts(train, validation, hidden)


def vocabulary(train: Described) -> Words:
    """The four marks, then words that are seen often enough, the most frequent first."""
    counts = Counter(word for several in train.captions for words in several for word in words)
    often = [(-count, word) for word, count in counts.items() if count >= SEEN_OFTEN]
    return (*MARKS, *(word for _, word in sorted(often)))


def opened(path: Path) -> Image.Image:
    """A picture in red, green and blue.

    Raises:
        DataMissingError: it is none, or too large.
    """
    try:
        with Image.open(path) as image:
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _bad(f"{path} cannot be read as a picture ({error}); put another one in its place") from error


def fingerprint() -> str:
    """SHA-256 in hexadecimal of captions, and names and sizes of pictures; of what is there of them."""
    digest = hashlib.sha256()
    try:
        digest.update((root() / "captions.txt").read_bytes())
        sizes = sorted((entry.name, entry.stat().st_size) for entry in os.scandir(root() / "Images"))
    except (OSError, DataMissingError):
        return digest.hexdigest()
    digest.update(repr(sizes).encode())
    return digest.hexdigest()


def _bad(message: str) -> DataMissingError:
    return DataMissingError([Problem(root(), "", message)])
