"""Lesson 5: recurrent networks for series, for classes of texts and for the next letter; an LSTM by hand."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from l05_lstm_by_hand import lstm_backward, lstm_forward
from l05_lstm_texts import bag_of, classifier
from l05_lstm_training import half, train
from numpy.typing import NDArray
from torch import Tensor, nn

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
        classify=classifier(data.texts, data.labels, device),
        next_char_logprobs=logprobs,
        generate=generate,
        lstm_forward=lstm_forward,
        lstm_backward=lstm_backward,
    )


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


def bag(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The classifier that earns nothing: softmax regression on which words occur, in whatever order."""
    torch.manual_seed(seed)
    return Solution(classify=bag_of(data.texts, data.labels, neighbours=1))


def pairs(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The same with pairs of neighbouring words: better, and blind to what stands further apart."""
    torch.manual_seed(seed)
    return Solution(classify=bag_of(data.texts, data.labels, neighbours=2))


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


def nothing(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """Results and gradients that are all zero, which earn nothing."""
    return Solution(
        lstm_forward=lambda x, h0, c0, weights: (np.zeros((*x.shape[:2], h0.shape[1])), 0 * h0, 0 * c0),
        lstm_backward=lambda x, h0, c0, weights, d_output: {
            name: np.zeros_like(part) for name, part in {"x": x, "h0": h0, "c0": c0, **weights}.items()
        },
    )
