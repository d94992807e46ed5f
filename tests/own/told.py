"""What is found in examples, as codes."""

import numpy as np
from numpy.typing import NDArray

from graders.i18n import sentence
from graders.own.alike import Alike, find_alike
from graders.own.examples import Examples
from graders.own.leaks import find_leaks

Ids = NDArray[np.int64]


def leaks(data: Examples, *, joined: bool = False) -> list[tuple[str, str]]:
    """Codes and severities, after joining what is alike if asked to."""
    apart = Alike((), data.groups, copies=0, different=len(np.unique(data.groups)), sure=True)
    found = find_leaks(data, find_alike(data) if joined else apart)
    for one in found:
        assert sentence(one.message, "ru")
        assert sentence(one.message, "en")
    return [(one.message.code.removeprefix("own.leak."), one.severity) for one in found]


def classes(count: int, kinds: int = 3, seed: int = 9) -> Ids:
    return np.random.RandomState(seed).randint(kinds, size=count).astype(np.int64)
