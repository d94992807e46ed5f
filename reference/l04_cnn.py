"""Lesson 4: a convolutional network for 28x28 pictures of clothes, and what its width and depth are worth."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from training import Data, fit, load, scores

__all__ = [
    "ConvNet",
    "Dense",
    "Sizes",
    "Solution",
    "build",
    "build_dense",
    "dense",
    "linear",
    "load",
    "solve",
]

CLASSES = 10
SIDE = 28


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of a convolutional network."""

    width: int = 12
    """Channels of the first block; each further block has twice as many."""
    depth: int = 3
    """Blocks of convolution and pooling, 1 to 4: each halves the picture's side, 28 → 14 → 7 → 3 → 1."""
    kernels: tuple[int, ...] = (5, 3, 3, 3)
    """Kernel size of each block: large patches first, where a channel is still a picture."""
    hidden: int = 128
    """Units of the dense layer before the last."""
    dropout: float = 0.25


class ConvNet(nn.Module):
    """AlexNet's plan at a small scale: blocks of convolution and pooling, then dense layers with dropout."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        if not 1 <= sizes.depth <= len(sizes.kernels):
            raise ValueError(f"depth is {sizes.depth}; it must be from 1 to {len(sizes.kernels)}")
        blocks: list[nn.Module] = []
        channels, side = 1, SIDE
        for block, kernel in enumerate(sizes.kernels[: sizes.depth]):
            wider = sizes.width * 2**block
            blocks += [
                nn.Conv2d(channels, wider, kernel, padding=kernel // 2),
                # pooling first leaves a quarter of the pixels to the two layers after it
                nn.MaxPool2d(2),
                nn.BatchNorm2d(wider),
                nn.ReLU(),
            ]
            channels, side = wider, side // 2
        self.features = nn.Sequential(*blocks)
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels * side * side, sizes.hidden),
            nn.ReLU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(sizes.hidden, CLASSES),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Images in [0, 1], (batch, 1, 28, 28), to scores, (batch, 10)."""
        centred = (images - 0.3) / 0.35
        scored: Tensor = self.classifier(self.features(centred))
        return scored


class Dense(nn.Module):
    """`depth` hidden layers of `width` units, blind to what lies beside what; with 0 layers it is linear."""

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        inputs = SIDE * SIDE
        for _ in range(depth):
            layers += [nn.Linear(inputs, width), nn.ReLU()]
            inputs = width
        self.layers = nn.Sequential(*layers, nn.Linear(inputs, CLASSES))

    def forward(self, images: Tensor) -> Tensor:
        """Images in [0, 1], (batch, 1, 28, 28), to scores, (batch, 10)."""
        scored: Tensor = self.layers((images - 0.3) / 0.35)
        return scored


def build(width: int, depth: int) -> nn.Module:
    """An untrained convolutional network of the study's family."""
    return ConvNet(Sizes(width, depth))


def build_dense(width: int, depth: int) -> nn.Module:
    """An untrained dense network: 784 inputs, `depth` hidden layers of `width` units, 10 outputs."""
    return Dense(width, depth)


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to train; one profile of the data is ten times as large as the other."""

    epochs: int
    """Passes over all training pictures for the main network and for the baselines."""
    study_pictures: int
    """Training pictures that each row of the studies sees."""
    study_epochs: int


BUDGETS = {
    "mini": Budget(epochs=10, study_pictures=3_000, study_epochs=6),
    "full": Budget(epochs=10, study_pictures=10_000, study_epochs=4),
}

WIDTHS, DEPTH = (6, 10, 16, 24), 2
"""The width study, and the depth it holds on to."""
DEPTHS, WIDTH = (1, 2, 3, 4), 8
"""The depth study, and the width it holds on to."""
DENSE_WIDTH, DENSE_DEPTH = 256, 2


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    predict: Callable[[Tensor], Tensor]
    """Images float32 in [0, 1], (N, 1, 28, 28), on the CPU to scores, (N, 10), on the CPU."""
    model: nn.Module
    experiments: list[dict[str, Any]] = field(default_factory=list)
    """Rows of `study`, `width`, `depth`, `parameters` and `accuracy` on the validation pictures."""
    build: Callable[[int, int], nn.Module] | None = None
    build_dense: Callable[[int, int], nn.Module] | None = None
    train: Callable[[nn.Module], object] | None = None
    """Trains a network in place, in the way that the rows of the studies were trained."""


def experiment(
    study: str,
    network: Callable[[int, int], nn.Module],
    width: int,
    depth: int,
    train: Callable[[nn.Module], float],
) -> dict[str, Any]:
    """Build and train one network of a study, and describe it as a row."""
    model = network(width, depth)
    parameters = sum(weights.numel() for weights in model.parameters())
    reached = train(model)
    return {"study": study, "width": width, "depth": depth, "parameters": parameters, "accuracy": reached}


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The whole homework: a good network, and the three studies on a smaller budget."""
    budget = BUDGETS[profile]
    torch.manual_seed(seed)
    model = ConvNet(Sizes())
    fit(model, data, epochs=budget.epochs, seed=seed, device=device, rate=4e-3)

    fewer = data.first(budget.study_pictures)
    train = partial(fit, data=fewer, epochs=budget.study_epochs, seed=seed, device=device, rate=4e-3)
    experiments = [
        *(experiment("width", build, width, DEPTH, train) for width in WIDTHS),
        *(experiment("depth", build, WIDTH, depth, train) for depth in DEPTHS),
        experiment("dense", build_dense, DENSE_WIDTH, DENSE_DEPTH, train),
    ]
    return Solution(partial(scores, model), model, experiments, build, build_dense, train)


def linear(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The baseline that earns nothing: every pixel votes for every class on its own."""
    return _baseline(data, device, seed, profile, width=0, depth=0)


def dense(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The dense network, with as many passes over the pictures as the convolutional one."""
    return _baseline(data, device, seed, profile, width=DENSE_WIDTH, depth=DENSE_DEPTH)


def _baseline(
    data: Data, device: torch.device, seed: int, profile: str, *, width: int, depth: int
) -> Solution:
    torch.manual_seed(seed)
    model = build_dense(width, depth)
    fit(model, data, epochs=BUDGETS[profile].epochs, seed=seed, device=device)
    return Solution(partial(scores, model), model)
