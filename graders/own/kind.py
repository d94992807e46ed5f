"""What a kind of own data is: how a model is asked, how its answers are checked, what they are worth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from graders.model import Message
from graders.own.examples import Examples

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What `predict` is given for hidden examples, and nothing that tells the answers."""

    inputs: NDArray[np.float32] | tuple[str, ...] | int
    """Arrays or texts as `predict` takes them, first axis n; for sampling the number of pictures."""
    truth: Mapping[str, NDArray[Any]]
    """What stays with the host: arrays that `read` and `statistics` compare with."""


def no_doubt(predicted: NDArray[Any], asked: Asked) -> Message | None:
    """Of most kinds nothing but right answers makes a good value."""
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of own data."""

    opponent: str
    """Module in `reference/` with `train`, `predict` and `BASELINES`."""
    baselines: tuple[str, ...]
    """Keys of its `BASELINES`: what anybody gets without learning much."""
    better: Literal["higher", "lower"]
    unit: str
    """What a value is in, as the report says it: a code of the catalogue."""
    ask: Callable[[Examples, Examples, int], Asked]
    """`(hidden examples, those to train on, seed)` to what all opponents are asked alike.

    What training sees counts where it sets a scale: letters of an alphabet, features of pictures.
    """
    read: Callable[[NDArray[np.generic], Asked], NDArray[Any] | Message]
    """`(what predict returned, what was asked)` to checked predictions, or what is wrong with them."""
    statistics: Callable[[NDArray[Any], Asked], Values]
    """`(checked predictions, what was asked)` to what a value is made of, one row an example: (n, k)."""
    value: Callable[[Values], float]
    """The value of some of these rows; hidden groups are drawn again and again for its interval."""
    doubt: Callable[[NDArray[Any], Asked], Message | None] = no_doubt
    """`(checked predictions, what was asked)` to why a person must look before the value counts."""
