"""What `load_all` gave: the arrays as the student has them, and as the host has read and checked them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graders.model import Frozen, OwnKind
from graders.own.examples import Examples, Rows
from graders.own.pictures import Layout

Raw = NDArray[Any] | tuple[str, ...]
"""Numbers, or texts."""


class Declared(Frozen):
    """What the notebook's process says beside the arrays."""

    forms: dict[str, str] = Field(max_length=3)
    """`tensor`, `array` or `list` for each of X, y and groups that is not None."""
    kind: str = Field("", max_length=40)
    """The notebook's `own_kind`; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Own data that was read without a mistake."""

    examples: Examples
    inputs: Raw
    """X as the student has it, first axis n."""
    targets: Raw | None
    """y as the student has it."""
    forms: Mapping[str, str]
    labels: tuple[str, ...]
    """Names of the classes, whole, in the order of their ids."""
    grouped: bool
    """Whether the student said what belongs together."""
    layout: Layout | None = None
    """Where the examples are pictures."""
    sha256: str = ""
    """Of everything that `load_all` gave."""

    @property
    def by_time(self) -> bool:
        """Whether the examples are windows in order of time that nobody put into groups."""
        return self.kind == "forecasting" and not self.grouped

    @property
    def kind(self) -> OwnKind:
        """What the data is of."""
        return self.examples.kind

    def handed(self, rows: Rows) -> dict[str, NDArray[Any]]:
        """X and y of some examples as the sandbox takes them."""
        more = packed("y", self.targets, rows) if self.targets is not None else {}
        return {**packed("X", self.inputs, rows), **more}


def packed(name: str, values: Raw, rows: Rows | None = None) -> dict[str, NDArray[Any]]:
    """Values as arrays for the sandbox; texts as bytes with the offsets at which each ends."""
    if not isinstance(values, tuple):
        return {name: values if rows is None else values[rows]}
    texts = values if rows is None else tuple(values[row] for row in rows.tolist())
    data = [text.encode() for text in texts]
    ends = np.cumsum([len(part) for part in data], dtype=np.int64)
    return {f"{name}_text": np.frombuffer(b"".join(data), np.uint8), f"{name}_ends": ends}
