"""Cross-entropy per token of the next word after given prefixes, and its limit where that is known."""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.bootstrap import resampled
from graders.metrics.distributions import LEAST, LogProbs, read_distributions
from graders.model import Measurement, Message, say

SURE = 0.001
"""How rarely an honest notebook may be doubted."""


def read_logprobs(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> LogProbs | Message:
    """Log-probabilities of the next word, shape (N, V), or what is wrong with them.

    Args:
        predictions: as for `read_distributions`.
        targets: `vocabulary`, shape (N,), how many words there are.
        classes: of no meaning here.
    """
    sizes = targets["vocabulary"]
    return read_distributions(predictions, len(sizes), int(sizes[0]), "next_word_logprobs")


def losses(predicted: LogProbs, targets: Arrays) -> NDArray[np.float64]:
    """Minus the log-probability of each true word, nats, shape (N,)."""
    found: NDArray[np.float64] = -predicted[np.arange(len(predicted)), targets["words"]]
    return found


def cross_entropy(predicted: LogProbs, targets: Arrays) -> Measurement:
    """Mean loss, nats per token, with its 95 % bootstrap interval over captions; each has one prefix.

    Args:
        predicted: shape (N, V).
        targets: `words`, shape (N,).

    >>> targets = {"words": np.array([0, 1])}
    >>> round(cross_entropy(np.log([[0.5, 0.5], [0.5, 0.5]]), targets).value, 3)
    0.693
    """
    found = losses(predicted, targets)
    return resampled(found)


def tell_language(predicted: LogProbs, targets: Arrays) -> tuple[Message, ...]:
    """Perplexity; where it is known, the limit of every model; words that were held to be impossible."""
    value = float(losses(predicted, targets).mean())
    said = [say("language.perplexity", value=float(np.exp(value)))]
    if "truth" in targets:
        said.append(say("language.limit", value=limit(targets)))
    lost = int(np.count_nonzero(losses(predicted, targets) >= -np.log(LEAST)))
    if lost:
        said.append(say("language.impossible", n=lost, least=LEAST))
    return tuple(said)


def limit(targets: Arrays) -> float:
    """The mean entropy of the true distributions, nats per token: the least that can be expected.

    >>> round(limit({"truth": np.array([[0.5, 0.5], [1.0, 0.0]])}), 3)
    0.347
    """
    truth = targets["truth"]
    logarithms = np.log(np.where(truth > 0, truth, 1.0))
    return float(-(truth * logarithms).sum(axis=1).mean())


def doubt_language(predicted: LogProbs, targets: Arrays) -> Message | None:
    """Whether the words were known: they are far likelier under the predictions than under the truth.

    None where the truth is not known.

    For any distributions q that were given without knowing the words, the expectation of Π q(w)/p(w) over
    words drawn from the true p is at most 1, so that the product exceeds 1/α with probability α at most
    (Markov's inequality). It holds for any sample and any model, and asks for no normal approximation.
    """
    if "truth" not in targets:
        return None
    words = targets["words"]
    true = np.log(targets["truth"][np.arange(len(words)), words])
    if float((-losses(predicted, targets) - true).sum()) < -np.log(SURE):
        return None
    value = float(losses(predicted, targets).mean())
    return say("doubt.below_limit", value=value, limit=limit(targets), truth=float(-true.mean()))


def one_up(predicted: LogProbs) -> LogProbs:
    """Each word takes the probability of the id before its own, as where `<pad>` was left out of the ids."""
    return np.roll(predicted, 1, axis=1)


def one_down(predicted: LogProbs) -> LogProbs:
    """Each word takes the probability of the id after its own."""
    return np.roll(predicted, -1, axis=1)
