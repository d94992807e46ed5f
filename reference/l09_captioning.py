"""Lesson 9: captions of pictures. A recurrent decoder reads features of a fixed encoder and writes words."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

__all__ = ["Solution", "bigram", "brief", "brief_resnet50", "load", "solve", "solve_resnet50"]

PAD, START, END = 0, 1, 2
"""Ids of the marks; `vocabulary.txt` begins with them."""


@dataclass(frozen=True, slots=True)
class Data:
    """Features of pictures and their captions as ids of words, all on the CPU."""

    vocabulary: tuple[str, ...]
    features: dict[str, Tensor]
    """By encoder, float32 (N, D), one row a training picture."""
    pictures: Tensor
    """For each caption the row of its picture, int64 (M,)."""
    captions: Tensor
    """Ids of words between `<start>` and `<end>`, padded with `<pad>` on the right, int64 (M, T)."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solved homework leaves behind, under the names that the assignment asks for."""

    next_word_logprobs: Callable[[Tensor, Tensor], Tensor]
    """Features float32 (N, D) and prefixes int64 (N, L) to log-probabilities of the next word, (N, V)."""
    caption: Callable[[Tensor], list[str]]
    """Features float32 (N, D) to N captions."""


def load(folder: str) -> Data:
    """Read the training split."""
    root = Path(folder)
    vocabulary = tuple((root / "vocabulary.txt").read_text(encoding="ascii").split())
    ids = {word: number for number, word in enumerate(vocabulary)}
    names = (root / "train.txt").read_text(encoding="ascii").split()
    rows = {name: row for row, name in enumerate(names)}
    pictures, captions = [], []
    with (root / "captions.txt").open(encoding="ascii", newline="") as file:
        for line in csv.DictReader(file):
            if line["image"] in rows:
                pictures.append(rows[line["image"]])
                captions.append(torch.tensor([START, *(ids[word] for word in line["caption"].split()), END]))
    features = {
        name: torch.from_numpy(np.load(root / f"features.{name}.npy")[: len(names)])
        for name in ("googlenet", "resnet50")
    }
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=PAD)
    return Data(vocabulary, features, torch.tensor(pictures), padded)


QUARTERS, HEADS = 4, 4
EMBEDDING, QUARTER, WIDTH = 32, 48, 96
BATCH, RATE, EPOCHS = 64, 5e-3, 10


class Decoder(nn.Module):
    """A GRU over the words whose states attend to the quarters of the picture.

    All quarters go through the same layers. The attention is that of Luong et al., "Effective approaches to
    attention-based neural machine translation", EMNLP 2015, section 3.1, with several heads: one thing is
    being named while another one is next.
    """

    def __init__(self, features: Tensor, words: int) -> None:
        super().__init__()
        quarters = features.view(len(features) * QUARTERS, -1)
        self.centre = nn.Buffer(quarters.mean(0))
        self.spread = nn.Buffer(quarters.std(0) + 1e-3)
        self.look = nn.Sequential(
            nn.Linear(quarters.shape[1], QUARTER), nn.ReLU(), nn.Dropout(0.1), nn.Linear(QUARTER, QUARTER)
        )
        self.place = nn.Parameter(torch.randn(QUARTERS, QUARTER) * 0.3)
        self.first = nn.Linear(QUARTERS * QUARTER, WIDTH)
        self.embed = nn.Embedding(words, EMBEDDING, padding_idx=PAD)
        self.read = nn.GRU(EMBEDDING, WIDTH, batch_first=True)
        self.ask = nn.Linear(WIDTH, HEADS * QUARTER)
        self.key = nn.Linear(QUARTER, QUARTER)
        self.say = nn.Sequential(
            nn.Linear(WIDTH + HEADS * QUARTER, WIDTH), nn.ReLU(), nn.Linear(WIDTH, words)
        )

    def forward(self, features: Tensor, words: Tensor) -> Tensor:
        """Features (batch, D) and ids (batch, T) to scores of what follows each word, (batch, T, V)."""
        quarters = (features.view(len(features), QUARTERS, -1) - self.centre) / self.spread
        seen = (self.look(quarters) + self.place).relu()
        states, _ = self.read(self.embed(words), self.first(seen.flatten(1)).tanh()[None])
        asked = self.ask(states).unflatten(2, (HEADS, QUARTER))
        weights = torch.einsum("bthc,bqc->bthq", asked, self.key(seen)).softmax(3)
        found = torch.einsum("bthq,bqc->bthc", weights, seen).flatten(2)
        scores: Tensor = self.say(torch.cat([states, found], 2))
        return scores


def solve(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The decoder on features of `googlenet`."""
    return _solve(data, data.features["googlenet"], device, seed, EPOCHS)


def solve_resnet50(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The same decoder on features of `resnet50`."""
    return _solve(data, data.features["resnet50"], device, seed, EPOCHS)


def brief(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The decoder on features of `googlenet`, trained for a single epoch."""
    return _solve(data, data.features["googlenet"], device, seed, epochs=1)


def brief_resnet50(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The same on features of `resnet50`."""
    return _solve(data, data.features["resnet50"], device, seed, epochs=1)


def _solve(data: Data, features: Tensor, device: torch.device, seed: int, epochs: int) -> Solution:
    torch.manual_seed(seed)
    torch.set_num_threads(
        1
    )  # matrices of one word are so small that a second thread costs more than it gains
    decoder = Decoder(features, len(data.vocabulary)).to(device)
    _fit(decoder, features.to(device), data.pictures.to(device), data.captions.to(device), epochs)

    @torch.no_grad()
    def next_word_logprobs(seen: Tensor, prefixes: Tensor) -> Tensor:
        scores = decoder(seen.to(device), prefixes.to(device)).float().cpu()
        last = (prefixes != PAD).sum(1) - 1
        found: Tensor = scores[torch.arange(len(prefixes)), last].log_softmax(1)
        return found

    return Solution(next_word_logprobs, _greedy(next_word_logprobs, data))


def _fit(decoder: nn.Module, features: Tensor, pictures: Tensor, captions: Tensor, epochs: int) -> None:
    """Teacher forcing: every word is predicted from the true ones before it."""
    device = features.device
    steps = len(captions) // BATCH
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=epochs * steps)
    on_gpu = device.type == "cuda"
    half = torch.bfloat16 if not on_gpu or torch.cuda.is_bf16_supported() else torch.float16
    # float16 gradients underflow unless the loss is scaled up; bfloat16 has float32's range
    scaler = torch.amp.GradScaler(device.type, enabled=half == torch.float16)
    lengths = (captions != PAD).sum(1)
    decoder.train()
    for _ in range(epochs):
        order = torch.randperm(len(captions), device=device)[: steps * BATCH]
        for chosen in order.view(steps, BATCH):
            words = captions[chosen, : int(lengths[chosen].max())]
            with torch.autocast(device.type, dtype=half, enabled=on_gpu):
                scores = decoder(features[pictures[chosen]], words[:, :-1])
                loss = nn.functional.cross_entropy(
                    scores.flatten(0, 1), words[:, 1:].flatten(), ignore_index=PAD
                )
            optimiser.zero_grad()
            scaler.scale(loss).backward()
            scaler.unscale_(optimiser)
            nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
            scaler.step(optimiser)
            scaler.update()
            schedule.step()
    decoder.eval()


def _greedy(
    next_word_logprobs: Callable[[Tensor, Tensor], Tensor], data: Data
) -> Callable[[Tensor], list[str]]:
    """Captions whose every word is the likeliest one after those before it."""
    longest = data.captions.shape[1]

    def caption(features: Tensor) -> list[str]:
        said = torch.full((len(features), 1), START)
        for _ in range(longest):
            found = next_word_logprobs(features, said)
            found[:, [PAD, START]] = -torch.inf
            said = torch.cat([said, found.argmax(1, keepdim=True)], 1)
        rows = [row[1:] for row in said.tolist()]
        cut = [row[: row.index(END)] if END in row else row for row in rows]
        return [" ".join(data.vocabulary[word] for word in row) for row in cut]

    return caption


def bigram(data: Data, device: torch.device, seed: int, profile: str) -> Solution:
    """The baseline that earns nothing: how often each word follows the one before it, without a picture."""
    size = len(data.vocabulary)
    before, after = data.captions[:, :-1], data.captions[:, 1:]
    pairs = (before * size + after)[after != PAD]
    counts = torch.bincount(pairs, minlength=size**2).view(size, size) + 0.1
    likely = (counts / counts.sum(1, keepdim=True)).log()

    def next_word_logprobs(features: Tensor, prefixes: Tensor) -> Tensor:
        last = (prefixes != PAD).sum(1, keepdim=True) - 1
        return likely[prefixes.gather(1, last)[:, 0]]

    return Solution(next_word_logprobs, _greedy(next_word_logprobs, data))
