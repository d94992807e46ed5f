"""Makes `torch.load` of a notebook that brings its weights along read weights and nothing else."""

import os
import pickle
from typing import Any

import torch


class MoreThanWeightsError(RuntimeError):
    """A file has Python objects in it, which would run code while they are read."""


def weights_only() -> None:
    """Replace `torch.load` in this process."""
    load = torch.load

    def careful(f: Any, map_location: Any = None, pickle_module: Any = None, **options: Any) -> Any:
        """`torch.load` with `weights_only=True`, whatever was asked for."""
        options["weights_only"] = True
        if map_location is None and os.environ["GRADE_DEVICE"] == "cpu":
            map_location = "cpu"  # weights that were saved on a GPU
        try:
            return load(f, map_location, **options)
        except pickle.UnpicklingError:
            name = f if isinstance(f, (str, os.PathLike)) else "the file"
            raise MoreThanWeightsError(
                f"{name} holds more than weights: save model.state_dict(), not the whole model, best with "
                "safetensors.torch.save_file. / В файле не только веса: сохраните model.state_dict(), а не "
                "модель целиком, лучше всего через safetensors.torch.save_file."
            ) from None

    torch.load = torch.serialization.load = careful
