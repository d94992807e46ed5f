"""Which examples are equal to an earlier one, byte for byte or word for word."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from graders.own.examples import Rows


def equal_to_earlier(inputs: NDArray[np.float32] | tuple[str, ...]) -> Rows:
    """For each example the position of the first that is equal to it, its own where there is none.

    Texts are compared without regard to case and white space; arrays by their values, with -0.0 as 0.0.

    >>> equal_to_earlier(("A b", "c", "a  B")).tolist()
    [0, 1, 0]
    """
    seen: dict[bytes, int] = {}
    earlier = np.empty(len(inputs), np.int64)
    for place, one in enumerate(inputs):
        content = (
            " ".join(one.casefold().split()).encode("utf-8", "replace")
            if isinstance(one, str)
            else _bytes(one)
        )
        earlier[place] = seen.setdefault(blake2b(content, digest_size=16).digest(), place)
    return earlier


def _bytes(one: NDArray[np.float32]) -> bytes:
    return (one + np.float32(0)).tobytes()
