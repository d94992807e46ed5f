"""What a traced network is made of, and how much it looks like AlexNet."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from graders.metrics.trace import Operation, Trace, backwards, numbered, tensors_in
from graders.model import Criterion, Layer, Layers, StructureTask, say

CRITERIA = ("blocks", "kernels", "dense_last")
MOST_SIZE = 2**31
"""Beyond it a declared kernel or stride is no size."""

POOLING = {
    "aten.max_pool2d_with_indices.default": "max_pool2d",
    "aten.avg_pool2d.default": "avg_pool2d",
    "aten._adaptive_avg_pool2d.default": "adaptive_avg_pool2d",
    "aten.adaptive_max_pool2d.default": "adaptive_max_pool2d",
}
UPSAMPLING = (
    "aten.upsample_nearest2d.default",
    "aten._upsample_nearest_exact2d.default",
    "aten.upsample_bilinear2d.default",
    "aten.upsample_bicubic2d.default",
    "aten.pixel_shuffle.default",
)
_DENSE = ("aten.addmm.default", "aten.mm.default", "aten.linear.default")


def read_layers(trace: Trace, constants: Mapping[str, NDArray[np.generic]]) -> tuple[Layer, ...]:
    """The layers on the way from the pictures to the scores, in the order in which they run.

    An operation that does not depend on the pictures, or that the scores do not depend on, is left out.
    """
    try:
        return _read_layers(trace, constants)
    except Exception:  # everything in a recording is a stranger's bytes; what cannot be read is not shown
        return ()


def _read_layers(trace: Trace, constants: Mapping[str, NDArray[np.generic]]) -> tuple[Layer, ...]:
    shapes = declared_shapes(trace, constants)
    layers = (_declared_layer(operation, shapes) for operation in on_the_way(trace))
    return tuple(layer for layer in layers if layer is not None)


def declared_shapes(trace: Trace, constants: Mapping[str, NDArray[np.generic]]) -> dict[int, list[int]]:
    """Shapes of all tensors by number, as the notebook's process says; the pictures are not among them."""
    shapes = {number: list(array.shape) for number, array in numbered(constants).items()}
    for operation in trace.operations:
        shapes.update(zip(operation.outputs, operation.shapes, strict=False))
    return shapes


def on_the_way(trace: Trace) -> list[Operation]:
    """The operations that depend on the pictures and that the scores depend on."""
    reached, forward = {0}, []
    for operation in trace.operations:
        if reached.intersection(tensors_in(operation.args)):
            reached.update(operation.outputs)
            forward.append(operation)
    return backwards(forward, trace.output)


def _declared_layer(operation: Operation, shapes: Mapping[int, list[int]]) -> Layer | None:
    """A layer, or None for another operation and for one whose arguments are not what it takes."""
    try:
        return _layer(operation, shapes)
    except (IndexError, TypeError, ValidationError):
        return None


def _layer(operation: Operation, shapes: Mapping[int, list[int]]) -> Layer | None:
    op, args = operation.op, operation.args
    shape = tuple(operation.shapes[0][1:]) if operation.shapes else ()
    inputs = [shapes.get(number, []) for number in tensors_in(args)]
    if op == "aten.convolution.default" and len(inputs) >= 2 and len(inputs[1]) == 4:
        out, into, *kernel = inputs[1]
        if args[6]:  # transposed: the weights have input channels first
            into, out = out, into * args[8]
        else:
            into *= args[8]
        return Layer(
            op="other" if args[6] else "convolution",
            name="conv_transpose2d" if args[6] else "conv2d",
            kernel=tuple(kernel),
            channels=(into, out),
            stride=_numbers(args[3]),
            shape=shape,
        )
    if op in POOLING:
        window = () if "adaptive" in op else _numbers(args[1])
        stride = () if "adaptive" in op else _numbers(args[2] if len(args) > 2 else []) or window
        return Layer(op="pooling", name=POOLING[op], kernel=window, stride=stride, shape=shape)
    if (
        op == "aten.mean.dim"
        and inputs
        and len(inputs[0]) == 4
        and {d % 4 for d in _numbers(args[1])} == {2, 3}
    ):
        return Layer(op="pooling", name="global average", kernel=tuple(inputs[0][2:]), shape=shape)
    if op in UPSAMPLING:
        return Layer(op="other", name=op.split(".")[1].strip("_"), shape=shape)
    if op == "aten.cat.default" and len(shape) == 3 and args[1:] in ([1], [-3]):
        return Layer(op="other", name="cat", shape=shape)
    if op in _DENSE and inputs:
        features = inputs[1 if op == "aten.addmm.default" else 0][-1:]
        return Layer(op="dense", name="linear", channels=(*features, *shape[-1:]), shape=shape)
    if "norm" in op:
        return Layer(op="normalisation", name=op.split(".")[1].strip("_"), shape=shape)
    return None


def _numbers(value: object) -> tuple[int, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, int) and abs(item) < MOST_SIZE)


def judge(task: StructureTask, network: Layers) -> tuple[Criterion, ...]:
    """How far a network has the shape that a structure task asks for."""
    judges = {"blocks": _judge_blocks, "kernels": _judge_kernels, "dense_last": _judge_dense_last}
    return tuple(judges[code](task, network.layers) for code in task.criteria)


def _judge_blocks(task: StructureTask, layers: Sequence[Layer]) -> Criterion:
    found, convolved = 0, False
    for layer in layers:
        if layer.op == "convolution":
            convolved = True
        elif layer.op == "pooling" and convolved:
            found, convolved = found + 1, False
    possible = task.criteria["blocks"]
    return Criterion(
        code="blocks",
        status="met" if found >= task.blocks else "partly" if found else "missed",
        earned=possible * min(1.0, found / task.blocks),
        possible=possible,
        message=say("structure.blocks", found=found, expected=task.blocks),
    )


def _judge_kernels(task: StructureTask, layers: Sequence[Layer]) -> Criterion:
    kernels = [layer.kernel for layer in layers if layer.op == "convolution"]
    rises = any(max(after) > max(before) for before, after in pairwise(kernels))
    listed = " → ".join("×".join(map(str, kernel)) for kernel in kernels)
    if not kernels:
        code = "structure.no_convolution"
    elif rises:
        code = "structure.kernels_rise"
    else:
        code = "structure.kernels_fall"
    met = bool(kernels) and not rises
    possible = task.criteria["kernels"]
    return Criterion(
        code="kernels",
        status="met" if met else "missed",
        earned=possible if met else 0.0,
        possible=possible,
        message=say(code, kernels=listed) if kernels else say(code),
    )


def _judge_dense_last(task: StructureTask, layers: Sequence[Layer]) -> Criterion:
    shaping = [layer.op for layer in layers if layer.op in ("convolution", "pooling", "dense")]
    dense = shaping.count("dense")
    convolutional = [index for index, op in enumerate(shaping) if op != "dense"]
    met = dense > 0 and bool(convolutional) and "dense" not in shaping[: convolutional[-1]]
    possible = task.criteria["dense_last"]
    return Criterion(
        code="dense_last",
        status="met" if met else "missed",
        earned=possible if met else 0.0,
        possible=possible,
        message=say("structure.dense_last" if met else "structure.dense_not_last", n=dense),
    )
