"""An LSTM in NumPy. Weights are laid out as in torch: gates i, f, g, o one below the other."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Arrays = dict[str, Floats]


def lstm_forward(x: Floats, h0: Floats, c0: Floats, weights: Arrays) -> tuple[Floats, Floats, Floats]:
    """Output (T, B, H), last hidden state and last cell state (B, H) for x (T, B, I), h0 and c0 (B, H)."""
    hidden, cells, _ = _run(x, h0, c0, weights)
    return np.stack(hidden[1:]), hidden[-1], cells[-1]


def _run(
    x: Floats, h0: Floats, c0: Floats, weights: Arrays
) -> tuple[list[Floats], list[Floats], list[list[Floats]]]:
    hidden, cells, gates = [h0], [c0], []
    for now in x:
        raw = now @ weights["weight_ih"].T + weights["bias_ih"] + weights["bias_hh"]
        i, f, g, o = np.split(raw + hidden[-1] @ weights["weight_hh"].T, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        g = np.tanh(g)
        cells.append(f * cells[-1] + i * g)
        hidden.append(o * np.tanh(cells[-1]))
        gates.append([i, f, g, o])
    return hidden, cells, gates


def lstm_backward(x: Floats, h0: Floats, c0: Floats, weights: Arrays, d_output: Floats) -> Arrays:
    """Gradients of a loss whose gradient with respect to the output is `d_output` (T, B, H)."""
    hidden, cells, gates = _run(x, h0, c0, weights)
    found = {"x": np.zeros_like(x), **{name: np.zeros_like(part) for name, part in weights.items()}}
    d_hidden, d_cell = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(len(x))):
        i, f, g, o = gates[t]
        d_hidden = d_hidden + d_output[t]
        squashed = np.tanh(cells[t + 1])
        d_cell = d_cell + d_hidden * o * (1 - squashed**2)
        through = (
            d_cell * g * i * (1 - i),
            d_cell * cells[t] * f * (1 - f),
            d_cell * i * (1 - g**2),
            d_hidden * squashed * o * (1 - o),
        )
        raw = np.concatenate(through, axis=1)
        found["x"][t] = raw @ weights["weight_ih"]
        found["weight_ih"] += raw.T @ x[t]
        found["weight_hh"] += raw.T @ hidden[t]
        found["bias_ih"] += raw.sum(0)
        found["bias_hh"] += raw.sum(0)
        d_hidden, d_cell = raw @ weights["weight_hh"], d_cell * f
    return {**found, "h0": d_hidden, "c0": d_cell}
