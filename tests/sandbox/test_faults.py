"""Whose fault it is when a GPU's memory runs out, told from PyTorch's words; needs no GPU."""

import pytest

from graders.sandbox.gpu import is_out_of_memory, is_short_itself

OF_PYTORCH = (
    "CUDA out of memory. Tried to allocate {tried}. GPU 0 has a total capacity of 79.11 GiB of which {free} "
    "is free. 10.00 GiB allowed; Of the allocated memory 9.00 GiB is allocated by PyTorch, and 1.00 MiB is "
    "reserved by PyTorch but unallocated."
)


@pytest.mark.parametrize(
    ("kind", "text", "is_one"),
    [
        ("OutOfMemoryError", "", True),
        ("RuntimeError", OF_PYTORCH, True),
        ("AcceleratorError", "CUDA error: out of memory", True),
        ("RuntimeError", "CUDA error: device-side assert triggered", False),
        ("MemoryError", "", False),
    ],
)
def test_running_out_is_told_from_other_errors(kind: str, text: str, is_one: bool) -> None:
    assert is_out_of_memory(kind, text) is is_one


@pytest.mark.parametrize(
    ("tried", "free", "short"),
    [
        ("2.00 GiB", "60.00 GiB", False),  # the notebook's own limit refused it
        ("2.00 GiB", "1.99 GiB", True),
        ("2.00 GiB", "512.00 MiB", True),
        ("20.00 MiB", "1.00 GiB", False),
        ("1024.00 KiB", "512 bytes", True),
    ],
)
def test_a_full_card_is_no_fault_of_the_notebook(tried: str, free: str, short: bool) -> None:
    assert is_short_itself(OF_PYTORCH.format(tried=tried, free=free)) is short


@pytest.mark.parametrize("text", ["", "CUDA error: out of memory", "Tried to allocate nothing"])
def test_where_nothing_is_said_it_is_the_notebooks(text: str) -> None:
    assert not is_short_itself(text)
