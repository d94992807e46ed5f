"""The way between a student's form of data and the host's: what a model is given, and what it answers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, say
from graders.own.examples import Examples, Rows
from graders.own.intake import label_name
from graders.own.kind import Asked
from graders.own.loaded import Loaded, packed

MOST_NAMED = 5
"""Classes that a message names."""
LONGEST_NAME = 40

Handed = dict[str, NDArray[Any]]


def for_student(loaded: Loaded, rows: Rows, asked: Asked) -> Handed:
    """What the student's `predict` is given, in the student's own form; empty where it is a number."""
    if isinstance(asked.inputs, int):
        return {}
    if isinstance(asked.inputs, tuple):
        return packed("X", asked.inputs)
    if loaded.kind == "reconstruction" and loaded.layout is not None:
        return packed("X", loaded.layout.write(asked.inputs))
    return packed("X", loaded.inputs, rows)


def for_reference(examples: Examples, rows: Rows) -> Handed:
    """What the reference's `train` is given."""
    part = examples.take(rows)
    return {
        **packed("X", part.inputs),
        **(packed("y", part.targets) if part.targets is not None else {}),
    }


def answered(loaded: Loaded, predictions: NDArray[Any]) -> NDArray[Any] | Message:
    """A student's predictions as the host works with them: class ids for labels, pictures in its layout."""
    if loaded.kind == "classification" and predictions.ndim == 2 and predictions.shape[1] == 1:
        predictions = predictions[:, 0]
    if loaded.kind == "classification" and predictions.ndim == 1:
        return _ids(loaded, predictions)
    if predictions.dtype.kind not in "biuf":
        return say("own.words", found=str(predictions.dtype))
    if loaded.kind in ("reconstruction", "sampling") and loaded.layout is not None:
        expected = loaded.inputs if not isinstance(loaded.inputs, tuple) else np.zeros(0)
        if predictions.shape[1:] != expected.shape[1:]:
            return say("own.drawn_shape", found=_shape(predictions), expected=_shape(expected))
        return loaded.layout.read(predictions)
    return predictions


def _ids(loaded: Loaded, predictions: NDArray[Any]) -> NDArray[np.int64] | Message:
    """The class of each predicted label, or which labels the data does not have."""
    place = {name: at for at, name in enumerate(loaded.labels)}
    words = predictions.dtype.kind == "U"
    bad = 0 if words else int(np.count_nonzero(~np.isfinite(predictions)))
    if bad:
        return say("own.not_finite", n=bad)
    names = [str(label) if words else label_name(label) for label in predictions.tolist()]
    unknown = [name for name in names if name not in place]
    if unknown:
        classes = ", ".join(name[:LONGEST_NAME] for name in loaded.labels[:MOST_NAMED])
        return say(
            "own.unknown_class",
            found=unknown[0][:LONGEST_NAME],
            n=len(unknown),
            classes=classes + (", …" if len(loaded.labels) > MOST_NAMED else ""),
        )
    return np.array([place[name] for name in names], dtype=np.int64)


def _shape(array: NDArray[Any]) -> str:
    return f"({', '.join(['n', *map(str, array.shape[1:])])})"
