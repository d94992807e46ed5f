"""`kagglehub` without a network: everything is refused, with its name."""

import importlib
from typing import Any, NoReturn


def _refused(handle: str, *_: Any, **__: Any) -> NoReturn:
    """Refuse.

    Raises:
        ConnectionError: always.
    """
    raise ConnectionError(importlib.import_module("inside.offline.mirror").refuse(f"kaggle:{handle}"))


dataset_download = model_download = competition_download = notebook_output_download = load_dataset = _refused


def login(*_: Any, **__: Any) -> None:
    """Nothing to log in to."""
