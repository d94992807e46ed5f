"""How a notebook of lesson 9 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from inside.calls import BATCH, evaluation_mode, outermost_calls, to_array
from inside.contract import ContractError, NotebookError
from inside.drawing import in_both_modes
from inside.outbox import Outbox

FEW = 200
"""Prefixes, and captions, of the check in evaluation mode."""
MOST_KEPT = 501
"""Characters of a caption; the host refuses one of so many."""

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]


def googlenet(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Distributions of the next word after all prefixes, and after some of them in evaluation mode."""
    _measure(notebook, inputs, outbox, "googlenet")


def resnet50(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The same from features of the other encoder."""
    _measure(notebook, inputs, outbox, "resnet50")


def googlenet_other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The same in another order, and one by one where that is possible."""
    _other_ways(notebook, inputs, outbox, "googlenet")


def resnet50_other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The same from features of the other encoder."""
    _other_ways(notebook, inputs, outbox, "resnet50")


def googlenet_captions(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """A caption for each picture, and for some of them in evaluation mode."""
    _captions(notebook, inputs, outbox, "googlenet")


def resnet50_captions(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The same from features of the other encoder."""
    _captions(notebook, inputs, outbox, "resnet50")


def _measure(notebook: Namespace, inputs: Arrays, outbox: Outbox, encoder: str) -> None:
    function = _function(notebook, "next_word_logprobs", "next_word_logprobs(features, prefixes)")
    features, prefixes = _asked(inputs, "", encoder)
    with outermost_calls() as calls:
        own = _distributions(function, features, prefixes)
    validation = _distributions(function, *_asked(inputs, "validation_", encoder))
    used = list({id(module): module for module, _ in calls}.values())
    with evaluation_mode(used):
        evaluation = _distributions(function, features[:FEW], prefixes[:FEW])
    outbox.save(own=own, validation=validation, evaluation=evaluation)
    outbox.write({"found_by": "predict", "name": "next_word_logprobs", "normalisation": ""})


def _other_ways(notebook: Namespace, inputs: Arrays, outbox: Outbox, encoder: str) -> None:
    function = _function(notebook, "next_word_logprobs", "next_word_logprobs(features, prefixes)")
    features, prefixes = _asked(inputs, "", encoder)
    arrays = {"reversed": _distributions(function, features.flip(0), prefixes.flip(0))[::-1].copy()}
    with suppress(ContractError, NotebookError):
        arrays["single"] = _distributions(function, features, prefixes, batch=1)
    outbox.save(**arrays)


def _captions(notebook: Namespace, inputs: Arrays, outbox: Outbox, encoder: str) -> None:
    function = _function(notebook, "caption", "caption(features)")
    features, shown = (torch.from_numpy(inputs[prefix + encoder]) for prefix in ("", "validation_"))
    said = in_both_modes(lambda: _texts(function, features), lambda: _texts(function, shown))
    if "evaluation" in said:
        said["evaluation"] = said["evaluation"][:FEW]
    outbox.save(**said)
    outbox.write({"found_by": "predict", "name": "caption", "normalisation": ""})


def _asked(inputs: Arrays, split: str, encoder: str) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(inputs[split + encoder]), torch.from_numpy(inputs[f"{split}prefixes"])


@torch.no_grad()
def _distributions(
    function: Any, features: torch.Tensor, prefixes: torch.Tensor, batch: int = BATCH
) -> np.ndarray:
    parts = zip(features.split(batch), prefixes.split(batch), strict=True)
    found = [
        to_array(_call(function, "next_word_logprobs", *part), len(part[0]), "next_word_logprobs")
        for part in parts
    ]
    if len({part.shape[1:] for part in found}) > 1:
        raise ContractError("contract.ragged", name="next_word_logprobs", expected=len(features))
    return np.concatenate(found)


@torch.no_grad()
def _texts(function: Any, features: torch.Tensor) -> np.ndarray:
    said: list[str] = []
    for part in features.split(BATCH):
        returned = _call(function, "caption", part)
        if isinstance(returned, np.ndarray):
            returned = returned.tolist()
        whole = isinstance(returned, (list, tuple)) and len(returned) == len(part)
        if not whole or not all(isinstance(text, str) for text in returned):
            raise ContractError(
                "contract.not_words", name="caption", found=_described(returned), expected=len(part)
            )
        said.extend(str(text[:MOST_KEPT]) for text in returned)
    return np.array(said, dtype=np.str_)


def _described(returned: Any) -> str:
    """What a notebook returned in place of a list of strings."""
    if not isinstance(returned, (list, tuple)):
        return type(returned).__name__
    kinds = sorted({type(item).__name__ for item in returned})[:3]
    return f"{type(returned).__name__} ({len(returned)}: {', '.join(kinds)})"


def _call(function: Any, name: str, *arguments: torch.Tensor) -> Any:
    try:
        return function(*(argument.clone() for argument in arguments))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError(name) from error


def _function(notebook: Namespace, name: str, needed: str) -> Any:
    if not callable(notebook.get(name)):
        raise ContractError("contract.missing_function", name=needed)
    return notebook[name]
