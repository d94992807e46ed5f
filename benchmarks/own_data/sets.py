"""Real and drawn sets in which near-duplicates are sought."""

import csv
import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from graders.data import clothes_mini, idx
from graders.own.examples import Examples, Rows

Floats = NDArray[np.float32]
Copied = tuple[Examples, Examples, Rows]
"""A set, the same with changed copies at its end, and what they are copies of."""

EVERY = 10


def fashion(mirror: Path) -> Floats:
    """Fashion-MNIST: shirts on black ground that resemble one another."""
    path = mirror / "FashionMNIST" / "raw" / "train-images-idx3-ubyte.gz"
    return idx.decode(gzip.decompress(path.read_bytes()), 3, path)[:5_000].astype(np.float32) / 255


def nuclei(mirror: Path) -> Floats:
    """Nuclei under a fluorescence microscope, at half their size."""
    return _read(sorted((mirror / "nuclei" / "images").glob("*.png")), (128, 128))


def blood(mirror: Path) -> Floats:
    """Blood cells, at a quarter of their size."""
    return _read(sorted((mirror / "blood-cells" / "JPEGImages").glob("*.jpg")), (160, 120))


def tiles(mirror: Path) -> Floats:
    """Parts of 96 × 96 of 60 pictures of blood that do not overlap."""
    whole = _read(sorted((mirror / "blood-cells" / "JPEGImages").glob("*.jpg"))[:60], (640, 480))
    parts = whole[:, :480, :576].reshape(-1, 5, 96, 6, 96).transpose(0, 1, 3, 2, 4)
    return parts.reshape(-1, 96, 96)


def drawn_clothes(mirror: Path) -> Floats:
    """Clothes as lesson 4 draws them."""
    raw = clothes_mini.draw(np.random.RandomState(0), 2_000)
    return raw.images.astype(np.float32) / 255


def shapes(mirror: Path) -> Floats:
    """Discs, squares and triangles with some noise: as plain as a student's own drawings get."""
    random = np.random.RandomState(0)
    down, right = np.mgrid[:32, :32] + 0.5
    drawn = []
    for number in range(2_000):
        size, turn = random.uniform(5, 11), random.uniform(0, np.pi)
        y, x = down - random.uniform(11, 21), right - random.uniform(11, 21)
        one, other = y * np.cos(turn) + x * np.sin(turn), x * np.cos(turn) - y * np.sin(turn)
        disc, square = np.hypot(one, other), 1.2 * np.maximum(np.abs(one), np.abs(other))
        triangle = 1.6 * np.maximum(-other, 0.87 * np.abs(one) + 0.5 * other)
        edge = 1 / (1 + np.exp(2 * ((disc, square, triangle)[number % 3] - size)))
        light = edge * random.uniform(0.5, 0.9) + random.uniform(0, 0.1)
        drawn.append((light + 0.05 * random.randn(32, 32)).clip(0, 1))
    return np.stack(drawn).astype(np.float32)


def digits(mirror: Path) -> Floats:
    """Seven-segment digits of random slant, place and thickness, with some noise."""
    random = np.random.RandomState(1)
    ends = np.array(
        [(0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 1, 1), (1, 0, 1, 1), (1, 0, 2, 0), (1, 1, 2, 1), (2, 0, 2, 1)]
    )
    lit = [
        "1110111",
        "0010010",
        "1011101",
        "1011011",
        "0111010",
        "1101011",
        "1101111",
        "1010010",
        "1111111",
        "1111011",
    ]
    down, right = np.mgrid[:28, :28] + 0.5
    drawn = []
    for number in range(2_000):
        scale, slant, thick = random.uniform(6, 9), random.uniform(-0.4, 0.4), random.uniform(0.8, 2)
        top, left = random.uniform(3, 8), random.uniform(7, 13)
        nearest = np.full((28, 28), 99.0)
        for on, (y0, x0, y1, x1) in zip(lit[number % 10], ends + random.randn(7, 4) * 0.05, strict=True):
            if on == "1":
                a, b = (
                    np.array([top + scale * y, left + scale * (x - slant * (y - 1))])
                    for y, x in ((y0, x0), (y1, x1))
                )
                along = ((down - a[0]) * (b - a)[0] + (right - a[1]) * (b - a)[1]) / ((b - a) @ (b - a))
                along = along.clip(0, 1)
                away = np.hypot(down - a[0] - along * (b - a)[0], right - a[1] - along * (b - a)[1])
                nearest = np.minimum(nearest, away)
        drawn.append((1 / (1 + np.exp(3 * (nearest - thick))) + 0.05 * random.randn(28, 28)).clip(0, 1))
    return np.stack(drawn).astype(np.float32)


PICTURES: dict[str, Callable[[Path], Floats]] = {
    "nuclei": nuclei,
    "blood cells": blood,
    "tiles of blood": tiles,
    "Fashion-MNIST": fashion,
    "drawn clothes": drawn_clothes,
    "drawn digits": digits,
    "drawn shapes": shapes,
}


def verses(mirror: Path) -> Copied:
    """Stanzas of Onegin; a copy has a word in ten replaced."""
    text = (mirror / "onegin.txt").read_text(encoding="utf-8")
    stanzas = tuple(part for part in text.replace("\r", "").split("\n\n") if len(part.split()) > 20)
    chosen = np.arange(0, len(stanzas), EVERY)
    changed = [
        " ".join("слово" if place % 10 == 5 else word for place, word in enumerate(stanzas[row].split()))
        for row in chosen.tolist()
    ]
    return _text(stanzas), _text((*stanzas, *changed)), chosen


def lines(mirror: Path) -> Copied:
    """Single lines of Onegin; a copy has other white space and capitals."""
    text = (mirror / "onegin.txt").read_text(encoding="utf-8")
    found = tuple(line for line in text.splitlines() if len(line.split()) > 2)
    chosen = np.arange(0, len(found), EVERY)
    return _text(found), _text((*found, *(f" {found[row].upper()}  " for row in chosen.tolist()))), chosen


def numbers(mirror: Path) -> Copied:
    """A table of 5 columns, two of them whole numbers; a copy differs by a millionth."""
    random = np.random.RandomState(0)
    table = random.randn(5_000, 5).astype(np.float32)
    table[:, :2] = np.round(table[:, :2] * 3)
    return _copied_rows(table)


def categories(mirror: Path) -> Copied:
    """A table of four questions with three answers each: equal by chance, as copies are."""
    return _copied_rows(np.random.RandomState(0).randint(0, 3, (2_000, 4)).astype(np.float32))


def airline(mirror: Path) -> Copied:
    """Windows of 24 months and the next 6 of a series, 30 apart; a copy is moved by a month and scaled."""
    with (mirror / "airline-passengers.csv").open(encoding="ascii", newline="") as file:
        series = np.array([float(one["Passengers"]) for one in csv.DictReader(file)])
    starts = np.arange(0, len(series) - 31, 30)
    cut = np.stack([series[start : start + 30] for start in starts]).astype(np.float32)
    moved = np.stack([series[start + 1 : start + 31] * 1.5 for start in starts]).astype(np.float32)
    return _windows(cut), _windows(np.concatenate([cut, moved])), np.arange(len(cut))


OTHERS: dict[str, Callable[[Path], Copied]] = {
    "Onegin, stanzas": verses,
    "Onegin, lines": lines,
    "table of numbers": numbers,
    "table of categories": categories,
    "airline, windows": airline,
}


def _read(paths: Sequence[Path], size: tuple[int, int]) -> Floats:
    read = []
    for path in paths:
        with Image.open(path) as image:
            read.append(np.asarray(image.convert("L").resize(size, Image.Resampling.BOX), np.float32) / 255)
    return np.stack(read)


def _text(texts: Sequence[str]) -> Examples:
    return Examples("text", tuple(texts), None, np.arange(len(texts)))


def _copied_rows(table: Floats) -> Copied:
    chosen = np.arange(0, len(table), EVERY)
    copied = np.concatenate([table, table[chosen] * np.float32(1 + 1e-6)])
    one, other = (
        Examples("regression", rows, np.random.RandomState(1).randn(len(rows)), np.arange(len(rows)))
        for rows in (table, copied)
    )
    return one, other, chosen


def _windows(cut: Floats) -> Examples:
    return Examples("forecasting", cut[:, :24], cut[:, 24:], np.arange(len(cut)))
