"""Opponent of students who bring pictures with masks: the U-Net of lesson 6 for pictures of any size."""

import time
from collections.abc import Callable, Mapping

import numpy as np
import torch
from l06_unet import UNet, mask_loss, otsu_threshold
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import Inputs, Values, kept_back, pictures
from own_networks import moved, padded, unet
from torch import Tensor
from torch.nn import functional

Masks = NDArray[np.uint8]
Model = Callable[[Tensor], Tensor]
"""Pictures (n, C, H, W) to masks, bool (n, H, W), on the CPU."""
Train = Callable[[Inputs, Values, float], Model]

BATCH, RATE = 8, 1e-2
STEPS = 250
"""Batches that there should be time for: pictures are shrunk until there is."""
LEAST, MOST = 48, 256
"""The longer side of pictures that training sees, in pixels."""
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Probabilities from which on a pixel may be foreground: the best for whole masks is seldom one half."""


def train(x: Inputs, y: Values, budget: float) -> Model:
    """A U-Net on pictures as large as there is time for, or a baseline that does better."""
    clock = Clock(budget)
    images, masks = pictures(x), truth_of(y)
    learn, trial = kept_back(len(images))
    trial = trial[:100]
    centre, spread = float(images.mean()), float(images.std(correction=0)) or 1.0
    device = where()
    network = unet(images.shape[1], 1).to(device).to(memory_format=torch.channels_last)
    side = _affordable(network, images, clock)

    def ready(some: Tensor) -> Tensor:
        shrunk = _shrunk((some - centre) / spread, side)
        return padded(shrunk)

    inputs, targets = ready(images), padded(_shrunk(masks[:, None].float(), side))

    def loss() -> Tensor:
        some = learn[torch.randint(len(learn), (BATCH,))]
        both = moved(torch.cat([inputs[some], targets[some]], 1).to(device), turn=0.1)
        with half(device):
            return mask_loss(network, both[:, :-1], both[:, -1:].round())

    @torch.no_grad()
    def likely(some: Tensor) -> Tensor:
        """Probabilities (n, H, W) in the size of the pictures."""
        size = some.shape[2:]
        found = []
        for part in some.split(16):
            small = _shrunk(part, side).shape[2:]
            logits = network(ready(part).to(device)).float().cpu()[:, :, : small[0], : small[1]]
            found.append(functional.interpolate(logits, size, mode="bilinear").sigmoid()[:, 0])
        return torch.cat(found)

    def score() -> float:
        return overlap(likely(images[trial]) >= 0.5, masks[trial])

    steps = max(300, 40 * len(learn) // BATCH)
    fit(network, loss, score, seconds=clock.left() - 0.1, steps=steps, rate=RATE)
    found = likely(images[trial])
    level = max(LEVELS, key=lambda level: overlap(found >= level, masks[trial]))
    reached = overlap(found >= level, masks[trial])
    simple: list[Model] = [_thresholded(images[learn], masks[learn]), _everywhere(masks[learn])]
    best = max(simple, key=lambda model: overlap(model(images[trial]), masks[trial]))
    if overlap(best(images[trial]), masks[trial]) > reached:
        return best
    return lambda some: likely(some) >= level


def predict(model: Model, x: Inputs) -> Masks:
    """Masks of 0 and 1, (n, H, W)."""
    return model(pictures(x)).numpy().astype(np.uint8)


def truth_of(y: Values) -> Tensor:
    """Masks bool (n, H, W)."""
    return torch.from_numpy(np.asarray(y).astype(np.float32) > 0)


def overlap(one: Tensor, other: Tensor) -> float:
    """Mean intersection over union of masks (n, H, W); 1 where both are empty."""
    both, either = (one & other).sum((1, 2)).double(), (one | other).sum((1, 2)).double()
    return float(torch.where(either > 0, both / either.clamp(min=1), 1.0).mean())


def _shrunk(images: Tensor, side: int) -> Tensor:
    sides = images.shape[2:]
    if max(sides) <= side:
        return images
    return functional.interpolate(
        images, [max(1, round(one * side / max(sides))) for one in sides], mode="area"
    )


def _affordable(network: UNet, images: Tensor, clock: Clock) -> int:
    """The longer side that leaves time for `STEPS` batches, from what two small ones take."""
    sample = padded(_shrunk(images[:BATCH], LEAST)).to(next(network.parameters()).device)
    for _ in range(2):  # the first time something is loaded
        started = time.monotonic()
        mask_loss(network, sample, sample[:, :1].round()).backward()
        took = time.monotonic() - started
    pixels = clock.left() / STEPS * sample[:, 0].numel() / took / BATCH
    height, width = images.shape[2:]
    side = int((pixels * max(height, width) / min(height, width)) ** 0.5)
    return min(max(side // 8 * 8, LEAST), MOST)


# Baselines


def background(x: Inputs, y: Values, budget: float) -> Model:
    """Nothing anywhere."""
    return lambda images: torch.zeros(len(images), *images.shape[2:], dtype=torch.bool)


def otsu(x: Inputs, y: Values, budget: float) -> Model:
    """A threshold for each picture (Otsu 1979); the side of it that does better in training."""
    return _thresholded(pictures(x), truth_of(y))


def _thresholded(images: Tensor, masks: Tensor) -> Model:
    above, true = _above(images[:200]), masks[:200]
    bright = overlap(above, true) >= overlap(~above, true)
    return lambda some: _above(some) if bright else ~_above(some)


def _above(images: Tensor) -> Tensor:
    found = []
    for image in images.mean(1):
        low, high = image.min(), image.max()
        grey = ((image - low) / (high - low).clamp(min=1e-9) * 255).round()
        found.append(grey > otsu_threshold(grey))
    return torch.stack(found)


def mean_mask(x: Inputs, y: Values, budget: float) -> Model:
    """The same mask for all: the pixels that are foreground often enough in training."""
    return _everywhere(truth_of(y))


def _everywhere(masks: Tensor) -> Model:
    often = masks.double().mean(0)
    some = masks[:: max(1, len(masks) // 200)]
    cuts = torch.linspace(0.05, 0.95, 19).double() * often.max()
    best = max(cuts.tolist(), key=lambda cut: overlap((often >= cut).expand(len(some), -1, -1), some))
    return lambda images: (often >= best).expand(len(images), -1, -1)


BASELINES: Mapping[str, tuple[Train, Callable[[Model, Inputs], Masks]]] = {
    "background": (background, predict),
    "otsu": (otsu, predict),
    "mean_mask": (mean_mask, predict),
}
