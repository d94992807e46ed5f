"""Resumes real trainings from checkpoints, honestly and sloppily, and says how often which curve is flagged.

    PYTHONPATH=.:reference python benchmarks/resumed.py [--seeds N]

Three small networks are trained with a constant rate and with a schedule, each with several seeds. From
checkpoints after an epoch, a quarter, half and three quarters of a training two epochs are run again, with
examples in another order, and compared with the curve as `grade` compares them. The forged curves are the
same curves scaled, shifted, hurried, or those of another training. It takes two minutes of one core.
"""

import argparse
import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import l04_cnn as clothes
import l05_lstm as letters
import l06_unet as cells
import torch
import training
from torch import Tensor, nn

from graders import data
from graders.checkpoint import Curve, read_curve
from graders.checkpoint.compare import resumed_verdict

EPOCHS, AGAIN = 12, 2
MIDDLES = (1, 3, 6, 9)
LOGGED = ("mean of batches", "last batch")
WAYS = ("everything restored", "schedule begins anew", "optimiser begins anew")
Batch = tuple[Tensor, Tensor]
Losses = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A network with what it learns from."""

    name: str
    build: Callable[[], nn.Module]
    loss: Callable[[nn.Module, Tensor, Tensor], Tensor]
    examples: Batch
    batch: int
    rate: float


@dataclass(frozen=True, slots=True)
class Resumption:
    """Epochs that were run again."""

    way: str
    epoch: int
    losses: Losses


@dataclass(frozen=True, slots=True)
class Trained:
    """One training, and what came of its checkpoints."""

    network: str
    schedule: str
    seed: int
    losses: Losses
    resumptions: tuple[Resumption, ...]


class Training:
    """A network with its optimiser and schedule, as a notebook has them."""

    def __init__(self, kind: Kind, schedule: str) -> None:
        self.kind = kind
        self.model = kind.build()
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=kind.rate)
        steps = EPOCHS * (len(kind.examples[0]) // kind.batch)
        self.plan: Any = (
            torch.optim.lr_scheduler.OneCycleLR(self.optimiser, max_lr=kind.rate, total_steps=steps + 1)
            if schedule == "one cycle"
            else torch.optim.lr_scheduler.ConstantLR(self.optimiser, factor=1.0)
        )

    def epoch(self) -> tuple[float, float]:
        """Trains one epoch; its mean loss and that of the last batch."""
        inputs, targets = self.kind.examples
        self.model.train()
        losses = []
        for chosen in torch.randperm(len(inputs)).split(self.kind.batch)[: len(inputs) // self.kind.batch]:
            loss = self.kind.loss(self.model, inputs[chosen], targets[chosen])
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            self.plan.step()
            losses.append(loss.item())
        return sum(losses) / len(losses), losses[-1]

    def state(self) -> list[dict[str, Any]]:
        """What a checkpoint keeps."""
        return copy.deepcopy([part.state_dict() for part in (self.model, self.optimiser, self.plan)])

    def restore(self, state: Sequence[dict[str, Any]], way: str) -> None:
        """Puts back what a student's `resume` puts back."""
        model, optimiser, plan = copy.deepcopy(list(state))
        self.model.load_state_dict(model)
        if way == "everything restored":
            self.optimiser.load_state_dict(optimiser)
            self.plan.load_state_dict(plan)
        elif way == "schedule begins anew":
            # the moments come back, and the rate is that of the first step
            self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": optimiser["state"]})


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    seeds = parser.parse_args().seeds
    torch.set_num_threads(1)
    began = time.monotonic()
    found = [
        trained(kind, schedule, seed)
        for kind in kinds()
        for schedule in ("constant", "one cycle")
        for seed in range(seeds)
    ]
    show(found)
    print(f"\n{len(found)} trainings, {time.monotonic() - began:.0f} s")


def kinds() -> Iterator[Kind]:
    """A classifier with dropout, a U-Net and an LSTM over letters."""
    cache = data.cache_folder()

    def folder(name: str) -> str:
        return str(data.shared_folder((name,), "mini", cache))

    garments = training.load(folder("clothes")).first(1500)
    yield Kind(
        "classifier with dropout",
        lambda: clothes.build(6, 2),
        lambda model, x, y: nn.functional.cross_entropy(model(x), y),
        (garments.train_images, garments.train_labels),
        50,
        3e-3,
    )
    nuclei = cells.load(folder("cells"))
    yield Kind(
        "U-Net",
        lambda: cells.UNet(0.25, 0.15, 4),
        cells.mask_loss,
        (nuclei.train_images[:150], nuclei.train_masks[:150]),
        10,
        5e-3,
    )
    root = data.shared_folder(("poem",), "mini", cache) / "poem"
    verse, alphabet = ((root / name).read_bytes().decode() for name in ("train.txt", "alphabet.txt"))
    ids = torch.tensor([alphabet.index(letter) for letter in verse[: 400 * 33]]).view(-1, 33)
    yield Kind(
        "LSTM",
        lambda: letters.LetterModel(len(alphabet)),
        lambda model, x, y: nn.functional.cross_entropy(scores_of(model, x).flatten(0, 1), y.flatten()),
        (ids[:, :-1], ids[:, 1:]),
        20,
        1e-2,
    )


def scores_of(model: nn.Module, inputs: Tensor) -> Tensor:
    """Scores (batch, length, letters) of a network that may return its state beside them."""
    found = model(inputs)
    scores: Tensor = found[0] if isinstance(found, tuple) else found
    return scores


def trained(kind: Kind, schedule: str, seed: int) -> Trained:
    """One training, and two epochs from each of its checkpoints in each way."""
    torch.manual_seed(seed)
    run = Training(kind, schedule)
    kept, rows = {}, []
    for epoch in range(1, EPOCHS + 1):
        rows.append(run.epoch())
        if epoch in MIDDLES:
            kept[epoch] = run.state()
    resumptions = []
    for epoch, state in kept.items():
        for way in WAYS:
            torch.manual_seed(1000 + 17 * seed + epoch)
            again = Training(kind, schedule)
            again.restore(state, way)
            resumptions.append(Resumption(way, epoch, named([again.epoch() for _ in range(AGAIN)])))
    return Trained(kind.name, schedule, seed, named(rows), tuple(resumptions))


def named(rows: Sequence[tuple[float, float]]) -> Losses:
    """Losses by what students log."""
    return {name: [row[place] for row in rows] for place, name in enumerate(LOGGED)}


def verdict(losses: Sequence[float], again: Resumption, logged: str, epochs: int) -> str:
    """What `grade` says of a curve of these losses."""
    lines = [f"{epoch},{loss:.5f}" for epoch, loss in enumerate(losses, start=1)]
    curve = read_curve(("epoch,train_loss\n" + "\n".join(lines) + "\n").encode(), "curve.csv")
    if not isinstance(curve, Curve):
        raise TypeError(curve.code)
    said = curve.columns["train_loss"][again.epoch : again.epoch + epochs]
    return resumed_verdict(curve, again.losses[logged][:epochs], said)


def forged(losses: list[float], others: dict[str, list[float]]) -> dict[str, list[float]]:
    """What a student might write in place of a training's losses."""
    fall = max(losses) - min(losses)
    return {
        "scaled by 0.5": [0.5 * loss for loss in losses],
        "scaled by 0.7": [0.7 * loss for loss in losses],
        "scaled by 0.85": [0.85 * loss for loss in losses],
        "scaled by 1.5": [1.5 * loss for loss in losses],
        "lower by a fifth of its fall": [loss - 0.2 * fall for loss in losses],
        "lower by half of its fall": [loss - 0.5 * fall for loss in losses],
        "three times as fast": [losses[min(3 * row, len(losses) - 1)] for row in range(len(losses))],
        **others,
    }


def show(found: Sequence[Trained]) -> None:
    """One table of honest curves, one of forged ones."""
    honest: Counter[tuple[str, ...]] = Counter()
    seen: Counter[tuple[str, ...]] = Counter()
    for one in found:
        for again in one.resumptions:
            for logged in LOGGED:
                for epochs in (1, AGAIN):
                    key = (one.network, one.schedule, again.way, logged)
                    seen[key] += 1
                    honest[key] += verdict(one.losses[logged], again, logged, epochs) == "differs"
    print("| network | rate | resumed with | " + " | ".join(LOGGED) + " |\n" + "| --- " * 5 + "|")
    for network, schedule, way in dict.fromkeys(key[:3] for key in seen):
        cells_of = " | ".join(
            f"{honest[network, schedule, way, logged]} of {seen[network, schedule, way, logged]}"
            for logged in LOGGED
        )
        print(f"| {network} | {schedule} | {way} | {cells_of} |")
    flagged: Counter[tuple[str, str]] = Counter()
    judged: Counter[str] = Counter()
    for one in found:
        others = {
            "of the same training with another seed": [
                o for o in found if (o.network, o.schedule) == (one.network, one.schedule) and o is not one
            ],
            "of another schedule": [
                o for o in found if o.network == one.network and o.schedule != one.schedule
            ],
            "of another network": [o for o in found if o.network != one.network],
        }
        taken = {name: some[0].losses[LOGGED[0]] for name, some in others.items() if some}
        for name, losses in forged(one.losses[LOGGED[0]], taken).items():
            for again in one.resumptions:
                if again.way == WAYS[0]:
                    judged[name] += 1
                    said = verdict(losses, again, LOGGED[0], AGAIN)
                    flagged[name, said] += 1
    print("\n| curve | flagged |\n| --- | --- |")
    for name, n in judged.items():
        print(f"| {name} | {flagged[name, 'differs']} of {n} |")


if __name__ == "__main__":
    main()
