"""Lesson 10: a convolutional variational autoencoder, and the best linear one in closed form."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn
from training import Data, load

__all__ = ["Solution", "Vae", "brief", "linear", "load", "short", "solve"]

SIGMA = 0.2
"""Standard deviation of a pixel around what is decoded, as the assignment states it."""
CODE = 32
CHANNELS = 16
BATCH = 64
RATE = 5e-3
EPOCHS = {"mini": 18, "full": 6}
BRIEF_EPOCHS = {"mini": 4, "full": 1}
SHORT = 4


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    encode: Callable[[Tensor], tuple[Tensor, Tensor]]
    """Pictures (batch, 1, 28, 28) to means and logarithms of variances of their codes, each (batch, K)."""
    decode: Callable[[Tensor], Tensor]
    """Codes (batch, K) to pictures in [0, 1], (batch, 1, 28, 28)."""
    sample: Callable[[int], Tensor]
    """`n` to as many new pictures in [0, 1], (n, 1, 28, 28)."""


class Vae(nn.Module):
    """Two convolutions to a code, and two transposed ones back."""

    def __init__(self) -> None:
        super().__init__()
        maps = (2 * CHANNELS, 7, 7)
        self.encoder = nn.Sequential(
            nn.Conv2d(1, CHANNELS, 4, stride=2, padding=1),
            nn.LeakyReLU(0.1),
            nn.Conv2d(CHANNELS, 2 * CHANNELS, 4, stride=2, padding=1),
            nn.LeakyReLU(0.1),
            nn.Flatten(),
            nn.Linear(prod(maps), 2 * CODE),
        )
        self.decoder = nn.Sequential(
            nn.Linear(CODE, prod(maps)),
            nn.LeakyReLU(0.1),
            nn.Unflatten(1, maps),
            nn.ConvTranspose2d(2 * CHANNELS, CHANNELS, 4, stride=2, padding=1),
            nn.LeakyReLU(0.1),
            nn.ConvTranspose2d(CHANNELS, 1, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (batch, 1, 28, 28) to means and logarithms of variances, each (batch, 32)."""
        mean, log_variance = self.encoder(images).float().chunk(2, dim=1)
        return mean, log_variance

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures to the squared error and the divergence of each, both (batch,); the code is drawn."""
        mean, log_variance = self.encode(images)
        # the noise comes from outside, so that gradients reach mean and variance
        code = mean + (log_variance / 2).exp() * torch.randn_like(mean)
        error = (self.decoder(code).float() - images).square().flatten(1).sum(1)
        return error, 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(1)


def train(model: Vae, data: Data, *, epochs: int, device: torch.device) -> None:
    """Raise the evidence lower bound of the training pictures, in place, with a rate that rises and falls."""
    # with the channels of a pixel side by side in memory, convolutions on a CPU take half the time
    model.to(device).to(memory_format=torch.channels_last)
    images = data.train_images.to(device)
    steps = len(images) // BATCH
    optimiser = torch.optim.Adam(model.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=epochs * steps)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images), device=device)[: steps * BATCH].view(steps, BATCH):
            batch = images[chosen]
            batch = batch.flip(3) if torch.rand(()) < 0.5 else batch  # a mirrored garment is a garment
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
                error, divergence = model(batch)
            loss = (error / (2 * SIGMA**2) + divergence).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    model.eval()


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The convolutional one, trained until it gains little more."""
    return _trained(data, device, seed, EPOCHS[profile])


def brief(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The same, stopped early."""
    return _trained(data, device, seed, BRIEF_EPOCHS[profile])


def _trained(data: Data, device: torch.device, seed: int, epochs: int) -> Solution:
    torch.manual_seed(seed)
    model = Vae()
    train(model, data, epochs=epochs, device=device)

    @torch.no_grad()
    def encode(images: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = model.encode(images.to(device))
        return mean.cpu(), log_variance.cpu()

    @torch.no_grad()
    def decode(codes: Tensor) -> Tensor:
        drawn: Tensor = model.decoder(codes.to(device))
        return drawn.float().cpu()

    return Solution(encode, decode, lambda n: decode(torch.randn(n, CODE)))


def short(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The baseline that earns nothing: the best linear autoencoder with a code of four numbers."""
    return _linear(data, seed, SHORT)


def linear(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The best linear autoencoder with a code as long as that of `solve`."""
    return _linear(data, seed, CODE)


def _linear(data: Data, seed: int, length: int) -> Solution:
    """Of all linear autoencoders the one with the highest bound, in closed form.

    Its bound is the likelihood itself (probabilistic principal components, Tipping & Bishop 1999; Lucas et
    al. 2019, "Don't blame the ELBO").
    """
    torch.manual_seed(seed)
    pixels = data.train_images.flatten(1).double()
    middle = pixels.mean(0)
    values, directions = torch.linalg.eigh(torch.cov(pixels.T))  # ascending
    spread = values[-length:].clamp(min=SIGMA**2)
    weights = directions[:, -length:] * (spread - SIGMA**2).sqrt()

    def encode(images: Tensor) -> tuple[Tensor, Tensor]:
        mean = (images.flatten(1).double() - middle) @ weights / spread
        return mean.float(), (SIGMA**2 / spread).log().float().expand(len(images), -1)

    def decode(codes: Tensor) -> Tensor:
        drawn: Tensor = middle + codes.double() @ weights.T
        return drawn.float().clamp(0, 1).view(-1, 1, 28, 28)

    return Solution(encode, decode, lambda n: decode(torch.randn(n, length)))
