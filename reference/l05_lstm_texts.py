"""Classes of texts: an LSTM over words, and softmax regression on which words occur."""

from collections.abc import Callable, Iterator, Sequence

import torch
from l05_lstm_training import half, train
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

EPOCHS, BATCH, UNITS = 6, 64, 32


class Classifier(nn.Module):
    """A bidirectional LSTM over words, and the largest value of each unit over the text."""

    def __init__(self, words: int, classes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, 32, padding_idx=0)
        self.lstm = nn.LSTM(32, UNITS, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.2)
        self.classes = nn.Linear(2 * UNITS, classes)

    def forward(self, words: Tensor) -> Tensor:
        """Word ids (batch, length), 0 after the end of a text, to scores (batch, classes)."""
        lengths = (words > 0).sum(1).clamp(min=1)
        embedded = self.dropout(self.embedding(words))
        packed = pack_padded_sequence(embedded, lengths.cpu(), batch_first=True, enforce_sorted=False)
        seen, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, padding_value=-1.0)
        scores: Tensor = self.classes(self.dropout(seen.max(1).values))
        return scores


def words_of(text: str) -> list[str]:
    """Words and full stops and commas, which part clauses."""
    return text.replace(",", " ,").replace(".", " .").split()


def classifier(texts: list[str], labels: Tensor, device: torch.device) -> Callable[[list[str]], Tensor]:
    """A network for word ids; words that training has seen only once share one id with unknown ones."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in words_of(text):
            counts[word] = counts.get(word, 0) + 1
    ids = {word: number for number, word in enumerate([w for w, n in counts.items() if n > 1], start=2)}

    def read(some: Sequence[str]) -> Tensor:
        rows = [torch.tensor([ids.get(word, 1) for word in words_of(text)] or [1]) for text in some]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True).to(device)

    network = Classifier(len(ids) + 2, int(labels.max()) + 1).to(device)
    words, targets = read(texts), labels.to(device)
    steps = len(words) // BATCH

    def losses() -> Iterator[Tensor]:
        for _ in range(EPOCHS):
            order = torch.randperm(len(words), device=device)[: steps * BATCH]
            for chosen in order.view(steps, BATCH):
                with half(device):
                    scores = network(words[chosen])
                yield nn.functional.cross_entropy(scores.float(), targets[chosen])

    train(network, losses(), EPOCHS * steps, rate=1e-2)

    @torch.no_grad()
    def classify(some: list[str]) -> Tensor:
        best: Tensor = network(read(some)).argmax(1).cpu()
        return best

    return classify


def bag_of(texts: list[str], labels: Tensor, neighbours: int) -> Callable[[list[str]], Tensor]:
    """Softmax regression on runs of up to `neighbours` words."""

    def runs(text: str) -> list[str]:
        words = words_of(text)
        return [
            " ".join(words[at : at + length])
            for length in range(1, neighbours + 1)
            for at in range(len(words) - length + 1)
        ]

    ids: dict[str, int] = {}
    for text in texts:
        for run in runs(text):
            ids.setdefault(run, len(ids) + 1)

    def read(some: Sequence[str]) -> Tensor:
        rows = [torch.tensor([ids.get(run, 0) for run in runs(text)] or [0]) for text in some]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True)

    network = nn.EmbeddingBag(len(ids) + 1, int(labels.max()) + 1, mode="sum", padding_idx=0)
    nn.init.zeros_(network.weight)
    words, steps = read(texts), 300

    def losses() -> Iterator[Tensor]:
        for _ in range(steps):
            chosen = torch.randint(len(words), (256,))
            yield nn.functional.cross_entropy(network(words[chosen]), labels[chosen])

    train(network, losses(), steps, rate=5e-2)

    @torch.no_grad()
    def classify(some: list[str]) -> Tensor:
        best: Tensor = network(read(some)).argmax(1)
        return best

    return classify
