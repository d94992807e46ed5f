"""Cross-entropy per token of the next word after given prefixes, and its limit where that is known."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from graders.data import Arrays
from graders.metrics.bootstrap import interval
from graders.model import Measurement, Message, say

LEAST = 1e-12
"""Probabilities below this count as this, so that one impossible word does not make the mean infinite."""
NORMALISED = 1e-3
"""How far the sum of a distribution may be from 1, for rounding."""
SAME = 0.01
"""Two distributions are the same answer where no probability differs by more."""
SURE = 0.001
"""How rarely an honest notebook may be doubted."""

LogProbs = NDArray[np.float64]


def read_logprobs(predictions: NDArray[np.generic], targets: Arrays, classes: int) -> LogProbs | Message:
    """Log-probabilities of the next word, or what is wrong with them.

    What is within `NORMALISED` of a distribution is made one exactly; what is below `LEAST` is raised to it.

    Args:
        predictions: natural logarithms, shape (N, V); minus infinity for what is impossible.
        targets: `words`, the id of each next word, and `truth`, shape (N, V), as wide as the vocabulary.
        classes: of no meaning here.

    >>> read_logprobs(np.log([[0.5, 0.5]]), {"words": np.array([0]), "truth": np.zeros((1, 2))}, 0).round(2)
    array([[-0.69, -0.69]])
    >>> read_logprobs(np.zeros((1, 2)), {"words": np.array([0]), "truth": np.zeros((1, 2))}, 0).code
    'language.not_normalised'
    """
    n, words = targets["truth"].shape
    if predictions.ndim == 0 or len(predictions) != n:
        found = len(predictions) if predictions.ndim else 0
        return say("predictions.length", found=found, expected=n)
    if predictions.shape != (n, words):
        return say("language.shape", found=" × ".join(map(str, predictions.shape)), n=n, words=words)
    if predictions.dtype.kind not in "biuf":
        return say("contract.not_numeric", name="next_word_logprobs", found=str(predictions.dtype))
    values = predictions.astype(np.float64)
    bad = int(np.count_nonzero(np.isnan(values) | np.isposinf(values)))
    if bad:
        return say("language.not_finite", n=bad)
    if _are_probabilities(values):
        return say("language.probabilities")
    # in logarithms, since scores that were never normalised may be too large to exponentiate
    logarithms = np.array(logsumexp(values, axis=1))
    off = np.abs(logarithms) > np.log1p(NORMALISED)
    if off.any():
        worst = float(logarithms[np.argmax(np.abs(logarithms))])
        total = float(np.exp(min(worst, 50.0)))
        return say("language.not_normalised", n=int(off.sum()), of=n, worst=total)
    normalised: LogProbs = np.maximum(values - logarithms[:, None], np.log(LEAST))
    return normalised


def _are_probabilities(values: NDArray[np.float64]) -> bool:
    near = np.abs(values.sum(axis=1) - 1) <= NORMALISED
    return bool(values.min() >= 0 and near.all())


def same_distributions(one: LogProbs, other: LogProbs) -> NDArray[np.bool_]:
    """Whether two distributions give about the same probabilities, shape (N,)."""
    near: NDArray[np.bool_] = np.abs(np.exp(one) - np.exp(other)).max(axis=1) <= SAME
    return near


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
    low, high = interval(found)
    return Measurement(value=float(found.mean()), low=low, high=high, n=len(found))


def tell_language(predicted: LogProbs, targets: Arrays) -> tuple[Message, ...]:
    """Perplexity; the limit that no model is below but by chance; words that were held to be impossible."""
    value = float(losses(predicted, targets).mean())
    said = [
        say("language.perplexity", value=float(np.exp(value))),
        say("language.limit", value=limit(targets)),
    ]
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

    For any distributions q that were given without knowing the words, the expectation of Π q(w)/p(w) over
    words drawn from the true p is at most 1, so that the product exceeds 1/α with probability α at most
    (Markov's inequality). It holds for any sample and any model, and asks for no normal approximation.
    """
    words = targets["words"]
    true = np.log(targets["truth"][np.arange(len(words)), words])
    if float((-losses(predicted, targets) - true).sum()) < -np.log(SURE):
        return None
    value = float(losses(predicted, targets).mean())
    return say("flag.below_limit", value=value, limit=limit(targets), truth=float(-true.mean()))


def softmax_once(predicted: LogProbs) -> LogProbs:
    """The distributions p where log softmax(p) was returned, as by a loss that softens what is soft already.

    log softmax(p) = p - c, and since p adds up to 1, c = (1 - Σ log softmax(p)) / V.
    """
    count = predicted.shape[1]
    inner = predicted + (1 - predicted.sum(axis=1, keepdims=True)) / count
    inner = np.maximum(inner, LEAST)
    found: LogProbs = np.log(inner / inner.sum(axis=1, keepdims=True))
    return found


def one_up(predicted: LogProbs) -> LogProbs:
    """Each word takes the probability of the id before its own, as where `<pad>` was left out of the ids."""
    return np.roll(predicted, 1, axis=1)


def one_down(predicted: LogProbs) -> LogProbs:
    """Each word takes the probability of the id after its own."""
    return np.roll(predicted, -1, axis=1)
