"""Measurements: what a notebook handed over, against what only the host knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split
from graders.data.lstm_cases import GRADIENTS, RESULTS
from graders.metrics.accuracy import accuracy, one_higher, one_lower, read_classes, same_classes
from graders.metrics.exercises import read_results, right_results, same_results, tell_results
from graders.metrics.forecast import (
    from_logarithms,
    mase,
    one_month_earlier,
    read_forecasts,
    same_forecasts,
    tell_forecasts,
)
from graders.metrics.gradients import read_gradients, right_gradients, same_gradients, tell_gradients
from graders.metrics.next_char import (
    bits_per_character,
    read_log_probabilities,
    same_distributions,
    softmax_once,
    tell_perplexity,
)
from graders.metrics.regression import read_prices, rmse, same_numbers, tell_r2
from graders.metrics.restoration import negative, psnr, read_pictures, same_pictures, show_restored
from graders.metrics.segmentation import inverted, iou, read_masks, same_masks, show_masks, tell_dice
from graders.metrics.texts import read_labels, tell_f1
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


LSTM_GRADIENTS = tuple(f"d_{name}" for name in GRADIENTS)

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
    "lstm_backward": Metric(
        read=partial(read_results, names=LSTM_GRADIENTS),
        measure=partial(right_results, names=LSTM_GRADIENTS),
        same=same_results,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of gradients",
        beside=partial(tell_results, names=LSTM_GRADIENTS),
        hint="exercise.hint_backward",
    ),
    "lstm_forward": Metric(
        read=partial(read_results, names=RESULTS),
        measure=partial(right_results, names=RESULTS),
        same=same_results,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of results",
        beside=partial(tell_results, names=RESULTS),
        hint="exercise.hint_forward",
    ),
    "mase": Metric(
        read=read_forecasts,
        measure=mase,
        same=same_forecasts,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="errors of the seasonal-naive forecast",
        claimed_as=r"mase",
        beside=tell_forecasts,
        mistakes={
            "mistake.one_month_late": one_month_earlier,
            "mistake.logarithms": from_logarithms,
        },
        hint="forecast.hint",
    ),
    "next_char": Metric(
        read=read_log_probabilities,
        measure=bits_per_character,
        same=same_distributions,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="bits per character",
        claimed_as=r"bpc|bits? per char\w*|бит\w{0,2} на (?:букву|символ)",
        beside=tell_perplexity,
        mistakes={"mistake.softmax_twice": softmax_once},
        hint="next_char.hint",
    ),
    "iou": Metric(
        read=read_masks,
        measure=iou,
        same=same_masks,
        better="higher",
        bounds=(0.0, 1.0),
        unit="intersection over union",
        beside=tell_dice,
        mistakes={"mistake.inverted": inverted},
        show=show_masks,
    ),
    "psnr": Metric(
        read=read_pictures,
        measure=psnr,
        same=same_pictures,
        better="higher",
        bounds=(0.0, 60.0),
        unit="dB",
        mistakes={"mistake.negative": negative},
        show=show_restored,
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
    "text_accuracy": Metric(
        read=read_labels,
        measure=accuracy,
        same=same_classes,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of texts",
        proportion=True,
        claimed_as=r"acc\w{0,12}|точност\w{0,4}",
        beside=tell_f1,
        mistakes={"mistake.labels_high": one_lower},
        hint="texts.hint",
    ),
}

__all__ = ["METRICS", "Metric"]
