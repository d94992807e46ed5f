"""Whose fault it is when a GPU's memory runs out."""

import re

_SIZE = r"([\d.]+) (KiB|MiB|GiB|bytes)"
_TRIED = re.compile(rf"Tried to allocate {_SIZE}")
_FREE = re.compile(rf"of which {_SIZE} is free")
_UNITS = {"bytes": 2**-20, "KiB": 2**-10, "MiB": 1.0, "GiB": 2.0**10}


def is_out_of_memory(kind: str, text: str) -> bool:
    """Whether an exception says that the GPU's memory ran out."""
    return kind == "OutOfMemoryError" or "CUDA out of memory" in text or "CUDA error: out of memory" in text


def is_short_itself(text: str) -> bool:
    """Whether the card had too little left, because of its other users, for what the notebook was allowed.

    Args:
        text: PyTorch's message, which names what was asked for and what was free.

    >>> is_short_itself("Tried to allocate 2.00 GiB. GPU 0 has 79.15 GiB of which 1.00 GiB is free.")
    True
    >>> is_short_itself("Tried to allocate 2.00 GiB. GPU 0 has 79.15 GiB of which 60.00 GiB is free.")
    False
    """
    tried, free = _TRIED.search(text), _FREE.search(text)
    return tried is not None and free is not None and _mib(free) < _mib(tried)


def _mib(found: re.Match[str]) -> float:
    return float(found[1]) * _UNITS[found[2]]
