"""Lesson 8: the dense GAN of the handout, and a convolutional one that is told which class to draw."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, softplus
from training import Data, load

__all__ = ["Critic", "Generator", "Solution", "brief", "handout", "load", "solve"]

CLASSES = 10
NOISE = 64
"""Length of the noise vector that a picture is made from."""
BATCH = 64
CHANNELS = 32
STEPS = {"mini": 500, "full": 1_500}
BRIEF_STEPS = 80
HANDOUT_STEPS = 780
"""Ten passes over the pictures of `mini`."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the name that the assignment asks for."""

    sample: Callable[[int], Tensor]
    """`n` to pictures in [0, 1], float32 (n, 1, 28, 28), on the CPU."""


class Generator(nn.Module):
    """Noise and a class to a picture: a dense layer to 7×7 maps, then twice a transposed convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(NOISE + CLASSES, 2 * CHANNELS * 7 * 7),
            nn.Unflatten(1, (2 * CHANNELS, 7, 7)),
            nn.BatchNorm2d(2 * CHANNELS),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * CHANNELS, CHANNELS, 4, stride=2, padding=1),
            nn.BatchNorm2d(CHANNELS),
            nn.ReLU(),
            nn.ConvTranspose2d(CHANNELS, 1, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, noise: Tensor, labels: Tensor) -> Tensor:
        """Noise (batch, 64) and class ids (batch,) to pictures in [0, 1], (batch, 1, 28, 28)."""
        drawn: Tensor = self.layers(torch.cat([noise, one_hot(labels, CLASSES).to(noise.dtype)], 1))
        return drawn


class Critic(nn.Module):
    """How real a picture looks, and how real as one of its class: the score of the class is added."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, CHANNELS, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(CHANNELS, 2 * CHANNELS, 4, stride=2, padding=1),
            nn.BatchNorm2d(2 * CHANNELS),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.real = nn.Linear(2 * CHANNELS * 7 * 7, 1)
        self.as_class = nn.Linear(2 * CHANNELS * 7 * 7, CLASSES)

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        """Pictures (batch, 1, 28, 28) and class ids (batch,) to scores (batch, 1); above 0 is real."""
        seen = self.features(images)
        score: Tensor = self.real(seen) + self.as_class(seen).gather(1, labels[:, None])
        return score


def train(
    generator: nn.Module,
    critic: nn.Module,
    data: Data,
    *,
    steps: int,
    rate: float,
    device: torch.device,
    decay: bool,
) -> None:
    """Train both in place, turn by turn, with the non-saturating loss (Goodfellow et al. 2014).

    Args:
        generator: called with noise and class ids.
        critic: called with pictures and class ids.
        data: what it learns from.
        steps: batches.
        rate: Adam's, of both.
        device: where it is trained.
        decay: whether the rate falls in the second half, which calms the two down.
    """
    # with the channels of a pixel side by side in memory, convolutions on a CPU take half the time
    for network in (generator, critic):
        network.to(device).to(memory_format=torch.channels_last)
    images, labels = data.train_images.to(device), data.train_labels.to(device)
    optimisers = [
        torch.optim.Adam(part.parameters(), rate, betas=(0.5, 0.99)) for part in (generator, critic)
    ]
    for step in range(steps):
        if decay:
            for optimiser in optimisers:
                optimiser.param_groups[0]["lr"] = rate * min(1.0, 1.9 - 1.8 * step / steps)
        chosen = torch.randint(0, len(images), (BATCH,), device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            drawn = generator(torch.randn(BATCH, NOISE, device=device), labels[chosen])
            on_real, on_drawn = critic(images[chosen], labels[chosen]), critic(drawn.detach(), labels[chosen])
            loss = softplus(-on_real).mean() + softplus(on_drawn).mean()
        optimisers[1].zero_grad()
        loss.backward()
        optimisers[1].step()

        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            # -log D rather than log(1 - D): a critic that is sure leaves it a gradient
            loss = softplus(-critic(drawn, labels[chosen])).mean()
        optimisers[0].zero_grad()
        loss.backward()
        optimisers[0].step()


def sampler(generator: nn.Module, device: torch.device) -> Callable[[int], Tensor]:
    """The function `sample` of a trained generator, which is put into `eval()`."""
    generator.eval()

    @torch.no_grad()
    def sample(n: int) -> Tensor:
        noise, labels = torch.randn(n, NOISE, device=device), torch.randint(0, CLASSES, (n,), device=device)
        drawn: Tensor = generator(noise, labels)
        return drawn.float().cpu()

    return sample


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """Convolutions, normalisation, a class to draw, and a rate that falls."""
    return _convolutional(data, device, seed, STEPS[profile])


def brief(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The same, stopped early."""
    return _convolutional(data, device, seed, BRIEF_STEPS)


def _convolutional(data: Data, device: torch.device, seed: int, steps: int) -> Solution:
    torch.manual_seed(seed)
    generator, critic = Generator(), Critic()
    train(generator, critic, data, steps=steps, rate=1e-3, device=device, decay=True)
    return Solution(sampler(generator, device))


class Unlabelled(nn.Module):
    """Layers that are not told the class."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, given: Tensor, labels: Tensor) -> Tensor:
        """What the layers make of `given`."""
        found: Tensor = self.layers(given)
        return found


def handout(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The baseline that earns nothing: the dense GAN of `starter.ipynb`."""
    torch.manual_seed(seed)
    generator = Unlabelled(
        nn.Linear(NOISE, 128),
        nn.BatchNorm1d(128),
        nn.ReLU(),
        nn.Linear(128, 256),
        nn.BatchNorm1d(256),
        nn.ReLU(),
        nn.Linear(256, 28 * 28),
        nn.Sigmoid(),
        nn.Unflatten(1, (1, 28, 28)),
    )
    critic = Unlabelled(nn.Flatten(), nn.Linear(28 * 28, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))
    train(generator, critic, data, steps=HANDOUT_STEPS, rate=2e-4, device=device, decay=False)
    return Solution(sampler(generator, device))
