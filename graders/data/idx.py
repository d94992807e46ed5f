"""IDX, the file format of MNIST and its descendants, read and written for unsigned bytes.

A file is a magic number (two zero bytes, the type's code, the number of dimensions), each dimension as a
big-endian 32-bit number, and the values in C order: http://yann.lecun.com/exdb/mnist/.
"""

import struct
from pathlib import Path

import numpy as np

from graders.data.types import Bytes

UNSIGNED_BYTE = 0x08


def encode(values: Bytes) -> bytes:
    """The content of an IDX file with these values, of any shape."""
    magic = struct.pack(">HBB", 0, UNSIGNED_BYTE, values.ndim)
    return magic + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def decode(content: bytes, dimensions: int, name: Path) -> Bytes:
    """The values of an IDX file.

    Args:
        content: the whole file, already unpacked.
        dimensions: how many dimensions are expected: 3 for pictures, 1 for labels.
        name: the file's name, for messages.

    Returns:
        uint8 values of the shape that the file states; read-only.

    Raises:
        ValueError: it is not such a file, or longer or shorter than it says.
    """
    expected = struct.pack(">HBB", 0, UNSIGNED_BYTE, dimensions)
    if content[:4] != expected:
        raise ValueError(
            f"{name}: the magic number is {content[:4].hex() or 'missing'}, expected {expected.hex()} "
            f"(unsigned bytes in {dimensions} dimensions)"
        )
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise ValueError(
            f"{name}: the file ends after {len(content)} bytes, expected {header} of header alone"
        )
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    length = header + int(np.prod(shape, dtype=np.int64))
    if len(content) != length:
        raise ValueError(f"{name}: found {len(content)} bytes, expected {length} for the shape {shape}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
