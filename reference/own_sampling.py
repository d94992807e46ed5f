"""Opponent of students who bring pictures to draw more of: the variational autoencoder of lesson 10."""

import math
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import torch
from l10_project import Vae
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import Inputs, kept_back, pictures
from torch import Tensor, nn
from torch.nn import functional

Pictures = NDArray[np.float32]
Model = Callable[[int], Tensor]
"""`n` to pictures (n, C, H, W) in [0, 1] on the CPU."""
Train = Callable[[Inputs, object, float], Model]

CODE, CHANNELS, BATCH, RATE = 12, 16, 32, 4e-3
SIGMA = 0.07
"""Standard deviation of a pixel around what is decoded."""
MOST = 64
"""Side beyond which pictures are shrunk, and drawn ones enlarged again."""
SPREADS = (0.35, 0.5, 0.7, 1.0)
"""How far a new code lies from one that was seen, in spreads of all codes; 1 forgets where it came from."""
AXES = 64
"""Principal components of the normal distribution that is a baseline."""


def train(x: Inputs, y: object, budget: float) -> Model:
    """A variational autoencoder, and codes drawn around those of real pictures (Ghosh et al. 2020)."""
    clock = Clock(budget)
    size = pictures(x[:1]).shape[2:]
    images = pictures(x, MOST)
    learn, trial = kept_back(len(images))
    device = where()
    model = Vae()
    model.encoder, model.decoder = _halves(images)
    model.to(device).to(memory_format=torch.channels_last)

    def bound(batch: Tensor) -> Tensor:
        with half(device):
            error, divergence = model(batch)
        loss: Tensor = (error / (2 * SIGMA**2) + divergence).mean() / batch[0].numel()
        return loss

    def loss() -> Tensor:
        return bound(images[learn[torch.randint(len(learn), (BATCH,))]].to(device))

    steps = max(2000, 60 * len(learn) // BATCH)
    fit(
        model,
        loss,
        lambda: -float(bound(images[trial].to(device))),
        seconds=clock.left(0.95),
        steps=steps,
        rate=RATE,
    )
    with torch.no_grad():
        coded = [model.encode(part.to(device)) for part in images[learn].split(256)]
    means = torch.cat([mean for mean, _ in coded])
    middle, extra = means.mean(0), torch.cat([log.exp() for _, log in coded]).mean(0)
    covariance = (means - middle).T @ (means - middle) / len(means) + torch.diag(extra)
    factor = torch.linalg.cholesky(covariance + 1e-4 * torch.eye(CODE, device=device))

    @torch.no_grad()
    def draw(n: int, spread: float) -> Tensor:
        near = means[torch.randint(len(means), (n,), device=device)] - middle
        codes = middle + (1 - spread**2) ** 0.5 * near + spread * torch.randn_like(near) @ factor.T
        return torch.cat([model.decoder(part).float().cpu() for part in codes.split(256)])

    real = images[trial]
    ways: list[Model] = [partial(draw, spread=spread) for spread in SPREADS]
    ways += [_normal(images[learn]), noise(images[learn].numpy(), None, 0.0)]
    best = min(ways, key=lambda way: apart(way(len(real)), real))
    return lambda n: _enlarged(best(n), size)


def predict(model: Model, x: int) -> Pictures:
    """As many new pictures as `x` says."""
    return model(int(x)).numpy()


def _halves(images: Tensor) -> tuple[nn.Sequential, nn.Sequential]:
    """Encoder and decoder as those of lesson 10, for pictures of this size."""
    _, channels, height, width = images.shape
    maps = (2 * CHANNELS, math.ceil(height / 4), math.ceil(width / 4))
    encoder = nn.Sequential(
        nn.ZeroPad2d((0, -width % 4, 0, -height % 4)),
        nn.Conv2d(channels, CHANNELS, 4, stride=2, padding=1),
        nn.LeakyReLU(0.1),
        nn.Conv2d(CHANNELS, 2 * CHANNELS, 4, stride=2, padding=1),
        nn.LeakyReLU(0.1),
        nn.Flatten(),
        nn.Linear(math.prod(maps), 2 * CODE),
    )
    decoder = nn.Sequential(
        nn.Linear(CODE, math.prod(maps)),
        nn.LeakyReLU(0.1),
        nn.Unflatten(1, maps),
        nn.ConvTranspose2d(2 * CHANNELS, CHANNELS, 4, stride=2, padding=1),
        nn.LeakyReLU(0.1),
        nn.ConvTranspose2d(CHANNELS, channels, 4, stride=2, padding=1),
        nn.Sigmoid(),
        nn.ZeroPad2d((0, -(-width % 4), 0, -(-height % 4))),
    )
    return encoder, decoder


def _enlarged(images: Tensor, size: torch.Size) -> Tensor:
    if images.shape[2:] == size:
        return images
    return functional.interpolate(images, tuple(size), mode="bilinear")


def apart(drawn: Tensor, real: Tensor) -> float:
    """Energy distance of two sets of pictures (n, C, H, W) in features of filters that were never trained."""
    chance = torch.Generator().manual_seed(0)
    found = []
    for images in (drawn, real):
        chance.manual_seed(0)
        rows, maps = [], images
        for out in (16, 32, 32):
            weight = torch.randn(out, maps.shape[1], 3, 3, generator=chance)
            weight -= weight.mean((1, 2, 3), keepdim=True)
            maps = functional.conv2d(maps, weight / maps.shape[1] ** 0.5, padding=1).relu()
            rows.append(functional.adaptive_avg_pool2d(maps, 2).flatten(1))
            maps = functional.avg_pool2d(maps, 2) if min(maps.shape[2:]) > 3 else maps
        found.append(torch.cat(rows, 1))
    one, other = found
    return float(2 * torch.cdist(one, other).mean() - _inside(one) - _inside(other))


def _inside(rows: Tensor) -> Tensor:
    mean: Tensor = torch.cdist(rows, rows).sum() / max(1, len(rows) * (len(rows) - 1))
    return mean


# Baselines


def noise(x: Inputs, y: object, budget: float) -> Model:
    """The mean picture, and noise of each pixel as strong as it varies."""
    images = pictures(x)
    middle, spread = images.mean(0), images.std(0, correction=0)
    return lambda n: (middle + spread * torch.randn(n, *middle.shape)).clamp(0, 1)


def gaussian(x: Inputs, y: object, budget: float) -> Model:
    """Pictures of the normal distribution that has the same mean and the same principal components."""
    images = pictures(x, MOST)
    size = pictures(x[:1]).shape[2:]
    draw = _normal(images)
    return lambda n: _enlarged(draw(n), size)


def _normal(images: Tensor) -> Model:
    rows = images[:2_000].flatten(1)
    middle = rows.mean(0)
    _, sizes, axes = torch.svd_lowrank(rows - middle, q=min(AXES, *rows.shape))
    axes = axes * sizes / max(1, len(rows) - 1) ** 0.5

    def draw(n: int) -> Tensor:
        drawn: Tensor = middle + torch.randn(n, axes.shape[1]) @ axes.T
        return drawn.clamp(0, 1).view(n, *images.shape[1:])

    return draw


BASELINES: Mapping[str, tuple[Train, Callable[[Model, int], Pictures]]] = {
    "noise": (noise, predict),
    "gaussian": (gaussian, predict),
}
