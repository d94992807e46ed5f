"""How a notebook of lesson 10 is called: one function for each `probe` of assignment.toml.

Runs beside the student's code, in the kernel that ran the notebook; what it writes is measured elsewhere.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from inside.calls import BATCH, evaluation_mode, in_batches, outermost_calls, to_array
from inside.contract import ContractError, NotebookError
from inside.drawing import save_samples, shortened
from inside.outbox import Outbox

FEW = 200
"""Pictures of the check in evaluation mode."""
SIDE = 28
DECODED = 300
"""Codes in one call at most; other than for `encode`, so that no batch comes twice."""

Namespace = Mapping[str, Any]
Arrays = Mapping[str, np.ndarray]


def samples(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """As many pictures as there are places."""
    save_samples(_function(notebook, "sample", "sample(n)"), inputs, outbox)


def elbo(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """Codes of all pictures with what is decoded from them, and of some of them in evaluation mode."""
    vae = Vae(notebook)
    images, noise = inputs["images"], inputs["noise"]
    with outermost_calls() as calls:
        own = vae.passed(images, noise)
    validation = vae.passed(inputs["validation_images"], inputs["validation_noise"])
    with evaluation_mode(list({id(module): module for module, _ in calls}.values())):
        evaluation = vae.passed(images[:FEW], noise[:FEW])
    outbox.save(own=own, validation=validation, evaluation=evaluation)
    outbox.write({"found_by": "predict", "name": "encode, decode", "normalisation": ""})


def other_ways(notebook: Namespace, inputs: Arrays, parameters: Namespace, outbox: Outbox) -> None:
    """The same for some pictures in other orders, from 0 to 255, and one by one where that is possible."""
    vae = Vae(notebook)
    images, noise = inputs["images"], inputs["noise"]
    arrays = {"reversed": vae.passed(images[::-1], noise[::-1], column=1)[::-1].copy()}
    with suppress(ContractError, NotebookError):
        arrays["scaled"] = vae.passed(images * 255, noise)
    with suppress(ContractError, NotebookError):
        arrays["single"] = vae.passed(images, noise, batch=1)
    outbox.save(**arrays)


class Vae:
    """A notebook's `encode` and `decode`, called so that nothing but the code leads from one to the other.

    All pictures are encoded before the first code is decoded, and codes come to `decode` in another order
    and in other batches. A notebook that keeps pictures and looks them up by their codes is not hindered
    here: the host looks for that in the result.
    """

    def __init__(self, notebook: Namespace) -> None:
        self.encode = _function(notebook, "encode", "encode(images)")
        self.decode = _function(notebook, "decode", "decode(codes)")

    def passed(
        self, images: np.ndarray, noise: np.ndarray, batch: int = BATCH, column: int = 0
    ) -> np.ndarray:
        """Means, logarithms of variances and decoded pixels side by side, float16 (N, 2 K + 784).

        Args:
            images: float32 (N, 1, 28, 28).
            noise: float32 (N, 32), of which codes are drawn.
            batch: pictures, and codes, in one call at most.
            column: of the noise, by which codes are ordered.
        """
        pictures = torch.from_numpy(np.ascontiguousarray(images))
        numbers = in_batches(lambda part: self._encoded(part, noise.shape[1]), pictures, "encode", batch)
        mean, log_variance = np.split(numbers, 2, axis=1)
        with np.errstate(over="ignore", invalid="ignore"):
            codes = mean + np.exp(log_variance / 2) * noise[:, : mean.shape[1]]
        order = np.argsort(noise[:, column])
        shuffled = torch.from_numpy(codes[order].astype(np.float32))
        decoded = np.empty((len(images), SIDE * SIDE), np.float32)
        decoded[order] = in_batches(self._decoded, shuffled, "decode", min(batch, DECODED))
        return shortened(np.concatenate([numbers, decoded], axis=1))

    def _encoded(self, images: torch.Tensor, longest: int) -> np.ndarray:
        """Means and logarithms of variances side by side, (n, 2 K)."""
        found = self.encode(images)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            raise ContractError("contract.no_pair", name="encode", found=type(found).__name__)
        mean, log_variance = (to_array(part, len(images), "encode") for part in found)
        if mean.shape != log_variance.shape or mean.ndim != 2 or not 1 <= mean.shape[1] <= longest:
            shapes = ", ".join(" × ".join(map(str, part.shape)) for part in (mean, log_variance))
            raise ContractError("contract.code_shape", found=shapes, n=len(images), most=longest)
        return np.concatenate([mean, log_variance], axis=1)

    def _decoded(self, codes: torch.Tensor) -> np.ndarray:
        """Pixels, (n, 784)."""
        found = to_array(self.decode(codes), len(codes), "decode")
        n = len(codes)
        if found.shape not in ((n, 1, SIDE, SIDE), (n, SIDE, SIDE), (n, SIDE * SIDE)):
            shape = " × ".join(map(str, found.shape))
            raise ContractError("contract.decoded_shape", found=shape, n=n, side=SIDE)
        return found.reshape(n, SIDE * SIDE)


def _function(notebook: Namespace, name: str, needed: str) -> Any:
    if not callable(notebook.get(name)):
        raise ContractError("contract.missing_function", name=needed)
    return notebook[name]
