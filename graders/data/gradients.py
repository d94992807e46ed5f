"""Exercises in back-propagation: small networks with random weights, and the gradients of their loss."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graders.data.seeds import random_stream
from graders.data.types import Arrays, Floats, Hidden, Split

NAMES = ("W1", "b1", "W2", "b2")
CASES, ROWS, INPUTS, UNITS = 40, 9, 5, 7
PUBLIC_SEED = b"gradients/mini/1"


@dataclass(frozen=True, slots=True)
class DrawnGradients:
    """Two-layer networks and rows of data; see `Source`.

    Inputs are float64, the first axis the cases: `W1` (K, 5, 7), `b1` (K, 7), `W2` (K, 7, 1), `b2` (K, 1),
    `x` (K, 9, 5), `y` (K, 9, 1). Targets are the gradients of the loss, under the names of the weights and of
    their shapes. Students find no files: they can draw such cases themselves.
    """

    def fetch(self, cache: Path, progress: bool) -> None:
        """See `Source.fetch`: there is nothing to download."""

    def publish(self, cache: Path, folder: Path) -> None:
        """See `Source.publish`: there is nothing to write."""

    def validation(self, folder: Path) -> Split:
        """See `Source.validation`."""
        return draw(random_stream(PUBLIC_SEED))

    def hidden(self, cache: Path, secret: bytes) -> Hidden:
        """See `Source.hidden`."""
        found = draw(random_stream(hmac.digest(secret, b"gradients/mini/hidden", "sha256")))
        return Hidden(found.inputs, found.targets, variant={})

    def fingerprint(self) -> str:
        """See `Source.fingerprint`: the text of the modules that draw."""
        digest = hashlib.sha256()
        for name in ("gradients.py", "seeds.py"):
            digest.update((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
        return digest.hexdigest()


def draw(random: np.random.RandomState) -> Split:
    """Networks with weights of a size at which tanh is neither straight nor flat."""
    inputs = {
        "W1": random.normal(0, 0.5, (CASES, INPUTS, UNITS)),
        "b1": random.normal(0, 0.5, (CASES, UNITS)),
        "W2": random.normal(0, 1, (CASES, UNITS, 1)),
        "b2": random.normal(0, 1, (CASES, 1)),
        "x": random.normal(0, 1, (CASES, ROWS, INPUTS)),
        "y": random.normal(0, 2, (CASES, ROWS, 1)),
    }
    return Split(inputs, gradients(inputs))


def gradients(inputs: Arrays) -> dict[str, Floats]:
    """Gradients of the mean of (tanh(x W1 + b1) W2 + b2 - y)² over a case's rows, for each case."""
    x, hidden = inputs["x"], np.tanh(inputs["x"] @ inputs["W1"] + inputs["b1"][:, None])
    error = hidden @ inputs["W2"] + inputs["b2"][:, None] - inputs["y"]
    output = 2 * error / x.shape[1]
    below = output @ inputs["W2"].transpose(0, 2, 1) * (1 - hidden**2)
    return {
        "W1": x.transpose(0, 2, 1) @ below,
        "b1": below.sum(axis=1),
        "W2": hidden.transpose(0, 2, 1) @ output,
        "b2": output.sum(axis=1),
    }
