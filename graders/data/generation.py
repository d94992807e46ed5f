"""Clothes to draw anew: real pictures that those of a notebook are compared with."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data import features, folders
from graders.data.clothes import Pictures
from graders.data.types import Bytes, Hidden, Split

ASKED = 1_500
"""Pictures that are asked for, and as many real ones: a Fréchet distance depends on both numbers."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A profile of `generation`; see `Source`.

    Inputs are `places`, int64 of shape (N,): nothing but the number of pictures that are asked for, so that
    no notebook that draws is given a hidden picture. Targets are `images`, uint8 (N, 28, 28), real pictures
    that it was not given; their `features`, float32 (N, 64); and `known`, uint8 (K, 28, 28), all that it was
    given and may have memorised. Students find what those of `clothes` find.
    """

    pictures: Pictures

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`."""
        self.pictures.fetch(cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        folders.write(self.pictures.public(cache), folder)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`: here only the pictures to train on are known."""
        train, shown = (folders.read(folder, folders.STEMS[name]).images for name in ("train", "validation"))
        return _split(shown, train)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: known are all public pictures, those for validation too; no variant."""
        public = self.pictures.public(cache)
        known = np.concatenate([public.train.images, public.validation.images])
        found = _split(self.pictures.hidden(cache, secret).images, known)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the pictures, the classifier's weights, and this module."""
        text = Path(__file__).read_text(encoding="utf-8")
        whole = f"{self.pictures.fingerprint()}\n{features.fingerprint()}\n{text}"
        return hashlib.sha256(whole.encode()).hexdigest()


def _split(real: Bytes, known: Bytes) -> Split:
    images = real[:ASKED]
    vectors, _ = features.features(images)
    return Split({"places": np.arange(len(images))}, {"images": images, "features": vectors, "known": known})
