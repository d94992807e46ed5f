"""Measurements: what a notebook handed over, against what only the host knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import log, log2
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays, Split, generation, gradients
from graders.data.lstm_cases import GRADIENTS, RESULTS
from graders.metrics import (
    accuracy,
    average_precision,
    bleu,
    boxes,
    codes,
    distributions,
    elbo,
    exercises,
    find,
    forecast,
    frechet,
    language,
    manifold,
    memorised,
    next_char,
    regression,
    restoration,
    segmentation,
    texts,
)
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
    compared: int = 200
    """Predictions, of the first examples, that are compared with those made in other ways."""
    hint: str | None = None
    """Code of what to do next where points are missing; None for that of a network that was trained."""


LSTM_GRADIENTS = tuple(f"d_{name}" for name in GRADIENTS)

METRICS: dict[str, Metric] = {
    "accuracy": Metric(
        read=accuracy.read_classes,
        measure=accuracy.accuracy,
        same=accuracy.same_classes,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of pictures",
        proportion=True,
        claimed_as=r"acc\w{0,12}|точност\w{0,4}",
        mistakes={"mistake.labels_high": accuracy.one_lower, "mistake.labels_low": accuracy.one_higher},
    ),
    "bleu": Metric(
        read=bleu.read_captions,
        measure=bleu.bleu,
        same=bleu.same_captions,
        better="higher",
        bounds=(0.0, 1.0),
        unit="BLEU-4",
        beside=bleu.tell_captions,
        doubt=bleu.doubt_one_for_all,
        mistakes={"mistake.marks": bleu.without_marks, "mistake.punctuation": bleu.without_punctuation},
        show=bleu.show_captions,
        hint="bleu.hint",
    ),
    "cross_entropy": Metric(
        read=language.read_logprobs,
        measure=language.cross_entropy,
        same=distributions.same_distributions,
        better="lower",
        bounds=(0.0, -log(distributions.LEAST)),
        unit="nats per token",
        claimed_as=r"кросс-энтроп\w{0,3}|cross[- ]entropy",
        beside=language.tell_language,
        mistakes={
            "mistake.softmax_twice": distributions.softmax_once,
            "mistake.ids_low": language.one_up,
            "mistake.ids_high": language.one_down,
        },
        doubt=language.doubt_language,
        hint="language.hint",
    ),
    "elbo": Metric(
        read=elbo.read_codes,
        measure=elbo.elbo,
        same=elbo.same_decoded,
        better="higher",
        bounds=elbo.BOUNDS,
        unit="nats a pixel",
        beside=codes.tell_codes,
        mistakes=elbo.MISTAKES,
        doubt=codes.doubt_recalled,
        show=codes.show_reconstructions,
        hint="elbo.hint",
    ),
    "find": Metric(
        read=boxes.read_boxes,
        measure=find.find_f1,
        same=boxes.same_boxes,
        better="higher",
        bounds=(0.0, 1.0),
        unit="F1 score",
        beside=find.tell_finds,
        mistakes=boxes.BOX_MISTAKES,
        show=boxes.show_boxes,
        hint="boxes.hint_find",
    ),
    "frechet": Metric(
        read=frechet.read_pictures,
        measure=frechet.frechet,
        same=frechet.same_pictures,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="squared units of the features",
        beside=manifold.tell_samples,
        mistakes=frechet.MISTAKES,
        doubt=memorised.doubt_copied,
        show=frechet.show_samples,
        compared=generation.ASKED,  # of fewer pictures the distance is another
        hint="frechet.hint",
    ),
    "gradients": Metric(
        read=partial(exercises.read_results, names=gradients.NAMES),
        measure=partial(exercises.right_results, names=gradients.NAMES),
        same=exercises.same_results,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of gradients",
        beside=partial(exercises.tell_results, names=gradients.NAMES),
        hint="gradients.hint",
    ),
    "iou": Metric(
        read=segmentation.read_masks,
        measure=segmentation.iou,
        same=segmentation.same_masks,
        better="higher",
        bounds=(0.0, 1.0),
        unit="intersection over union",
        beside=segmentation.tell_dice,
        mistakes={"mistake.inverted": segmentation.inverted},
        show=segmentation.show_masks,
    ),
    "lstm_backward": Metric(
        read=partial(exercises.read_results, names=LSTM_GRADIENTS),
        measure=partial(exercises.right_results, names=LSTM_GRADIENTS),
        same=exercises.same_results,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of gradients",
        beside=partial(exercises.tell_results, names=LSTM_GRADIENTS),
        hint="exercise.hint_backward",
    ),
    "lstm_forward": Metric(
        read=partial(exercises.read_results, names=RESULTS),
        measure=partial(exercises.right_results, names=RESULTS),
        same=exercises.same_results,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of results",
        beside=partial(exercises.tell_results, names=RESULTS),
        hint="exercise.hint_forward",
    ),
    "map50": Metric(
        read=boxes.read_boxes,
        measure=average_precision.map50,
        same=boxes.same_boxes,
        better="higher",
        bounds=(0.0, 1.0),
        unit="mAP@0.5",
        beside=average_precision.tell_detector,
        mistakes={**boxes.BOX_MISTAKES, **boxes.LABEL_MISTAKES},
        show=boxes.show_boxes,
        hint="boxes.hint_map",
    ),
    "mase": Metric(
        read=forecast.read_forecasts,
        measure=forecast.mase,
        same=forecast.same_forecasts,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="errors of the seasonal-naive forecast",
        claimed_as=r"mase",
        beside=forecast.tell_forecasts,
        mistakes={
            "mistake.one_month_late": forecast.one_month_earlier,
            "mistake.logarithms": forecast.from_logarithms,
        },
        hint="forecast.hint",
    ),
    "next_char": Metric(
        read=next_char.read_letters,
        measure=next_char.bits_per_character,
        same=distributions.same_distributions,
        better="lower",
        bounds=(0.0, -log2(distributions.LEAST)),
        unit="bits per character",
        claimed_as=r"bpc|bits? per char\w*|бит\w{0,2} на (?:букву|символ)",
        beside=next_char.tell_perplexity,
        mistakes={"mistake.softmax_twice": distributions.softmax_once},
        hint="next_char.hint",
    ),
    "psnr": Metric(
        read=restoration.read_pictures,
        measure=restoration.psnr,
        same=restoration.same_pictures,
        better="higher",
        bounds=(0.0, 60.0),
        unit="dB",
        mistakes={"mistake.negative": restoration.negative},
        show=restoration.show_restored,
    ),
    "rmse": Metric(
        read=regression.read_prices,
        measure=regression.rmse,
        same=regression.same_numbers,
        better="lower",
        bounds=(0.0, float("inf")),
        unit="that of the targets",
        beside=regression.tell_r2,
        mistakes={"mistake.logarithms": forecast.from_logarithms},
        compared=3_000,  # a few dear flats decide: of fewer the error, and what a mistake costs, is another
    ),
    "text_accuracy": Metric(
        read=texts.read_labels,
        measure=accuracy.accuracy,
        same=accuracy.same_classes,
        better="higher",
        bounds=(0.0, 1.0),
        unit="share of texts",
        proportion=True,
        claimed_as=r"acc\w{0,12}|точност\w{0,4}",
        beside=texts.tell_f1,
        mistakes={"mistake.labels_high": accuracy.one_lower, "mistake.labels_low": accuracy.one_higher},
        hint="texts.hint",
    ),
}

__all__ = ["METRICS", "Metric"]
