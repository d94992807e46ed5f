"""What an exception of a notebook says of a limit, by its class and its words.

They are a stranger's words. Whoever makes them up gets no mark where an honest exception would get a zero,
and a person looks at it.
"""

import re
from typing import Literal

Shortage = Literal["disk", "processes", "memory", "gpu", "gpu_of_others"]
"""What ran out; `gpu_of_others` where it was not the notebook that used it up."""
_SIZE = r"([\d.]+) (KiB|MiB|GiB|bytes)"
_TRIED = re.compile(rf"Tried to allocate {_SIZE}")
_FREE = re.compile(rf"of which {_SIZE} is free")
_OWN = re.compile(rf"{_SIZE} is allocated by PyTorch")
_UNITS = {"bytes": 2**-20, "KiB": 2**-10, "MiB": 1.0, "GiB": 2.0**10}
_DISK = re.compile(
    r"\[Errno (27|28|122)\]|No space left on device|Disk quota exceeded|database or disk is full"
    r"|\d+ requested and \d+ written"  # NumPy's `tofile` and `save`
    r"|inline_container\.cc.*(unexpected pos|writ)"  # `torch.save`
    r"|out of shared memory|\(28\)",  # workers of a DataLoader
    re.DOTALL,
)
_PROCESSES = re.compile(r"can't start new thread|fork: (retry: )?Resource temporarily unavailable")
_MEMORY = re.compile(r"can't allocate memory|\[Errno 12\]|Cannot allocate memory|bad_alloc")
_GPU = re.compile(r"CUDA out of memory|CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED")


def shortage(kind: str, text: str, gpu_mib: float | None) -> Shortage | None:
    """What ran out when an exception was raised, or None where it speaks of something else.

    Args:
        kind: name of the exception's class.
        text: its message.
        gpu_mib: MiB of the GPU that the notebook may have; None where it runs on the CPU.
    """
    if _DISK.search(text):
        return "disk"
    if gpu_mib is not None and (kind == "OutOfMemoryError" or _GPU.search(text)):
        return "gpu_of_others" if _was_taken_by_others(text, gpu_mib) else "gpu"
    if _PROCESSES.search(text) or (kind == "BlockingIOError" and "[Errno 11]" in text):
        return "processes"
    if kind in ("MemoryError", "_ArrayMemoryError") or _MEMORY.search(text):
        return "memory"
    return None


def _was_taken_by_others(text: str, gpu_mib: float) -> bool:
    """Whether the notebook would have stayed within its share, and the card had too little left for it."""
    tried, free, own = (pattern.search(text) for pattern in (_TRIED, _FREE, _OWN))
    if tried is None or free is None:
        return False
    used = _mib(own) if own is not None else 0.0
    return _mib(free) < _mib(tried) and used + _mib(tried) <= gpu_mib


def _mib(found: re.Match[str]) -> float:
    return float(found[1]) * _UNITS[found[2]]
