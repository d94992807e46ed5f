"""The readers of what a stranger wrote: bytes that once raised, crashed or hung the host itself."""

import io
import json
import lzma
import random
import struct
import zipfile
import zlib
from typing import Any

import numpy as np
import pytest

from graders.artifacts import BadArtifactError, read_arrays, read_json
from graders.metrics.replay import ReplayError, replay
from graders.metrics.study import DeclaredTable
from graders.metrics.trace import Trace

IMAGES = np.zeros((4, 1, 28, 28), np.float32)


def packed(body: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("own.npy", body)
    return file.getvalue()


def damaged(method: int) -> bytes:
    noise = random.Random(1).randbytes(4000)  # noqa: S311 - no secret
    data = bytearray(packed(noise, method))
    data[60:90] = bytes(30)
    return bytes(data)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_is_refused(method: int) -> None:
    with pytest.raises(BadArtifactError):
        read_arrays(damaged(method), 1)


def test_the_damage_would_raise_what_zipfile_lets_through() -> None:
    with (
        zipfile.ZipFile(io.BytesIO(damaged(zipfile.ZIP_LZMA))) as archive,
        pytest.raises((lzma.LZMAError, zlib.error)),
    ):
        archive.read("own.npy")


@pytest.mark.parametrize(
    "header", [b"{[]:1}", b"{{}:1}", b"(" * 3000, b"-" * 3000, b"9" * 4000, b"\x00", b"1+1j"]
)
def test_a_header_that_is_no_literal_is_refused(header: bytes) -> None:
    with pytest.raises(BadArtifactError):
        read_arrays(packed(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header), 1)


def test_damage_anywhere_is_refused_or_read() -> None:
    file = io.BytesIO()
    np.savez_compressed(file, a=np.arange(300), b=np.array(["x", "yy"]))
    chance = random.Random(2)  # noqa: S311 - no secret
    refused = 0
    for _ in range(1500):
        data = bytearray(file.getvalue())
        data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_arrays(bytes(data), 1)
        except BadArtifactError:
            refused += 1
    assert refused > 100


def trace(op: str, args: list[Any], **kwargs: Any) -> Trace:
    operation = {"op": f"aten.{op}", "args": args, "kwargs": kwargs, "outputs": [9], "shapes": [[1]]}
    made = {
        "found_by": "predict",
        "parameters": 1,
        "operations": [operation],
        "dtypes": {},
        "output": 9,
        "complete": True,
    }
    return Trace.model_validate(made)


PICTURES = {"tensor": 0}
SHORT = {"tensor": 1}
CRASHED = {
    "a dtype by number": trace("softmax.int", [PICTURES, 2, 77]),
    "a memory format by number": trace("clone.default", [PICTURES], memory_format=-1),
    "a layout by number": trace("_to_copy.default", [PICTURES], dtype=99),
    "statistics too short": trace(
        "native_batch_norm.default", [PICTURES, None, None, SHORT, SHORT, False, 0.1, 1e-5]
    ),
    "statistics too short without training": trace(
        "_native_batch_norm_legit_no_training.default", [PICTURES, None, None, SHORT, SHORT, 0.1, 1e-5]
    ),
    "a pooling that never ends": trace("adaptive_max_pool2d.default", [PICTURES, [2**31 - 1, 0]]),
}


@pytest.mark.parametrize("recording", CRASHED.values(), ids=CRASHED)
def test_a_recording_that_crashed_or_stopped_the_host_is_refused(recording: Trace) -> None:
    with pytest.raises(ReplayError):
        replay(recording, {"c1": np.zeros(0, np.float32)}, IMAGES)


def test_an_ordinary_batch_norm_and_softmax_are_replayed() -> None:
    one = {"c1": np.ones(1, np.float32)}
    normed = trace("native_batch_norm.default", [PICTURES, SHORT, SHORT, SHORT, SHORT, False, 0.1, 1e-5])
    assert replay(normed, one, IMAGES).shape == IMAGES.shape
    assert (
        replay(trace("softmax.int", [PICTURES, 2, {"torch": "torch.float32"}]), {}, IMAGES).shape
        == IMAGES.shape
    )


HUGE = "9" * 400
TRACE = '{"found_by":"predict","parameters":%s,"operations":[],"dtypes":{},"output":null,"complete":true}'
TABLE = (
    '{"rows":[{"study":"dense","width":1,"depth":1,"parameters":5,"accuracy":0.5,'
    '"counted":{"all":%s,"trainable":null,"error":null}}],"has_build":true}'
)


@pytest.mark.parametrize(("text", "model"), [(TRACE, Trace), (TABLE, DeclaredTable)])
def test_a_number_that_no_view_can_show_is_refused(text: str, model: type[Trace | DeclaredTable]) -> None:
    with pytest.raises(BadArtifactError):
        read_json((text % HUGE).encode(), model)
    assert json.loads(text % 7)
    read_json((text % 7).encode(), model)
