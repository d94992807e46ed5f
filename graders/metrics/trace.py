"""A recording of what a network computed: names of operations, numbers and shapes, without PyTorch."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graders.model import Frozen

MOST_PARAMETERS = 10**12

Size = Annotated[int, Field(ge=0, le=2**40)]
"""Length of one axis of a tensor."""


class Operation(Frozen):
    """One recorded ATen operation."""

    op: str
    args: list[Any]
    kwargs: dict[str, Any]
    outputs: list[int]
    """Numbers of the tensors that came out; 0 is the pictures."""
    shapes: list[list[Size]]
    """Their shapes, as declared."""


class Trace(Frozen):
    """What `inside/trace.py` wrote."""

    found_by: Literal["predict", "model", "discovery"]
    parameters: int = Field(ge=0, le=MOST_PARAMETERS)
    operations: list[Operation]
    dtypes: dict[str, str]
    output: int | None
    """Number of the tensor of scores; None where no recorded operation made it."""
    returned: int | None = None
    """Number of what the notebook's function returned; None where no recorded operation made it."""
    complete: bool


def tensors_in(value: object) -> list[int]:
    """Numbers of the tensors in an encoded argument.

    >>> tensors_in([{"tensor": 3}, 1, [{"tensor": 4}]])
    [3, 4]
    """
    if isinstance(value, dict) and isinstance(value.get("tensor"), int):
        return [value["tensor"]]
    if isinstance(value, list):
        return [number for item in value for number in tensors_in(item)]
    return []


def numbered(constants: Mapping[str, NDArray[np.generic]]) -> dict[int, NDArray[np.generic]]:
    """Arrays of weights by the number of their tensor; what is not called `c<number>` is left out.

    >>> list(numbered({"c3": np.zeros(2), "extra": np.zeros(2)}))
    [3]
    """
    return {
        int(name[1:]): array
        for name, array in constants.items()
        if name.startswith("c") and name[1:].isdecimal()
    }


def backwards(operations: Sequence[Operation], output: int | None) -> list[Operation]:
    """The operations that the tensor `output` depends on, in their order."""
    needed, found = {output}, []
    for operation in reversed(operations):
        if needed.intersection(operation.outputs):
            needed.update(tensors_in(operation.args))
            found.append(operation)
    return found[::-1]
