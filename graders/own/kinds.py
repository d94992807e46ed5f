"""The kinds of own data, each with its opponent and how its answers are valued."""

from collections.abc import Mapping

from graders.model import OwnKind
from graders.own import labels, letters, masks, pictures_drawn, pictures_restored, quantities
from graders.own.kind import Kind
from graders.own.reading import mean, per_count, root_of_mean

KINDS: Mapping[OwnKind, Kind] = {
    "classification": Kind(
        opponent="own_classification",
        baselines=("majority", "stump", "nearest_mean", "logistic"),
        better="higher",
        unit="own.unit_accuracy",
        ask=labels.ask,
        read=labels.read,
        statistics=labels.statistics,
        value=mean,
    ),
    "segmentation": Kind(
        opponent="own_segmentation",
        baselines=("background", "otsu", "mean_mask"),
        better="higher",
        unit="own.unit_iou",
        ask=masks.ask,
        read=masks.read,
        statistics=masks.statistics,
        value=mean,
    ),
    "regression": Kind(
        opponent="own_regression",
        baselines=("mean", "column", "ridge"),
        better="lower",
        unit="own.unit_rmse",
        ask=quantities.ask_number,
        read=quantities.read_number,
        statistics=quantities.squares,
        value=root_of_mean,
    ),
    "forecasting": Kind(
        opponent="own_forecasting",
        baselines=("last_value", "seasonal", "drift"),
        better="lower",
        unit="own.unit_scaled",
        ask=quantities.ask_future,
        read=quantities.read_future,
        statistics=quantities.scaled_errors,
        value=mean,
    ),
    "text": Kind(
        opponent="own_text",
        baselines=("unigram", "trigram"),
        better="lower",
        unit="own.unit_bits",
        ask=letters.ask,
        read=letters.read,
        statistics=letters.statistics,
        value=per_count,
    ),
    "reconstruction": Kind(
        opponent="own_reconstruction",
        baselines=("identity", "median", "mean", "average"),
        better="higher",
        unit="own.unit_decibels",
        ask=pictures_restored.ask,
        read=pictures_restored.read,
        statistics=pictures_restored.statistics,
        value=mean,
    ),
    "sampling": Kind(
        opponent="own_sampling",
        baselines=("noise", "gaussian"),
        better="lower",
        unit="own.unit_energy",
        ask=pictures_drawn.ask,
        read=pictures_drawn.read,
        statistics=pictures_drawn.statistics,
        value=pictures_drawn.value,
        doubt=pictures_drawn.doubt,
    ),
}
"""What the host does with each kind."""
