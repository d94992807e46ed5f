"""The `mini` profile of `captions` and `whole_captions`: drawn scenes, described by a grammar."""

import csv
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from graders.data.caption_grammar import PAD, START, next_words, sample, vocabulary, whole
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
MODULES = ("captions_mini.py", "caption_grammar.py", "encoders.py", "raster.py", "scenes.py", "seeds.py")
PREFIXES = ("image", "prefix", "next")


@dataclass(frozen=True, slots=True)
class Cut:
    """A caption up to one place, and the word that stands there."""

    prefix: tuple[str, ...]
    """Words, `<start>` first."""
    word: str
    """What comes next; `<end>` where the caption is whole."""


@dataclass(frozen=True, slots=True)
class Described:
    """Pictures with their captions."""

    scenes: list[Scene]
    captions: list[list[tuple[str, ...]]]
    """`CAPTIONS` of each scene, word by word."""
    pictures: Bytes
    """Shape (N, 64, 64, 3)."""


@dataclass(frozen=True, slots=True)
class DrawnCaptions:
    """Pictures with the beginning of a caption, whose next word is asked for; see `Source`.

    Inputs are the features of each encoder, float32 (N, D), as `googlenet` and `resnet50`, and `prefixes`,
    int64 (N, 16): ids of words, `<start>` first, padded with `<pad>` on the right. Targets are `words`, int64
    (N,), the id of the next word, and `truth`, float64 (N, V), the probability of each under the grammar.

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
        (folder / "Images").mkdir()
        for name, picture in zip(names, pictures, strict=True):
            Image.fromarray(picture).save(folder / "Images" / name, compress_level=1)
        for name, features in _encoded(pictures).items():
            np.save(folder / f"features.{name}.npy", features)
        captions = zip(names, train.captions + validation.captions, strict=True)
        lines = [(name, " ".join(words)) for name, several in captions for words in several]
        _write_table(folder / "captions.txt", [("image", "caption"), *lines])
        for split, words in (
            ("train", names[:TRAIN]),
            ("validation", names[TRAIN:]),
            ("vocabulary", vocabulary()),
        ):
            (folder / f"{split}.txt").write_text("\n".join(words) + "\n", encoding="ascii")
        cuts = zip(names[TRAIN:], cut(_public("prefixes"), validation.scenes), strict=True)
        rows = [(name, " ".join(one.prefix), one.word) for name, one in cuts]
        _write_table(folder / "validation_prefixes.csv", [PREFIXES, *rows])

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        with (folder / "validation_prefixes.csv").open(encoding="ascii", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
        if tuple(header) != PREFIXES or len(rows) != VALIDATION or any(len(row) != 3 for row in rows):
            raise ValueError(f"validation_prefixes.csv: {len(rows)} rows under {header[:5]}")
        features = {name: np.load(folder / f"features.{name}.npy")[TRAIN:] for name in ENCODERS}
        scenes = draw_scenes(_public("validation"), VALIDATION)
        return _split(features, scenes, [Cut(tuple(prefix.split()), word) for _, prefix, word in rows])

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
    captions = [[sample(random, scene) for _ in range(CAPTIONS)] for scene in scenes]
    return Described(scenes, captions, render(random, scenes))


def cut(random: np.random.RandomState, scenes: Sequence[Scene]) -> list[Cut]:
    """One caption of each scene, cut at a random place.

    A place anywhere within the caption would say how long it is: a prefix of three words would be seen more
    often where the caption ends soon, and `<end>` would follow it more often than the grammar says. So
    caption and place are drawn apart, and both again where the caption has no such place. Whether it has one
    depends on the prefix alone, and what follows is as likely as the grammar says.
    """
    return [_cut(random, scene) for scene in scenes]


def _cut(random: np.random.RandomState, scene: Scene) -> Cut:
    while True:
        words, place = sample(random, scene), random.randint(LONGEST)
        if place <= len(words):
            return Cut((START, *words[:place]), whole(words)[place])


def _split(features: Mapping[str, Features], scenes: Sequence[Scene], cuts: Sequence[Cut]) -> Split:
    ids = {word: number for number, word in enumerate(vocabulary())}
    prefixes = np.full((len(cuts), LONGEST), ids[PAD], dtype=np.int64)
    truth = np.zeros((len(cuts), len(ids)))
    for row, (scene, one) in enumerate(zip(scenes, cuts, strict=True)):
        prefixes[row, : len(one.prefix)] = [ids[word] for word in one.prefix]
        for word, share in next_words(scene, one.prefix[1:]).items():
            truth[row, ids[word]] = share
    words = np.array([ids[one.word] for one in cuts], dtype=np.int64)
    return Split({**features, "prefixes": prefixes}, {"words": words, "truth": truth})


def _whole(drawn: Described) -> Split:
    references = [[" ".join(words) for words in several] for several in drawn.captions]
    return Split(_encoded(drawn.pictures), {"references": np.array(references)})


def _encoded(pictures: Bytes) -> dict[str, Features]:
    return {name: encode(pictures) for name, encode in ENCODERS.items()}


def _public(part: str) -> np.random.RandomState:
    return random_stream(PUBLIC_SEED + b"/" + part.encode())


def _write_table(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in MODULES:
        digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
    return digest.hexdigest()
