"""Errors of forecasts, scaled by how hard each series is.

Hyndman & Koehler 2006, Another look at measures of forecast accuracy, doi:10.1016/j.ijforecast.2006.03.001.
"""

import numpy as np
from numpy.typing import NDArray

from graders.data import Arrays
from graders.metrics.bootstrap import resampled
from graders.metrics.reading import read_numbers, shape_of
from graders.model import Measurement, Message, say

SEASON = 12
"""Months after which a season comes again."""
SAME = 1e-3
"""Two forecasts are the same where no month differs by more than this, relative to the larger."""


def read_forecasts(
    predictions: NDArray[np.generic], targets: Arrays, classes: int
) -> NDArray[np.float64] | Message:
    """Forecasts of shape (N, H) from what a notebook predicted, or what is wrong with them.

    Args:
        predictions: one row a series, shape (N, H).
        targets: what came, as `future`, shape (N, H).
        classes: of no meaning here.

    >>> read_forecasts(np.zeros((2, 3)), {"future": np.zeros((2, 12))}, classes=0).params
    {'found': '2 × 3', 'n': 2, 'horizon': 12}
    """
    n, horizon = targets["future"].shape
    other = say("forecast.shape", found=shape_of(predictions), n=n, horizon=horizon)
    return read_numbers(predictions, ((n, horizon),), "forecast", other)


def same_forecasts(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two forecasts of a series are the same but for rounding, shape (N,)."""
    near = np.abs(one - other) <= SAME * np.maximum(np.abs(one), np.abs(other))
    every: NDArray[np.bool_] = np.logical_and.reduce(near, axis=1)
    return every


def scale_of(history: NDArray[np.float64], season: int = SEASON) -> float:
    """Mean absolute error of the seasonal-naive forecast within a history; NaN where there is none.

    A history that is no longer than a season has the error of the naive forecast instead. Where nothing ever
    changes, or there is one month only, no error can be scaled.

    Args:
        history: the known months of one series, shape (T,), NaN where there is none.
        season: months after which a season comes again.

    >>> scale_of(np.array([1.0, 5.0, 2.0, 8.0, np.nan]), season=2)
    2.0
    >>> scale_of(np.array([3.0, 3.0, 3.0]), season=2)
    nan
    """
    known = history[~np.isnan(history)]
    lag = season if len(known) > season else 1
    changes = np.abs(known[lag:] - known[:-lag])
    return float(changes.mean()) if changes.any() else float("nan")


def scaled_errors(predicted: NDArray[np.float64], targets: Arrays) -> NDArray[np.float64]:
    """Mean absolute scaled error of each series, shape (N,); NaN where its history has no scale.

    Args:
        predicted: shape (N, H).
        targets: `future` (N, H) and `history` (N, T).
    """
    scales = np.array([scale_of(history) for history in targets["history"]])
    return np.asarray(np.abs(predicted - targets["future"]).mean(axis=1) / scales)


def mase(predicted: NDArray[np.float64], targets: Arrays) -> Measurement:
    """Mean absolute scaled error over series, with its 95 % bootstrap interval over series.

    1 is as good as the seasonal-naive forecast is within the histories. Series that count for nothing, or
    that have no scale, are left out.

    Args:
        predicted: shape (N, H).
        targets: `future` (N, H), `history` (N, T) and `counts` (N,).

    Raises:
        ValueError: no series is left; the data sets have no such targets.
    """
    errors = scaled_errors(predicted, targets)[targets["counts"]]
    errors = errors[~np.isnan(errors)]
    if not len(errors):
        raise ValueError("no series has a scale")
    return resampled(errors)


def rmse_of_months(predicted: NDArray[np.float64], targets: Arrays) -> float:
    """Root mean squared error over all months of the series that count, in the unit of the series."""
    error = (predicted - targets["future"])[targets["counts"]]
    return float(np.sqrt((error**2).mean()))


def tell_forecasts(predicted: NDArray[np.float64], targets: Arrays) -> tuple[Message, ...]:
    """RMSE beside the value, and what is to be known about it."""
    errors, counts = scaled_errors(predicted, targets), targets["counts"]
    said = [say("forecast.rmse", value=rmse_of_months(predicted, targets))]
    before = mase(predicted, targets).value
    after = mase(in_units(predicted, targets), targets).value
    if after < before / 2:  # by chance a forecast in the right unit never gains so much
        said.append(say("forecast.standardised", before=before, after=after))
    left_out = int(np.count_nonzero(np.isnan(errors[counts])))
    if left_out:
        said.append(say("forecast.unscaled", n=left_out))
    said += [say("forecast.shown", value=float(error)) for error in errors[~counts] if not np.isnan(error)]
    return tuple(said)


def in_units(predicted: NDArray[np.float64], targets: Arrays) -> NDArray[np.float64]:
    """Forecasts that were left standardised by mean and spread of their history, in its unit again."""
    mean = np.nanmean(targets["history"], axis=1, keepdims=True)
    spread = np.nanstd(targets["history"], axis=1, keepdims=True)
    return np.asarray(predicted * spread + mean)


def one_month_earlier(predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the forecast would be, had it not begun with the last known month in place of the next one.

    The month that is missing at the end is taken to be like the one of a season before.
    """
    return np.roll(predicted, -1, axis=1)


def from_logarithms(predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Forecasts that were left as logarithms, in the unit of their series again."""
    return np.asarray(np.exp(np.minimum(predicted, 50.0)))  # what is larger is no logarithm
