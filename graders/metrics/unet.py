"""Reads from a traced network whether it is a U-Net (Ronneberger et al. 2015), and judges it.

A U-Net makes the picture smaller step by step (contraction), larger again up to its first size (expansion),
and joins what it had at a size before with what it has at the same size after (skip connections). What counts
are operations on the way from the pictures to the masks, whatever the modules are called.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graders.metrics.structure import POOLING, UPSAMPLING, declared_shapes, on_the_way
from graders.metrics.trace import Operation, Trace, tensors_in
from graders.model import Criterion, Message, StructureTask, say

CRITERIA = ("contraction", "expansion", "skips")
SMALLER = 0.6
"""A step makes a picture smaller where at most this share of its pixels is left."""

Size = tuple[int, int]
Shapes = Mapping[int, Sequence[int]]

_JOINS = ("aten.cat.default", "aten.add.Tensor", "aten.add_.Tensor")


@dataclass(frozen=True, slots=True)
class Step:
    """An operation with the tensor that it takes from where we look, and the size after it."""

    operation: Operation
    tensor: int
    size: Size


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a U-Net lies on the way from the pictures to the masks, in the order in which it runs."""

    contractions: tuple[Step, ...] = ()
    expansions: tuple[Step, ...] = ()
    skips: tuple[Step, ...] = ()
    """Joints, with the tensor that comes from the contracting path."""
    restored: bool = False
    """True where the size at the end is that of the pictures."""
    unused: bool = False
    """True where something was left out since the masks do not change with it."""


@dataclass(frozen=True, slots=True)
class _Past:
    """What a tensor went through on its way from the pictures."""

    convolved: bool = False
    contracted: bool = False
    expanded: bool = False


def read_plan(trace: Trace, shapes: Shapes) -> Plan:
    """What of a U-Net the operations of a trace make.

    Args:
        trace: what the notebook's process declared.
        shapes: of its tensors, by number; the pictures are 0.
    """
    past = {0: _Past()}
    found: dict[str, list[Step]] = {"contractions": [], "expansions": [], "skips": []}
    way = on_the_way(trace)
    for operation in way:
        inside = [number for number in tensors_in(operation.args) if number in past]
        if not inside or not operation.outputs:
            continue
        after = _joined(past[number] for number in inside)
        before, size = _size(shapes, inside[0]), _size(shapes, operation.outputs[0])
        if before is not None and size is not None:
            step = Step(operation, inside[0], size)
            if _contracts(operation, before, size) and not after.expanded:
                found["contractions"].append(step)
                after = replace(after, contracted=True)
            if _expands(operation, before, size) and after.contracted:
                found["expansions"].append(step)
                after = replace(after, expanded=True)
            found["skips"].extend(_skips(operation, inside, past, shapes))
        if operation.op == "aten.convolution.default":
            after = replace(after, convolved=True)
        past.update(dict.fromkeys(operation.outputs, after))
    last = next(
        (size for step in reversed(way) if (size := _size(shapes, step.outputs[0])) is not None), None
    )
    return Plan(
        contractions=tuple(found["contractions"]),
        expansions=tuple(found["expansions"]),
        skips=tuple(found["skips"]),
        restored=last is not None and last == _size(shapes, 0),
    )


def declared_plan(
    trace: Trace, constants: Mapping[str, NDArray[np.generic]], pictures: Sequence[int]
) -> Plan:
    """The same by the shapes that the notebook's process declares; an empty plan where they make no sense.

    Args:
        trace: what it declared.
        constants: its weights, by `c<number>`.
        pictures: shape of the pictures.
    """
    try:
        return read_plan(trace, {**declared_shapes(trace, constants), 0: pictures})
    except Exception:  # everything in a recording is a stranger's bytes
        return Plan()


def _joined(pasts: Iterator[_Past]) -> _Past:
    every = list(pasts)
    return _Past(
        convolved=any(one.convolved for one in every),
        contracted=any(one.contracted for one in every),
        expanded=any(one.expanded for one in every),
    )


def _size(shapes: Shapes, number: int) -> Size | None:
    """Height and width of a tensor of maps, (N, channels, H, W); None for another."""
    shape = shapes.get(number, ())
    return (shape[2], shape[3]) if len(shape) == 4 else None


def _contracts(operation: Operation, before: Size, size: Size) -> bool:
    """Whether it is a pooling or a convolution with a stride that leaves fewer pixels."""
    convolves = operation.op == "aten.convolution.default" and not operation.args[6]
    return (convolves or operation.op in POOLING) and _area(size) <= SMALLER * _area(before)


def _expands(operation: Operation, before: Size, size: Size) -> bool:
    """Whether it is an upsampling or a transposed convolution that makes more pixels."""
    transposed = operation.op == "aten.convolution.default" and bool(operation.args[6])
    return (transposed or operation.op in UPSAMPLING) and _area(before) <= SMALLER * _area(size)


def _skips(
    operation: Operation, inside: Sequence[int], past: Mapping[int, _Past], shapes: Shapes
) -> Iterator[Step]:
    """The tensors of the contracting path that the operation joins with one of the expanding path."""
    if operation.op not in _JOINS:
        return
    sizes = {_size(shapes, number) for number in inside if past[number].expanded}
    for number in inside:
        size = _size(shapes, number)
        if size is not None and size in sizes and past[number].convolved and not past[number].expanded:
            yield Step(operation, number, size)


def _area(size: Size) -> int:
    return size[0] * size[1]


def judge_unet(task: StructureTask, plan: Plan) -> tuple[Criterion, ...]:
    """How far a network is the U-Net that a structure task asks for."""
    smaller, larger, joined = (_sizes(steps) for steps in (plan.contractions, plan.expansions, plan.skips))
    enough = {
        "contraction": len(smaller) / task.blocks,
        "expansion": (1.0 if plan.restored else 0.5) if larger else 0.0,
        "skips": len(joined) / task.blocks,
    }
    messages = {
        "contraction": _told("contraction", smaller, task.blocks),
        "expansion": _told("expansion" if plan.restored else "expansion_short", larger, task.blocks),
        "skips": _told("skips", joined, task.blocks),
    }
    return tuple(
        Criterion(
            code=code,
            status="met" if enough[code] >= 1 else "partly" if enough[code] > 0 else "missed",
            earned=task.criteria[code] * min(1.0, enough[code]),
            possible=task.criteria[code],
            message=messages[code],
        )
        for code in task.criteria
    )


def _sizes(steps: Sequence[Step]) -> list[str]:
    """Sizes after the steps in words, each once."""
    return list(dict.fromkeys(f"{step.size[0]} × {step.size[1]}" for step in steps))


def _told(code: str, sizes: Sequence[str], expected: int) -> Message:
    if not sizes:
        return say(f"structure.no_{code.removesuffix('_short')}")
    return say(f"structure.{code}", found=len(sizes), sizes=", ".join(sizes), expected=expected)


def tell_plan(plan: Plan) -> Message:
    """What the network is, in a sentence."""
    if plan.unused and not plan.expansions:
        return say("structure.decorative")
    if not plan.contractions:
        return say("structure.plain")
    if not plan.expansions:
        return say("structure.encoder")
    if not plan.skips:
        return say("structure.encoder_decoder")
    return say("structure.unet", smaller=len(_sizes(plan.contractions)), n=len(_sizes(plan.skips)))
