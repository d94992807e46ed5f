"""Lets a notebook draw at random, as it is and in evaluation mode."""

import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import torch

from .calls import evaluation_mode, in_batches, outermost_calls
from .contract import ProbeError
from .outbox import Outbox

QUICK_SECONDS = 15.0
"""A draw that takes longer is not repeated: the time of the probe is needed for what is scored."""
MORE_SECONDS = 5.0
"""By how much longer the same may take in evaluation mode, where a loop may not end at all."""

Draw = Callable[[], np.ndarray]


class _TimeUpError(BaseException):
    """No `Exception`, which the notebook may catch."""


def save_samples(sample: Callable[[int], Any], inputs: Mapping[str, np.ndarray], outbox: Outbox) -> None:
    """Hand over as many pictures as there are places, as `sample` gives them but for rounding to 16 bits.

    Args:
        sample: the notebook's function, number of pictures to pictures.
        inputs: `places` and `validation_places`, int64 (N,): nothing but how many pictures are asked for.
        outbox: gets the arrays of `in_both_modes`.
    """

    def drawn(name: str) -> np.ndarray:
        places = torch.from_numpy(inputs[name])
        return shortened(in_batches(lambda part: sample(len(part)), places, "sample"))

    outbox.save(**in_both_modes(lambda: drawn("places"), lambda: drawn("validation_places")))
    outbox.write({"found_by": "predict", "name": "sample", "normalisation": ""})


def in_both_modes(hidden: Draw, validation: Draw) -> dict[str, np.ndarray]:
    """What the notebook draws: `own`, `validation`, and `evaluation`.

    The last is `own` once more, in evaluation mode and from the same random numbers. It is left out where no
    network is in training mode, where a draw takes long or fails, and where the notebook has random numbers
    of its own: its draws would differ without any change of mode.

    Args:
        hidden: draws for the hidden inputs.
        validation: draws for those of the validation split.

    Raises:
        ProbeError: the notebook fails as it is; that it fails in evaluation mode is nobody's concern.
    """
    before, started = _random_states(), time.monotonic()
    with outermost_calls() as calls:
        found = {"own": hidden()}
    seconds = time.monotonic() - started
    found["validation"] = validation()
    used = list({id(module): module for module, _ in calls}.values())
    if seconds <= QUICK_SECONDS and any(part.training for module in used for part in module.modules()):
        with suppress(ProbeError, _TimeUpError), _at_most(2 * seconds + MORE_SECONDS):
            _restore(before)
            again = hidden()
            _restore(before)
            with evaluation_mode(used):
                evaluation = hidden()
            if _alike(found["own"], again):
                found["evaluation"] = evaluation
    return found


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Ends a block after some seconds, between two operations of Python.

    Raises:
        _TimeUpError: the time was up.
    """

    def end(_number: int, _frame: object) -> None:
        raise _TimeUpError

    previous = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def shortened(numbers: np.ndarray) -> np.ndarray:
    """Floats of half the size, since the record keeps them; three digits are enough for all measurements."""
    with np.errstate(over="ignore"):
        return numbers.astype(np.float16) if numbers.dtype.kind == "f" else numbers


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    if one.dtype.kind == "f" and other.shape == one.shape:
        return np.allclose(one, other, atol=1e-2)  # a GPU adds up in any order
    return np.array_equal(one, other)


def _random_states() -> tuple[Any, ...]:
    """Where every generator stands that a notebook is likely to draw from."""
    on_gpu = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    return random.getstate(), np.random.get_state(), torch.get_rng_state(), on_gpu


def _restore(states: tuple[Any, ...]) -> None:
    standard, numpy, torch_cpu, on_gpu = states
    random.setstate(standard)
    np.random.set_state(numpy)
    torch.set_rng_state(torch_cpu)
    if on_gpu:
        torch.cuda.set_rng_state_all(on_gpu)
