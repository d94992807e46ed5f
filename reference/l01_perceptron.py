"""Lesson 1: a dense network for the prices of flats, and back-propagation through two layers by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

__all__ = ["Solution", "backward", "load", "mean", "nothing", "ridge", "shallow", "solve"]

Weights = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Data:
    """Flats: features float32 (N, 4) in the units of the file, prices float32 (N,) in millions of roubles."""

    train_features: Tensor
    train_prices: Tensor
    validation_features: Tensor
    validation_prices: Tensor


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    predict_price: Callable[[Tensor], Tensor]
    """Features float32 (N, 4) on the CPU to prices (N,) on the CPU."""
    backward: Callable[[Weights, NDArray[np.float64], NDArray[np.float64]], Weights]


def load(folder: str) -> Data:
    """Read both tables."""
    tables = [
        torch.from_numpy(np.loadtxt(Path(folder) / f"{name}.csv", delimiter=",", skiprows=1)).float()
        for name in ("train", "validation")
    ]
    return Data(*(part for table in tables for part in (table[:, :-1], table[:, -1])))


def backward(params: Weights, x: NDArray[np.float64], y: NDArray[np.float64]) -> Weights:
    """Gradients of the mean squared error of `tanh(x W1 + b1) W2 + b2`.

    Args:
        params: `W1` (inputs, units), `b1` (units,), `W2` (units, 1), `b2` (1,).
        x: shape (n, inputs).
        y: shape (n, 1).
    """
    hidden = np.tanh(x @ params["W1"] + params["b1"])
    prediction = hidden @ params["W2"] + params["b2"]
    at_output = 2 * (prediction - y) / len(x)
    at_hidden = at_output @ params["W2"].T * (1 - hidden**2)
    return {
        "W1": x.T @ at_hidden,
        "b1": at_hidden.sum(0),
        "W2": hidden.T @ at_output,
        "b2": at_output.sum(0),
    }


EPOCHS, BATCH, RATE, WIDTH = 30, 128, 5e-3, 96


class Network(nn.Module):
    """Three hidden layers on standardised features; it predicts the logarithm of the price."""

    def __init__(self, features: Tensor, prices: Tensor) -> None:
        super().__init__()
        self.centre = nn.Buffer(features.mean(0))
        self.spread = nn.Buffer(features.std(0))
        self.usual = nn.Buffer(prices.log().mean())
        self.layers = nn.Sequential(
            nn.Linear(features.shape[1], WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, 1),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, 4) to logarithms of prices, (batch,)."""
        found: Tensor = self.layers((features - self.centre) / self.spread).squeeze(1)
        return found + self.usual


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """A dense network that was trained on logarithms, since errors of prices are in proportion to them."""
    torch.manual_seed(seed)
    network = Network(data.train_features, data.train_prices).to(device)
    features, prices = data.train_features.to(device), data.train_prices.to(device).log()
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    steps = len(features) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=EPOCHS * steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(features), device=device)[: steps * BATCH]
        for chosen in order.view(steps, BATCH):
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
                found = network(features[chosen])
            loss = nn.functional.mse_loss(found.float(), prices[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()

    @torch.no_grad()
    def predict_price(flats: Tensor) -> Tensor:
        logarithms: Tensor = network(flats.to(device))
        return logarithms.exp().cpu()

    return Solution(predict_price, backward)


def ridge(data: Data, device: torch.device, seed: int, profile: str, strength: float = 1.0) -> Solution:
    """The baseline that earns nothing for prices: linear regression with a penalty on large weights."""
    centre, spread = data.train_features.double().mean(0), data.train_features.double().std(0)

    def standard(features: Tensor) -> Tensor:
        return torch.cat([(features.double() - centre) / spread, torch.ones(len(features), 1)], 1)

    wide = standard(data.train_features)
    penalty = strength * torch.eye(wide.shape[1], dtype=torch.double)
    penalty[-1, -1] = 0  # the constant is not held back
    weights = torch.linalg.solve(wide.T @ wide + penalty, wide.T @ data.train_prices.double())
    return Solution(lambda flats: standard(flats) @ weights, backward)


def shallow(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """A single hidden layer of six units: better than a line, worse than a network with room."""
    torch.manual_seed(seed)
    centre, spread = data.train_features.mean(0), data.train_features.std(0)
    network = nn.Sequential(nn.Linear(data.train_features.shape[1], 6), nn.Tanh(), nn.Linear(6, 1))
    optimiser = torch.optim.Adam(network.parameters(), lr=2e-2)
    for chosen in torch.randint(0, len(data.train_features), (600, BATCH)):
        found = network((data.train_features[chosen] - centre) / spread).squeeze(1)
        loss = nn.functional.mse_loss(found, data.train_prices[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    @torch.no_grad()
    def predict_price(flats: Tensor) -> Tensor:
        priced: Tensor = network((flats - centre) / spread)
        return priced.squeeze(1)

    return Solution(predict_price, backward)


def mean(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The mean price for every flat."""
    usual = data.train_prices.mean()
    return Solution(lambda flats: usual.expand(len(flats)), backward)


def nothing(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """Gradients that are all zero, which earn nothing."""
    usual = mean(data, device, seed, profile)
    return Solution(
        usual.predict_price, lambda params, x, y: {name: np.zeros_like(part) for name, part in params.items()}
    )
