"""How well the next letter is foretold, in bits."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.bootstrap import resampled
from graders.metrics.distributions import LogProbs, read_distributions
from graders.model import Measurement, Message, say


def read_letters(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> LogProbs | Message:
    """Log-probabilities of the next letter, shape (N, V), or what is wrong with them.

    Args:
        predictions: as for `read_distributions`.
        targets: `next`, shape (N, V), whose columns are the letters of the alphabet.
        classes: of no meaning here.
    """
    n, letters = targets["next"].shape
    return read_distributions(predictions, n, letters, "next_char_logprobs")


def bits_per_character(logarithms: LogProbs, targets: Arrays) -> Measurement:
    """Mean of -log2 of the probability of the letter that came, with its 95 % bootstrap interval.

    Args:
        logarithms: natural logarithms of probabilities, shape (N, V).
        targets: `next`, shape (N, V): 1 at the letter that came.

    >>> half = np.log(np.full((3, 2), 0.5))
    >>> bits_per_character(half, {"next": np.array([[1, 0], [0, 1], [0, 1]])}).value
    1.0
    """
    bits = -logarithms[targets["next"].astype(bool)] / np.log(2)
    return resampled(bits)


def tell_perplexity(logarithms: LogProbs, targets: Arrays) -> tuple[Message, ...]:
    """Perplexity, and how often the likeliest letter is the one that came."""
    bits = bits_per_character(logarithms, targets).value
    right = float((logarithms.argmax(axis=1) == targets["next"].argmax(axis=1)).mean())
    return (say("next_char.perplexity", value=2**bits, right=round(100 * right, 1)),)
