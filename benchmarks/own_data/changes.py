"""Changes of an example as somebody would make to hide a copy: of pictures, rows, windows and texts."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import rotate, shift

from graders.own.examples import Examples, Rows

Floats = NDArray[np.float32]
Random = np.random.RandomState


def cropped(share: float) -> Callable[[Floats, Random], Floats]:
    """Cuts off `share` of both sides, at random edges, and enlarges what is left."""

    def change(picture: Floats, random: Random) -> Floats:
        height, width = picture.shape
        rows, columns = (round(side * (1 - share)) for side in (height, width))
        top, left = random.randint(height - rows + 1), random.randint(width - columns + 1)
        kept = Image.fromarray(_bytes(picture[top : top + rows, left : left + columns]))
        return _numbers(kept.resize((width, height), Image.Resampling.BILINEAR))

    return change


def mirrored(picture: Floats, random: Random) -> Floats:
    """Turns left and right round."""
    return picture[:, ::-1]


def lit(picture: Floats, random: Random) -> Floats:
    """Less contrast and another brightness."""
    return picture * np.float32(random.uniform(0.6, 0.9)) + np.float32(random.uniform(0, 0.1))


def noisy(picture: Floats, random: Random) -> Floats:
    """Normal noise of 5 % of the range."""
    return (picture + 0.05 * random.randn(*picture.shape)).clip(0, 1).astype(np.float32)


def jpeg(picture: Floats, random: Random) -> Floats:
    """Saved as JPEG of quality 40."""
    file = io.BytesIO()
    Image.fromarray(_bytes(picture)).save(file, "JPEG", quality=40)
    return _numbers(Image.open(file))


def shifted(picture: Floats, random: Random) -> Floats:
    """Moved by up to 8 % of a side; edges are continued."""
    far = random.uniform(-0.08, 0.08, 2) * picture.shape
    moved: Floats = shift(picture, far, order=1, mode="nearest")
    return moved


def turned(picture: Floats, random: Random) -> Floats:
    """Rotated by 3 degrees one way or the other."""
    made: Floats = rotate(picture, 3 * random.choice([-1, 1]), reshape=False, order=1, mode="nearest")
    return made


def mixed(picture: Floats, random: Random) -> Floats:
    """A crop of 8 %, mirrored, with noise."""
    return noisy(mirrored(cropped(0.08)(picture, random), random), random)


def pictures(change: Callable[[Floats, Random], Floats]) -> "Change":
    """A change of grey pictures as one of a whole set, each of its channels in the same way."""

    def changed(examples: Examples, random: Random) -> Examples:
        seeds = random.randint(2**31, size=len(examples))
        made = [
            [change(channel, Random(seed)) for channel in picture]
            for picture, seed in zip(np.asarray(examples.inputs), seeds, strict=True)
        ]
        return replace(examples, inputs=np.array(made, np.float32))

    return changed


def rows(size: float) -> "Change":
    """Normal noise of `size`, by each column's spread."""

    def changed(examples: Examples, random: Random) -> Examples:
        table = np.asarray(examples.inputs)
        noise = size * random.standard_normal(table.shape) * table.std(axis=0)
        return replace(examples, inputs=(table + noise).astype(np.float32))

    return changed


def windows(change: Callable[[Floats, Random], Floats]) -> "Change":
    """A change of histories together with their futures."""

    def changed(examples: Examples, random: Random) -> Examples:
        past = np.asarray(examples.inputs)
        whole = np.concatenate([past, np.asarray(examples.targets)], axis=1)
        made = change(whole, random).astype(np.float32)
        return replace(examples, inputs=made[:, : past.shape[1]], targets=made[:, past.shape[1] :])

    return changed


def moved(whole: Floats, random: Random) -> Floats:
    """Three steps later."""
    steps = np.abs(np.diff(whole, axis=1)).mean()
    more = whole[:, -1:] + np.cumsum(steps * random.standard_normal((len(whole), 3)), axis=1)
    return np.concatenate([whole[:, 3:], more], axis=1)


def texts(change: Callable[[list[str], Random], list[str]]) -> "Change":
    """A change of the words of a text."""

    def changed(examples: Examples, random: Random) -> Examples:
        made = tuple(" ".join(change(str(text).split(), random)) for text in examples.inputs)
        return replace(examples, inputs=made)

    return changed


def two_words(words: list[str], random: Random) -> list[str]:
    """Two words are replaced."""
    for place in random.permutation(len(words))[:2]:
        words[place] = f"word{random.randint(1000)}"
    return words


Change = Callable[[Examples, Random], Examples]
PICTURE_CHANGES: Mapping[str, Change] = {
    "crop 2 %": pictures(cropped(0.02)),
    "crop 5 %": pictures(cropped(0.05)),
    "crop 10 %": pictures(cropped(0.10)),
    "mirror": pictures(mirrored),
    "light": pictures(lit),
    "noise": pictures(noisy),
    "JPEG": pictures(jpeg),
    "shift 8 %": pictures(shifted),
    "turn 3°": pictures(turned),
    "crop, mirror, noise": pictures(mixed),
}
ROW_CHANGES: Mapping[str, Change] = {
    "equal": rows(0),
    "millionth": rows(1e-6),
    "thousandth": rows(1e-3),
    "hundredth": rows(1e-2),
}
WINDOW_CHANGES: Mapping[str, Change] = {
    "equal": windows(lambda whole, random: whole),
    "scaled": windows(lambda whole, random: 1.5 * whole + 2),
    "three steps later": windows(moved),
}
TEXT_CHANGES: Mapping[str, Change] = {
    "capitals": texts(lambda words, random: [word.upper() for word in words]),
    "two words": texts(two_words),
    "last fifth cut off": texts(lambda words, random: words[: max(1, len(words) * 4 // 5)]),
}
MANY: Mapping[str, tuple[str, ...]] = {
    "pictures": ("crop 5 %", "noise"),
    "tables": ("millionth", "hundredth"),
    "series": ("three steps later",),
    "texts": ("two words",),
}
"""Changes that are made of a few examples again and again."""


def with_copies(
    examples: Examples, change: Change, every: int = 1, *, alone: bool = False
) -> tuple[Examples, Rows]:
    """A set and changed copies of every so many of its examples, or the copies `alone`; and of which."""
    random = Random(1)
    chosen = np.sort(random.permutation(len(examples))[: -(-len(examples) // every)])
    changed = change(examples.take(chosen), random)
    if alone:
        return replace(changed, groups=np.arange(len(changed))), chosen
    count = len(examples)
    both = examples.take(np.concatenate([np.arange(count), chosen]))
    new = np.concatenate([examples.groups, examples.groups.max() + 1 + np.arange(len(chosen))])
    inputs = (
        (*examples.inputs, *changed.inputs)
        if isinstance(examples.inputs, tuple)
        else np.concatenate([examples.inputs, np.asarray(changed.inputs)])
    )
    targets = (
        None if examples.targets is None else np.concatenate([examples.targets, np.asarray(changed.targets)])
    )
    return replace(both, inputs=inputs, targets=targets, groups=new), chosen


def _bytes(picture: Floats) -> NDArray[np.uint8]:
    return np.round(picture.clip(0, 1) * 255).astype(np.uint8)


def _numbers(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / np.float32(255)
