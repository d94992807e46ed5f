"""How a notebook of lesson 8 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from inside.calls import in_batches
from inside.contract import ContractError
from inside.outbox import Outbox
from PIL import Image

MOST_SIDE = 640
"""Pixels of a side of a picture that is shown."""

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]


def samples(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """As many pictures as there are places; what `sample` gives is written as it is, rounded to 16 bits."""
    if not callable(notebook.get("sample")):
        raise ContractError("contract.missing_function", name="sample(n)")

    def drawn(places: torch.Tensor) -> object:
        return notebook["sample"](len(places))

    own, validation = (
        in_batches(drawn, torch.from_numpy(inputs[name]), "sample")
        for name in ("places", "validation_places")
    )
    outbox.save(own=_short(own), validation=_short(validation))
    outbox.write({"found_by": "predict", "name": "sample", "normalisation": ""})


def best_picture(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The picture `best.png`, made smaller where it is too large to be shown."""
    path = Path("best.png")
    if not path.is_file():
        raise ContractError("contract.no_picture_file", name=path.name)
    try:
        with Image.open(path) as file:
            file.thumbnail((MOST_SIDE, MOST_SIDE))
            found = np.asarray(file.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ContractError("contract.no_picture_file", name=path.name) from None
    outbox.save(pictures=found[None])
    outbox.write({"captions": [path.name]})


def _short(images: np.ndarray) -> np.ndarray:
    """Half the size, since the record keeps them: a grey level of 256 is a hundred times coarser."""
    with np.errstate(over="ignore"):
        return images.astype(np.float16) if images.dtype.kind == "f" else images
