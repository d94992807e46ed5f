"""Opponent of students who bring pictures to restore: a U-Net that corrects a first guess."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from l06_unet import DEAD, NOISE
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import Inputs, kept_back, pictures
from own_networks import padded, unet
from torch import Tensor, nn
from torch.nn import functional

Pictures = NDArray[np.float32]
Model = Callable[[Tensor], Tensor]
"""Spoiled pictures (n, C, H, W) to clean ones in [0, 1], on the CPU."""
Train = Callable[[Inputs, object, float], Model]

BATCH, RATE, CROP = 16, 6e-3, 64
"""Pictures of a step, the highest rate, and the side of what is cut out of larger pictures."""


def train(x: Inputs, y: object, budget: float) -> Model:
    """A U-Net that sees the picture, which pixels are black, and the mean of those around that are not."""
    clock = Clock(budget)
    images = pictures(x)
    learn, trial = kept_back(len(images))
    trial = trial[: max(1, min(64, 2**21 // images[0].numel()))]
    channels = images.shape[1]
    device = where()
    network = unet(2 * channels + 1, channels, width=12)
    nn.init.zeros_(network.last.weight)  # it begins with the first guess
    network = network.to(device).to(memory_format=torch.channels_last)

    def restored(spoiled: Tensor) -> Tensor:
        guess = filled(spoiled)
        black = (spoiled <= 0).all(1, keepdim=True)
        change: Tensor = network(torch.cat([spoiled - 0.5, guess - 0.5, black], 1))
        return guess + change.float()

    def loss() -> Tensor:
        clean = _cut(images, learn[torch.randint(len(learn), (BATCH,))]).to(device)
        with half(device):
            return functional.mse_loss(restored(_spoiled(clean)), clean)

    @torch.no_grad()
    def restore(some: Tensor) -> Tensor:
        height, width = some.shape[2:]
        at_once = max(1, 2**21 // some[0].numel())
        found = [restored(padded(part.to(device))).cpu() for part in some.split(at_once)]
        return torch.cat(found)[:, :, :height, :width].clamp(0, 1)

    clean = images[trial]
    given = _spoiled(clean)

    def quality(way: Model) -> float:
        return -float((way(given) - clean).square().flatten(1).mean(1).clamp(min=1e-6).log().mean())

    steps = max(400, 60 * len(learn) // BATCH)
    reached = fit(network, loss, lambda: quality(restore), seconds=clock.left(), steps=steps, rate=RATE)
    same = average(x[learn.numpy()], None, 0.0) if isinstance(x, np.ndarray) else restore
    return restore if reached >= quality(same) else same


def predict(model: Model, x: Inputs) -> Pictures:
    """Clean pictures, in the shape of what was given."""
    return model(pictures(x)).numpy().reshape(np.shape(x))


def filled(spoiled: Tensor) -> Tensor:
    """The mean of the 3 × 3 pixels around that are not black, a wider one where all of them are."""
    seen = (spoiled > 0).any(1, keepdim=True).float()
    around = functional.avg_pool2d(seen, 3, 1, 1, count_include_pad=False)
    close = functional.avg_pool2d(spoiled * seen, 3, 1, 1, count_include_pad=False) / around.clamp(min=0.05)
    wide = functional.avg_pool2d(spoiled * seen, 7, 1, 3, count_include_pad=False) / (
        functional.avg_pool2d(seen, 7, 1, 3, count_include_pad=False).clamp(min=0.02)
    )
    return torch.where(around > 0, close, wide)


def _spoiled(clean: Tensor) -> Tensor:
    """As lesson 6 does it, with pixels that are black in all channels together."""
    noisy = (clean + NOISE * torch.randn_like(clean)).clamp(0, 1)
    return torch.where(torch.rand_like(clean[:, :1]) < DEAD, 0, noisy)


def _cut(images: Tensor, rows: Tensor) -> Tensor:
    """Pieces of these pictures, at one place of all, with sides that are multiples of 8."""
    sides = [min(CROP, side) for side in images.shape[2:]]
    down, right = (
        int(torch.randint(whole - side + 1, ())) for whole, side in zip(images.shape[2:], sides, strict=True)
    )
    return padded(images[rows, :, down : down + sides[0], right : right + sides[1]])


# Baselines


def identity(x: Inputs, y: object, budget: float) -> Model:
    """The pictures as they came."""
    return lambda spoiled: spoiled


def median(x: Inputs, y: object, budget: float) -> Model:
    """The median of each 3 × 3 pixels."""

    def restore(spoiled: Tensor) -> Tensor:
        height, width = spoiled.shape[2:]
        framed = functional.pad(spoiled, (1, 1, 1, 1), mode="replicate")
        shifted = [framed[:, :, y : y + height, x : x + width] for y in range(3) for x in range(3)]
        return torch.stack(shifted).median(0).values

    return restore


def mean(x: Inputs, y: object, budget: float) -> Model:
    """The mean of each 3 × 3 pixels."""
    return lambda spoiled: functional.avg_pool2d(spoiled, 3, 1, 1, count_include_pad=False)


def average(x: Inputs, y: object, budget: float) -> Model:
    """The mean picture, whatever is given."""
    middle = pictures(x).mean(0)
    return lambda spoiled: middle.expand(len(spoiled), -1, -1, -1)


BASELINES: Mapping[str, tuple[Train, Callable[[Model, Inputs], Pictures]]] = {
    "identity": (identity, predict),
    "median": (median, predict),
    "mean": (mean, predict),
    "average": (average, predict),
}
