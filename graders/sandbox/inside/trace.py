"""Records the operations of a network, so that the host can replay them.

What this process says of a network proves nothing: the host runs the recorded operations again, from its own
pictures and the recorded weights, and believes the trace only if the submitted predictions come out.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

MOST_OPERATIONS = 2000
COMPOSITE = torch._C.DispatchKey.CompositeImplicitAutograd
"""Where PyTorch keeps what a layer is made of."""


class Recorder(TorchDispatchMode):
    """Writes down every ATen operation with where its tensors come from.

    A tensor is a number: 0 is the pictures, the others are counted as they appear. One that no recorded
    operation made is a constant: a weight or a buffer.
    """

    def __init__(self, images: torch.Tensor) -> None:
        TorchDispatchMode.__init__(self)
        self.operations: list[dict[str, Any]] = []
        self.constants: dict[int, torch.Tensor] = {}
        self._numbers = {id(images): 0}
        self._kept = [images]  # so that no id is used twice

    def number(self, tensor: torch.Tensor) -> int | None:
        """The number of a tensor that was seen, or None."""
        return self._numbers.get(id(tensor))

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        # In inference mode whole layers arrive; they are recorded as what they are made of, as without it.
        if torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), COMPOSITE):
            with self:
                return func._op_dk(COMPOSITE, *args, **kwargs)
        if len(self.operations) >= MOST_OPERATIONS:
            return func(*args, **kwargs)
        # In-place operations change a constant, so constants are copied before the operation runs.
        encoded = [self._encode(argument) for argument in args]
        named = {name: self._encode(value) for name, value in kwargs.items()}
        result = func(*args, **kwargs)
        outputs = [leaf for leaf in tree_leaves(result) if isinstance(leaf, torch.Tensor)]
        self.operations.append(
            {
                "op": str(func),
                "args": encoded,
                "kwargs": named,
                "outputs": [self._remember(tensor) for tensor in outputs],
                "shapes": [list(tensor.shape) for tensor in outputs],
            }
        )
        return result

    def _remember(self, tensor: torch.Tensor) -> int:
        number = self._numbers.get(id(tensor))
        if number is None:
            number = self._numbers[id(tensor)] = len(self._kept)
            self._kept.append(tensor)
        return number

    def _encode(self, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            if id(value) not in self._numbers:
                self.constants[self._remember(value)] = value.detach().clone()
            return {"tensor": self._numbers[id(value)]}
        if isinstance(value, (list, tuple)):
            return [self._encode(item) for item in value]
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return value if np.isfinite(value) else {"float": str(value)}
        return {"torch": str(value)}  # a dtype, device, layout or memory format


def record(
    function: Callable[[torch.Tensor], Any], images: torch.Tensor, output_of: Callable[[], torch.Tensor]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Runs `function(images)` and returns its operations and the constants they use.

    Args:
        function: takes `images`, float32 (N, 1, H, W).
        images: what the host will replay the operations on.
        output_of: called afterwards for the tensor of scores that the network gave.
    """
    recorder = Recorder(images)
    with torch.no_grad(), recorder:
        returned = function(images)
        if isinstance(returned, (list, tuple)) and returned and isinstance(returned[0], torch.Tensor):
            returned = torch.stack(list(returned))
    output = output_of()
    dtypes = {str(number): str(tensor.dtype) for number, tensor in recorder.constants.items()}
    arrays = {f"c{number}": _storable(tensor) for number, tensor in recorder.constants.items()}
    trace = {
        "operations": recorder.operations,
        "dtypes": dtypes,
        "output": recorder.number(output),
        "returned": recorder.number(returned) if isinstance(returned, torch.Tensor) else None,
        "complete": len(recorder.operations) < MOST_OPERATIONS,
    }
    return trace, arrays


def _storable(tensor: torch.Tensor) -> np.ndarray:
    """NumPy has no bfloat16; the host restores the type from `dtypes`."""
    tensor = tensor.cpu()
    array: np.ndarray = (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).contiguous().numpy()
    return array
