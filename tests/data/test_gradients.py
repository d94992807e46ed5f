import numpy as np
import torch

from graders.data.gradients import NAMES, draw
from graders.data.seeds import random_stream

CASES = draw(random_stream(b"cases of the tests"))


def test_the_targets_are_autograds() -> None:
    for case in range(len(CASES)):
        weights = {name: torch.tensor(CASES.inputs[name][case], requires_grad=True) for name in NAMES}
        x, y = (torch.tensor(CASES.inputs[name][case]) for name in ("x", "y"))
        hidden = torch.tanh(x @ weights["W1"] + weights["b1"])
        ((hidden @ weights["W2"] + weights["b2"] - y) ** 2).mean().backward()
        for name, weight in weights.items():
            np.testing.assert_allclose(weight.grad.numpy(), CASES.targets[name][case], rtol=1e-10, atol=1e-14)
