"""What this machine has: a GPU, looked for without starting CUDA in this process, cores and memory."""

import contextlib
import os
import platform
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

import pynvml

from graders.errors import UsageError

DEVICE = re.compile(r"cuda(?::(\d+))?")
CGROUPS = (
    (Path("/sys/fs/cgroup"), "memory.max", "memory.current", "inactive_file"),
    (
        Path("/sys/fs/cgroup/memory"),
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_inactive_file",
    ),
)
"""A container's group in cgroup v2 and v1: its folder, the files with its limit and its use, bytes, and what
`memory.stat` calls the part of the use that is a cache of files and given up when memory is asked for."""


def find_device(wanted: str) -> str:
    """`cpu` or `cuda:N` for `auto`, `cpu`, `cuda` or `cuda:N`.

    Raises:
        UsageError: it has another form, or that GPU is asked for and not there.
    """
    if wanted == "cpu":
        return "cpu"
    match = DEVICE.fullmatch(wanted)
    if match is None and wanted != "auto":
        raise UsageError(f"--device {wanted}: expected auto, cpu, cuda or cuda:0")
    there = gpu_count()
    if wanted == "auto":
        return "cuda:0" if there else "cpu"
    number = int(match[1] or 0) if match else 0
    if number >= there:
        raise UsageError(f"--device {wanted}: {there} GPUs can be used here; use --device cpu or auto")
    return f"cuda:{number}"


def gpu_count() -> int:
    """How many GPUs PyTorch can use here, without CUDA being started."""
    with _driver() as driver:
        if driver is None or not driver.nvmlDeviceGetCount():
            return 0
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")  # ask the driver, start no context
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def visible_gpu(device: str) -> str:
    """What `CUDA_VISIBLE_DEVICES` must be for a process to see this GPU and no other.

    >>> visible_gpu("cuda:1")  # where the variable is not set yet
    '1'
    """
    index = int(device.partition(":")[2] or 0)
    visible = [word.strip() for word in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if word.strip()]
    return visible[index] if index < len(visible) else str(index)


def gpu_memory_mib(device: str) -> int | None:
    """Total memory of a GPU, as the driver tells it without CUDA being started; None where it does not.

    Args:
        device: such as `cuda:0`, counted among the GPUs that `CUDA_VISIBLE_DEVICES` leaves.
    """
    return _gpu_mib(device, "total")


def gpu_free_memory_mib(device: str) -> int | None:
    """What the other users of a GPU leave of its memory now; else as `gpu_memory_mib`."""
    return _gpu_mib(device, "free")


def _gpu_mib(device: str, part: Literal["total", "free"]) -> int | None:
    with _driver() as driver:
        if driver is None or not device.startswith("cuda"):
            return None
        return int(getattr(driver.nvmlDeviceGetMemoryInfo(_card(driver, device)), part) // 2**20)


def gpu_used_mib(device: str, pids: Collection[int]) -> float:
    """GPU memory that some processes use together, MiB; 0 where the driver does not tell.

    Args:
        device: such as `cuda:0`.
        pids: process ids, as the host counts them.
    """
    with _driver() as driver:
        if driver is None:
            return 0.0
        running = driver.nvmlDeviceGetComputeRunningProcesses(_card(driver, device))
        return float(sum((one.usedGpuMemory or 0) / 2**20 for one in running if one.pid in pids))
    return 0.0


@contextlib.contextmanager
def _driver() -> Iterator[Any]:
    """NVML, the driver's own library, which makes no context; None where there is no driver."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        yield None
        return
    try:
        with contextlib.suppress(pynvml.NVMLError):  # a question that this driver does not answer
            yield pynvml
    finally:
        pynvml.nvmlShutdown()


def _card(driver: Any, device: str) -> Any:
    name = visible_gpu(device)
    if name.isdigit():
        return driver.nvmlDeviceGetHandleByIndex(int(name))
    return driver.nvmlDeviceGetHandleByUUID(name)


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_memory_mib() -> int | None:
    """Memory that this process and its children can still take; None where the system does not tell.

    In a container with a limit of its own that is less than what the machine has.
    """
    found = []
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found.append(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable")))
    for folder, limit, used, cache in CGROUPS:
        with contextlib.suppress(OSError, ValueError):  # not there, or the word `max`
            most, taken = (int((folder / name).read_text(encoding="ascii")) for name in (limit, used))
            stat = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
            idle = sum(int(line.split()[1]) for line in stat if line.split()[0] == cache)
            found.append(max(0, most - taken + idle) // 2**20)
    return min(found) if found else None


def device_name(device: str) -> str:
    """What a calibration calls a device: the kind of processor, or the GPU's name."""
    if device == "cpu":
        return f"cpu ({platform.machine()})"
    import torch

    return torch.cuda.get_device_name(device)
