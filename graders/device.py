"""Where notebooks run: looks for a GPU without starting CUDA in this process."""

import os
import platform

from graders.errors import UsageError


def find_device(wanted: str) -> str:
    """`cpu` or `cuda:0` for `auto`, `cpu` or `cuda`.

    Raises:
        UsageError: CUDA is asked for and not there.
    """
    if wanted == "cpu":
        return "cpu"
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")  # ask the driver, start no context
    import torch

    if torch.cuda.is_available():
        return "cuda:0"
    if wanted == "cuda":
        raise UsageError("--device cuda: PyTorch finds no GPU here; use --device cpu or auto")
    return "cpu"


def device_name(device: str) -> str:
    """What a calibration calls a device: the kind of processor, or the GPU's name."""
    if device == "cpu":
        return f"cpu ({platform.machine()})"
    import torch

    return torch.cuda.get_device_name(device)
