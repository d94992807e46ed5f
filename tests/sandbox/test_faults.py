"""What ran out, told from an exception's words; needs no GPU."""

import errno
import os
import resource
import subprocess
import sys

import pytest

from graders.sandbox.faults import shortage

OF_PYTORCH = (
    "CUDA out of memory. Tried to allocate {tried}. GPU 0 has a total capacity of 79.11 GiB of which {free} "
    "is free. 10.00 GiB allowed; Of the allocated memory {own} is allocated by PyTorch, and 1.00 MiB is "
    "reserved by PyTorch but unallocated."
)
SMALL_DISK = 100_000


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("OSError", str(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x.pt")), "disk"),
        ("OSError", str(OSError(errno.EFBIG, os.strerror(errno.EFBIG))), "disk"),
        ("RuntimeError", "unable to write to file </torch_1_2>: No space left on device (28)", "disk"),
        ("OperationalError", "database or disk is full", "disk"),
        ("RuntimeError", "DataLoader worker (pid 7) is killed by signal: Bus error. It is possible that "
         "dataloader's workers are out of shared memory.", "disk"),
        ("RuntimeError", "can't start new thread", "processes"),
        ("BlockingIOError", "[Errno 11] Resource temporarily unavailable", "processes"),
        ("MemoryError", "", "memory"),
        ("_ArrayMemoryError", "Unable to allocate 7.45 GiB for an array", "memory"),
        ("RuntimeError", "[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory: "
         "you tried to allocate 400000000000 bytes.", "memory"),
        ("OSError", "[Errno 12] Cannot allocate memory", "memory"),
        ("RuntimeError", "std::bad_alloc", "memory"),
        ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (28x28 and 10x10)", None),
        ("ValueError", "expected 28 channels, got 12", None),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'x'", None),
        ("KeyError", "'memory'", None),
        ("OutOfMemoryError", OF_PYTORCH.format(tried="2.00 GiB", free="1.00 GiB", own="1.00 GiB"), None),
    ],
)  # fmt: skip
def test_what_ran_out_is_told_from_other_errors(kind: str, text: str, found: str | None) -> None:
    assert shortage(kind, text, None) == found


@pytest.mark.parametrize(
    "code",
    [
        "import torch\ntorch.save(torch.zeros(10**6), path)",
        "import numpy\nnumpy.save(path, numpy.zeros(10**6))",
        "import pandas\npandas.DataFrame({'x': range(10**5)}).to_csv(path)",
    ],
)
def test_libraries_that_meet_a_full_disk_are_understood(code: str, tmp_path: object) -> None:
    """A limit on the size of a file stands in for the end of the disk: the libraries meet the same calls."""
    program = f"path = {str(tmp_path) + '/x'!r}\ntry:\n    {code.replace(chr(10), chr(10) + '    ')}\n" + (
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, SMALL_DISK)),
    ).stdout
    kind, _, text = told.partition(" ")
    assert kind
    assert shortage(kind, text, None) == "disk", told


@pytest.mark.parametrize(
    ("tried", "free", "own", "found"),
    [
        ("2.00 GiB", "60.00 GiB", "9.00 GiB", "gpu"),  # its own limit refused it
        ("2.00 GiB", "1.99 GiB", "1.00 GiB", "gpu_of_others"),
        ("2.00 GiB", "512.00 MiB", "1.00 GiB", "gpu_of_others"),
        ("2.00 GiB", "512.00 MiB", "9.00 GiB", "gpu"),  # a small card, which it has for itself
        ("20.00 MiB", "1.00 GiB", "1.00 GiB", "gpu"),
        ("1024.00 KiB", "512 bytes", "1.00 GiB", "gpu_of_others"),
    ],
)
def test_a_full_card_is_no_fault_of_the_notebook(tried: str, free: str, own: str, found: str) -> None:
    text = OF_PYTORCH.format(tried=tried, free=free, own=own)
    assert shortage("OutOfMemoryError", text, 10_240) == found


@pytest.mark.parametrize(
    "text", ["CUDA out of memory.", "CUDA error: out of memory", "cublasCreate: CUBLAS_STATUS_ALLOC_FAILED"]
)
def test_where_nothing_is_said_of_others_it_is_the_notebooks_own(text: str) -> None:
    assert shortage("RuntimeError", text, 10_240) == "gpu"


def test_another_error_of_the_gpu_is_no_shortage() -> None:
    assert shortage("AcceleratorError", "CUDA error: device-side assert triggered", 10_240) is None
