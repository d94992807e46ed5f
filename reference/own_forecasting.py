"""Opponent of students who bring series: the next values after a history."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import kept_back
from torch import Tensor, nn

Histories = NDArray[np.float32]
"""Histories (n, T), the latest value last, or futures (n, h)."""
Model = Callable[[Tensor], Tensor]
"""Histories (n, T) to futures (n, h), float64 on the CPU."""
Train = Callable[[Histories, Histories, float], Model]

BATCH, UNITS = 128, 64
LONGEST = 192
"""Values of a history that are read, the latest ones."""
SEASONS, TRIED = 400, 2_000
"""Lengths of a season that are tried, and on how many of the latest histories."""


def train(x: Histories, y: Histories, budget: float) -> Model:
    """A linear model of the last values with an LSTM for what it leaves over, or what does better."""
    clock = Clock(budget)
    histories, futures = _tensor(x)[:, -LONGEST:], _tensor(y)
    learn, trial = _earlier_and_later(len(histories))
    linear = _linear(histories[learn], futures[learn])
    network = Ahead(futures.shape[1])
    device = where()
    network.to(device)
    level, unit = scaled(histories)
    inputs = ((histories - level) / unit).float()
    left = ((futures - linear(histories)) / unit).float().clamp(-50, 50)

    def loss() -> Tensor:
        some = learn[torch.randint(len(learn), (BATCH,))]
        with half(device):
            found = network(inputs[some].to(device))
        error: Tensor = (found.float() - left[some].to(device)).abs().mean()
        return error

    @torch.no_grad()
    def residual(histories: Tensor) -> Tensor:
        level, unit = scaled(histories)
        given = ((histories - level) / unit).float().to(device)
        return torch.cat([network(part).float().cpu() for part in given.split(512)]) * unit

    def mixed(given: Tensor, part: float) -> Tensor:
        given = given[:, -LONGEST:]
        return linear(given) + part * residual(given)

    def error(way: Model) -> float:
        return float(((way(histories[trial]) - futures[trial]) / unit[trial]).abs().mean())

    steps = max(600, 40 * len(learn) // BATCH)
    whole = partial(mixed, part=1.0)
    fit(network, loss, lambda: -error(whole), seconds=clock.left(), steps=steps, rate=5e-3)
    ways: list[Model] = [whole, partial(mixed, part=0.5), linear, last_value(x, y, 0.0)]
    best = min(ways, key=error)
    return lambda given: best(given[:, -LONGEST:])


def predict(model: Model, x: Histories) -> NDArray[np.float64]:
    """The next values (n, h)."""
    return model(_tensor(x)).numpy()


class Ahead(nn.Module):
    """An LSTM over a history; its last state, and the last values themselves, say what comes."""

    def __init__(self, horizon: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, UNITS, batch_first=True)
        self.ahead = nn.Sequential(nn.Linear(UNITS, UNITS), nn.ReLU(), nn.Linear(UNITS, horizon))

    def forward(self, history: Tensor) -> Tensor:
        """Standardised histories (batch, T) to values (batch, horizon)."""
        changes = torch.diff(history, dim=1, prepend=history[:, :1])
        seen, _ = self.lstm(torch.stack([history, changes], 2))
        found: Tensor = self.ahead(seen[:, -1])
        return found


def scaled(histories: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and spread of each history, both (n, 1); the spread is 1 where nothing changes."""
    spread = histories.std(1, correction=0, keepdim=True)
    return histories.mean(1, keepdim=True), torch.where(spread > 1e-9, spread, 1.0)


def _tensor(values: Histories) -> Tensor:
    return torch.from_numpy(np.asarray(values, dtype=np.float64))


def _earlier_and_later(count: int) -> tuple[Tensor, Tensor]:
    """Rows to learn from and to try on: examples come in order of time, so that the last ones are tried."""
    _, trial = kept_back(count)
    return torch.arange(count - len(trial)), torch.arange(count - len(trial), count)


def _linear(histories: Tensor, futures: Tensor) -> Model:
    """Ridge regression of the future on the history, both standardised by the history."""
    level, unit = scaled(histories)
    inputs, wanted = (histories - level) / unit, ((futures - level) / unit).clamp(-50, 50)
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1).double()], 1)
    square = inputs.T @ inputs + (1.0 + 0.001 * len(inputs)) * torch.eye(inputs.shape[1]).double()
    weights = torch.linalg.solve(square, inputs.T @ wanted)

    def ahead(given: Tensor) -> Tensor:
        level, unit = scaled(given)
        rows = torch.cat([(given - level) / unit, torch.ones(len(given), 1).double()], 1)
        found: Tensor = level + unit * (rows @ weights)
        return found

    return ahead


# Baselines


def last_value(x: Histories, y: Histories, budget: float) -> Model:
    """The last value goes on."""
    horizon = np.shape(y)[1]
    return lambda histories: histories[:, -1:].expand(-1, horizon)


def seasonal(x: Histories, y: Histories, budget: float) -> Model:
    """The values of one season before; the season is the one that does best in training."""
    histories, futures = _tensor(x[-TRIED:]), _tensor(y[-TRIED:])
    horizon, length = futures.shape[1], min(histories.shape[1], SEASONS)

    def ahead(season: int, given: Tensor) -> Tensor:
        return given[:, -season:].repeat(1, -(-horizon // season))[:, :horizon]

    _, unit = scaled(histories)
    errors = [
        float(((ahead(season, histories) - futures) / unit).abs().mean()) for season in range(1, length + 1)
    ]
    best = 1 + int(np.argmin(errors))
    return lambda given: ahead(best, given)


def drift(x: Histories, y: Histories, budget: float) -> Model:
    """The line through the first and the last value goes on."""
    steps = torch.arange(1, np.shape(y)[1] + 1).double()

    def ahead(given: Tensor) -> Tensor:
        slope = (given[:, -1:] - given[:, :1]) / max(1, given.shape[1] - 1)
        return given[:, -1:] + slope * steps

    return ahead


BASELINES: Mapping[str, tuple[Train, Callable[[Model, Histories], NDArray[np.float64]]]] = {
    "last_value": (last_value, predict),
    "seasonal": (seasonal, predict),
    "drift": (drift, predict),
}
