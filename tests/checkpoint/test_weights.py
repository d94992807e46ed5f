import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from files import safetensors, tensor
from hypothesis import given
from hypothesis import strategies as st

from graders.checkpoint import Weights, read_weights
from graders.checkpoint.weights import MOST_HEADER, MOST_TENSORS
from graders.model import Message

GOOD = {
    "__metadata__": {"epoch": "12", "made by": "me"},
    "a": tensor([2, 3], 0, 24),
    "b": tensor([4], 24, 32, "F16"),
}


def read(folder: Path, data: bytes) -> Weights | Message:
    path = folder / "l06_unet.safetensors"
    path.write_bytes(data)
    return read_weights(path)


def test_names_shapes_and_metadata_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, safetensors(GOOD, bytes(32)))
    assert isinstance(found, Weights)
    assert found.shapes == {"a": (2, 3), "b": (4,)}
    assert (found.numbers, found.epoch, found.file) == (10, 12, "l06_unet.safetensors")


def test_the_package_may_pad_its_header_and_share_no_place(tmp_path: Path) -> None:
    header = b'{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   '
    found = read(tmp_path, safetensors(header, bytes(4)))
    assert isinstance(found, Weights)
    assert (found.numbers, found.epoch) == (1, None)


BAD: dict[str, bytes] = {
    "empty": b"",
    "short": b"\x01\x02",
    "pickle": pickle.dumps({"a": 1}),
    "zip of torch.save": b"PK\x03\x04" + bytes(100),
    "pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\n",
    "web page": b"<!DOCTYPE html><html>",
    "length beyond the file": safetensors(GOOD, bytes(32), length=10_000),
    "huge length": safetensors(GOOD, bytes(32), length=2**63),
    "no JSON": safetensors(b"not json", bytes(32)),
    "no table": safetensors(b"[1, 2]"),
    "deep JSON": safetensors(b"[" * 100_000),
    "half a surrogate": safetensors(b'{"\xff": 1}'),
    "a name twice": safetensors(b'{"a":1,"a":2}'),
    "truncated": safetensors(GOOD, bytes(31)),
    "bytes behind the end": safetensors(GOOD, bytes(33)),
    "overlapping": safetensors({"a": tensor([4], 0, 16), "b": tensor([4], 8, 24)}, bytes(24)),
    "a gap": safetensors({"a": tensor([4], 8, 24)}, bytes(24)),
    "shape that does not fit": safetensors({"a": tensor([5], 0, 16)}, bytes(16)),
    "unknown type": safetensors({"a": tensor([4], 0, 16, "OBJECT")}, bytes(16)),
    "negative size": safetensors({"a": tensor([-4, -1], 0, 16)}, bytes(16)),
    "size beyond reason": safetensors({"a": tensor([2**62, 2**62], 0, 16)}, bytes(16)),
    "a size that is true": safetensors({"a": tensor([True], 0, 4)}, bytes(4)),  # type: ignore[list-item]
    "many dimensions": safetensors({"a": tensor([1] * 50, 0, 4)}, bytes(4)),
    "backwards": safetensors({"a": tensor([4], 16, 0)}, bytes(16)),
    "metadata that are no texts": safetensors(
        {"__metadata__": {"epoch": 3}, "a": tensor([1], 0, 4)}, bytes(4)
    ),
    "a line with more": safetensors({"a": {**tensor([1], 0, 4), "code": "x"}}, bytes(4)),
    "too many": safetensors({str(n): tensor([0], 0, 0) for n in range(MOST_TENSORS + 1)}),
}


SENTENCES = {
    "empty": "checkpoint.weights_cut",
    "short": "checkpoint.weights_cut",
    "length beyond the file": "checkpoint.weights_cut",
    "truncated": "checkpoint.weights_cut",
    "pickle": "checkpoint.weights_torch",
    "zip of torch.save": "checkpoint.weights_torch",
    "pointer of Git LFS": "checkpoint.weights_text",
    "web page": "checkpoint.weights_text",
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_lies_is_a_sentence(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, BAD[name])
    assert isinstance(found, Message)
    assert found.code == SENTENCES.get(name, "checkpoint.weights_bad")


@pytest.mark.parametrize("length", [0x80, 0x4B50])
def test_a_good_header_may_be_as_long_as_the_signs_of_other_formats_say(tmp_path: Path, length: int) -> None:
    header = b'{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}'.ljust(length)
    assert isinstance(read(tmp_path, safetensors(header, bytes(4))), Weights)


def test_a_file_without_numbers_is_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, safetensors({"a": tensor([0, 3], 0, 0)}))
    assert isinstance(found, Message)
    assert found.code == "checkpoint.weights_empty"


def test_a_huge_sparse_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "l06_unet.safetensors"
    path.write_bytes(safetensors(b" " * 16, length=MOST_HEADER + 1))
    os.truncate(path, 2**40)
    found = read_weights(path)
    assert isinstance(found, Message)
    assert found.code == "checkpoint.weights_bad"


def test_links_pipes_and_folders_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(safetensors(GOOD, bytes(32)))
    for number, make in enumerate((lambda p: p.symlink_to(tmp_path / "secret"), os.mkfifo, Path.mkdir)):
        path = tmp_path / f"{number}.safetensors"
        make(path)
        found = read_weights(path)
        assert isinstance(found, Message)
        assert found.code == "checkpoint.weights_closed"


@given(st.binary(max_size=300))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    assert isinstance(read(tmp_path_factory.getbasetemp(), data), (Weights, Message))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["dtype", "shape", "data_offsets", "a", "__metadata__"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_header_raises(tmp_path_factory: pytest.TempPathFactory, header: Any) -> None:
    text = repr(header).encode() if not isinstance(header, dict) else None
    data = safetensors(text if text is not None else header, bytes(8))
    assert isinstance(read(tmp_path_factory.getbasetemp(), data), (Weights, Message))
