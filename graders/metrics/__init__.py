"""Measurements: what a notebook handed over, against what only the host knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.metrics.accuracy import accuracy, one_higher, one_lower, read_classes, same_classes
from graders.metrics.codes import doubt_recalled, show_reconstructions, tell_codes
from graders.metrics.elbo import MISTAKES as ELBO_MISTAKES
from graders.metrics.elbo import elbo, read_codes, same_decoded
from graders.metrics.frechet import MISTAKES, frechet, read_pictures, same_pictures, show_samples
from graders.metrics.gradients import read_gradients, right_gradients, same_gradients, tell_gradients
from graders.metrics.manifold import tell_samples
from graders.metrics.memorised import doubt_copied
from graders.metrics.regression import read_prices, rmse, same_numbers, tell_r2
from graders.model import Measurement, Message, Picture


@dataclass(frozen=True, slots=True)
class Metric:
    """How predictions become a measurement."""

    read: Callable[[NDArray[np.generic], Arrays, int], NDArray[Any] | Message]
    """`(predictions, targets, classes)` to checked predictions, or what is wrong with them."""
    measure: Callable[[NDArray[Any], Arrays], Measurement]
    """`(checked predictions, targets)` to the value and its interval."""
    same: Callable[[NDArray[Any], NDArray[Any]], NDArray[np.bool_]]
    """For each example, whether two checked predictions are the same answer."""
    better: Literal["higher", "lower"]
    """Which values are better."""
    bounds: tuple[float, float]
    """The least and the greatest value that there can be."""
    unit: str
    """What the value is in."""
    proportion: bool = False
    """True where it is a share of examples, each right or wrong by itself."""
    beside: Callable[[NDArray[Any], Arrays], tuple[Message, ...]] | None = None
    """`(checked predictions, targets)` to what the report says beside the value."""
    mistakes: Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]] = field(default_factory=dict)
    """Usual mistakes by the code of their sentence: what turns checked predictions into those without it."""
    doubt: Callable[[NDArray[Any], Arrays], Message | None] | None = None
    """`(checked predictions, targets)` to why a person must look before the value counts, or None."""
    show: Callable[[NDArray[Any], Split], tuple[Picture, ...]] | None = None
    """`(checked predictions for the public validation split, that split)` to pictures for the report."""
    claimed_as: str = ""
    """Regular expression for its name in students' outputs; empty where no claims are looked for."""
    hint: str | None = None
    """Code of what to do next where points are missing; None for that of a network that was trained."""


METRICS: dict[str, Metric] = {
    "accuracy": Metric(
        read=read_classes,
        measure=accuracy,
        same=same_classes,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of pictures",
        proportion=True,
        claimed_as=r"acc\w{0,12}|точност\w{0,4}",
        mistakes={"mistake.labels_high": one_lower, "mistake.labels_low": one_higher},
    ),
    "elbo": Metric(
        read=read_codes,
        measure=elbo,
        same=same_decoded,
        better="higher",
        bounds=(float("-inf"), float("inf")),
        unit="nats a pixel",
        beside=tell_codes,
        mistakes=ELBO_MISTAKES,
        doubt=doubt_recalled,
        show=show_reconstructions,
        hint="elbo.hint",
    ),
    "frechet": Metric(
        read=read_pictures,
        measure=frechet,
        same=same_pictures,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="squared units of the features",
        beside=tell_samples,
        mistakes=MISTAKES,
        doubt=doubt_copied,
        show=show_samples,
        hint="frechet.hint",
    ),
    "gradients": Metric(
        read=read_gradients,
        measure=right_gradients,
        same=same_gradients,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of gradients",
        beside=tell_gradients,
        hint="gradients.hint",
    ),
    "rmse": Metric(
        read=read_prices,
        measure=rmse,
        same=same_numbers,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="that of the targets",
        beside=tell_r2,
    ),
}

__all__ = ["METRICS", "Metric"]
