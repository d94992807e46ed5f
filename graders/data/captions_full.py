"""The `full` profile of `captions` and `whole_captions`: photographs with captions that people wrote."""

import hashlib
import hmac
import importlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageOps

from graders.data import captions, flickr
from graders.data.captions import UNKNOWN, Cut, Shown, Words
from graders.data.encoders import ENCODERS, Features
from graders.data.fingerprints import of_modules
from graders.data.flickr import Described, Parts
from graders.data.publishing import publish
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Split
from graders.errors import DataMissingError, Problem

LONGEST = 20
"""Words of the longest prefix, `<start>` among them."""
SIDE = 128
"""Width and height to which pictures are cut and made smaller for students: the features are of the whole
ones."""
FOR_WHOLE = 0.3
"""Share of the hidden pictures that whole captions are asked for, none of those with prefixes."""
MOST_WHOLE = 300
PUBLIC_SEED = b"captions/full/1"
WHOLE = "whole_captions"
MODULES = ("captions_full.py", "captions.py", "encoders.py", "flickr.py", "torchvision_encoders.py")


@dataclass(frozen=True, slots=True)
class FlickrCaptions:
    """Photographs with the beginning of a caption, whose next word is asked for; see `Source`.

    Inputs, targets and students' files are those of `captions_mini.DrawnCaptions`, but for `truth`, which
    nobody knows: features are those of torchvision's networks, prefixes have up to 20 words, pictures are
    128×128, and words that are seen rarely are `<unk>`. One prefix of one caption is asked for of each
    hidden picture; which one is drawn from the secret. The captions are public, and who knows them by heart
    is not found out by a variant.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: pictures from `GRADE_MIRROR`, weights of the encoders there or from the hub."""
        _encoded(flickr.read(), cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        parts = flickr.read()
        features = _encoded(parts, cache, progress=False)
        train, validation = parts.train, parts.validation
        hidden, words = len(parts.hidden.names), flickr.vocabulary(parts.train)
        known = frozenset(words)
        shown = Shown(
            train=train.names,
            validation=validation.names,
            pictures=(_small(part.folder / name) for part in (train, validation) for name in part.names),
            captions=[
                [_known(one, known) for one in several] for several in train.captions + validation.captions
            ],
            features={name: array[hidden:] for name, array in features.items()},
            vocabulary=words,
            cuts=cut(random_stream(PUBLIC_SEED), validation, words),
        )
        captions.write(shown, folder)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        words = captions.read_lines(folder / "vocabulary.txt")
        return captions.asked(
            captions.read_features(folder, ENCODERS), captions.read_cuts(folder), words, LONGEST
        )

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        parts = flickr.read()
        pictures, rows = _hidden_pictures(parts, secret, whole=False)
        random = random_stream(hmac.digest(secret, b"captions/full/hidden", "sha256"))
        words = flickr.vocabulary(parts.train)
        features = {name: array[rows] for name, array in _encoded(parts, cache, progress=False).items()}
        found = captions.asked(features, cut(random, pictures, words), words, LONGEST)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return _fingerprint()


@dataclass(frozen=True, slots=True)
class FlickrWholeCaptions:
    """Photographs with whole captions to compare with; see `captions_mini.DrawnWholeCaptions`."""

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: as for `FlickrCaptions`."""
        _encoded(flickr.read(), cache, progress)

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`: the validation pictures that are to be described, with their captions."""
        parts = flickr.read()
        shown, first = _first(parts.validation, MOST_WHOLE), len(parts.hidden.names) + len(parts.train.names)
        place = folder / WHOLE
        place.mkdir()
        (place / "names.txt").write_text("\n".join(shown.names) + "\n", encoding="ascii")
        np.save(place / "references.npy", _references(shown))
        np.save(place / "images.npy", np.stack([_small(shown.folder / name) for name in shown.names]))
        for name, array in _encoded(parts, cache, progress=False).items():
            np.save(place / f"features.{name}.npy", array[first : first + len(shown.names)])

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        names = (*(f"features.{encoder}" for encoder in ENCODERS), "images", "references")
        found = {
            name.removeprefix("features."): np.load(folder / WHOLE / f"{name}.npy", allow_pickle=False)
            for name in names
        }
        references = found.pop("references")
        return Split(found, {"references": references})

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        parts = flickr.read()
        pictures, rows = _hidden_pictures(parts, secret, whole=True)
        features = {name: array[rows] for name, array in _encoded(parts, cache, progress=False).items()}
        return Hidden(features, {"references": _references(pictures)}, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return _fingerprint()


def cut(random: np.random.RandomState, pictures: Described, vocabulary: Words) -> list[Cut]:
    """One caption of each picture, cut at a random place."""
    known = frozenset(vocabulary)
    return [_cut(random, [_known(words, known) for words in several]) for several in pictures.captions]


def _cut(random: np.random.RandomState, several: list[Words]) -> Cut:
    while True:
        found = captions.cut_one(random, several[random.randint(len(several))], LONGEST)
        if found is not None:
            return found


def _known(words: Words, known: frozenset[str]) -> Words:
    return tuple(word if word in known else UNKNOWN for word in words)


def _hidden_pictures(parts: Parts, secret: bytes, *, whole: bool) -> tuple[Described, NDArray[np.int64]]:
    """Hidden pictures for whole captions, or all others for prefixes, and their rows among the features."""
    count = len(parts.hidden.names)
    random = random_stream(hmac.digest(secret, b"captions/full/pictures", "sha256"))
    order, apart = random.permutation(count), min(MOST_WHOLE, int(FOR_WHOLE * count))
    rows = order[:apart] if whole else order[apart:]
    names, said = parts.hidden.names, parts.hidden.captions
    chosen = Described(
        parts.hidden.folder, tuple(names[row] for row in rows), tuple(said[row] for row in rows)
    )
    return chosen, rows


def _first(pictures: Described, count: int) -> Described:
    return Described(pictures.folder, pictures.names[:count], pictures.captions[:count])


def _references(pictures: Described) -> NDArray[np.str_]:
    """Captions of each picture, shape (N, R), its last one again where it has fewer than another."""
    most = max(map(len, pictures.captions))
    rows = [[*several, *[several[-1]] * (most - len(several))] for several in pictures.captions]
    return np.array([[" ".join(words) for words in row] for row in rows])


def _small(path: Path) -> Bytes:
    """The middle of a picture as a small square, (SIDE, SIDE, 3)."""
    return np.asarray(ImageOps.fit(flickr.opened(path), (SIDE, SIDE)))


def _encoded(parts: Parts, cache: Path, progress: bool) -> dict[str, Features]:
    """Features of all pictures, hidden ones first, then those to train on; made once and kept.

    Raises:
        DataMissingError: torchvision, weights or a picture is missing or not what it should be.
    """
    splits = (parts.hidden, parts.train, parts.validation)
    pictures = [part.folder / name for part in splits for name in part.names]
    folder = cache / "captions" / f"features-{_fingerprint()[:16]}"

    def write(draft: Path) -> None:
        for encoder in ENCODERS:
            try:
                network = importlib.import_module("graders.data.torchvision_encoders")
                found = network.encode(encoder, pictures, _weights(encoder), progress)
            except (ImportError, OSError, ValueError, RuntimeError) as error:
                raise _no_features(encoder, error) from error
            np.save(draft / f"{encoder}.npy", found)

    if not folder.is_dir():
        publish(write, folder)
    return {encoder: np.load(folder / f"{encoder}.npy", mmap_mode="r") for encoder in ENCODERS}


def _weights(encoder: str) -> Path | None:
    """The instructor's own file of weights, such as `resnet50-11ad3fa6.pth`."""
    return next(iter(sorted(flickr.root().glob(f"{encoder}-*.pth"))), None)


def _no_features(encoder: str, error: Exception) -> DataMissingError:
    message = (
        f"no features of {encoder}: {str(error)[:300]}. They need torchvision (pip install "
        f"'graders[notebooks]'), pictures that can be read, and weights: from torchvision's hub, or "
        f"{encoder}-….pth in this folder under the name that the hub gives it"
    )
    return DataMissingError([Problem(flickr.root(), "", message)])


def _fingerprint() -> str:
    weights = [path.name for path in map(_weights, ENCODERS) if path is not None]
    parts = of_modules(*MODULES), flickr.fingerprint(), *weights
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
