"""The `mini` profile of `captions` and `whole_captions`: drawn scenes, described by a grammar."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data import captions
from graders.data.caption_grammar import next_words, sample, vocabulary
from graders.data.captions import Cut, Shown, Words
from graders.data.encoders import ENCODERS, Features
from graders.data.scenes import Scene, draw_scenes, render
from graders.data.seeds import random_stream
from graders.data.types import Bytes, Hidden, Split

TRAIN, VALIDATION, HIDDEN, HIDDEN_WHOLE = 2_000, 300, 1_200, 300
"""Pictures: to learn from, to check on, hidden with a prefix each, hidden with whole captions."""
CAPTIONS = 3
"""Captions of each picture."""
LONGEST = 16
"""Words of the longest prefix, `<start>` among them: the longest caption of the grammar has 15."""
PUBLIC_SEED = b"captions/mini/1"
MODULES = (
    "captions_mini.py",
    "captions.py",
    "caption_grammar.py",
    "encoders.py",
    "raster.py",
    "scenes.py",
    "seeds.py",
)


@dataclass(frozen=True, slots=True)
class Described:
    """Pictures with their captions."""

    scenes: list[Scene]
    captions: list[list[Words]]
    """`CAPTIONS` of each scene, word by word."""
    pictures: Bytes
    """Shape (N, 64, 64, 3)."""


@dataclass(frozen=True, slots=True)
class DrawnCaptions:
    """Pictures with the beginning of a caption, whose next word is asked for; see `Source`.

    Inputs are the features of each encoder, float32 (N, D), as `googlenet` and `resnet50`, and `prefixes`,
    int64 (N, 16): ids of words, `<start>` first, padded with `<pad>` on the right. Targets are `words` and
    `vocabulary` as `captions.asked` says, and `truth`, float64 (N, V), the probability of each under the
    grammar.

    Of every picture one caption is drawn and one place in it, so that no prefix says how another goes on.
    Students find `Images/`, `captions.txt` in the layout of Flickr8k, `train.txt` and `validation.txt` with
    the names of pictures, `features.<encoder>.npy` with a row for each picture of both in that order,
    `vocabulary.txt` and `validation_prefixes.csv`.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`."""
        train, validation = describe(_public("train"), TRAIN), describe(_public("validation"), VALIDATION)
        pictures = np.concatenate([train.pictures, validation.pictures])
        names = [f"{number:04d}.png" for number in range(len(pictures))]
        shown = Shown(
            train=names[:TRAIN],
            validation=names[TRAIN:],
            pictures=pictures,
            captions=train.captions + validation.captions,
            features=_encoded(pictures),
            vocabulary=vocabulary(),
            cuts=cut(_public("prefixes"), validation.scenes),
        )
        captions.write(shown, folder)

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        scenes = draw_scenes(_public("validation"), VALIDATION)
        return _split(captions.read_features(folder, ENCODERS), scenes, captions.read_cuts(folder))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: drawn from the secret, so that there is nothing to memorise and no variant."""
        random = random_stream(hmac.digest(secret, b"captions/mini/hidden", "sha256"))
        scenes = draw_scenes(random, HIDDEN)
        cuts = cut(random, scenes)
        found = _split(_encoded(render(random, scenes)), scenes, cuts)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the text of the modules that draw."""
        return _fingerprint()


@dataclass(frozen=True, slots=True)
class DrawnWholeCaptions:
    """Pictures with whole captions to compare with; see `Source`.

    Inputs are the features of each encoder as for `DrawnCaptions`; the validation split has `images` too,
    uint8 (N, 64, 64, 3). Targets are `references`, text (N, 3). The hidden pictures are others than those of
    `DrawnCaptions`, whose prefixes would give beginnings of the references away. Students find no files
    besides those of `DrawnCaptions`, which hold the validation pictures and their captions.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`: there is nothing more to write."""

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        drawn = describe(_public("validation"), VALIDATION)
        found = _whole(drawn)
        return Split({**found.inputs, "images": drawn.pictures}, found.targets)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`: as for `DrawnCaptions`."""
        random = random_stream(hmac.digest(secret, b"whole_captions/mini/hidden", "sha256"))
        found = _whole(describe(random, HIDDEN_WHOLE))
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return _fingerprint()


def describe(random: np.random.RandomState, count: int) -> Described:
    """Scenes, drawn first, then captions of each and its picture."""
    scenes = draw_scenes(random, count)
    said = [[sample(random, scene) for _ in range(CAPTIONS)] for scene in scenes]
    return Described(scenes, said, render(random, scenes))


def cut(random: np.random.RandomState, scenes: Sequence[Scene]) -> list[Cut]:
    """One caption of each scene, cut at a random place: what follows is as likely as the grammar says.

    Whether a caption has a place depends on the prefix alone; see `captions.cut_one`.
    """
    return [_cut(random, scene) for scene in scenes]


def _cut(random: np.random.RandomState, scene: Scene) -> Cut:
    while True:
        found = captions.cut_one(random, sample(random, scene), LONGEST)
        if found is not None:
            return found


def _split(features: Mapping[str, Features], scenes: Sequence[Scene], cuts: Sequence[Cut]) -> Split:
    words = vocabulary()
    split = captions.asked(features, cuts, words, LONGEST)
    truth = np.zeros((len(cuts), len(words)))
    for row, (scene, one) in enumerate(zip(scenes, cuts, strict=True)):
        for word, share in next_words(scene, one.prefix[1:]).items():
            truth[row, words.index(word)] = share
    return Split(split.inputs, {**split.targets, "truth": truth})


def _whole(drawn: Described) -> Split:
    references = [[" ".join(words) for words in several] for several in drawn.captions]
    return Split(_encoded(drawn.pictures), {"references": np.array(references)})


def _encoded(pictures: Bytes) -> dict[str, Features]:
    return {name: encode(pictures) for name, encode in ENCODERS.items()}


def _public(part: str) -> np.random.RandomState:
    return random_stream(PUBLIC_SEED + b"/" + part.encode())


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in MODULES:
        digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
    return digest.hexdigest()
