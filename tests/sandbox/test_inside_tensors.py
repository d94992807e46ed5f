from pathlib import Path

import pytest
import torch
from torch import nn

from graders.checkpoint.weights import BYTES
from graders.sandbox.inside.tensors import (
    DTYPES,
    SafetensorError,
    load_file,
    load_model,
    save_file,
    save_model,
)


class Tied(nn.Module):
    """Words in and out through one table."""

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Embedding(5, 3)
        self.out = nn.Linear(3, 5)
        self.out.weight = self.into.weight


def test_every_type_that_the_host_takes_is_read(tmp_path: Path) -> None:
    assert {name: dtype.itemsize for name, dtype in DTYPES.items()} == BYTES
    tensors = {name: torch.ones(2, 3).to(dtype) for name, dtype in DTYPES.items()}
    save_file(tensors, tmp_path / "all.safetensors")
    found = load_file(tmp_path / "all.safetensors")
    assert {name: value.dtype for name, value in found.items()} == DTYPES
    assert all(bool((value.to(torch.complex64) == 1).all()) for value in found.values())


def test_tied_weights_stand_in_the_package_s_file_once_and_load(tmp_path: Path) -> None:
    path, network = tmp_path / "tied.safetensors", Tied()
    state = network.state_dict()
    save_file({name: state[name] for name in ("into.weight", "out.bias")}, path)
    loaded = Tied()
    assert load_model(loaded, path) == ([], [])
    assert torch.equal(loaded.out.weight, network.into.weight)
    save_model(network, path)
    assert load_model(Tied(), path) == ([], [])


def test_what_is_missing_or_too_much_is_still_an_error(tmp_path: Path) -> None:
    path, network = tmp_path / "part.safetensors", Tied()
    save_file({"into.weight": network.into.weight, "more": torch.zeros(2)}, path)
    with pytest.raises(RuntimeError, match=r"out\.bias.*more"):
        load_model(Tied(), path)
    assert load_model(Tied(), path, strict=False) == (["out.bias"], ["more"])


@pytest.mark.parametrize("header", [b'{"__metadata__": 3}', b"[]", b'{"a": 1}'])
def test_a_file_that_is_none_is_one_kind_of_error(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    with pytest.raises(SafetensorError, match=r"bad\.safetensors"):
        load_file(path)
