"""Clothes to encode and to decode again."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data import folders
from graders.data.clothes import Pictures
from graders.data.generation import ASKED
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Split

COUNT = 2_000
"""Pictures of each split, or all that there are."""
LONGEST = 32
"""Numbers of noise for each picture, and so the longest code."""


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """A profile of `reconstruction`; see `Source`.

    Inputs are `images`, float32 in [0, 1] of shape (N, 1, 28, 28), and `noise`, float32 of shape (N, 32),
    standard normal, from which codes are drawn, so that a notebook cannot choose it. Targets are the same
    `images`. Students find what those of `clothes` find.
    """

    pictures: Pictures

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`."""
        self.pictures.fetch(cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        folders.write(self.pictures.public(cache), folder)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        images = folders.read(folder, folders.STEMS["validation"]).images
        return _split(images[:COUNT], random_stream(b"reconstruction/validation"))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: none of the real pictures of `generation`; no variant."""
        images = self.pictures.hidden(cache, secret).images
        random = random_stream(hmac.digest(secret, b"reconstruction/noise", "sha256"))
        found = _split(images[ASKED : ASKED + COUNT], random)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the pictures, this module, and how many of them `generation` takes."""
        text = Path(__file__).read_text(encoding="utf-8")
        return hashlib.sha256(f"{self.pictures.fingerprint()}\n{ASKED}\n{text}".encode()).hexdigest()


def _split(pictures: Bytes, random: np.random.RandomState) -> Split:
    images = pictures[:, None].astype(np.float32) / np.float32(255)
    noise = random.normal(size=(len(images), LONGEST)).astype(np.float32)
    return Split({"images": images, "noise": noise}, {"images": images})
