"""Trains the course's networks in many small ways and keeps their loss curves: what honest curves look like.

    PYTHONPATH=.:reference python benchmarks/curves.py > tests/checkpoint/honest_curves.json

Each entry is one real training: what was trained and how, and one row an epoch as students log it. `running`
is the mean of the losses of an epoch's batches, `last` that of its last batch, `smoothed` a running average
with weight 0.98 over batches, `evaluated` the loss of the whole training split after the epoch. It takes
some minutes on two cores.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import l01_perceptron as prices
import l04_cnn as clothes
import l06_unet as cells
import torch
import training
from torch import Tensor, nn

from graders import data

LOGGED = ("running", "last", "smoothed", "evaluated", "validation")
Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]
Split = tuple[Tensor, Tensor]


def main() -> None:
    """Prints one JSON document, a training a line."""
    found = []
    for number, (told, made) in enumerate(trainings()):
        torch.manual_seed(number)
        found.append({**told, **made()})
        print(told, file=sys.stderr)
    print("[\n" + ",\n".join(json.dumps(one) for one in found) + "\n]")


def trainings() -> Iterator[tuple[dict[str, object], Callable[[], dict[str, list[float]]]]]:
    """Each training as what is told of it and what runs it."""
    cache = data.cache_folder()

    def folder(name: str) -> str:
        return str(data.shared_folder((name,), "mini", cache))

    flats = prices.load(folder("houses"))
    table = (flats.train_features, flats.train_prices.log())
    held = (flats.validation_features, flats.validation_prices.log())
    garments = training.load(folder("clothes")).first(2000)
    pictures = (garments.train_images, garments.train_labels)
    shown = (garments.validation_images[:500], garments.validation_labels[:500])
    nuclei = cells.load(folder("cells"))
    masks = (nuclei.train_images, nuclei.train_masks)
    seen = (nuclei.validation_images, nuclei.validation_masks)

    def squares(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
        return nn.functional.mse_loss(model(x), y)

    def entropy(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
        return nn.functional.cross_entropy(model(x), y)

    ways = [
        ("prices", lambda: prices.Network(*table), squares, table, held, (32, 256, 0), (8, 20, 60)),
        ("clothes", lambda: clothes.build(6, 2), entropy, pictures, shown, (20, 200), (8, 20)),
        ("linear", lambda: clothes.build_dense(1, 0), entropy, pictures, shown, (50, 0), (12, 60)),
        ("dense", lambda: clothes.build_dense(64, 1), entropy, pictures, shown, (50, 0), (12, 60)),
        ("cells", lambda: cells.UNet(0.25, 0.15, 4), cells.mask_loss, masks, seen, (10, 50), (8, 14)),
    ]
    for name, build, loss, train, validation, batches, lengths in ways:
        for batch, epochs, optimiser, schedule in product(
            batches, lengths, ("adam", "sgd"), ("constant", "one cycle", "cosine")
        ):
            told = {
                "network": name,
                "batch": batch,
                "epochs": epochs,
                "optimiser": optimiser,
                "schedule": schedule,
            }
            if name == "cells" and (schedule == "cosine" or (optimiser, epochs) == ("sgd", 14)):
                continue
            size = batch or len(train[0])
            yield (
                told,
                lambda build=build, loss=loss, train=train, validation=validation, size=size, told=told: fit(
                    build(),
                    loss,
                    (train, validation),
                    size,
                    told,
                ),
            )


def fit(
    model: nn.Module,
    loss: Loss,
    splits: tuple[Split, Split],
    batch: int,
    told: Mapping[str, Any],
) -> dict[str, list[float]]:
    """Trains `model` as is told and returns what would be logged, a value an epoch."""
    epochs, optimiser, schedule = told["epochs"], told["optimiser"], told["schedule"]
    train, validation = splits
    images, targets = train
    steps = len(images) // batch
    rate = 5e-3 if optimiser == "adam" else 5e-2
    way = (
        torch.optim.Adam(model.parameters(), lr=rate)
        if optimiser == "adam"
        else torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    )
    total = max(2, epochs * steps)
    plans = {
        "one cycle": lambda: torch.optim.lr_scheduler.OneCycleLR(way, max_lr=rate, total_steps=total),
        "cosine": lambda: torch.optim.lr_scheduler.CosineAnnealingLR(way, total),
        "constant": lambda: torch.optim.lr_scheduler.ConstantLR(way, factor=1.0),
    }
    plan = plans[schedule]()
    logged: dict[str, list[float]] = {name: [] for name in LOGGED}
    smoothed = None
    for _ in range(epochs):
        model.train()
        losses = []
        for chosen in torch.randperm(len(images))[: steps * batch].view(steps, batch):
            value = loss(model, images[chosen], targets[chosen])
            way.zero_grad()
            value.backward()
            way.step()
            plan.step()
            losses.append(value.item())
            smoothed = losses[-1] if smoothed is None else 0.98 * smoothed + 0.02 * losses[-1]
        model.eval()
        with torch.no_grad():
            evaluated, held = (loss(model, *split).item() for split in (train, validation))
        rows = (sum(losses) / steps, losses[-1], smoothed or 0.0, evaluated, held)
        for name, found in zip(LOGGED, rows, strict=True):
            logged[name].append(float(f"{found:.6g}"))
    return logged


if __name__ == "__main__":
    main()
