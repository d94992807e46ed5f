"""How a notebook of lesson 4 is called: one function for each `probe` and `retrain` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook. Each function gets the notebook's
namespace, arrays from the host, parameters, and an outbox; what it writes is measured elsewhere, by code that
never trusts it.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from inside.calls import evaluation_mode, in_batches, outermost_calls
from inside.contract import ContractError, NotebookError
from inside.discover import Found, best_normalisation, device_of, find_classifier
from inside.outbox import Outbox
from inside.study import count_parameters, read_rows, train_again
from inside.trace import record
from torch import nn

CLASSES = 10
FEW = 200
"""Pictures of the checks that call the notebook in other ways."""
NEEDED_TO_RETRAIN = ("experiments", "build(width, depth)", "train(model)")

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]


class Predict:
    """The notebook's `predict`, or a network found in its place; one for all steps of a run."""

    def __init__(self, notebook: Namespace, inputs: Arrays) -> None:
        self.found: Found | None = None
        self.moves = False
        """True where `predict` wants its pictures on the GPU."""
        if callable(notebook.get("predict")):
            self.function = notebook["predict"]
            return
        validation = (
            torch.from_numpy(inputs["validation_images"]),
            torch.from_numpy(inputs["validation_labels"]),
        )
        self.found = find_classifier(notebook, *validation, CLASSES)
        if self.found is None:
            raise ContractError("contract.missing_predict", name="predict(images)")
        self.function = self.found

    def __call__(self, images: torch.Tensor) -> object:
        """What the notebook predicts for images in [0, 1], float32 (N, 1, 28, 28)."""
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


_predict: Predict | None = None


def the_predict(notebook: Namespace, inputs: Arrays) -> Predict:
    """Finds `predict` once; later steps use the same."""
    global _predict  # noqa: PLW0603 -- the steps of a run are separate calls that share this one search
    if _predict is None:
        _predict = Predict(notebook, inputs)
    return _predict


def accuracy(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Predictions for all pictures, and for some of them in evaluation mode."""
    predict = the_predict(notebook, inputs)
    images, variant = torch.from_numpy(inputs["images"]), torch.from_numpy(inputs["variant"])
    with outermost_calls() as calls:
        own = in_batches(predict, images, "predict")
    validation = torch.from_numpy(inputs["validation_images"])
    arrays = {
        "own": own,
        "variant": in_batches(predict, variant, "predict"),
        "validation": in_batches(predict, validation, "predict"),
    }
    used = list({id(module): module for module, _ in calls}.values())
    with evaluation_mode(used):
        arrays["evaluation"] = in_batches(predict, images[:FEW], "predict")
    outbox.save(**arrays)
    found = predict.found
    outbox.write(
        {
            "found_by": "predict" if found is None else "discovery",
            "name": "predict" if found is None else found.name,
            "normalisation": "" if found is None else found.normalisation,
        }
    )


def other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Predictions for some pictures in another order, and one by one where that is possible."""
    predict = the_predict(notebook, inputs)
    few = torch.from_numpy(inputs["images"])
    arrays = {"reversed": in_batches(predict, few.flip(0), "predict")[::-1].copy()}
    with suppress(ContractError, NotebookError):
        arrays["single"] = in_batches(predict, few, "predict", batch=1)
    outbox.save(**arrays)


def architecture(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The operations of the network that `predict` uses, or of `model`, on the pictures given."""
    predict = the_predict(notebook, inputs)
    images = torch.from_numpy(inputs["images"])
    found_by = "predict" if predict.found is None else "discovery"
    function: Any = predict
    with torch.no_grad(), outermost_calls() as calls:
        predict(images)
    if not calls:
        if not isinstance(notebook.get("model"), nn.Module):
            raise ContractError("contract.no_module", name="model")
        function, found_by = notebook["model"], "model"
        calls = [(function, None)]
    network = max((module for module, _ in calls), key=_size)
    with evaluation_mode([network]), outermost_calls() as traced:
        trace, constants = record(
            lambda pictures: function(pictures.to(device_of(network)) if found_by == "model" else pictures),
            images,
            lambda: next(output for module, output in traced if module is network),
        )
    outbox.save(**constants)
    outbox.write({"found_by": found_by, "parameters": _size(network), **trace})


def experiments(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The rows of `experiments`, each with the parameters of the network that `build` makes for it."""
    if "experiments" not in notebook:
        raise ContractError("contract.missing_name", name="experiments")
    build, build_dense = notebook.get("build"), notebook.get("build_dense")
    rows = []
    for row in read_rows(notebook["experiments"]):
        maker = build_dense if row["study"] == "dense" else build
        rows.append({**row, "counted": count_parameters(maker, row) if callable(maker) else None})
    outbox.write({"rows": rows, "has_build": callable(build)})


def retrain(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Predictions of one row, drawn by the host from the studies it asks for, after training it again."""
    for name in NEEDED_TO_RETRAIN:
        if name.split("(")[0] not in notebook:
            raise ContractError("contract.missing_name", name=name)
    asked = parameters["studies"]
    rows = [row for row in read_rows(notebook["experiments"]) if row["study"] in asked]
    if not rows:
        raise ContractError("contract.missing_name", name="experiments")
    drawn = int(parameters["draw"] * len(rows))
    torch.manual_seed(parameters["seed"])
    module = train_again(notebook["build"], notebook["train"], rows[drawn])
    validation = torch.from_numpy(inputs["validation_images"]), torch.from_numpy(inputs["validation_labels"])
    found = best_normalisation("build", module, *validation, CLASSES)
    if found is None:
        raise ContractError("contract.build_shape", name="build(width, depth)")
    outbox.save(predictions=in_batches(found, torch.from_numpy(inputs["images"]), "build"))
    outbox.write({"row": rows[drawn], "normalisation": found.normalisation})


def _size(module: nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())
