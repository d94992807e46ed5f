"""The training loop that every lesson shares: plain PyTorch, on CPU or GPU."""

import copy
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor, nn
from torchvision.datasets import FashionMNIST


@dataclass(frozen=True, slots=True)
class Data:
    """Pictures float32 in [0, 1] of shape (N, 1, 28, 28), labels int64 of shape (N,), all on the CPU."""

    train_images: Tensor
    train_labels: Tensor
    validation_images: Tensor
    validation_labels: Tensor

    def first(self, count: int) -> Self:
        """The same data with only `count` training pictures."""
        return replace(self, train_images=self.train_images[:count], train_labels=self.train_labels[:count])


def load(folder: str) -> Data:
    """Read Fashion-MNIST, or anything in its layout; what it calls its test set serves for validation."""
    train = FashionMNIST(folder, train=True, download=True)
    validation = FashionMNIST(folder, train=False, download=True)
    return Data(
        train.data.unsqueeze(1) / 255,
        train.targets.long(),
        validation.data.unsqueeze(1) / 255,
        validation.targets.long(),
    )


@torch.no_grad()
def scores(model: nn.Module, images: Tensor, batch: int = 500) -> Tensor:
    """What `model` says about (N, 1, 28, 28) pictures: (N, 10) scores on the CPU. Puts it into `eval()`."""
    model.eval()
    device = next(model.parameters()).device
    return torch.cat([model(part.to(device)).float().cpu() for part in images.split(batch)])


def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """Share of `images` whose highest score is at their label."""
    return (scores(model, images).argmax(1) == labels).double().mean().item()


def fit(
    model: nn.Module,
    data: Data,
    *,
    epochs: int,
    seed: int,
    device: torch.device,
    rate: float = 2e-3,
    batch: int = 64,
    decay: float = 1e-2,
    patience: int = 5,
) -> float:
    """Train `model` in place and leave the weights that did best on the validation pictures in it.

    The learning rate rises to `rate` and falls to zero over `epochs`; training stops early after `patience`
    epochs without a better validation accuracy. On a GPU the forward pass runs in half precision.

    Returns:
        The best validation accuracy.
    """
    torch.manual_seed(seed)
    # with the channels of a pixel side by side in memory, convolutions on a CPU take half the time
    model.to(device).to(memory_format=torch.channels_last)
    images, labels = data.train_images.to(device), data.train_labels.to(device)
    steps = len(images) // batch

    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=epochs * steps)
    on_gpu = device.type == "cuda"
    half = torch.bfloat16 if not on_gpu or torch.cuda.is_bf16_supported() else torch.float16
    # float16 gradients underflow unless the loss is scaled up; bfloat16 has float32's range
    scaler = torch.amp.GradScaler(device.type, enabled=half == torch.float16)

    best, best_epoch, best_weights = -1.0, 0, copy.deepcopy(model.state_dict())
    for epoch in range(epochs):
        model.train()
        # the last, smaller batch is dropped: batch normalisation is poor on few pictures
        for chosen in torch.randperm(len(images), device=device)[: steps * batch].view(steps, batch):
            with torch.autocast(device.type, dtype=half, enabled=on_gpu):
                loss = nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
            optimiser.zero_grad()
            scaler.scale(loss).backward()
            scaler.step(optimiser)
            scaler.update()
            schedule.step()
        reached = accuracy(model, data.validation_images, data.validation_labels)
        if reached > best:
            best, best_epoch, best_weights = reached, epoch, copy.deepcopy(model.state_dict())
        if epoch - best_epoch >= patience:
            break
    model.load_state_dict(best_weights)
    model.eval()
    return best
