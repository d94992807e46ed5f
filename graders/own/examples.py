"""Own data once the host has read and checked it."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from graders.model import OwnKind

Rows = NDArray[np.int64]
"""Positions of examples."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples of one kind, all of one shape."""

    kind: OwnKind
    inputs: NDArray[np.float32] | tuple[str, ...]
    """Pictures (n, C, H, W), tables (n, d), histories (n, T), all finite; or n texts."""
    targets: NDArray[Any] | None
    """Class ids int64 (n,), masks uint8 0 or 1 (n, H, W), values float32 (n,), futures float32 (n, h).

    None for texts that are gone on with, and for pictures that are restored or drawn.
    """
    groups: Rows
    """Ids 0 to G - 1 of what belongs together, shape (n,)."""
    classes: tuple[str, ...] = ()
    """Names of the classes, where there are any."""

    def __len__(self) -> int:
        return len(self.groups)

    def take(self, rows: Rows) -> Self:
        """The examples `rows`, in that order; groups keep their ids."""
        inputs = self.inputs
        return replace(
            self,
            inputs=tuple(inputs[row] for row in rows.tolist()) if isinstance(inputs, tuple) else inputs[rows],
            targets=None if self.targets is None else self.targets[rows],
            groups=self.groups[rows],
        )
