import io
import zipfile

import numpy as np
import pytest
from pydantic import BaseModel

from graders.artifacts import BadArtifactError, read_arrays, read_json


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def npy(header: str, body: bytes = b"") -> bytes:
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(3, dtype=">i4"),
        np.array(["a", "пример"]),
        np.array(1.5),
        np.zeros((0, 3), dtype=bool),
    ],
)
def test_what_numpy_saves_comes_back(array):
    found = read_arrays(npz(x=array), 1)["x"]
    assert found.dtype.isnative
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, array)


BOMB = zipped([("x.npy", bytes(50 * 2**20))], zipfile.ZIP_DEFLATED)
HOSTILE = {
    "empty": b"",
    "no archive": b"hello",
    "truncated": npz(x=np.arange(1000))[:-200],
    "pickle": npz(x=np.array([{"a": 1}], dtype=object)),
    "record": npz(x=np.zeros(2, dtype=[("a", "i4")])),
    "void": zipped([("x.npy", npy("{'descr': '|V8', 'fortran_order': False, 'shape': (1,)}", bytes(8)))]),
    "twice": b"",
    "negative": zipped([("x.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (-1,)}"))]),
    "a lie": zipped([("x.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (10**9,)}"))]),
    "too long": zipped([("x.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000,)}"))]),
    "code": zipped([("x.npy", npy("__import__('os').system('false')"))]),
    "nested": zipped([("x.npy", npy("(" * 3000))]),
    "bomb": BOMB,
    "not an array": zipped([("x.npy", b"abc")]),
    "many": zipped([(f"{number}.npy", b"") for number in range(200)]),
    "encrypted": b"",
}


@pytest.mark.parametrize("name", [name for name, data in HOSTILE.items() if data or name == "empty"])
def test_anything_else_is_refused(name):
    with pytest.raises(BadArtifactError):
        read_arrays(HOSTILE[name], 1)


def test_a_repeated_name_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([("x.npy", b"1"), ("x.npy", b"2")])
    with pytest.raises(BadArtifactError):
        read_arrays(data, 1)


def test_a_size_that_lies_is_refused():
    honest = zipped([("x.npy", bytes(2**20))], zipfile.ZIP_DEFLATED)
    lying = honest.replace((2**20).to_bytes(4, "little"), (64).to_bytes(4, "little"))
    with pytest.raises(BadArtifactError):
        read_arrays(lying, 1)


class Row(BaseModel):
    n: int
    x: float


def test_json_becomes_its_type():
    assert read_json(b'{"n": 1, "x": 0.5}', Row) == Row(n=1, x=0.5)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"n": 1}',
        b'{"n": 1, "x": NaN}',
        b'{"n": 1, "x": -Infinity}',
        b"[" * 100_000,
        b'{"n": ' + b"9" * 10_000 + b', "x": 1}',
        b"\xff\xfe\xff",
        b'{"n": 1, "x": 1}' + b" " * (17 * 2**20),
    ],
)
def test_json_of_any_other_kind_is_refused(data):
    with pytest.raises(BadArtifactError):
        read_json(data, Row)
