"""How a notebook of lesson 6 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from inside.calls import evaluation_mode, in_batches, outermost_calls
from inside.contract import ContractError, NotebookError
from inside.discover import device_of
from inside.outbox import Outbox
from inside.trace import record
from torch import nn

FEW = 200
"""Pictures of the check in evaluation mode."""
BATCH = 100
"""Pictures in one call at most: a U-Net keeps many maps of each."""

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]
Function = Callable[[torch.Tensor], Any]


def masks(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Masks of all pictures, and of some of them in evaluation mode."""
    segment = _function(notebook, "segment", "segment(images)")
    images = torch.from_numpy(inputs["images"])
    with outermost_calls() as calls:
        arrays = {"own": _all(segment, images, "segment")}
    for name, key in (("variant", "variant"), ("validation", "validation_images")):
        if key in inputs:
            arrays[name] = _all(segment, torch.from_numpy(inputs[key]), "segment")
    used = list({id(module): module for module, _ in calls}.values())
    with evaluation_mode(used):
        arrays["evaluation"] = _all(segment, images[:FEW], "segment")
    outbox.save(**arrays)
    outbox.write({"found_by": "predict", "name": "segment", "normalisation": ""})


def other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Masks of some pictures in another order, from 0 to 255, and one by one where that is possible."""
    segment = _function(notebook, "segment", "segment(images)")
    few = torch.from_numpy(inputs["images"])
    arrays = {"reversed": _all(segment, few.flip(0), "segment")[::-1].copy()}
    with suppress(ContractError, NotebookError):
        arrays["scaled"] = _all(segment, few * 255, "segment")
    with suppress(ContractError, NotebookError):
        arrays["single"] = in_batches(segment, few, "segment", batch=1)
    outbox.save(**arrays)


def architecture(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The operations of the network that `segment` uses, or of `model`, on the pictures given."""
    segment = _function(notebook, "segment", "segment(images)")
    images = torch.from_numpy(inputs["images"])
    function, found_by = segment, "predict"
    with torch.no_grad(), outermost_calls() as calls:
        segment(images)
    if not calls:
        if not isinstance(notebook.get("model"), nn.Module):
            raise ContractError("contract.no_module", name="model")
        model = notebook["model"]
        function, found_by = (lambda pictures: model(pictures.to(device_of(model)))), "model"
        calls = [(model, None)]
    network = max((module for module, _ in calls), key=_size)
    with evaluation_mode([network]), outermost_calls() as traced:
        trace, constants = record(
            function, images, lambda: next(output for module, output in traced if module is network)
        )
    outbox.save(**constants)
    outbox.write({"found_by": found_by, "parameters": _size(network), **trace})


def restored(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """What `reconstruct` makes of pictures with noise, and of some of them in evaluation mode."""
    reconstruct = _function(notebook, "reconstruct", "reconstruct(images)")
    images = torch.from_numpy(inputs["images"])
    with outermost_calls() as calls:
        own = _all(reconstruct, images, "reconstruct")
    validation = _all(reconstruct, torch.from_numpy(inputs["validation_images"]), "reconstruct")
    with evaluation_mode(list({id(module): module for module, _ in calls}.values())):
        evaluation = _all(reconstruct, images[:FEW], "reconstruct")
    outbox.save(own=own, validation=validation, evaluation=evaluation)
    outbox.write({"found_by": "predict", "name": "reconstruct", "normalisation": ""})


def _all(function: Function, images: torch.Tensor, name: str) -> np.ndarray:
    return in_batches(function, images, name, batch=BATCH)


class _Moving:
    """A function of the notebook that may want its pictures on the GPU."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.moves = False

    def __call__(self, images: torch.Tensor) -> object:
        """What it returns for images in [0, 1], float32 (N, 1, H, W)."""
        device = os.environ.get("GRADE_DEVICE", "cpu")
        if self.moves:
            return self.function(images.to(device))
        try:
            return self.function(images)
        except RuntimeError as error:
            if device == "cpu" or "device" not in str(error):
                raise
            self.moves = True
            return self.function(images.to(device))


def _function(notebook: Namespace, name: str, needed: str) -> Function:
    if not callable(notebook.get(name)):
        raise ContractError("contract.missing_function", name=needed)
    return _Moving(notebook[name])


def _size(module: nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())
