"""Replays the recorded operations of a network in the host, without running anything of the student's.

A recording is data: names of ATen operations, numbers and arrays. Only the operations of `ALLOWED` are run,
and first on the meta device, which computes shapes and no values, so that a recording cannot ask for more
memory or work than `MOST_ELEMENTS` and `MOST_PRODUCTS` allow.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from graders.metrics.trace import Operation, Trace, backwards, numbered

MOST_SIDE = 2**12
"""Side of what adaptive pooling makes: PyTorch loops over one even where the other is nothing."""
MOST_ELEMENTS = 2**28
"""Elements of all tensors of a replay together."""
MOST_PRODUCTS = 2**35
"""Multiplications of all convolutions and matrix products of a replay together, roughly."""
AGREEMENT = 0.9
"""Share of pictures on which the replay and the submitted predictions must name the same class."""

LATE = ("torch.fx.experimental.symbolic_shapes", "torch._dynamo")
"""What PyTorch itself imports at its first operation on the meta device, for more than a second."""

_NAMES = """
_adaptive_avg_pool2d.default _log_softmax.default _native_batch_norm_legit_no_training.default
_prelu_kernel.default _reshape_alias.default _softmax.default _to_copy.default _unsafe_view.default
_upsample_nearest_exact2d.default abs.default adaptive_max_pool2d.default add.Scalar add.Tensor add_.Tensor
addmm.default alias.default argmax.default avg_pool2d.default bitwise_not.default bmm.default cat.default
clamp.default clamp_min.default clone.default constant_pad_nd.default convolution.default detach.default
div.Scalar div.Tensor div_.Tensor elu.default elu_.default empty.memory_format exp.default expand.default
flatten.using_ints flip.default ge.Scalar gelu.default gt.Scalar hardswish.default hardtanh.default
hardtanh_.default index.Tensor le.Scalar leaky_relu.default leaky_relu_.default lift_fresh.default
linear.default log.default log_softmax.int lt.Scalar max.dim max_pool2d_with_indices.default mean.default
mean.dim mish.default mm.default mul.Scalar mul.Tensor mul_.Tensor native_batch_norm.default
native_group_norm.default native_layer_norm.default neg.default permute.default pixel_shuffle.default
pow.Tensor_Scalar reciprocal.default relu.default relu_.default repeat.default reshape.default round.default
rsqrt.default select.int sigmoid.default silu.default silu_.default slice.Tensor softmax.int split.Tensor
split_with_sizes.default sqrt.default squeeze.default squeeze.dim squeeze.dims stack.default std.correction
sub.Scalar sub.Tensor sub_.Tensor sum.dim_IntList t.default tanh.default transpose.int unbind.int
unsqueeze.default upsample_bicubic2d.default upsample_bilinear2d.default upsample_nearest2d.default
var.correction var_mean.correction view.default view_as.default
"""
ALLOWED = frozenset(f"aten.{name}" for name in _NAMES.split())
_DTYPES = {
    f"torch.{name}": getattr(torch, name)
    for name in ("float16", "bfloat16", "float32", "float64", "int32", "int64", "bool", "uint8")
}
_FORMATS = {
    f"torch.{name}": getattr(torch, name)
    for name in ("contiguous_format", "channels_last", "preserve_format")
}
_SAME = {"aten.cudnn_batch_norm.default": "aten.native_batch_norm.default"}
"""What a GPU calls otherwise, with the same arguments."""
_PLACES = ("device", "layout", "pin_memory")
_ENUMS = ("ScalarType", "Layout", "MemoryFormat")
"""Types that PyTorch takes as a bare number without looking at it: a wrong one crashes the process."""
_VIEWS = ("aten.view.default", "aten._unsafe_view.default", "aten._reshape_alias.default")
"""Which of them works depends on strides, which a recording does not keep; `reshape` always does."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A change of one replay: where `operation` takes `tensor`, it gets another picture's, turned round.

    Turned, since a notebook may have gone through the pictures one by one, when there is no other.
    """

    operation: Operation
    tensor: int


class ReplayError(Exception):
    """The recording cannot be replayed; the text names the operation or the limit."""


def preload() -> None:
    """Import what the first replay needs besides this module, while there is time for it."""
    for name in LATE:
        importlib.import_module(name)


def verify(
    trace: Trace,
    constants: Mapping[str, NDArray[np.generic]],
    images: NDArray[np.float32],
    submitted: NDArray[np.int64],
) -> bool:
    """Whether the recorded operations, replayed here, name the classes that were submitted.

    Args:
        trace: what the notebook's process declared.
        constants: its weights, by `c<number>`.
        images: float32 (N, 1, 28, 28), the host's own.
        submitted: class ids (N,) that the notebook predicted for them in evaluation mode.
    """
    try:
        scores = replay(trace, constants, images)
        return len(scores) == len(submitted) and bool(
            np.mean(scores.argmax(axis=1) == submitted) >= AGREEMENT
        )
    except (
        Exception
    ):  # everything in a recording is a stranger's bytes; what cannot be replayed proves nothing
        return False


def replay(
    trace: Trace,
    constants: Mapping[str, NDArray[np.generic]],
    images: NDArray[np.float32],
    cut: Cut | None = None,
) -> NDArray[np.float32]:
    """What the recorded operations give for `images`: (N, classes) scores, or maps (N, channels, H, W).

    Args:
        trace: what the notebook's process declared.
        constants: its weights, by `c<number>`.
        images: float32 (N, 1, H, W), the host's own.
        cut: what is changed, to see whether it matters.

    Raises:
        ReplayError: an operation is not allowed, fails, or asks for too much.
    """
    tensors = _tensors(trace, constants, images)
    _run(trace, {number: tensor.to("meta") for number, tensor in tensors.items()}, check=True, cut=cut)
    own = {number: tensor.clone() for number, tensor in tensors.items()}
    scores = _run(trace, own, check=False, cut=cut)[trace.output or 0]
    result: NDArray[np.float32] = scores.to(torch.float32).numpy()
    return result


def shapes(
    trace: Trace, constants: Mapping[str, NDArray[np.generic]], images: NDArray[np.float32]
) -> dict[int, tuple[int, ...]]:
    """Shapes of all tensors of a replay, by number, as the host computes them.

    Raises:
        ReplayError: as for `replay`.
    """
    tensors = _tensors(trace, constants, images)
    found = _run(trace, {number: tensor.to("meta") for number, tensor in tensors.items()}, check=True)
    return {number: tuple(tensor.shape) for number, tensor in found.items()}


def _tensors(
    trace: Trace, constants: Mapping[str, NDArray[np.generic]], images: NDArray[np.float32]
) -> dict[int, torch.Tensor]:
    """The pictures and the weights, by number."""
    if trace.output is None or not trace.complete:
        raise ReplayError("the output does not come from recorded operations")
    tensors = {0: torch.from_numpy(images)}
    for number, array in numbered(constants).items():
        if array.dtype.kind not in "biuf":
            raise ReplayError(f"a weight has the type {array.dtype}")
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        tensors[number] = tensor.to(_DTYPES.get(trace.dtypes.get(str(number), ""), tensor.dtype))
    return tensors


@torch.no_grad()
def _run(
    trace: Trace, tensors: dict[int, torch.Tensor], check: bool, cut: Cut | None = None
) -> dict[int, torch.Tensor]:
    """Adds to `tensors` what the operations make, and returns it."""
    elements = products = 0
    for operation in backwards(trace.operations, trace.output):
        op = _SAME.get(operation.op, operation.op)
        if op not in ALLOWED:
            raise ReplayError(f"{op} is not replayed")
        try:
            known: Mapping[int, torch.Tensor] = tensors
            if cut is not None and operation is cut.operation:
                known = {**tensors, cut.tensor: tensors[cut.tensor].roll(1, 0).flip(-1, -2)}
            arguments = [_decode(item, known) for item in operation.args]
            named = {
                name: _decode(value, known) for name, value in operation.kwargs.items() if name not in _PLACES
            }
            result = _call(op, arguments, named, tensors[0].device)
        except (
            RuntimeError,
            TypeError,
            KeyError,
            IndexError,
            ValueError,
            AttributeError,
        ) as error:
            raise ReplayError(f"{operation.op}: {str(error).splitlines()[0]:.120}") from error
        outputs = [
            item for item in (result if isinstance(result, (tuple, list)) else [result]) if item is not None
        ]
        if check:
            elements += sum(output.numel() for output in outputs)
            products += _products(op, arguments, outputs)
            if elements > MOST_ELEMENTS or products > MOST_PRODUCTS:
                raise ReplayError(f"{operation.op}: more work than a network of this course needs")
        tensors.update(zip(operation.outputs, outputs, strict=False))
    if trace.output not in tensors:
        raise ReplayError("the output does not come from recorded operations")
    return tensors


def _call(op: str, arguments: list[Any], named: Mapping[str, Any], device: torch.device) -> Any:
    """Runs one operation.

    Raises:
        TypeError: PyTorch would not notice what is wrong with its arguments.
    """
    if op in _VIEWS:
        return arguments[0].reshape(arguments[1])
    if op == "aten.empty.memory_format":
        return torch.zeros(arguments[0], device=device)  # no memory of this process
    _, name, overload = op.split(".")
    called = getattr(getattr(torch.ops.aten, name), overload)
    _refuse_numbers_for_enums(called, arguments, named)
    if "batch_norm" in op:
        _refuse_other_lengths(arguments, named)
    if "adaptive" in op and max(arguments[1]) > MOST_SIDE:
        raise TypeError("a picture has no such side")
    if "upsample" in op:
        _refuse_other_scales(called, arguments, named)
    return called(*arguments, **named)


def _refuse_numbers_for_enums(called: Any, arguments: list[Any], named: Mapping[str, Any]) -> None:
    """Let dtypes, layouts and memory formats be given by name only.

    Raises:
        TypeError: one is given as a number.
    """
    declared = called._schema.arguments
    given = [*zip(declared, arguments, strict=False)]
    given += [(argument, named[argument.name]) for argument in declared if argument.name in named]
    for argument, value in given:
        if any(kind in str(argument.real_type) for kind in _ENUMS) and isinstance(value, (int, float)):
            raise TypeError(f"{argument.name} is given as a number")


def _refuse_other_lengths(arguments: list[Any], named: Mapping[str, Any]) -> None:
    """Let weights and statistics of a batch norm have one value a channel.

    PyTorch reads, and in training writes, past the end of shorter ones.

    Raises:
        TypeError: one has another length.
    """
    channels = arguments[0].shape[1]
    for given in (*arguments[1:], *named.values()):
        if isinstance(given, torch.Tensor) and given.shape != (channels,):
            raise TypeError("a batch norm has other weights than channels")


def _refuse_other_scales(called: Any, arguments: list[Any], named: Mapping[str, Any]) -> None:
    """Let scales of upsampling be those that its output size comes from.

    PyTorch computes places to read from by a scale, whatever it is, and reads past the end with a wrong one.

    Raises:
        TypeError: a scale does not belong to the size, or the size is none of a picture.
    """
    declared = [argument.name for argument in called._schema.arguments]
    given = {**dict(zip(declared, arguments, strict=False)), **named}
    height, width = given["self"].shape[2:]
    for side, size, scale in zip(
        (height, width), given["output_size"], (given.get("scales_h"), given.get("scales_w")), strict=True
    ):
        if not 0 < size <= MOST_SIDE:
            raise TypeError("a picture has no such side")
        if scale is not None and not size - 0.5 <= side * scale < size + 1:
            raise TypeError("a scale does not belong to the size")


def _products(op: str, arguments: list[Any], outputs: list[torch.Tensor]) -> int:
    """Multiplications of one operation: each output element takes a kernel, a window or a row of them."""
    elements = outputs[0].numel() if outputs else 0
    if op == "aten.convolution.default":
        if arguments[6]:  # each element of the input is spread over a kernel in every output channel
            return int(arguments[0].numel() * arguments[1][0].numel())
        return int(elements * arguments[1][0].numel())
    if op in ("aten.avg_pool2d.default", "aten.max_pool2d_with_indices.default"):
        return int(elements * prod(arguments[1]))
    if "upsample" in op:
        return int(16 * elements)
    if "adaptive" in op:
        return int(elements + 4 * arguments[0].numel())
    if op in ("aten.addmm.default", "aten.mm.default", "aten.bmm.default", "aten.linear.default"):
        left = arguments[1] if op == "aten.addmm.default" else arguments[0]
        return int(elements * left.shape[-1])
    return 0


def _decode(value: Any, tensors: Mapping[int, torch.Tensor]) -> Any:
    if isinstance(value, list):
        return [_decode(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return tensors[value["tensor"]]
    if "float" in value:
        return float(value["float"])
    named = value.get("torch", "")
    return _DTYPES.get(named) or _FORMATS.get(named)
