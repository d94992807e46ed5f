"""Anybody's pictures, tables and texts as tensors, whatever their size and scale."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import torch
from l05_lstm_texts import words_of
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Inputs = NDArray[np.float32] | Sequence[str]
"""Pictures (n, C, H, W) or (n, H, W), tables or histories (n, d), or n texts."""
Values = NDArray[np.number]

POOLED = 8
"""Side to which a picture is shrunk where every pixel is a number of its own."""
WORDS = 2_000
"""Words of a bag, at most: the most frequent ones."""
FEW_WORDS = 3
"""Texts that have fewer words than this are read letter by letter."""
AT_ONCE = 2**22
"""Numbers that are worked on at one time."""


def is_text(inputs: Inputs) -> bool:
    """Whether the inputs are texts."""
    return not isinstance(inputs, np.ndarray) or inputs.dtype.kind not in "biuf"


def is_pictures(inputs: Inputs) -> bool:
    """Whether the inputs are pictures."""
    return isinstance(inputs, np.ndarray) and inputs.dtype.kind in "biuf" and inputs.ndim > 2


def pictures(inputs: Inputs, most: int = 256) -> Tensor:
    """Pictures as float32 (n, C, H, W), the longer side shrunk to `most` pixels where it is more."""
    array = np.asarray(inputs)
    array = array[:, None] if array.ndim == 3 else array
    if array.shape[1] not in (1, 3) and array.shape[3] in (1, 3):
        array = array.transpose(0, 3, 1, 2)
    sides = array.shape[2:]
    if max(sides) <= most:
        return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))
    small = [max(1, round(side * most / max(sides))) for side in sides]
    return torch.cat([functional.interpolate(part, small, mode="area") for part in parts(array)])


def parts(array: NDArray[np.generic]) -> list[Tensor]:
    """The same examples, some at a time, so that work on them needs little memory."""
    count = max(1, array.size // AT_ONCE)
    return [
        torch.from_numpy(np.ascontiguousarray(part, dtype=np.float32))
        for part in np.array_split(array, min(count, len(array)))
    ]


def kept_back(count: int) -> tuple[Tensor, Tensor]:
    """Rows to learn from and rows to try on: about a seventh, 500 at most, drawn by torch's seed."""
    order = torch.randperm(count)
    trial = min(500, max(1, count // 7))
    return order[trial:], order[:trial]


def chosen(inputs: Inputs, rows: Tensor) -> Inputs:
    """The inputs of some rows."""
    if isinstance(inputs, np.ndarray):
        some: NDArray[np.float32] = inputs[rows.numpy()]
        return some
    return [inputs[row] for row in rows.tolist()]


def tokens_of(texts: Sequence[str]) -> Callable[[str], list[str]]:
    """How texts like these are taken apart: into words, or into letters where words are few."""
    few = np.median([len(text.split()) for text in texts[:1_000]]) < FEW_WORDS
    return (lambda text: list(text.lower())) if few else (lambda text: words_of(text.lower()))


def flattener(inputs: Inputs) -> Callable[[Inputs], Tensor]:
    """A function that makes a row of numbers of each input, standardised as `inputs` are.

    A picture is shrunk to 8 × 8 pixels; of a text the row says which words it has.
    """
    rows = _bag(list(map(str, inputs))) if is_text(inputs) else _plain
    raw = rows(inputs)
    centre, spread = raw.mean(0), raw.std(0, correction=0)
    spread = torch.where(spread > 1e-6 * (1 + centre.abs()), spread, 1.0)
    return lambda some: ((rows(some) - centre) / spread).clamp(-10, 10)


def _plain(inputs: Inputs) -> Tensor:
    array = np.asarray(inputs)
    if array.ndim == 2:
        return torch.from_numpy(np.nan_to_num(array.astype(np.float32)))
    return torch.cat(
        [
            functional.adaptive_avg_pool2d(pictures(part.numpy()), (POOLED, POOLED)).flatten(1)
            for part in parts(array)
        ]
    )


def _bag(texts: Sequence[str]) -> Callable[[Inputs], Tensor]:
    tokens = tokens_of(texts)
    counts = Counter(token for text in texts for token in set(tokens(text)))
    ids = {token: place for place, (token, _) in enumerate(counts.most_common(WORDS))}

    def rows(some: Inputs) -> Tensor:
        found = torch.zeros(len(some), max(1, len(ids)))
        for row, text in enumerate(some):
            found[row, [ids[token] for token in tokens(str(text)) if token in ids]] = 1
        return found

    return rows
