"""Opponent of students who bring texts: the letter model of lesson 5, mixed with counts of what follows."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from l05_lstm import LetterModel
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import kept_back
from torch import Tensor
from torch.nn.functional import cross_entropy

LogProbs = NDArray[np.float64]
Model = Callable[[Sequence[str]], Tensor]
"""Prefixes to log-probabilities (n, V) of the next letter, float64 on the CPU."""
Train = Callable[[Sequence[str], str, float], Model]

BATCH, LENGTH, RATE = 32, 96, 8e-3
PREFIX = 160
"""Letters of a prefix that are read, the last ones."""
COUNTED = 400_000
"""Letters that are counted, at most."""
PLACES = 300
"""Places that the mixture is chosen on."""


def train(x: Sequence[str], y: str, budget: float) -> Model:
    """An LSTM and counts after up to five letters, mixed as does best on texts that are kept back."""
    clock = Clock(budget)
    learn, trial = kept_back(len(x))
    texts, kept = [x[row] for row in learn.tolist()], [x[row] for row in trial.tolist()]
    counts = _counted(texts, y, given=5)
    letters = _ids("".join(texts), y)
    tried = _windows(_ids("".join(kept), y))
    device = where()
    network = LetterModel(len(y)).to(device)
    length = min(LENGTH, len(letters) - 2)

    def loss() -> Tensor:
        starts = torch.randint(len(letters) - length, (BATCH, 1))
        rows = letters[starts + torch.arange(length + 1)].to(device)
        with half(device):
            scores, _ = network(rows[:, :-1])
        return cross_entropy(scores.float().flatten(0, 1), rows[:, 1:].flatten())

    def score() -> float:
        scores, _ = network(tried[:, :-1].to(device))
        return -float(cross_entropy(scores.float().flatten(0, 1), tried[:, 1:].flatten().to(device)))

    steps = max(600, 30 * len(letters) // (BATCH * LENGTH))
    if length > 0 and tried.shape[1] > 1:
        fit(network, loss, score, seconds=clock.left(0.85), steps=steps, rate=RATE)

    @torch.no_grad()
    def recurrent(prefixes: Sequence[str]) -> Tensor:
        found = []
        for at in range(0, len(prefixes), 256):
            read = [_ids(prefix[-PREFIX:], y) for prefix in prefixes[at : at + 256]]
            ends = torch.tensor([len(one) - 1 for one in read])
            padded = torch.nn.utils.rnn.pad_sequence(read, batch_first=True)
            scores, _ = network(padded.to(device))
            found.append(scores.float().cpu()[torch.arange(len(read)), ends].double().log_softmax(1))
        return torch.cat(found)

    def mixed(prefixes: Sequence[str], part: float) -> Tensor:
        return (part * recurrent(prefixes).exp() + (1 - part) * counts(prefixes).exp()).log()

    places = [(text[:at][-PREFIX:], text[at]) for text in kept[:64] for at in range(1, len(text), 11)][
        :PLACES
    ]
    parts = (0.0, 0.3, 0.6, 0.8, 0.95)
    nexts = _ids("".join(letter for _, letter in places), y)
    prefixes = [prefix for prefix, _ in places]
    if not places:
        return counts
    one, other = recurrent(prefixes).exp(), counts(prefixes).exp()
    at = torch.arange(len(places))
    best = max(parts, key=lambda part: float((part * one + (1 - part) * other)[at, nexts].log().mean()))
    return lambda some: mixed(some, best)


def predict(model: Model, x: Sequence[str]) -> LogProbs:
    """Natural logarithms of probabilities (n, V), in the order of the alphabet."""
    return model([str(prefix) for prefix in x]).numpy()


def _ids(text: str, alphabet: str) -> Tensor:
    """Places in the alphabet; a letter that is not in it has the first."""
    ids = {letter: number for number, letter in enumerate(alphabet)}
    return torch.tensor([ids.get(letter, 0) for letter in text or alphabet[0]], dtype=torch.int64)


def _windows(letters: Tensor) -> Tensor:
    """Stretches (m, LENGTH + 1) of a text, 32 at most; one shorter one where it is short."""
    if len(letters) <= LENGTH + 1:
        return letters[None]
    count = min(32, len(letters) // (LENGTH + 1))
    return letters[: count * (LENGTH + 1)].view(count, -1)


# Baselines


def unigram(x: Sequence[str], y: str, budget: float) -> Model:
    """How often each letter comes, whatever went before."""
    return _counted(x, y, given=0)


def trigram(x: Sequence[str], y: str, budget: float) -> Model:
    """What follows each pair of letters, mixed with what follows one and none."""
    return _counted(x, y, given=2)


def _counted(texts: Sequence[str], alphabet: str, given: int) -> Model:
    """What follows the last `given` letters, each length mixed with the next shorter one.

    The shorter ones weigh as much as there were different letters after the longer one (Witten & Bell 1991).
    """
    width = len(alphabet)
    base = width + 1  # one more for the end of a text, and for letters that nobody knows
    ids = {letter: number for number, letter in enumerate(alphabet)}
    letters = np.array([ids.get(letter, width) for letter in "\0".join(texts)[:COUNTED]], np.int64)
    tables = []
    for length in range(given + 1):
        if base ** (length + 1) >= 2**62 or len(letters) <= length:
            break
        codes = letters[length:].copy()
        for back in range(1, length + 1):
            codes += letters[length - back : -back] * base**back
        tables.append(np.unique(codes[letters[length:] < width], return_counts=True))

    def row(prefix: str) -> NDArray[np.float64]:
        found, context = np.full(width, 1 / width), 0
        for length, (codes, counts) in enumerate(tables):
            if length > len(prefix):
                break
            if length:
                context += ids.get(prefix[-length], width) * base ** (length - 1)
            first, last = np.searchsorted(codes, [context * base, (context + 1) * base])
            if first == last:
                break
            seen = counts[first:last]
            found = found * (last - first)
            found[codes[first:last] - context * base] += seen
            found /= seen.sum() + last - first
        return found

    return lambda prefixes: torch.from_numpy(np.stack([row(prefix) for prefix in prefixes])).log()


BASELINES: Mapping[str, tuple[Train, Callable[[Model, Sequence[str]], LogProbs]]] = {
    "unigram": (unigram, predict),
    "trigram": (trigram, predict),
}
