"""How a notebook of lesson 1 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from inside.calls import evaluation_mode, in_batches, outermost_calls
from inside.contract import ContractError, NotebookError
from inside.outbox import Outbox

FEW = 3_000
"""Flats of the check in evaluation mode."""
WEIGHTS = ("W1", "b1", "W2", "b2")

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]


def price(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Prices of all flats, and of some of them in evaluation mode."""
    predict = _function(notebook, "predict_price", "predict_price(features)")
    features = torch.from_numpy(inputs["features"])
    with outermost_calls() as calls:
        own = in_batches(predict, features, "predict_price")
    validation = in_batches(predict, torch.from_numpy(inputs["validation_features"]), "predict_price")
    used = list({id(module): module for module, _ in calls}.values())
    with evaluation_mode(used):
        evaluation = in_batches(predict, features[:FEW], "predict_price")
    outbox.save(own=own, validation=validation, evaluation=evaluation)
    outbox.write({"found_by": "predict", "name": "predict_price", "normalisation": ""})


def other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Prices of some flats in another order, standardised, and one by one where that is possible."""
    predict = _function(notebook, "predict_price", "predict_price(features)")
    few, shown = torch.from_numpy(inputs["features"]), torch.from_numpy(inputs["validation_features"])
    arrays = {"reversed": in_batches(predict, few.flip(0), "predict_price")[::-1].copy()}
    with suppress(ContractError, NotebookError):
        arrays["standardised"] = in_batches(predict, (few - shown.mean(0)) / shown.std(0), "predict_price")
    with suppress(ContractError, NotebookError):
        arrays["single"] = in_batches(predict, few, "predict_price", batch=1)
    outbox.save(**arrays)


def gradients(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The gradients that `backward` gives for each case, flattened; NaN where one is none."""
    backward = _function(notebook, "backward", "backward(params, x, y)")
    outbox.save(own=_all(backward, inputs, ""), validation=_all(backward, inputs, "validation_"))
    outbox.write({"found_by": "predict", "name": "backward", "normalisation": ""})


def _all(backward: Any, inputs: Arrays, prefix: str) -> np.ndarray:
    cases = []
    for case in range(len(inputs[f"{prefix}x"])):
        weights = {name: inputs[prefix + name][case].copy() for name in WEIGHTS}
        x, y = inputs[f"{prefix}x"][case].copy(), inputs[f"{prefix}y"][case].copy()
        try:
            found = backward(weights, x, y)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # the student's code may raise SystemExit or a class of its own
            raise NotebookError("backward") from error
        if not isinstance(found, Mapping):
            raise ContractError("contract.no_gradients", found=type(found).__name__)
        cases.append(
            np.concatenate([_flat(found.get(name), inputs[prefix + name][case]) for name in WEIGHTS])
        )
    return np.stack(cases)


def _flat(found: object, weights: np.ndarray) -> np.ndarray:
    """A gradient as a vector; all NaN where it is no array of the shape of its weights."""
    try:
        array = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    return array.ravel() if array.shape == weights.shape else np.full(weights.size, np.nan)


def _function(notebook: Namespace, name: str, needed: str) -> Any:
    if not callable(notebook.get(name)):
        raise ContractError("contract.missing_function", name=needed)
    return notebook[name]
