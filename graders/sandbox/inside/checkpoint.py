"""Asks a notebook that skipped its training for the network that it loads, and to train on for a while.

What this process says of the network is shown and compared, and is worth no points: those come from the
predictions.
"""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .contract import ContractError, NotebookError
from .held import alive, known, made, missing, precisions, size, sizes, statistics
from .outbox import Outbox
from .tensors import SafetensorError, load_file, read_metadata

MOST_SIZES = 2000
MOST_EPOCHS = 20
MOST_LOSS = 1e12

Namespace = dict[str, Any]
Parameters = Mapping[str, Any]


def loaded(notebook: Namespace, inputs: object, parameters: Parameters, outbox: Outbox) -> None:
    """What `load_model` makes of the weights that were handed in."""
    file = parameters["file"]
    saved, running = list(_tensors(file).values()), list(alive())
    # before `load_model`, which may put the weights into a network that the notebook left without them
    held = known(running, precisions(saved, running))
    network = _load(notebook, file)
    weights = list(made(network.parameters()))
    learned = [one for one in weights if one.requires_grad]
    handed_in = known(saved, precisions(saved, weights))
    outbox.write(
        {
            "parameters": size(weights),
            "others": size(made(network.buffers())),
            "trainable": size(learned),
            # what is frozen may come from the course's pretrained weights
            "absent": size(missing(learned, handed_in)),
            "unsaved": size(missing(statistics(network), handed_in)),
            "spoiled": sum(int((~torch.isfinite(one.detach())).sum()) for one in weights),
            "idle": size(missing(learned, held)),
            "sizes": sorted(set(sizes(network)))[-MOST_SIZES:],
        }
    )


def middle(notebook: Namespace, inputs: object, parameters: Parameters, outbox: Outbox) -> None:
    """Put the network of mid-training in the place of `model`, so that what predicts uses it."""
    notebook["model"] = _load(notebook, parameters["file"])


def resumed(notebook: Namespace, inputs: object, parameters: Parameters, outbox: Outbox) -> None:
    """Losses of some epochs that `resume` trains from mid-training."""
    resume, file = notebook.get("resume"), parameters["file"]
    if not callable(resume):
        raise ContractError("contract.no_resume", name=file)
    try:
        found = resume(file, parameters["epochs"])
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError("resume") from error
    losses = found
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], nn.Module):
        losses, notebook["model"] = found
    outbox.write({"epoch": _epoch(file), "losses": _losses(losses)})


def _load(notebook: Namespace, file: str) -> nn.Module:
    load = notebook.get("load_model")
    if not callable(load):
        raise ContractError("contract.no_load_model", name=file)
    try:
        network = load(file)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the student's code may raise SystemExit or a class of its own
        raise NotebookError("load_model") from error
    if not isinstance(network, nn.Module):
        raise ContractError("contract.load_model_type", found=type(network).__name__)
    return network


def _tensors(file: str) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except (OSError, SafetensorError):
        return {}


def _epoch(file: str) -> int | None:
    """The epoch after which a checkpoint was saved, as the file says."""
    try:
        said: Any = (
            read_metadata(file).get("epoch") if file.endswith(".safetensors") else torch.load(file)["epoch"]
        )
        return int(said)
    except (OSError, SafetensorError, RuntimeError, TypeError, ValueError, KeyError):
        return None


def _losses(found: object) -> list[float]:
    if hasattr(found, "tolist"):
        found = found.tolist()
    if not isinstance(found, (list, tuple)):
        raise ContractError("contract.resume_type", found=type(found).__name__)
    try:
        losses = [float(value) for value in found[:MOST_EPOCHS]]
    except (TypeError, ValueError, RuntimeError):
        raise ContractError("contract.resume_type", found=type(found).__name__) from None
    if not losses or not all(math.isfinite(value) for value in losses):
        raise ContractError("contract.resume_type", found="NaN" if losses else "[]")
    if max(map(abs, losses)) > MOST_LOSS:
        raise ContractError("contract.resume_type", found=f"{max(losses, key=abs):.3g}")
    return losses
