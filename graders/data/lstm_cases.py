"""Exercises in the LSTM: random weights and inputs of random sizes, with results and gradients."""

import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.fingerprints import of_modules
from graders.data.seeds import random_stream
from graders.data.types import Arrays, Floats, Hidden, Split

CASES, SHOWN = 40, 10
"""Hidden cases and public ones."""
STEPS, BATCH, INPUTS, UNITS = 9, 4, 5, 6
"""The largest sizes; each case draws its own from 1 to these."""
WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
RESULTS = ("output", "h_n", "c_n")
GRADIENTS = ("x", "h0", "c0", *WEIGHTS)
"""Names of the gradients; among the targets each has `d_` before it."""
PUBLIC_SEED = b"lstm_cases/mini/1"


@dataclass(frozen=True, slots=True)
class DrawnLstmCases:
    """One LSTM layer a case, with torch's layout of weights and its order of gates i, f, g, o; see `Source`.

    Inputs: `sizes`, int64 (K, 4), the steps T, batch B, inputs I and units H of each case; float64 arrays
    `x` (K, T, B, I), `h0` and `c0` (K, B, H), `weight_ih` (K, 4H, I), `weight_hh` (K, 4H, H), `bias_ih` and
    `bias_hh` (K, 4H), and `d_output` (K, T, B, H), the gradient of a loss with respect to the output. All are
    of the largest sizes and NaN outside the case's own. So are the targets: the results `output`
    (K, T, B, H), `h_n`, `c_n` (K, B, H), and the gradients `d_x`, `d_h0` and so on, each of the shape of what
    it belongs to.
    Students find no files: they can draw such cases themselves.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`: there is nothing to write."""

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return draw(random_stream(PUBLIC_SEED), SHOWN)

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        found = draw(random_stream(hmac.digest(secret, b"lstm_cases/mini/hidden", "sha256")), CASES)
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`."""
        return of_modules("lstm_cases.py")


def draw(random: np.random.RandomState, count: int) -> Split:
    """Cases with weights of a size at which gates are neither open nor shut."""
    sizes = np.column_stack([random.randint(1, most + 1, count) for most in (STEPS, BATCH, INPUTS, UNITS)])
    cases = [_case(random, *row) for row in sizes]
    solved = [{**forward(case), **backward(case)} for case in cases]
    shapes = _shapes(STEPS, BATCH, INPUTS, UNITS)
    inputs = {name: _padded([case[name] for case in cases], shapes[name]) for name in cases[0]}
    targets = {
        name: _padded([found[name] for found in solved], shapes[name if name in RESULTS else name[2:]])
        for name in solved[0]
    }
    return Split({"sizes": sizes.astype(np.int64), **inputs}, targets)


def _shapes(steps: int, batch: int, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
    return {
        "x": (steps, batch, inputs),
        "h0": (batch, units),
        "c0": (batch, units),
        "weight_ih": (4 * units, inputs),
        "weight_hh": (4 * units, units),
        "bias_ih": (4 * units,),
        "bias_hh": (4 * units,),
        "d_output": (steps, batch, units),
        "output": (steps, batch, units),
        "h_n": (batch, units),
        "c_n": (batch, units),
    }


def _case(random: np.random.RandomState, *sizes: int) -> dict[str, Floats]:
    shapes = _shapes(*sizes)
    return {
        name: random.normal(0, 0.6 if name in WEIGHTS else 1.0, shape)
        for name, shape in shapes.items()
        if name not in RESULTS
    }


def _padded(arrays: list[Floats], shape: tuple[int, ...]) -> Floats:
    """Arrays in the corner of larger ones, NaN elsewhere."""
    padded = np.full((len(arrays), *shape), np.nan)
    for whole, array in zip(padded, arrays, strict=True):
        whole[tuple(slice(size) for size in array.shape)] = array
    return padded


def forward(case: Arrays) -> dict[str, Floats]:
    """Output, last hidden state and last cell state of one case, by the formulas of torch.nn.LSTM."""
    hidden, cells, _ = _run(case)
    return {"output": np.stack(hidden[1:]), "h_n": hidden[-1], "c_n": cells[-1]}


def _run(case: Arrays) -> tuple[list[Floats], list[Floats], list[tuple[Floats, ...]]]:
    """Hidden and cell states before the first step and after each, and the gates i, f, g, o of each step."""
    hidden: list[Floats] = [case["h0"]]
    cells: list[Floats] = [case["c0"]]
    gates: list[tuple[Floats, ...]] = []
    for x in case["x"]:
        raw = x @ case["weight_ih"].T + hidden[-1] @ case["weight_hh"].T + case["bias_ih"] + case["bias_hh"]
        i, f, g, o = np.split(raw, 4, axis=1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
        cells.append(f * cells[-1] + i * g)
        hidden.append(o * np.tanh(cells[-1]))
        gates.append((i, f, g, o))
    return hidden, cells, gates


def backward(case: Arrays) -> dict[str, Floats]:
    """Gradients of a loss whose gradient with respect to the output is `d_output`."""
    hidden, cells, gates = _run(case)
    found = {f"d_{name}": np.zeros_like(case[name]) for name in GRADIENTS}
    d_hidden, d_cell = np.zeros_like(case["h0"]), np.zeros_like(case["c0"])
    for step in range(len(gates) - 1, -1, -1):
        i, f, g, o = gates[step]
        d_hidden = d_hidden + case["d_output"][step]
        squashed = np.tanh(cells[step + 1])
        d_cell = d_cell + d_hidden * o * (1 - squashed**2)
        raw = np.concatenate(
            [
                d_cell * g * i * (1 - i),
                d_cell * cells[step] * f * (1 - f),
                d_cell * i * (1 - g**2),
                d_hidden * squashed * o * (1 - o),
            ],
            axis=1,
        )
        found["d_x"][step] = raw @ case["weight_ih"]
        found["d_weight_ih"] += raw.T @ case["x"][step]
        found["d_weight_hh"] += raw.T @ hidden[step]
        found["d_bias_ih"] += raw.sum(axis=0)
        d_hidden, d_cell = raw @ case["weight_hh"], d_cell * f
    return {**found, "d_bias_hh": found["d_bias_ih"].copy(), "d_h0": d_hidden, "d_c0": d_cell}


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))
