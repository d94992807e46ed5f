"""The header of a safetensors file: names, types and shapes of tensors, and never their values.

The format is 8 bytes with the length of the header, the header as JSON, and the tensors' bytes. A student's
file is a stranger's: its length is taken from the system, the header is read up to a cap, and every tensor
must have the bytes that its type and shape ask for, inside the file, one after another without a gap.

Not covered: whether the numbers are any good. Only the sandbox reads those.
"""

import json
import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graders.model import Message, say

MIB = 2**20
MOST_HEADER = 4 * MIB
"""Bytes of a header; that of a network with ten thousand tensors is below one MiB."""
MOST_TENSORS = 20_000
MOST_DIMENSIONS = 8
MOST_METADATA = 200
"""Characters of a value of the metadata."""
BYTES = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "I16": 2,
    "U16": 2,
    "F16": 2,
    "BF16": 2,
    "I32": 4,
    "U32": 4,
    "F32": 4,
    "I64": 8,
    "U64": 8,
    "F64": 8,
    "C64": 8,
}
"""Of one number, by the format's name of its type."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the header of a file says, which the file's length bears out."""

    file: str
    """Name of the file."""
    shapes: dict[str, tuple[int, ...]]
    """By the tensor's name."""
    metadata: dict[str, str]
    """What the student wrote beside them, such as `epoch`."""

    @property
    def numbers(self) -> int:
        """Numbers in all tensors together."""
        return sum(_product(shape) for shape in self.shapes.values())

    @property
    def epoch(self) -> int | None:
        """The epoch after which it was saved, where the metadata say so."""
        said = self.metadata.get("epoch", "").strip()
        return int(said) if said.isascii() and said.isdigit() and len(said) < 8 else None


class _BadHeaderError(Exception):
    """The header cannot be believed; the text says why, for `detail` of the message."""


def read_weights(path: Path) -> Weights | Message:
    """The header of the file, or what is wrong with it."""
    name = path.name[:200]
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return say("checkpoint.weights_closed", name=name)
    found = os.fstat(number)
    if not stat.S_ISREG(found.st_mode):
        os.close(number)
        return say("checkpoint.weights_closed", name=name)
    with os.fdopen(number, "rb") as file:
        try:
            length = _length(file.read(8), found.st_size)
            header = file.read(length)
            if len(header) != length:
                raise _BadHeaderError("the file ends inside its header")
            shapes, metadata = _header(header, found.st_size - 8 - length)
        except OSError:
            return say("checkpoint.weights_closed", name=name)
        except _BadHeaderError as error:
            return say("checkpoint.weights_bad", name=name, detail=str(error))
    if not any(map(_product, shapes.values())):
        return say("checkpoint.weights_empty", name=name)
    return Weights(name, shapes, metadata)


def _length(begin: bytes, size: int) -> int:
    if len(begin) < 8:
        raise _BadHeaderError("it is shorter than 8 bytes")
    if begin[:2] == b"PK" or begin[:1] == b"\x80":
        raise _BadHeaderError("it was written by torch.save")
    length: int = struct.unpack("<Q", begin)[0]
    if length > MOST_HEADER:
        raise _BadHeaderError(f"its header would have {length} bytes")
    if 8 + length > size:
        raise _BadHeaderError("the file ends inside its header")
    return length


def _header(text: bytes, size: int) -> tuple[dict[str, tuple[int, ...]], dict[str, str]]:
    """Shapes by name, and the metadata; `size` is how many bytes the tensors have."""
    try:
        told: Any = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError, MemoryError) as error:
        raise _BadHeaderError("its header is no JSON") from error
    if not isinstance(told, dict):
        raise _BadHeaderError("its header is no table of tensors")
    metadata = told.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _BadHeaderError("its metadata are no texts")
    if len(told) > MOST_TENSORS:
        raise _BadHeaderError(f"it has more than {MOST_TENSORS} tensors")
    shapes: dict[str, tuple[int, ...]] = {}
    places: list[tuple[int, int]] = []
    for name, tensor in told.items():
        shapes[name], place = _tensor(tensor)
        places.append(place)
    end = 0
    for begin, until in sorted(places):
        if begin != end:
            raise _BadHeaderError("its tensors overlap or leave gaps")
        end = until
    if end != size:
        raise _BadHeaderError(f"its tensors should have {end} bytes and the file has {size}")
    return shapes, {str(key): value[:MOST_METADATA] for key, value in metadata.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table of JSON in which no name stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _tensor(told: Any) -> tuple[tuple[int, ...], tuple[int, int]]:
    """Shape of one tensor, and where it begins and ends."""
    if not isinstance(told, dict) or set(told) != {"dtype", "shape", "data_offsets"}:
        raise _BadHeaderError("a tensor has no dtype, shape and data_offsets")
    dtype, shape, offsets = told["dtype"], told["shape"], told["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BYTES:
        raise _BadHeaderError("a tensor has a type that is unknown")
    if not _is_sizes(shape) or len(shape) > MOST_DIMENSIONS:
        raise _BadHeaderError("a tensor's shape is none")
    if not _is_sizes(offsets) or len(offsets) != 2:
        raise _BadHeaderError("a tensor's place is none")
    begin, end = offsets
    if end - begin != _product(shape) * BYTES[dtype]:
        raise _BadHeaderError("a tensor's shape does not fit its bytes")
    return tuple(shape), (begin, end)


def _is_sizes(found: Any) -> bool:
    return isinstance(found, list) and all(type(size) is int and 0 <= size < 2**40 for size in found)


def _product(shape: tuple[int, ...]) -> int:
    numbers = 1
    for size in shape:
        numbers *= size
    return numbers
