"""Twenty examples drawn at random with their labels, and some of what is alike, for a person to see."""

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, Pictures, Sheet, SheetRow, say
from graders.own.alike import Alike, Pair
from graders.own.drawing import curve, outlined, shown, together
from graders.own.examples import Examples
from graders.pictures import picture

SHOWN = 20
"""Examples."""
PAIRS = 8
"""Pairs of what is alike."""
MOST_CHARACTERS = 400
"""Of a text in a row."""
MOST_VALUES = 12
"""Columns of a row."""


def random_examples(examples: Examples, seed: int) -> Pictures | Sheet:
    """Up to `SHOWN` examples with their labels, drawn by a seed that only the host knows.

    Args:
        examples: as the host read them.
        seed: from 0 to 2**32 - 1.
    """
    random = np.random.RandomState(seed)
    rows = np.sort(random.permutation(len(examples))[:SHOWN]).tolist()
    planes = [_plane(examples, row) for row in rows]
    title = say("own.sheet")
    if not _drawn(examples):
        lines = (SheetRow(text=_line(examples, row), label=_label(examples, row)) for row in rows)
        return Sheet(items=tuple(lines), title=title)
    drawn = (picture(plane, _label(examples, row)) for plane, row in zip(planes, rows, strict=True))
    return Pictures(items=tuple(drawn), title=title)


def pairs_alike(examples: Examples, alike: Alike) -> Pictures | Sheet | None:
    """Up to `PAIRS` pairs of examples that are nearly the same, spread over all; None where there is none."""
    count = len(alike.pairs)
    if not count:
        return None
    chosen = np.unique(np.linspace(0, count - 1, min(PAIRS, count)).astype(np.int64))
    pairs = [alike.pairs[place] for place in chosen.tolist()]
    title = say("own.pairs")
    if _drawn(examples):
        drawn = (
            picture(together([_plane(examples, pair.first), _plane(examples, pair.second)]), _how(pair))
            for pair in pairs
        )
        return Pictures(items=tuple(drawn), title=title)
    lines = (
        SheetRow(text=_line(examples, row), label=_how(pair))
        for pair in pairs
        for row in (pair.first, pair.second)
    )
    return Sheet(items=tuple(lines), title=title)


def _drawn(examples: Examples) -> bool:
    """Whether examples are shown as pictures: those that are, and series."""
    inputs = examples.inputs
    return not isinstance(inputs, tuple) and (inputs.ndim == 4 or examples.kind == "forecasting")


def _plane(examples: Examples, row: int) -> NDArray[np.uint8]:
    inputs, targets = examples.inputs, examples.targets
    if isinstance(inputs, tuple) or not _drawn(examples):
        return np.zeros((1, 1), np.uint8)
    if inputs.ndim == 2:
        future = np.zeros(0) if targets is None else targets[row]
        return curve(inputs[row].astype(np.float64), np.asarray(future, np.float64))
    plane = shown(inputs[row])
    if examples.kind != "segmentation" or targets is None:
        return plane
    return together([plane, outlined(inputs[row], targets[row])])


def _line(examples: Examples, row: int) -> str:
    inputs = examples.inputs
    if isinstance(inputs, tuple):
        text = " ".join(inputs[row][: 4 * MOST_CHARACTERS].split())
        text = text.encode("utf-8", "replace").decode()
        return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
    values = ", ".join(f"{value:.4g}" for value in inputs[row].ravel()[:MOST_VALUES].tolist())
    return values + (", …" if inputs[row].size > MOST_VALUES else "")


def _label(examples: Examples, row: int) -> Message:
    targets = examples.targets
    if examples.kind == "classification" and targets is not None:
        label = int(targets[row])
        name = examples.classes[label] if 0 <= label < len(examples.classes) else str(label)
        return say("own.sheet.class", row=row, name=name[:60].encode("utf-8", "replace").decode())
    if examples.kind == "regression" and targets is not None:
        return say("own.sheet.value", row=row, value=f"{float(targets[row]):.5g}")
    return say("own.sheet.mask" if examples.kind == "segmentation" else "own.sheet.plain", row=row)


def _how(pair: Pair) -> Message:
    return say(f"own.pair.{pair.how}", first=pair.first, second=pair.second)
