"""Calls a notebook's function on many inputs and turns whatever it returns into an array."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import torch
from torch import nn

from .contract import ContractError, NotebookError, ProbeError

BATCH = 500
"""Inputs in one call at most."""
MOST_KEPT = 2**24

Function = Callable[[torch.Tensor], Any]


def to_array(returned: object, expected: int, name: str) -> np.ndarray:
    """What a notebook returned for `expected` inputs, as a numeric array whose first axis is the inputs.

    Raises:
        ContractError: it is not numeric, or its first axis has another length.
    """
    if isinstance(returned, torch.Tensor):
        array = returned.detach().to("cpu", torch.float32 if returned.is_floating_point() else None).numpy()
    elif isinstance(returned, (list, tuple)) and any(isinstance(item, torch.Tensor) for item in returned):
        rows = [to_array(item, -1, name) for item in returned]
        if len({row.shape for row in rows}) > 1:
            raise ContractError("contract.ragged", name=name, expected=expected)
        array = np.stack(rows)
    else:
        try:
            array = np.asarray(returned)
        except ValueError:
            raise ContractError("contract.ragged", name=name, expected=expected) from None
    if array.dtype.kind not in "biuf":
        raise ContractError("contract.not_numeric", name=name, found=type(returned).__name__)
    if expected >= 0 and (array.ndim == 0 or len(array) != expected):
        found = len(array) if array.ndim else 0
        raise ContractError("contract.wrong_length", name=name, found=found, expected=expected)
    return array


@torch.no_grad()
def in_batches(function: Function, images: torch.Tensor, name: str, batch: int = BATCH) -> np.ndarray:
    """Results of `function` for all of `images`, float32 (N, 1, 28, 28), called at most `batch` at a time.

    Raises:
        ContractError: it returns something that is no prediction.
        NotebookError: it raises.
    """
    return np.concatenate([_call(function, part, name) for part in images.split(batch)])


def _call(function: Function, part: torch.Tensor, name: str) -> np.ndarray:
    try:
        returned = function(part.clone())
    except (ContractError, KeyboardInterrupt):
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError(name) from error
    return to_array(returned, len(part), name)


@contextmanager
def outermost_calls() -> Iterator[list[tuple[nn.Module, Any]]]:
    """Collects the modules that are called from outside any module, with what each returned.

    What they returned is kept up to `MOST_KEPT` elements, since a notebook may call layer by layer.
    """
    calls: list[tuple[nn.Module, Any]] = []
    depth = kept = 0

    def enter(module: nn.Module, _arguments: Any) -> None:
        nonlocal depth
        depth += 1

    def leave(module: nn.Module, _arguments: Any, output: Any) -> None:
        nonlocal depth, kept
        depth -= 1
        if depth == 0:
            kept += output.numel() if isinstance(output, torch.Tensor) else 0
            calls.append((module, output if kept <= MOST_KEPT else None))

    handles = [
        nn.modules.module.register_module_forward_pre_hook(enter),
        nn.modules.module.register_module_forward_hook(leave, always_call=True),
    ]
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()


_ALLOWED = ContextVar("evaluation_mode", default=True)
"""Whether `evaluation_mode` changes anything."""


@contextmanager
def no_evaluation_mode() -> Iterator[None]:
    """Lets `evaluation_mode` change nothing: who fails in it must not lose what is scored."""
    before = _ALLOWED.set(False)
    try:
        yield
    finally:
        _ALLOWED.reset(before)


@contextmanager
def evaluation_mode(modules: list[nn.Module]) -> Iterator[None]:
    """Holds modules in `eval()`, and afterwards puts each part of them back into the state that it had.

    Raises:
        ProbeError: the notebook failed meanwhile; its `in_evaluation` is true.
    """
    if not _ALLOWED.get():
        yield
        return
    states = [(part, part.training) for module in modules for part in module.modules()]
    for module in modules:
        module.eval()
        # a `predict` that calls `train()` on every call would otherwise undo it
        module.__dict__["train"] = lambda mode=True, module=module: module
    try:
        yield
    except ProbeError as error:
        error.in_evaluation = True
        raise
    finally:
        for module in modules:
            module.__dict__.pop("train", None)
        for part, training in states:
            part.training = training
