"""Trains the course's own classifier, whose features generated pictures are compared in.

    GRADE_MIRROR=... python reference/features.py

writes `graders/data/features.npz`: weights in half precision, batch normalisation folded into the layers
before it. It learns from pictures of both profiles, so that one network serves both; the drawn ones come from
a seed of its own, none of them is in a split. All calibrations of generated pictures are stale afterwards.
"""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from graders.data import cache_folder, clothes_full, clothes_mini
from graders.data.features import DIMENSIONS, LAYERS, WEIGHTS
from graders.data.seeds import random_stream

SEED = 8
DRAWN = 50_000
EPOCHS, BATCH, RATE = 14, 128, 4e-3
CHANNELS = (24, 48, 64)


class Classifier(nn.Module):
    """Three convolutions that halve the picture, a dense layer of features, and ten scores."""

    def __init__(self) -> None:
        super().__init__()
        kernels = (5, 3, 3)
        blocks: list[nn.Module] = []
        before = 1
        for channels, size, (_, stride) in zip(CHANNELS, kernels, LAYERS, strict=True):
            blocks += [
                nn.Conv2d(before, channels, size, stride=stride, padding=size // 2, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(),
            ]
            before = channels
        self.blocks = nn.Sequential(*blocks)
        self.dense = nn.Linear(CHANNELS[-1] * 4 * 4, DIMENSIONS, bias=False)
        self.norm = nn.BatchNorm1d(DIMENSIONS)
        self.last = nn.Linear(DIMENSIONS, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Images in [0, 1], (batch, 1, 28, 28), to scores, (batch, 10)."""
        hidden = torch.relu(self.norm(self.dense(self.blocks(images).flatten(1))))
        scores: Tensor = self.last(nn.functional.dropout(hidden, 0.25, self.training))
        return scores


def pictures() -> tuple[Tensor, Tensor]:
    """Drawn pictures and Fashion-MNIST's training part: uint8 (N, 28, 28), class ids (N,)."""
    drawn = clothes_mini.draw(random_stream(b"features/1"), DRAWN)
    photographs = clothes_full.FashionMnist().public(cache_folder()).train
    images = np.concatenate([drawn.images, photographs.images])
    labels = np.concatenate([drawn.labels, photographs.labels])
    return torch.from_numpy(images), torch.from_numpy(labels).long()


def shifted(images: Tensor, most: int = 2) -> Tensor:
    """A batch moved by up to `most` pixels in each direction, all of it alike."""
    down, right = torch.randint(0, 2 * most + 1, (2,)).tolist()
    side = images.shape[-1]
    return nn.functional.pad(images, (most,) * 4)[..., down : down + side, right : right + side]


def train(images: Tensor, labels: Tensor) -> Classifier:
    """A trained classifier, in evaluation mode."""
    torch.manual_seed(SEED)
    model = Classifier().to(memory_format=torch.channels_last)
    steps = len(images) // BATCH
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=EPOCHS * steps)
    for epoch in range(EPOCHS):
        started, total = time.monotonic(), 0.0
        for chosen in torch.randperm(len(images))[: steps * BATCH].view(steps, BATCH):
            batch = shifted(images[chosen].unsqueeze(1) / 255)
            loss = nn.functional.cross_entropy(model(batch), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / steps:.4f}, {time.monotonic() - started:.0f} s", flush=True)
    return model.eval()


def folded(weight: Tensor, norm: nn.BatchNorm1d | nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weight and bias of a layer that does what the layer and the normalisation after it do together."""
    if norm.running_mean is None or norm.running_var is None:
        raise ValueError("the normalisation keeps no statistics")
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    shape = (-1, *[1] * (weight.dim() - 1))
    return weight * scale.view(shape), norm.bias - norm.running_mean * scale


def save(model: Classifier, path: Path) -> None:
    """Write the weights under the names that `graders.data.features` reads."""
    found: dict[str, Tensor] = {"last.weight": model.last.weight, "last.bias": model.last.bias}
    layers = list(model.blocks)
    pairs = [(name, layers[3 * place], layers[3 * place + 1]) for place, (name, _) in enumerate(LAYERS)]
    for name, layer, norm in [*pairs, ("dense", model.dense, model.norm)]:
        if not isinstance(norm, (nn.BatchNorm1d, nn.BatchNorm2d)) or not isinstance(layer.weight, Tensor):
            raise TypeError(f"{name} is followed by {type(norm).__name__}")
        found[f"{name}.weight"], found[f"{name}.bias"] = folded(layer.weight, norm)
    arrays: dict[str, Any] = {
        name: value.detach().contiguous().numpy().astype(np.float16) for name, value in found.items()
    }
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    save(train(*pictures()), WEIGHTS)
