"""Random numbers that can be drawn again."""

import hashlib

import numpy as np


def random_stream(seed: bytes) -> np.random.RandomState:
    """Random numbers that are the same on every machine and in every release, from any number of bytes.

    NumPy has frozen the streams of `RandomState`; those of the newer `Generator` may change.
    """
    return np.random.RandomState(
        np.random.MT19937(np.random.SeedSequence(int.from_bytes(hashlib.sha256(seed).digest(), "big")))
    )
