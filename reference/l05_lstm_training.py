"""How every network of lesson 5 is trained."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn


def train(network: nn.Module, losses: Iterator[Tensor], steps: int, rate: float) -> None:
    """Take a step of AdamW for each loss, with a learning rate that rises to `rate` and falls to zero."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=steps)
    for loss in losses:
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)  # one long sequence may explode
        optimiser.step()
        schedule.step()
    network.eval()


def half(device: torch.device) -> AbstractContextManager[None]:
    """Forward passes in bfloat16 on a GPU, in full precision on a CPU."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")
