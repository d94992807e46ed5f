"""Reads what a stranger's process wrote: NumPy archives and JSON, as data and nothing else.

Nothing here unpickles, and nothing is unpacked before its size is known to fit.
"""

import ast
import io
import json
import lzma
import struct
import zipfile
import zlib
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from graders.model import Message, say

MIB = 2**20
MOST_ARRAYS = 100
MOST_DIMENSIONS = 8
MOST_HEADER = 4096
"""Bytes of an array's header."""
MOST_JSON = 16 * MIB
"""Bytes of a JSON file unless the caller says otherwise."""
KINDS = "biufUS"
"""Kinds of NumPy dtype that are taken: numbers, booleans and text."""

Model = TypeVar("Model", bound=BaseModel)


class BadArtifactError(Exception):
    """An artifact that cannot be used; `message` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(f"{message.code} {message.params}")


def read_arrays(data: bytes, limit_mib: float) -> dict[str, NDArray[Any]]:
    """Arrays of an `.npz` file by name; fresh copies in C order and the machine's byte order.

    Args:
        data: the file.
        limit_mib: size that all arrays may have together, MiB, unpacked.

    Raises:
        BadArtifactError: it is no archive of plain arrays, or they are larger than the limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, limit_mib)
            return {member.filename.removesuffix(".npy"): _read(archive, member) for member in members}
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        struct.error,
        zlib.error,
        lzma.LZMAError,
    ) as error:
        raise BadArtifactError(say("artifact.not_arrays", detail=str(error)[:200])) from None


def _check_members(members: list[zipfile.ZipInfo], limit_mib: float) -> None:
    names = [member.filename for member in members]
    if len(names) > MOST_ARRAYS or len(set(names)) != len(names):
        raise BadArtifactError(say("artifact.not_arrays", detail="too many or repeated names"))
    if sum(member.file_size for member in members) > limit_mib * MIB:
        size = round(sum(member.file_size for member in members) / MIB, 1)
        raise BadArtifactError(say("artifact.too_large", name="npz", size=size, limit=limit_mib))


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    """One array. `zipfile` stops at the size that the archive's list declares, which was checked before.

    Raises:
        ValueError: it is no plain array, or its header does not fit its size.
    """
    with archive.open(member) as file:
        raw = file.read(member.file_size + 1)
    if len(raw) != member.file_size:
        raise ValueError("an array is not as long as the archive says")
    start, dtype, fortran, shape = _header(raw)
    body = memoryview(raw)[start:]
    expected = dtype.itemsize
    for size in shape:
        expected *= size
    if expected != len(body):
        raise ValueError("an array's header does not fit its size")
    array = np.frombuffer(body, dtype=dtype).reshape(shape, order="F" if fortran else "C")
    return np.array(array, dtype=dtype.newbyteorder("="), order="C")


def _header(raw: bytes) -> tuple[int, np.dtype[Any], bool, tuple[int, ...]]:
    """Where the body begins, and what the header of an `.npy` file says of it."""
    if raw[:6] != b"\x93NUMPY" or len(raw) < 12 or raw[6] not in (1, 2, 3):
        raise ValueError("not a NumPy array")
    size, start = (
        (struct.unpack_from("<H", raw, 8)[0], 10)
        if raw[6] == 1
        else (struct.unpack_from("<I", raw, 8)[0], 12)
    )
    if size > MOST_HEADER or start + size > len(raw):
        raise ValueError("an array's header is too long")
    try:
        header = ast.literal_eval(raw[start : start + size].decode("utf-8"))
    except (SyntaxError, TypeError, RecursionError, MemoryError):
        raise ValueError("an array's header cannot be read") from None
    if not isinstance(header, dict) or set(header) != {"descr", "fortran_order", "shape"}:
        raise ValueError("an array's header cannot be read")
    shape, descr = header["shape"], header["descr"]
    if not isinstance(descr, str) or len(descr) > 16:  # a list is a record, a tuple a subarray
        raise ValueError("an array of records or objects is not taken")
    try:
        dtype = np.dtype(descr)
    except (TypeError, SyntaxError):
        raise ValueError("an array's type is unknown") from None
    if dtype.kind not in KINDS or dtype.itemsize == 0:
        raise ValueError(f"an array of type {descr} is not taken")
    if not isinstance(shape, tuple) or len(shape) > MOST_DIMENSIONS:
        raise ValueError("an array's shape is not one")
    if not all(type(size) is int and 0 <= size < 2**40 for size in shape):
        raise ValueError("an array's shape is not one")
    return start + size, dtype, header["fortran_order"] is True, shape


def read_json(data: bytes, model: type[Model], limit_bytes: int = MOST_JSON) -> Model:
    """A JSON file as the type that it should have.

    Raises:
        BadArtifactError: it is too large, no JSON, has NaN or infinities in it, or is of another shape.
    """
    if len(data) > limit_bytes:
        size = round(len(data) / MIB, 1)
        raise BadArtifactError(say("artifact.too_large", name="json", size=size, limit=limit_bytes / MIB))
    try:
        found = json.loads(data, parse_constant=_refuse)
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadArtifactError(say("artifact.not_json", detail=f"{place}: {first['msg']}"[:200])) from None
    except (ValueError, RecursionError) as error:
        raise BadArtifactError(say("artifact.not_json", detail=str(error)[:200])) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no finite number")
