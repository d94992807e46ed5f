"""Training by the clock: the learning rate falls, and training ends, within seconds that were given.

What is trained on another's data must end in time on whatever machine that is. A set that needs no more ends
by the number of steps; then, and only then, the same seed gives the same network.
"""

import copy
import math
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

WARM = 0.1
"""Share of training over which the rate rises."""
CHECKS = 12
"""About how often the network is tried on the examples that were kept back."""
SPARE = 0.06
"""Share of a budget that is left unused: machines stop for a moment at times."""


class Clock:
    """How much of a budget is left; it runs from the moment it is made."""

    def __init__(self, budget: float) -> None:
        self.started = time.monotonic()
        self.budget = budget

    def left(self, share: float = 1.0) -> float:
        """Seconds until `share` of the budget is used, less what is spared; below 0 when it is too late."""
        return share * self.budget * (1 - SPARE) - (time.monotonic() - self.started)


def where() -> torch.device:
    """The device of this run, as the grader names it."""
    return torch.device(os.environ.get("GRADE_DEVICE", "cpu"))


def half(device: torch.device) -> AbstractContextManager[None]:
    """Forward passes in bfloat16 on a GPU, in full precision on a CPU."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def fit(
    network: nn.Module,
    loss: Callable[[], Tensor],
    score: Callable[[], float],
    *,
    seconds: float,
    steps: int,
    rate: float,
    decay: float = 1e-2,
) -> float:
    """Train in place and leave the weights that did best in the network, in evaluation mode.

    Args:
        network: what is trained.
        loss: draws a batch and says what is to be made small.
        score: how good the network is on examples that were kept back; the higher the better.
        seconds: what this may take, all of it; a step that has begun is finished.
        steps: the most batches.
        rate: the highest learning rate, from which it falls to zero.
        decay: of the weights.

    Returns:
        The best score, that of the untrained network where there was no time for a step.
    """
    started = time.monotonic()
    until = started + seconds
    best, weights, trying = tried(network, score)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)
    longest, checked = 0.0, 0.0
    for step in range(steps):
        begun = time.monotonic()
        room = until - 1.5 * longest - 2 * trying  # for one more step and the last trial
        if begun >= room:
            break
        passed = max(step / steps, (begun - started) / max(room - started, 1e-9))
        optimiser.param_groups[0]["lr"] = rate * min(passed / WARM, (1 - passed) / (1 - WARM))
        network.train()
        value = loss()
        optimiser.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        # the first step also loads and compiles what the others find ready
        longest = max(longest, time.monotonic() - begun) if step else 0.0
        if passed - checked >= 1 / CHECKS:
            checked = passed
            reached, found, took = tried(network, score)
            trying = max(trying, took)
            if reached > best:
                best, weights = reached, found
    if time.monotonic() + trying < until:
        reached, found, _ = tried(network, score)
        if reached > best:
            weights, best = found, reached
    network.load_state_dict(weights)
    network.eval()
    return best


def tried(network: nn.Module, score: Callable[[], float]) -> tuple[float, dict[str, Tensor], float]:
    """Its score in evaluation mode, a copy of its weights, and what that took in seconds."""
    started = time.monotonic()
    network.eval()
    with torch.no_grad():
        reached = score()
    weights = copy.deepcopy(network.state_dict())
    return (float("-inf") if math.isnan(reached) else reached), weights, time.monotonic() - started
