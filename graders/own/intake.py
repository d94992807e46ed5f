"""Reads what `load_all` left behind; whatever is wrong with it becomes a sentence for the student."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graders.model import Message, OwnKind, say
from graders.own.examples import Examples, Rows
from graders.own.loaded import Declared, Loaded, Raw
from graders.own.pictures import Layout, layout_of

Arrays = Mapping[str, NDArray[Any]]

MOST_EXAMPLES = 20_000
"""Examples that are worked with; of more, evenly spaced ones are taken."""
SMALLEST_SIDE, LARGEST_SIDE = 8, 256
"""Pixels of a picture's side."""
MOST_COLUMNS = 2000
MOST_NUMBER = 1e18
"""Larger numbers are taken for mistakes: their squares would leave float32."""
MOST_CLASSES = 100
LONGEST_NAME = 60
FORMS = frozenset(("tensor", "array", "list"))
DRAWN: frozenset[OwnKind] = frozenset(("reconstruction", "sampling"))
"""Kinds in which a model returns pictures."""
PICTURES: frozenset[OwnKind] = frozenset(("segmentation", "reconstruction", "sampling"))
"""Kinds whose examples are pictures."""


def read_loaded(arrays: Arrays, declared: Declared, accepts: Sequence[OwnKind]) -> Loaded | Message:
    """The data of a student, or what is wrong with it.

    Args:
        arrays: what the sandbox wrote, plain arrays of numbers.
        declared: what it said beside them.
        accepts: kinds of data that the task takes.
    """
    kind = _kind(declared, accepts)
    if isinstance(kind, Message):
        return kind
    found: dict[str, Raw] = {}
    for name in declared.forms:
        value = _value(name, arrays, declared)
        if isinstance(value, Message):
            return value
        found[name] = value
    if "X" not in found:
        return say("own.no_inputs")
    count = len(found["X"])
    for name, value in found.items():
        if len(value) != count:
            return say("own.lengths", name=name, found=len(value), expected=count)
    rows = _kept(count)
    return _loaded(kind, {name: _taken(value, rows) for name, value in found.items()}, declared)


def _kind(declared: Declared, accepts: Sequence[OwnKind]) -> OwnKind | Message:
    named = next((kind for kind in accepts if kind == declared.kind), None)
    if named is not None:
        return named
    if len(accepts) == 1 and not declared.kind:
        return accepts[0]
    return say("own.kind", found=declared.kind or "None", kinds=", ".join(accepts))


def _value(name: str, arrays: Arrays, declared: Declared) -> Raw | Message:
    """One of the three, as the student has it."""
    if name not in ("X", "y", "groups") or declared.forms[name] not in FORMS:
        return say("own.unreadable", name=name)
    if name in arrays:
        found = arrays[name]
        if found.ndim == 0 or found.dtype.kind not in "biuf":
            return say("own.unreadable", name=name)
        return found
    data, ends = arrays.get(f"{name}_text"), arrays.get(f"{name}_ends")
    if data is None or ends is None or data.dtype != np.uint8 or data.ndim != 1:
        return say("own.unreadable", name=name)
    if ends.dtype != np.int64 or ends.ndim != 1 or np.any(np.diff(ends, prepend=0) < 0):
        return say("own.unreadable", name=name)
    if len(ends) and ends[-1] != len(data):
        return say("own.unreadable", name=name)
    whole, last = data.tobytes(), [0, *ends.tolist()]
    return tuple(whole[start:end].decode("utf-8", "replace") for start, end in pairwise(last))


def _kept(count: int) -> Rows:
    """Examples that are worked with: all, or evenly spaced ones in their order."""
    if count <= MOST_EXAMPLES:
        return np.arange(count)
    return np.linspace(0, count - 1, MOST_EXAMPLES).astype(np.int64)


def _taken(value: Any, rows: Rows) -> Raw:
    if isinstance(value, tuple):
        return tuple(value[row] for row in rows.tolist())
    taken: NDArray[Any] = value[rows]
    return taken


def _loaded(kind: OwnKind, given: Mapping[str, Raw], declared: Declared) -> Loaded | Message:
    raw, y, groups = given["X"], given.get("y"), given.get("groups")
    if not len(raw):
        return say("own.empty")
    inputs, layout = _inputs(kind, raw)
    if isinstance(inputs, Message):
        return inputs
    targets = _targets(kind, y, inputs)
    if isinstance(targets, Message):
        return targets
    names, ids = _ids(groups if groups is not None else np.arange(len(raw)))
    if not names:
        return say("own.groups")
    labels, numbers = targets
    examples = Examples(kind, inputs, numbers, ids, tuple(label[:LONGEST_NAME] for label in labels))
    return Loaded(
        examples=examples,
        inputs=raw,
        targets=y,
        forms=declared.forms,
        labels=labels,
        grouped=groups is not None,
        layout=layout,
        sha256=_digest(raw, y, groups),
    )


Inputs = tuple[NDArray[np.float32] | tuple[str, ...] | Message, Layout | None]
"""Examples as the host has them, or what is wrong with them; and the layout of pictures."""


def _inputs(kind: OwnKind, raw: Raw) -> Inputs:
    if isinstance(raw, tuple):
        if kind not in ("text", "classification"):
            return say("own.texts", kind=kind), None
        return raw if any(text.strip() for text in raw) else say("own.empty"), None
    if kind == "text":
        return say("own.not_texts", found=_shape(raw)), None
    odd = _odd_numbers("X", raw)
    if odd is not None:
        return odd, None
    table = kind == "forecasting" or (raw.ndim == 2 and kind not in PICTURES)
    return (_table(raw), None) if table else _pictures(kind, raw)


def _table(raw: NDArray[Any]) -> NDArray[np.float32] | Message:
    if raw.ndim != 2 or not 1 <= raw.shape[1] <= MOST_COLUMNS:
        return say("own.table", found=_shape(raw), most=MOST_COLUMNS)
    return raw.astype(np.float32)


def _pictures(kind: OwnKind, raw: NDArray[Any]) -> Inputs:
    layout = layout_of(raw)
    if layout is None:
        return say("own.pictures", found=_shape(raw)), None
    if kind in DRAWN and float(raw.min()) < 0:
        return say("own.negative", least=float(raw.min())), None
    pictures = layout.read(raw)
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in pictures.shape[2:]):
        return say("own.side", found=_shape(raw), least=SMALLEST_SIDE, most=LARGEST_SIDE), None
    return pictures, layout


Targets = tuple[tuple[str, ...], NDArray[Any] | None]
"""Names of the classes, and what the predictions are compared with."""


def _targets(kind: OwnKind, y: Raw | None, inputs: Any) -> Targets | Message:
    if kind in ("text", "reconstruction", "sampling"):
        return (), None
    if y is None:
        return say("own.no_labels", kind=kind)
    if isinstance(y, tuple) and kind != "classification":
        return say("own.label_texts", kind=kind)
    odd = _odd_numbers("y", y) if not isinstance(y, tuple) else None
    return odd if odd is not None else _READERS[kind](y, inputs)


def _odd_numbers(name: str, values: NDArray[Any]) -> Message | None:
    """What is said of NaN, infinity and numbers out of all bounds; None where there are none."""
    odd = ~(np.abs(values) <= MOST_NUMBER).reshape(len(values), -1).all(axis=1)
    if not odd.any():
        return None
    return say("own.odd_numbers", name=name, n=int(odd.sum()), first=int(odd.argmax()), most=MOST_NUMBER)


def _classes(y: Raw, inputs: Any) -> Targets | Message:
    values = y if isinstance(y, tuple) or y.ndim != 2 or y.shape[1] != 1 else y[:, 0]
    if not isinstance(values, tuple) and values.ndim != 1:
        return say("own.classes", found=_shape(values))
    if not isinstance(values, tuple) and np.any(broken := values != np.rint(values)):
        return say("own.broken_classes", found=float(values[broken.argmax()]), n=int(broken.sum()))
    names, ids = _ids(values)
    if len(names) > MOST_CLASSES:
        return say("own.many_classes", found=len(names), most=MOST_CLASSES)
    return names, ids


def _masks(y: Raw, inputs: Any) -> Targets | Message:
    found = np.asarray(y)
    side = inputs.shape[2:]
    if found.ndim == 4 and 1 in (found.shape[1], found.shape[3]):
        found = found[:, 0] if found.shape[1] == 1 else found[..., 0]
    if found.shape[1:] != side:
        return say("own.masks_shape", found=_shape(np.asarray(y)), expected=f"(n, {side[0]}, {side[1]})")
    values = np.unique(found)
    if len(values) > 2 or values[0] != 0:
        return say("own.masks_values", found=", ".join(f"{value:g}" for value in values[:5]))
    return (), (found > 0).astype(np.uint8)


def _numbers(y: Raw, inputs: Any) -> Targets | Message:
    found = np.asarray(y)
    found = found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found
    return ((), found.astype(np.float32)) if found.ndim == 1 else say("own.values", found=_shape(found))


def _futures(y: Raw, inputs: Any) -> Targets | Message:
    found = np.asarray(y)
    found = found[:, None] if found.ndim == 1 else found
    if found.ndim != 2 or not 1 <= found.shape[1] <= MOST_COLUMNS:
        return say("own.futures", found=_shape(found))
    return (), found.astype(np.float32)


_READERS = {
    "classification": _classes,
    "segmentation": _masks,
    "regression": _numbers,
    "forecasting": _futures,
}


def _ids(values: Raw) -> tuple[tuple[str, ...], Rows]:
    """Different values in order, and for each example which it has; none where one is not finite."""
    if isinstance(values, tuple):
        names = sorted(set(values))
        place = {name: at for at, name in enumerate(names)}
        return tuple(names), np.array([place[value] for value in values], dtype=np.int64)
    plain = values.reshape(len(values), -1)
    if plain.shape[1] != 1 or not np.all(np.isfinite(plain)):
        return (), np.zeros(0, dtype=np.int64)
    found, ids = np.unique(plain[:, 0], return_inverse=True)
    return tuple(map(label_name, found.tolist())), ids.astype(np.int64)


def label_name(value: float) -> str:
    """What a label is called: all digits of a whole number.

    >>> label_name(1234567.0), label_name(0.5)
    ('1234567', '0.5')
    """
    return str(int(value)) if value == int(value) else repr(value)


def _shape(array: Any) -> str:
    if isinstance(array, tuple):
        return f"({len(array)},)"
    return f"({', '.join(map(str, array.shape))}{',' if array.ndim == 1 else ''})"


def _digest(*values: Raw | None) -> str:
    digest = hashlib.sha256()
    for value in values:
        if isinstance(value, tuple):
            digest.update("\0".join(value).encode())
        elif value is not None:
            digest.update(f"{value.dtype} {value.shape}".encode() + np.ascontiguousarray(value).tobytes())
        digest.update(b"\1")
    return digest.hexdigest()
