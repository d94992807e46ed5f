"""Opponent of students who bring classes of pictures, tables or texts."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from l05_lstm_texts import Classifier
from numpy.typing import NDArray
from own_clock import Clock, fit, half, where
from own_inputs import Inputs, Values, chosen, flattener, is_pictures, is_text, kept_back, pictures, tokens_of
from own_networks import PictureNet, TableNet, moved
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

Model = Callable[[Inputs], Tensor]
"""Inputs to scores (n, K) on the CPU."""
Train = Callable[[Inputs, Values, float], Model]

BATCH = 32
SIDES = {20.0: 48, float("inf"): 64}
"""Up to which budget in seconds pictures are shrunk to which side."""
WORDS, LONGEST = 20_000, 120
"""Words that have an id of their own, and words of a text that are read."""
BINS = 8
NEVER = -1e4
"""Score of a class that was in no example, between those that were."""
COLUMNS = 500
"""Columns that a single one is looked for among."""


def train(x: Inputs, y: Values, budget: float) -> Model:
    """The best on examples that are kept back: a network for this kind of input, or a linear model."""
    clock = Clock(budget)
    labels = torch.from_numpy(np.asarray(y).astype(np.int64))
    learn, trial = kept_back(len(labels))
    linear = _logistic(chosen(x, learn), labels[learn], int(labels.max()) + 1, clock.left(0.2))
    network = (_texts if is_text(x) else _pictures if is_pictures(x) else _table)(
        x, labels, learn, trial, clock
    )
    on_trial = chosen(x, trial)
    one, other = linear(on_trial).log_softmax(1), network(on_trial).log_softmax(1)
    mixed = [accuracy((1 - part) * one + part * other, labels[trial]) for part in (1.0, 0.5, 0.0)]
    weight = (1.0, 0.5, 0.0)[int(np.argmax(mixed))]
    if weight == 0.5:
        return lambda some: linear(some).log_softmax(1) + network(some).log_softmax(1)
    return network if weight == 1 else linear


def predict(model: Model, x: Inputs) -> NDArray[np.int64]:
    """Class ids (n,)."""
    return model(x).argmax(1).numpy().astype(np.int64)


def accuracy(scores: Tensor, labels: Tensor) -> float:
    """Share of right classes, and a little for the right class being likely, which tells equals apart."""
    scores = scores.cpu().float()
    right = (scores.argmax(1) == labels).double().mean()
    return float(right - 1e-3 * cross_entropy(scores, labels).clamp(max=50))


def _trained(
    network: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    rows: tuple[Tensor, Tensor],
    seconds: float,
    *,
    rate: float,
    epochs: int,
    change: Callable[[Tensor], Tensor] = lambda batch: batch,
) -> Callable[[Tensor], Tensor]:
    """Train on the first rows, keep what does best on the second, and say how tensors become scores."""
    device = where()
    learn, trial = rows
    network.to(device)
    seen = labels.unique()

    def loss() -> Tensor:
        some = learn[torch.randint(len(learn), (BATCH,))]
        with half(device):
            scores = network(change(inputs[some].to(device)))
        return cross_entropy(scores.float(), labels[some].to(device))

    @torch.no_grad()
    def scores(some: Tensor) -> Tensor:
        found = torch.cat([network(part.to(device)).float().cpu() for part in some.split(256)])
        absent = torch.ones(found.shape[1], dtype=torch.bool)
        absent[seen] = False
        return found.masked_fill(absent, NEVER)

    steps = max(600, epochs * len(learn) // BATCH)
    fit(
        network,
        loss,
        lambda: accuracy(scores(inputs[trial]), labels[trial]),
        seconds=seconds,
        steps=steps,
        rate=rate,
    )
    return scores


def _pictures(x: Inputs, labels: Tensor, learn: Tensor, trial: Tensor, clock: Clock) -> Model:
    side = next(side for most, side in SIDES.items() if clock.budget <= most)
    images = pictures(x, side)
    network = PictureNet(images[learn], int(labels.max()) + 1).to(memory_format=torch.channels_last)
    scores = _trained(
        network, images, labels, (learn, trial), clock.left(), rate=8e-3, epochs=60, change=moved
    )
    return lambda some: scores(pictures(some, side))


def _table(x: Inputs, labels: Tensor, learn: Tensor, trial: Tensor, clock: Clock) -> Model:
    rows = flattener(chosen(x, learn))
    inputs = rows(x)
    network = TableNet(inputs[learn], int(labels.max()) + 1)
    scores = _trained(network, inputs, labels, (learn, trial), clock.left(), rate=3e-3, epochs=150)
    return lambda some: scores(rows(some))


def _texts(x: Inputs, labels: Tensor, learn: Tensor, trial: Tensor, clock: Clock) -> Model:
    texts = [str(text) for text in x]
    tokens = tokens_of(texts)
    counts: dict[str, int] = {}
    for row in learn.tolist():
        for token in tokens(texts[row]):
            counts[token] = counts.get(token, 0) + 1
    known = sorted((token for token, n in counts.items() if n > 1), key=lambda token: -counts[token])
    ids = {token: number for number, token in enumerate(known[:WORDS], start=2)}

    def read(some: Inputs) -> Tensor:
        found = torch.zeros(len(some), LONGEST, dtype=torch.int64)
        for row, text in enumerate(some):
            words = [ids.get(token, 1) for token in tokens(str(text))][:LONGEST] or [1]
            found[row, : len(words)] = torch.tensor(words)
        return found

    network = Classifier(len(ids) + 2, int(labels.max()) + 1)
    scores = _trained(network, read(texts), labels, (learn, trial), clock.left(), rate=1e-2, epochs=12)
    return lambda some: scores(read(some))


def _logistic(x: Inputs, labels: Tensor, classes: int, seconds: float) -> Model:
    rows = flattener(x)
    inputs = rows(x)
    network = nn.Linear(inputs.shape[1], classes)
    nn.init.zeros_(network.weight)
    everything = torch.arange(len(labels))
    trial = everything[:500]
    scores = _trained(network, inputs, labels, (everything, trial), seconds, rate=3e-2, epochs=20)
    return lambda some: scores(rows(some))


# Baselines


def majority(x: Inputs, y: Values, budget: float) -> Model:
    """Always the class that comes most often."""
    counts = torch.bincount(torch.from_numpy(np.asarray(y).astype(np.int64))).float()
    return lambda some: counts.expand(len(some), -1)


def stump(x: Inputs, y: Values, budget: float) -> Model:
    """The one column, pixel or word that says most, cut into bins, and the most frequent class of each."""
    labels = torch.from_numpy(np.asarray(y).astype(np.int64))
    rows = flattener(x)
    inputs = rows(x)[:, :COLUMNS]
    classes, columns = int(labels.max()) + 1, inputs.shape[1]
    cuts = torch.quantile(inputs[:20_000], torch.linspace(0, 1, BINS + 1)[1:-1], dim=0).T.contiguous()
    bins = torch.searchsorted(cuts, inputs.T.contiguous())  # (columns, n)
    counts = torch.zeros(columns, BINS * classes)
    counts.scatter_add_(1, bins * classes + labels, torch.ones(columns, len(labels)))
    counts = counts.view(columns, BINS, classes)
    best = int(counts.max(2).values.sum(1).argmax())
    found = counts[best] + 1e-3 * counts[best].sum(0)  # an empty bin takes the class that is most frequent

    def scores(some: Inputs) -> Tensor:
        return found[torch.searchsorted(cuts[best], rows(some)[:, best].contiguous())]

    return scores


def nearest_mean(x: Inputs, y: Values, budget: float) -> Model:
    """The class whose mean is nearest."""
    labels = torch.from_numpy(np.asarray(y).astype(np.int64))
    rows = flattener(x)
    inputs = rows(x)
    classes = int(labels.max()) + 1
    here = torch.zeros(len(labels), classes).scatter_(1, labels[:, None], 1.0)
    means = here.T @ inputs / here.sum(0).clamp(min=1)[:, None]
    means[here.sum(0) == 0] = 1e6  # a class that was never seen is near to nothing
    return lambda some: -torch.cdist(rows(some), means)


def logistic(x: Inputs, y: Values, budget: float) -> Model:
    """Softmax regression on the columns, on 8 × 8 pixels, or on which words occur."""
    clock = Clock(budget)
    labels = torch.from_numpy(np.asarray(y).astype(np.int64))
    return _logistic(x, labels, int(labels.max()) + 1, clock.left())


BASELINES: Mapping[str, tuple[Train, Callable[[Model, Inputs], NDArray[np.int64]]]] = {
    "majority": (majority, predict),
    "stump": (stump, predict),
    "nearest_mean": (nearest_mean, predict),
    "logistic": (logistic, predict),
}
