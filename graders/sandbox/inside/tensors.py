"""Reads and writes safetensors files with PyTorch alone: what notebooks use of the package of that name.

The format is 8 bytes with the length of the header, the header as JSON, and the tensors' bytes. Every place
is checked against the file before a tensor is made of it. Slices of tensors are not covered.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

MOST_HEADER = 4 * 2**20
DTYPES = {
    "BOOL": torch.bool,
    "U8": torch.uint8,
    "I8": torch.int8,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I16": torch.int16,
    "U16": torch.uint16,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I32": torch.int32,
    "U32": torch.uint32,
    "F32": torch.float32,
    "I64": torch.int64,
    "U64": torch.uint64,
    "F64": torch.float64,
    "C64": torch.complex64,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


class SafetensorError(Exception):
    """The file cannot be read, or the tensors cannot be written; called as in the package."""


def load_file(filename: str | Path, device: str | torch.device = "cpu") -> dict[str, Tensor]:
    """Tensors by name.

    Raises:
        SafetensorError: the file is none of this format.
    """
    return _read(filename, device)[0]


def read_metadata(filename: str | Path) -> dict[str, str]:
    """What was written beside the tensors.

    Raises:
        SafetensorError: the file is none of this format.
    """
    return _read(filename, "cpu")[1]


def save_file(
    tensors: Mapping[str, Tensor], filename: str | Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors, and texts beside them.

    Raises:
        SafetensorError: something among them is no tensor or no text, or of a type that the format lacks.
    """
    header: dict[str, Any] = {}
    if metadata:
        if not all(isinstance(part, str) for pair in metadata.items() for part in pair):
            raise SafetensorError("metadata must be texts: metadata={'epoch': str(epoch)}")
        header["__metadata__"] = dict(metadata)
    parts: list[bytes] = []
    end = 0
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor) or tensor.dtype not in NAMES:
            raise SafetensorError(f"{name} is no tensor of a type that safetensors knows")
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        parts.append(flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b"")
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [end, end + len(parts[-1])],
        }
        end += len(parts[-1])
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    Path(filename).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def save_model(model: nn.Module, filename: str | Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write a network's weights; what several names share is written for each."""
    save_file(model.state_dict(), filename, metadata)


def load_model(
    model: nn.Module, filename: str | Path, strict: bool = True, device: str | torch.device = "cpu"
) -> tuple[list[str], list[str]]:
    """Put weights into a network; returns the names that were missing and those that it has no place for.

    What several names share stands in the file once, as the package writes it, and is missing under none.

    Raises:
        RuntimeError: names are missing or have no place, and `strict` is true.
    """
    tensors = load_file(filename, device)
    found = model.load_state_dict(tensors, strict=False)
    given = {_place(value) for name, value in model.state_dict().items() if name in tensors}
    missing = [name for name in found.missing_keys if _place(model.state_dict()[name]) not in given]
    if strict and (missing or found.unexpected_keys):
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(model).__name__}: "
            f"missing key(s): {missing}, unexpected key(s): {found.unexpected_keys}"
        )
    return missing, found.unexpected_keys


def _place(tensor: Tensor) -> tuple[int, torch.Size, tuple[int, ...]]:
    """The same for names that share a tensor."""
    return tensor.data_ptr(), tensor.shape, tensor.stride()


class OpenFile:
    """A file that is read tensor by tensor: `with safe_open(path, framework="pt") as file`."""

    def __init__(
        self, filename: str | Path, framework: str = "pt", device: str | torch.device = "cpu"
    ) -> None:
        self._tensors, self._metadata = _read(filename, device)

    def keys(self) -> list[str]:
        """Names of the tensors."""
        return list(self._tensors)

    def metadata(self) -> dict[str, str] | None:
        """Texts beside the tensors."""
        return self._metadata or None

    def get_tensor(self, name: str) -> Tensor:
        """One tensor."""
        return self._tensors[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is open."""


safe_open = OpenFile
"""As the package calls it."""


def _read(filename: str | Path, device: str | torch.device) -> tuple[dict[str, Tensor], dict[str, str]]:
    data = Path(filename).read_bytes()
    try:
        length = struct.unpack_from("<Q", data)[0]
        if length > MOST_HEADER or 8 + length > len(data):
            raise ValueError("the header is longer than the file")
        header = json.loads(data[8 : 8 + length])
        metadata = {str(key): str(value) for key, value in header.pop("__metadata__", {}).items()}
        body = memoryview(data)[8 + length :]
        return {name: _tensor(told, body, device) for name, told in header.items()}, metadata
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, struct.error) as error:
        raise SafetensorError(f"{filename} is no safetensors file: {error}") from None


def _tensor(told: Mapping[str, Any], body: memoryview, device: str | torch.device) -> Tensor:
    dtype, shape = DTYPES[told["dtype"]], [int(size) for size in told["shape"]]
    begin, end = (int(place) for place in told["data_offsets"])
    numbers = 1
    for size in shape:
        numbers *= size
    if min(shape, default=1) < 0 or not 0 <= begin <= end <= len(body):
        raise ValueError("a tensor lies outside the file")
    if end - begin != numbers * dtype.itemsize:
        raise ValueError("a tensor's shape does not fit its bytes")
    if not numbers:
        return torch.empty(shape, dtype=dtype, device=device)
    return torch.frombuffer(bytearray(body[begin:end]), dtype=dtype).reshape(shape).to(device)
