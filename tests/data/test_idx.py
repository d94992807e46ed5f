from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from graders.data import idx

NAME = Path("train-images-idx3-ubyte")


@given(arrays(np.uint8, array_shapes(max_dims=3, max_side=5)))
def test_what_is_written_is_read_back(values):
    read = idx.decode(idx.encode(values), values.ndim, NAME)
    np.testing.assert_array_equal(read, values)


def test_header_is_the_published_one():
    assert idx.encode(np.zeros((2, 28, 28), np.uint8))[:16].hex() == "00000803000000020000001c0000001c"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "magic number is missing"),
        (b"<html>not found</html>", "magic number is 3c68746d, expected 00000803"),
        (idx.encode(np.zeros(5, np.uint8)), "magic number is 00000801"),
        (bytes.fromhex("00000803") + b"\0" * 5, "ends after 9 bytes, expected 16"),
        (idx.encode(np.zeros((2, 3, 3), np.uint8))[:-1], "found 33 bytes, expected 34"),
        (idx.encode(np.zeros((2, 3, 3), np.uint8)) + b"!", "found 35 bytes, expected 34"),
        (bytes.fromhex("00000803") + b"\xff" * 12, "found 16 bytes, expected"),
    ],
)
def test_a_damaged_file_is_refused_with_what_was_found_and_expected(content, said):
    with pytest.raises(ValueError, match=said) as error:
        idx.decode(content, 3, NAME)
    assert str(NAME) in str(error.value)


@given(st.binary(max_size=40))
def test_no_content_does_anything_but_decode_or_raise_value_error(content):
    try:
        values = idx.decode(content, 1, NAME)
    except ValueError:
        return
    assert idx.encode(values) == content
