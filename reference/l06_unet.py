"""Lesson 6: a U-Net that finds cells in microscope pictures, and an autoencoder that restores them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Solution", "identity", "load", "otsu", "shallow", "smooth", "solve"]

NOISE, DEAD = 0.15, 0.3
"""Standard deviation of the noise of the second task, and its share of black pixels: see the statement."""


@dataclass(frozen=True, slots=True)
class Data:
    """Pictures float32 in [0, 1] and masks float32 0 or 1, all (N, 1, H, W), on the CPU."""

    train_images: Tensor
    train_masks: Tensor
    validation_images: Tensor
    validation_masks: Tensor


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    segment: Callable[[Tensor], Tensor] | None = None
    """Pictures float32 in [0, 1], (N, 1, H, W), on the CPU to masks, uint8 0 or 1, (N, H, W), on the CPU."""
    reconstruct: Callable[[Tensor], Tensor] | None = None
    """Pictures with noise to pictures without it, both float32 (N, 1, H, W) on the CPU."""


def load(folder: str) -> Data:
    """Read both splits."""
    return Data(
        *(
            _read(Path(folder) / split / kind, threshold=kind == "masks")
            for split in ("train", "validation")
            for kind in ("images", "masks")
        )
    )


def _read(folder: Path, *, threshold: bool) -> Tensor:
    pictures = np.stack([np.asarray(Image.open(path)) for path in sorted(folder.glob("*.png"))])
    tensor = torch.from_numpy(pictures)[:, None]
    return (tensor > 127).float() if threshold else tensor / 255


def layer(inside: int, out: int) -> nn.Sequential:
    """A convolution that keeps the size, normalised."""
    return nn.Sequential(nn.Conv2d(inside, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU())


class UNet(nn.Module):
    """Three contractions and expansions with one convolution at each size; both paths are concatenated."""

    def __init__(self, centre: float, spread: float, width: int = 8) -> None:
        super().__init__()
        self.centre, self.spread = centre, spread
        widths = (width, 2 * width, 4 * width, 6 * width)
        self.contract = nn.ModuleList(layer(a, b) for a, b in zip((1, *widths), widths, strict=False))
        self.deepest = layer(widths[-1], widths[-1])
        self.expand = nn.ModuleList(
            layer(below + beside, beside) for below, beside in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.last = nn.Conv2d(width, 1, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Images in [0, 1], (batch, 1, H, W) with H and W multiples of 8, to logits of the same shape."""
        found = (images - self.centre) / self.spread
        kept: list[Tensor] = []
        for block in self.contract:
            found = block(functional.max_pool2d(found, 2) if kept else found)
            kept.append(found)
        found = self.deepest(kept.pop())
        for block in self.expand:
            larger = functional.interpolate(found, scale_factor=2)
            found = block(torch.cat([larger, kept.pop()], 1))
        logits: Tensor = self.last(found)
        return logits


class Plain(nn.Module):
    """Four convolutions at full size: each pixel sees four others to every side, too few for a cell."""

    def __init__(self, centre: float, spread: float, width: int = 8) -> None:
        super().__init__()
        self.centre, self.spread = centre, spread
        self.layers = nn.Sequential(
            layer(1, width), *(layer(width, width) for _ in range(3)), nn.Conv2d(width, 1, 1)
        )

    def forward(self, images: Tensor) -> Tensor:
        """Images in [0, 1], (batch, 1, H, W), to logits of the same shape."""
        logits: Tensor = self.layers((images - self.centre) / self.spread)
        return logits


class Autoencoder(nn.Module):
    """Two halvings by stride 2 and back by transposed convolutions; both paths are added."""

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        one, two, three = width, 2 * width, 4 * width
        self.first = nn.Sequential(nn.Conv2d(1, one, 3, padding=1), nn.ReLU())
        self.second = nn.Sequential(nn.Conv2d(one, two, 3, 2, 1), nn.ReLU(), _same(two))
        self.third = nn.Sequential(nn.Conv2d(two, three, 3, 2, 1), nn.ReLU(), _same(three))
        self.up_second, self.after_second = nn.ConvTranspose2d(three, two, 2, 2), _same(two)
        self.up_first, self.after_first = nn.ConvTranspose2d(two, one, 2, 2), _same(one)
        self.last = nn.Conv2d(one, 1, 3, padding=1)

    def forward(self, images: Tensor) -> Tensor:
        """Images in [0, 1], (batch, 1, H, W) with H and W multiples of 4, to images of the same shape."""
        one = self.first(images)
        two = self.second(one)
        found = self.after_second(self.up_second(self.third(two)) + two)
        restored: Tensor = self.last(self.after_first(self.up_first(found) + one))
        return restored


def _same(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.ReLU())


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to train; pictures of one profile are four times as large as those of the other."""

    epochs: int
    plain_epochs: int
    autoencoder_epochs: int


BUDGETS = {
    "mini": Budget(epochs=10, plain_epochs=5, autoencoder_epochs=5),
    "full": Budget(epochs=16, plain_epochs=10, autoencoder_epochs=8),
}
RATE, BATCH = 1.5e-2, 10

Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]


def fit(
    model: nn.Module,
    images: Tensor,
    targets: Tensor,
    loss: Loss,
    *,
    epochs: int,
    rate: float,
    device: torch.device,
) -> None:
    """Train `model` in place on pictures that are mirrored and turned at random.

    On a GPU the forward pass runs in half precision.

    Args:
        model: what is trained.
        images: (N, 1, H, W) with H equal to W.
        targets: the same shape.
        loss: from the model, images and targets of a batch to what is made small.
        epochs: passes over all pictures.
        rate: highest learning rate, from which it falls to zero.
        device: where to train.
    """
    model.to(device).to(memory_format=torch.channels_last)
    model.train()
    images, targets = images.to(device), targets.to(device)
    steps = len(images) // BATCH
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=epochs * steps)
    on_gpu = device.type == "cuda"
    half = torch.bfloat16 if not on_gpu or torch.cuda.is_bf16_supported() else torch.float16
    scaler = torch.amp.GradScaler(device.type, enabled=half == torch.float16)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images), device=device)[: steps * BATCH].view(steps, BATCH):
            x, y = _turned(images[chosen], targets[chosen])
            with torch.autocast(device.type, dtype=half, enabled=on_gpu):
                value = loss(model, x, y)
            optimiser.zero_grad()
            scaler.scale(value).backward()
            scaler.step(optimiser)
            scaler.update()
            schedule.step()
    model.eval()


def _turned(images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """A batch mirrored, upside down and transposed, each half of the time: a cell has no right way up."""
    mirrored, upside_down, transposed = (torch.rand(3) < 0.5).tolist()
    sides = [3] * mirrored + [2] * upside_down
    images, targets = images.flip(sides), targets.flip(sides)
    return (images.transpose(2, 3), targets.transpose(2, 3)) if transposed else (images, targets)


def mask_loss(model: nn.Module, images: Tensor, masks: Tensor) -> Tensor:
    """Cross-entropy of the pixels plus 1 - Dice, which does not mind how few pixels are cells."""
    logits = model(images).float()
    cells = logits.sigmoid()
    common = 2 * (cells * masks).sum((1, 2, 3)) + 1
    dice = common / (cells.sum((1, 2, 3)) + masks.sum((1, 2, 3)) + 1)
    loss: Tensor = functional.binary_cross_entropy_with_logits(logits, masks) + 1 - dice.mean()
    return loss


def restoring_loss(model: nn.Module, images: Tensor, clean: Tensor) -> Tensor:
    """Mean squared error of what is restored from noise that is drawn anew for every batch."""
    return functional.mse_loss(model(spoil(images)).float(), clean)


def spoil(images: Tensor) -> Tensor:
    """The images with noise and with black pixels."""
    noisy = (images + NOISE * torch.randn_like(images)).clamp(0, 1)
    return torch.where(torch.rand_like(images) < DEAD, 0, noisy)


@torch.no_grad()
def apply(model: nn.Module, images: Tensor, batch: int = 50) -> Tensor:
    """What `model` gives for (N, 1, H, W) pictures, on the CPU."""
    device = next(model.parameters()).device
    return torch.cat([model(part.to(device)).float().cpu() for part in images.split(batch)])


def _segmenter(model: nn.Module) -> Callable[[Tensor], Tensor]:
    return lambda images: (apply(model, images)[:, 0] > 0).to(torch.uint8)


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """A small U-Net for the masks, and an autoencoder for the noise."""
    torch.manual_seed(seed)
    budget = BUDGETS[profile]
    images, masks = data.train_images, data.train_masks
    network = UNet(float(images.mean()), float(images.std()))
    fit(network, images, masks, mask_loss, epochs=budget.epochs, rate=RATE, device=device)
    restorer = Autoencoder()
    fit(restorer, images, images, restoring_loss, epochs=budget.autoencoder_epochs, rate=1e-2, device=device)
    return Solution(_segmenter(network), lambda noisy: apply(restorer, noisy).clamp(0, 1))


def shallow(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """A few plain convolutions without contraction."""
    torch.manual_seed(seed)
    images, masks = data.train_images, data.train_masks
    network = Plain(float(images.mean()), float(images.std()))
    fit(network, images, masks, mask_loss, epochs=BUDGETS[profile].plain_epochs, rate=2e-2, device=device)
    return Solution(segment=_segmenter(network))


def otsu(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The baseline that earns nothing for masks: a threshold for each picture (Otsu 1979)."""
    return Solution(segment=lambda images: torch.stack([_above(image) for image in images[:, 0]]))


def _above(image: Tensor) -> Tensor:
    grey = (image * 255).round()
    return (grey > otsu_threshold(grey)).to(torch.uint8)


def otsu_threshold(grey: Tensor) -> int:
    """The grey value up to which pixels are background, so that both sides vary least within themselves.

    That is where the variance between the sides is largest. Where several values do equally well, the least.

    Args:
        grey: whole numbers from 0 to 255, any shape.

    >>> otsu_threshold(torch.tensor([10, 10, 12, 200, 201]))
    12
    """
    counts = torch.bincount(grey.flatten().long(), minlength=256).double()
    below, sums = counts.cumsum(0), (counts * torch.arange(256)).cumsum(0)
    above = below[-1] - below
    between = (sums[-1] * below - below[-1] * sums) ** 2 / (below * above).clamp(min=1)
    return int(torch.where(below * above > 0, between, 0).argmax())


def smooth(data: Data, device: torch.device, seed: int, profile: str, sigma: float = 1.5) -> Solution:
    """The baseline that earns nothing for noise: a Gaussian filter."""
    around = torch.arange(-5, 6) / sigma
    line = torch.exp(-(around**2) / 2)
    kernel = (line[:, None] * line / line.sum() ** 2)[None, None]

    def reconstruct(noisy: Tensor) -> Tensor:
        return functional.conv2d(functional.pad(noisy, (5, 5, 5, 5), "reflect"), kernel)

    return Solution(reconstruct=reconstruct)


def identity(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The pictures as they came, noise and all."""
    return Solution(reconstruct=lambda noisy: noisy)
