"""Opponent of students who bring a number for each row of a table, or for each picture."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import Inputs, Values, chosen, flattener, is_pictures, kept_back, pictures
from own_networks import PictureNet, TableNet, moved
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

Model = Callable[[Inputs], Tensor]
"""Inputs to numbers (n,) on the CPU, in the unit of the targets."""
Train = Callable[[Inputs, Values, float], Model]

BATCH, SIDE = 64, 64
MEMBERS = 3
"""Networks for a table, one after the other, whose mean is the answer."""
BENDS = 4.0
"""Errors beyond this many standard deviations count in proportion, so that an outlier does not rule."""


def train(x: Inputs, y: Values, budget: float) -> Model:
    """What a ridge regression leaves over is learned by networks, as far as that helps."""
    clock = Clock(budget)
    targets = _targets(y)
    learn, trial = kept_back(len(targets))
    straight = _ridge(chosen(x, learn), targets[learn])
    left = targets - straight(x)
    spread = float(left[learn].std(correction=0)) or 1.0
    wanted = (left / spread).float()
    make = _pictures if is_pictures(x) else _table
    networks, read = make(x, wanted, learn, trial, clock)

    def bent(some: Inputs) -> Tensor:
        found = read(some)
        return spread * torch.stack([scores(found) for scores in networks]).mean(0).double()

    truth, base, change = targets[trial], straight(chosen(x, trial)), bent(chosen(x, trial))
    parts = (0.0, 0.5, 1.0)
    weight = parts[int(np.argmin([float((base + part * change - truth).square().mean()) for part in parts]))]
    return lambda some: straight(some) + weight * bent(some)


def predict(model: Model, x: Inputs) -> NDArray[np.float64]:
    """Numbers (n,)."""
    return model(x).numpy().astype(np.float64)


def _targets(y: Values) -> Tensor:
    return torch.from_numpy(np.asarray(y).astype(np.float64)).reshape(-1)


def _trained(
    network: nn.Module,
    inputs: Tensor,
    wanted: Tensor,
    rows: tuple[Tensor, Tensor],
    seconds: float,
    *,
    rate: float,
    epochs: int,
    change: Callable[[Tensor], Tensor] = lambda batch: batch,
) -> Callable[[Tensor], Tensor]:
    device = where()
    learn, trial = rows
    network.to(device)

    def loss() -> Tensor:
        some = learn[torch.randint(len(learn), (BATCH,))]
        with half(device):
            found = network(change(inputs[some].to(device)))
        return smooth_l1_loss(found.float()[:, 0], wanted[some].to(device), beta=BENDS)

    @torch.no_grad()
    def numbers(some: Tensor) -> Tensor:
        return torch.cat([network(part.to(device))[:, 0].float().cpu() for part in some.split(256)])

    def score() -> float:
        return -float((numbers(inputs[trial]) - wanted[trial]).square().mean())

    steps = max(600, epochs * len(learn) // BATCH)
    fit(network, loss, score, seconds=seconds, steps=steps, rate=rate)
    return numbers


Made = tuple[list[Callable[[Tensor], Tensor]], Callable[[Inputs], Tensor]]


def _pictures(x: Inputs, wanted: Tensor, learn: Tensor, trial: Tensor, clock: Clock) -> Made:
    images = pictures(x, SIDE)
    network = PictureNet(images[learn], 1).to(memory_format=torch.channels_last)

    def shifted(batch: Tensor) -> Tensor:
        # where a thing lies may be what is asked, and how large it is: only a pixel or two are safe
        return moved(batch, turn=0.0, stretch=0.0, shift=0.02)

    numbers = _trained(
        network, images, wanted, (learn, trial), clock.left(), rate=8e-3, epochs=60, change=shifted
    )
    return [numbers], lambda some: pictures(some, SIDE)


def _table(x: Inputs, wanted: Tensor, learn: Tensor, trial: Tensor, clock: Clock) -> Made:
    rows = flattener(chosen(x, learn))
    inputs = rows(x)
    members = []
    for number in range(MEMBERS):
        seconds = clock.left((number + 1) / MEMBERS)
        network = TableNet(inputs[learn], 1)
        members.append(_trained(network, inputs, wanted, (learn, trial), seconds, rate=4e-3, epochs=100))
    return members, rows


# Baselines


def mean(x: Inputs, y: Values, budget: float) -> Model:
    """Always the mean."""
    middle = _targets(y).mean()
    return lambda some: middle.expand(len(some))


def column(x: Inputs, y: Values, budget: float) -> Model:
    """The one column, or pixel, that says most, on a straight line."""
    targets = _targets(y)
    rows = flattener(x)
    inputs = rows(x).double()
    middle = targets.mean()
    slopes = inputs.T @ (targets - middle) / inputs.square().sum(0).clamp(min=1e-9)
    errors = (inputs * slopes - (targets - middle)[:, None]).square().sum(0)
    best = int(errors.argmin())
    return lambda some: middle + slopes[best] * rows(some)[:, best].double()


def ridge(x: Inputs, y: Values, budget: float) -> Model:
    """Ridge regression on all columns, or on 8 × 8 pixels."""
    return _ridge(x, _targets(y))


def _ridge(x: Inputs, targets: Tensor) -> Model:
    rows = flattener(x)
    inputs = rows(x).double()
    middle, centre = targets.mean(), inputs.mean(0)
    inputs = inputs - centre
    square = inputs.T @ inputs + (1.0 + 0.01 * len(targets)) * torch.eye(inputs.shape[1]).double()
    weights = torch.linalg.solve(square, inputs.T @ (targets - middle))
    return lambda some: middle + (rows(some).double() - centre) @ weights


BASELINES: Mapping[str, tuple[Train, Callable[[Model, Inputs], NDArray[np.float64]]]] = {
    "mean": (mean, predict),
    "column": (column, predict),
    "ridge": (ridge, predict),
}
