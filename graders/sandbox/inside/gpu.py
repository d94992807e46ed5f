"""Keeps a notebook within its share of a GPU's memory."""

import torch


def limit_memory(mib: float) -> None:
    """Let this process allocate at most `mib` MiB of the GPU that it sees.

    Raises:
        RuntimeError: the GPU cannot be started.
    """
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, mib * 2**20 / total), 0)
