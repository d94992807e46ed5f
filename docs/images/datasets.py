"""Draws examples of every `mini` data set for docs/datasets.md, from what students see: `make pictures`."""

from collections.abc import Callable
from pathlib import Path
from textwrap import wrap

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from graders import data
from graders.data import Split

HERE = Path(__file__).parent
WIDTH = 9.0
"""Inches."""
COLOURS = ("#e69f00", "#56b4e9", "#d55e00", "#009e73")


def clothes(split: Split) -> Figure:
    """Six pictures of each class, one class a column."""
    labels = split.targets["labels"]
    figure, axes = _grid(6, 10)
    for label in range(10):
        for row, place in enumerate(np.flatnonzero(labels == label)[:6]):
            axes[row, label].imshow(split.inputs["images"][place, 0], cmap="gray", vmin=0, vmax=1)
    return figure


def houses(split: Split) -> Figure:
    """Price against area, near the centre and far out."""
    figure, axes = _grid(1, 2, height=3.5, framed=True)
    features, prices = split.inputs["features"], split.targets["prices"]
    near = features[:, 3] < 5
    for axis, chosen, title in ((axes[0, 0], near, "within 5 km"), (axes[0, 1], ~near, "further out")):
        shown = axis.scatter(features[chosen, 2], prices[chosen], c=features[chosen, 1], s=8, cmap="viridis")
        axis.set(title=title, xlabel="area, m²", ylabel="price, millions", ylim=(0, 40))
    figure.colorbar(shown, ax=list(axes[0]), label="floor")
    return figure


def series(split: Split) -> Figure:
    """Six series with the months that are to be forecast."""
    figure, axes = _grid(2, 3, height=4.5, framed=True)
    for number, axis in enumerate(axes.flat):
        history, future = split.inputs["history"][number], split.targets["future"][number]
        known = history[~np.isnan(history)]
        axis.plot(known, color="black", lw=1)
        axis.plot(range(len(known), len(known) + len(future)), future, color=COLOURS[2], lw=1.5)
        axis.set_xlabel("month")
    return figure


def reviews(split: Split) -> Figure:
    """Texts with their classes."""
    names = ("negative", "neutral", "positive")
    rows = zip(split.inputs["texts"][:9], split.targets["labels"][:9], strict=True)
    return _texts([f"{names[label]}: {text}" for text, label in rows])


def poem(split: Split) -> Figure:
    """Prefixes whose next letter is asked for."""
    return _texts([str(prefix) + "▁" for prefix in split.inputs["prefixes"][:6]])


def cells(split: Split) -> Figure:
    """Pictures above their masks."""
    return _pairs(split.inputs["images"][:8, 0], split.targets["masks"][:8])


def noisy_cells(split: Split) -> Figure:
    """Pictures with noise above those without."""
    return _pairs(split.inputs["images"][:8, 0], split.targets["clean"][:8])


def scenes(split: Split) -> Figure:
    """Scenes with their boxes, one colour a class."""
    figure, axes = _grid(1, 3)
    for number, axis in enumerate(axes.flat):
        axis.imshow(split.inputs["images"][number])
        places = zip(split.targets["boxes"][number], split.targets["labels"][number], strict=True)
        for (x1, y1, x2, y2), label in places:
            if not np.isnan(x1):
                axis.plot([x1, x2, x2, x1, x1], [y1, y1, y2, y2, y1], color=COLOURS[label], lw=0.6)
    return figure


def whole_captions(split: Split) -> Figure:
    """Scenes above their captions."""
    figure, axes = _grid(1, 4, height=4.2)
    for number, axis in enumerate(axes.flat):
        axis.imshow(split.inputs["images"][number])
        told = ["\n".join(wrap(str(text), 30)) for text in split.targets["references"][number]]
        axis.set_title("\n\n".join(told), fontsize=8, y=-0.05, va="top")
    return figure


DRAWN: dict[str, Callable[[Split], Figure]] = {
    "cells": cells,
    "clothes": clothes,
    "houses": houses,
    "noisy_cells": noisy_cells,
    "poem": poem,
    "reviews": reviews,
    "scenes": scenes,
    "scenes100": scenes,
    "series": series,
    "whole_captions": whole_captions,
}
"""Data sets that have something to look at."""


def main() -> None:
    """Write a picture for each data set beside this file."""
    mpl.use("Agg")
    for name, draw in DRAWN.items():
        figure = draw(data.validation(name, "mini", data.cache_folder()))
        figure.savefig(HERE / f"data-{name}.png", dpi=90, bbox_inches="tight")


def _grid(
    rows: int, columns: int, *, height: float | None = None, framed: bool = False
) -> tuple[Figure, np.ndarray]:
    """A figure with axes (rows, columns), without frames where pictures stand in them."""
    figure = Figure(figsize=(WIDTH, height or WIDTH * rows / columns), layout="constrained")
    axes: np.ndarray = figure.subplots(rows, columns, squeeze=False)
    for axis in axes.flat:
        if not framed:
            axis.axis("off")
    return figure, axes


def _pairs(above: np.ndarray, below: np.ndarray) -> Figure:
    figure, axes = _grid(2, len(above))
    for column, pair in enumerate(zip(above, below, strict=True)):
        for axis, image in zip(axes[:, column], pair, strict=True):
            axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    return figure


def _texts(texts: list[str]) -> Figure:
    figure, axes = _grid(1, 1, height=0.26 * len(texts) + 0.3)
    axis: Axes = axes[0, 0]
    lines = ["\n".join(wrap(text, 110)) for text in texts]
    axis.text(0, 1, "\n\n".join(lines), va="top", family="monospace", fontsize=8, transform=axis.transAxes)
    return figure


if __name__ == "__main__":
    main()
