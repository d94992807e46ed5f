"""The way between a student's form of data and the host's: what a model is given, and what it answers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, say
from graders.own.examples import Examples, Rows
from graders.own.intake import label_name
from graders.own.kind import Asked
from graders.own.loaded import Loaded, packed

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


def _ids(loaded: Loaded, predictions: NDArray[Any]) -> NDArray[np.int64]:
    """The class of each predicted label; -1 for one that the data does not have."""
    place = {name: at for at, name in enumerate(loaded.labels)}
    words = predictions.dtype.kind == "U"
    finite = words or bool(np.all(np.isfinite(predictions)))
    labels = predictions.tolist() if finite else np.nan_to_num(predictions, nan=-1.5).tolist()
    names = [str(label) if words else label_name(label) for label in labels]
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def _shape(array: NDArray[Any]) -> str:
    return f"({', '.join(['n', *map(str, array.shape[1:])])})"
