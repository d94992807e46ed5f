"""How a notebook of lesson 8 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from inside.contract import ContractError
from inside.drawing import save_samples
from inside.outbox import Outbox
from PIL import Image

MOST_SIDE = 640
"""Pixels of a side of a picture that is shown."""

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]


def samples(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """As many pictures as there are places."""
    if not callable(notebook.get("sample")):
        raise ContractError("contract.missing_function", name="sample(n)")
    save_samples(notebook["sample"], inputs, outbox)


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
