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
BAD, CUT = "checkpoint.weights_bad", "checkpoint.weights_cut"
TORCH, TEXT = "checkpoint.weights_torch", "checkpoint.weights_text"
"""Sentences about files that cannot be used: broken, too short, of `torch.save`, no weights at all."""
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
    """The header cannot be believed; the text is the code of the sentence that says why."""


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
                raise _BadHeaderError(CUT)
            shapes, metadata = _header(header, found.st_size - 8 - length)
        except OSError:
            return say("checkpoint.weights_closed", name=name)
        except _BadHeaderError as error:
            return say(str(error), name=name)
    if not any(map(_product, shapes.values())):
        return say("checkpoint.weights_empty", name=name)
    return Weights(name, shapes, metadata)


def _length(begin: bytes, size: int) -> int:
    if len(begin) < 8:
        raise _BadHeaderError(CUT)
    length: int = struct.unpack("<Q", begin)[0]
    if length > MOST_HEADER:
        # only now: the length of a good header may begin with the same bytes
        raise _BadHeaderError(_instead(begin))
    if 8 + length > size:
        raise _BadHeaderError(CUT)
    return length


def _instead(begin: bytes) -> str:
    """What a file is that begins so, and not with the length of a header."""
    if begin.startswith((b"PK", b"\x80")):
        return TORCH
    return TEXT if all(byte >= 32 or byte in b"\t\r\n" for byte in begin) else BAD


def _header(text: bytes, size: int) -> tuple[dict[str, tuple[int, ...]], dict[str, str]]:
    """Shapes by name, and the metadata; `size` is how many bytes the tensors have."""
    try:
        told: Any = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError, MemoryError) as error:
        raise _BadHeaderError(BAD) from error
    if not isinstance(told, dict):
        raise _BadHeaderError(BAD)
    metadata = told.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _BadHeaderError(BAD)
    if len(told) > MOST_TENSORS:
        raise _BadHeaderError(BAD)
    shapes: dict[str, tuple[int, ...]] = {}
    places: list[tuple[int, int]] = []
    for name, tensor in told.items():
        shapes[name], place = _tensor(tensor)
        places.append(place)
    end = 0
    for begin, until in sorted(places):
        if begin != end:
            raise _BadHeaderError(BAD)
        end = until
    if end != size:
        raise _BadHeaderError(CUT if end > size else BAD)
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
        raise _BadHeaderError(BAD)
    dtype, shape, offsets = told["dtype"], told["shape"], told["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BYTES:
        raise _BadHeaderError(BAD)
    if not _is_sizes(shape) or len(shape) > MOST_DIMENSIONS:
        raise _BadHeaderError(BAD)
    if not _is_sizes(offsets) or len(offsets) != 2:
        raise _BadHeaderError(BAD)
    begin, end = offsets
    if end - begin != _product(shape) * BYTES[dtype]:
        raise _BadHeaderError(BAD)
    return tuple(shape), (begin, end)


def _is_sizes(found: Any) -> bool:
    return isinstance(found, list) and all(type(size) is int and 0 <= size < 2**40 for size in found)


def _product(shape: tuple[int, ...]) -> int:
    numbers = 1
    for size in shape:
        numbers *= size
    return numbers
