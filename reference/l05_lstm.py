"""Lesson 5: recurrent networks for series, for classes of texts and for the next letter; an LSTM by hand."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

__all__ = [
    "Solution",
    "bag",
    "drift",
    "fivegram",
    "load",
    "lstm_backward",
    "lstm_forward",
    "nothing",
    "pairs",
    "seasonal_naive",
    "solve",
    "trigram",
]

Floats = NDArray[np.float64]
Arrays = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Data:
    """Everything in `./data`."""

    series: list[Floats]
    """Monthly series for training, each of its own length."""
    texts: list[str]
    labels: Tensor
    """Class ids int64 (N,) of the texts."""
    verse: str
    alphabet: str


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    forecast: Callable[[Floats, int], Floats] | None = None
    """History (T,) of one series to the next `horizon` months."""
    classify: Callable[[list[str]], Tensor] | None = None
    """Texts to class ids (N,)."""
    next_char_logprobs: Callable[[list[str]], Tensor] | None = None
    """Prefixes to log-probabilities (N, V) of the next letter, in the order of the alphabet."""
    generate: Callable[[str, int], str] | None = None
    """A prefix to `n` letters that go on with it."""
    lstm_forward: Callable[[Floats, Floats, Floats, Arrays], tuple[Floats, Floats, Floats]] | None = None
    lstm_backward: Callable[[Floats, Floats, Floats, Arrays, Floats], Arrays] | None = None


def load(folder: str) -> Data:
    """Read series, reviews and verse."""
    root = Path(folder)
    table = np.loadtxt(root / "series" / "train.csv", delimiter=",", skiprows=1)
    starts = np.flatnonzero(np.diff(table[:, 0])) + 1
    with (root / "texts" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Data(
        series=np.split(table[:, 2], starts),
        texts=[row["text"] for row in rows],
        labels=torch.tensor([int(row["label"]) for row in rows]),
        verse=(root / "poem" / "train.txt").read_bytes().decode(),
        alphabet=(root / "poem" / "alphabet.txt").read_bytes().decode(),
    )


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """All three tracks and both bonus functions."""
    torch.manual_seed(seed)
    logprobs, generate = language_model(data, device)
    return Solution(
        forecast=forecaster(data, device),
        classify=classifier(data, device),
        next_char_logprobs=logprobs,
        generate=generate,
        lstm_forward=lstm_forward,
        lstm_backward=lstm_backward,
    )


def train(network: nn.Module, losses: Iterator[Tensor], steps: int, rate: float) -> None:
    """Take a step of AdamW for each loss, with a learning rate that rises to `rate` and falls to zero."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=steps)
    for loss in losses:
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)  # one long sequence may explode
        optimiser.step()
        schedule.step()
    network.eval()


def half(device: torch.device) -> AbstractContextManager[None]:
    """Forward passes in bfloat16 on a GPU, in full precision on a CPU."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


# Series: an LSTM reads the last months, standardised by itself, and corrects the seasonal-naive forecast.

SEASON, SEEN, AHEAD = 12, 48, 12
FORECAST_STEPS, FORECAST_BATCH, FORECAST_UNITS = 600, 64, 64


class Forecaster(nn.Module):
    """Reads logarithms of the last `SEEN` months, less their mean over the last year."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, FORECAST_UNITS, batch_first=True)
        self.ahead = nn.Linear(FORECAST_UNITS, AHEAD)

    def forward(self, months: Tensor) -> Tensor:
        """Logarithms (batch, SEEN) to logarithms of the next months, (batch, AHEAD)."""
        usual = months[:, -SEASON:].mean(1, keepdim=True)
        months = 4 * (months - usual)  # deviations are a few tenths
        grown = months[:, SEASON:] - months[:, :-SEASON]
        seen, _ = self.lstm(torch.stack([months[:, SEASON:], grown], 2))
        found: Tensor = months[:, -SEASON:] + self.ahead(seen[:, -1])
        return found / 4 + usual


def forecaster(data: Data, device: torch.device) -> Callable[[Floats, int], Floats]:
    """A network that was trained on windows of all series, from random origins."""
    network = Forecaster().to(device)
    windows = torch.cat(
        [torch.tensor(np.log(one)).float().unfold(0, SEEN + AHEAD, 1) for one in data.series]
    ).to(device)

    def losses() -> Iterator[Tensor]:
        for _ in range(FORECAST_STEPS):
            batch = windows[torch.randint(len(windows), (FORECAST_BATCH,), device=device)]
            with half(device):
                found = network(batch[:, :SEEN])
            yield (found.float() - batch[:, SEEN:]).abs().mean()

    train(network, losses(), FORECAST_STEPS, rate=6e-3)

    @torch.no_grad()
    def forecast(history: Floats, horizon: int) -> Floats:
        months = list(np.log(np.maximum(history, 1e-3)))
        months = [months[0]] * (SEEN - len(months)) + months  # nothing is known of what came before
        start = len(months)
        while len(months) < start + horizon:
            last = torch.tensor(np.array(months[-SEEN:])).float().to(device)
            months += network(last[None])[0].tolist()
        return np.asarray(np.exp(months[start : start + horizon]))

    return forecast


def seasonal_naive(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The forecast that earns nothing: the same month of the year before."""
    return Solution(forecast=lambda history, horizon: np.resize(history[-SEASON:], horizon))


def drift(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The year before, moved by what the last months have grown by since then."""

    def forecast(history: Floats, horizon: int) -> Floats:
        growth = history[-3:].mean() / history[-SEASON - 3 : -SEASON].mean()
        return np.resize(history[-SEASON:] * growth, horizon)

    return Solution(forecast=forecast)


# Texts: letters of each word are averaged into its vector, so that a slip of the pen leaves most of it; an
# LSTM in both directions reads the words.

WORDS, LONGEST_WORD = 40, 16
CLASSIFY_EPOCHS, CLASSIFY_BATCH, CLASSIFY_UNITS = 6, 64, 32


class Classifier(nn.Module):
    """A bidirectional LSTM over words, and the largest value of each unit over the text."""

    def __init__(self, words: int, classes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, 32, padding_idx=0)
        self.lstm = nn.LSTM(32, CLASSIFY_UNITS, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.2)
        self.classes = nn.Linear(2 * CLASSIFY_UNITS, classes)

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


def classifier(data: Data, device: torch.device) -> Callable[[list[str]], Tensor]:
    """A network for word ids; words that training has seen only once share one id with unknown ones."""
    counts: dict[str, int] = {}
    for text in data.texts:
        for word in words_of(text):
            counts[word] = counts.get(word, 0) + 1
    ids = {word: number for number, word in enumerate([w for w, n in counts.items() if n > 1], start=2)}

    def read(texts: Sequence[str]) -> Tensor:
        rows = [torch.tensor([ids.get(word, 1) for word in words_of(text)] or [1]) for text in texts]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True).to(device)

    network = Classifier(len(ids) + 2, int(data.labels.max()) + 1).to(device)
    words, labels = read(data.texts), data.labels.to(device)
    steps = len(words) // CLASSIFY_BATCH

    def losses() -> Iterator[Tensor]:
        for _ in range(CLASSIFY_EPOCHS):
            order = torch.randperm(len(words), device=device)[: steps * CLASSIFY_BATCH]
            for chosen in order.view(steps, CLASSIFY_BATCH):
                with half(device):
                    scores = network(words[chosen])
                yield nn.functional.cross_entropy(scores.float(), labels[chosen])

    train(network, losses(), CLASSIFY_EPOCHS * steps, rate=1e-2)

    @torch.no_grad()
    def classify(texts: list[str]) -> Tensor:
        best: Tensor = network(read(texts)).argmax(1).cpu()
        return best

    return classify


def bag(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The classifier that earns nothing: softmax regression on which words occur, in whatever order."""
    return Solution(classify=bag_of(data, seed, neighbours=1))


def pairs(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The same with pairs of neighbouring words: better, and blind to what stands further apart."""
    return Solution(classify=bag_of(data, seed, neighbours=2))


def bag_of(data: Data, seed: int, neighbours: int) -> Callable[[list[str]], Tensor]:
    """Softmax regression on runs of up to `neighbours` words."""
    torch.manual_seed(seed)

    def runs(text: str) -> list[str]:
        words = words_of(text)
        return [
            " ".join(words[at : at + length])
            for length in range(1, neighbours + 1)
            for at in range(len(words) - length + 1)
        ]

    ids: dict[str, int] = {}
    for text in data.texts:
        for run in runs(text):
            ids.setdefault(run, len(ids) + 1)

    def read(texts: Sequence[str]) -> Tensor:
        rows = [torch.tensor([ids.get(run, 0) for run in runs(text)] or [0]) for text in texts]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True)

    network = nn.EmbeddingBag(len(ids) + 1, int(data.labels.max()) + 1, mode="sum", padding_idx=0)
    nn.init.zeros_(network.weight)
    words, steps = read(data.texts), 300

    def losses() -> Iterator[Tensor]:
        for _ in range(steps):
            chosen = torch.randint(len(words), (256,))
            yield nn.functional.cross_entropy(network(words[chosen]), data.labels[chosen])

    train(network, losses(), steps, rate=5e-2)

    @torch.no_grad()
    def classify(texts: list[str]) -> Tensor:
        best: Tensor = network(read(texts)).argmax(1)
        return best

    return classify


# Verse: an LSTM over letters, trained by truncated back-propagation through time.

LETTER_STEPS, LETTER_ROWS, LETTER_LENGTH, LETTER_UNITS = 400, 32, 64, 128


class LetterModel(nn.Module):
    """Letters to scores of the next one."""

    def __init__(self, letters: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(letters, 32)
        self.lstm = nn.LSTM(32, LETTER_UNITS, batch_first=True)
        self.letters = nn.Linear(LETTER_UNITS, letters)

    def forward(
        self, letters: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Letter ids (batch, length) to scores (batch, length, letters), and the state after the last one."""
        seen, state = self.lstm(self.embedding(letters), state)
        return self.letters(seen), state


def language_model(
    data: Data, device: torch.device
) -> tuple[Callable[[list[str]], Tensor], Callable[[str, int], str]]:
    """Log-probabilities of the next letter, and text that is drawn from them."""
    ids = {letter: number for number, letter in enumerate(data.alphabet)}
    text = torch.tensor([ids[letter] for letter in data.verse], device=device)
    rows = text[: len(text) // LETTER_ROWS * LETTER_ROWS].view(LETTER_ROWS, -1)
    network = LetterModel(len(ids)).to(device)

    def losses() -> Iterator[Tensor]:
        state, at = None, 0
        for _ in range(LETTER_STEPS):
            if at + LETTER_LENGTH + 1 > rows.shape[1]:
                state, at = None, 0
            with half(device):
                scores, state = network(rows[:, at : at + LETTER_LENGTH], state)
            state = tuple(part.detach() for part in state)  # gradients end here, what is remembered goes on
            at += LETTER_LENGTH
            targets = rows[:, at - LETTER_LENGTH + 1 : at + 1]
            yield nn.functional.cross_entropy(scores.float().flatten(0, 1), targets.flatten())

    train(network, losses(), LETTER_STEPS, rate=1e-2)

    @torch.no_grad()
    def next_char_logprobs(prefixes: list[str]) -> Tensor:
        read = [torch.tensor([ids[letter] for letter in prefix]) for prefix in prefixes]
        ends = torch.tensor([len(letters) - 1 for letters in read], device=device)
        scores, _ = network(nn.utils.rnn.pad_sequence(read, batch_first=True).to(device))
        last = scores[torch.arange(len(read), device=device), ends]  # what comes after it is padding
        found: Tensor = last.float().log_softmax(1).cpu()
        return found

    @torch.no_grad()
    def generate(prefix: str, n: int) -> str:
        letters, state, drawn = torch.tensor([[ids[letter] for letter in prefix]], device=device), None, ""
        for _ in range(n):
            scores, state = network(letters, state)
            letters = torch.multinomial((scores[:, -1].float() / 0.8).softmax(1), 1)
            drawn += data.alphabet[int(letters)]
        return drawn

    return next_char_logprobs, generate


def trigram(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The language model that earns nothing: counts of what follows each pair of letters."""
    return Solution(next_char_logprobs=counted(data, given=2))


def fivegram(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """Counts of what follows each four letters: better, and at a loss where they have not come before."""
    return Solution(next_char_logprobs=counted(data, given=4))


def counted(data: Data, given: int) -> Callable[[list[str]], Tensor]:
    """Probabilities of the letter after the last `given` ones; what never came counts for a tenth."""
    letters = len(data.alphabet)
    counts: dict[str, Tensor] = {}
    for at in range(given, len(data.verse)):
        found = counts.setdefault(data.verse[at - given : at], torch.full((letters,), 0.1))
        found[data.alphabet.index(data.verse[at])] += 1
    unknown = torch.ones(letters)

    def next_char_logprobs(prefixes: list[str]) -> Tensor:
        found = [counts.get(prefix[len(prefix) - given :], unknown) for prefix in prefixes]
        return torch.stack([(row / row.sum()).log() for row in found])

    return next_char_logprobs


# The LSTM by hand. Weights are laid out as in torch: gates i, f, g, o one below the other.


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


def nothing(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """Results and gradients that are all zero, which earn nothing."""
    return Solution(
        lstm_forward=lambda x, h0, c0, weights: (np.zeros((*x.shape[:2], h0.shape[1])), 0 * h0, 0 * c0),
        lstm_backward=lambda x, h0, c0, weights, d_output: {
            name: np.zeros_like(part) for name, part in {"x": x, "h0": h0, "c0": c0, **weights}.items()
        },
    )
