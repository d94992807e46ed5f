import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.metrics.forecast import (
    from_logarithms,
    in_units,
    mase,
    one_month_earlier,
    read_forecasts,
    rmse_of_months,
    same_forecasts,
    scale_of,
    tell_forecasts,
)


def targets_of(history: list[list[float]], future: np.ndarray, counts: list[bool] | None = None) -> dict:
    longest = max(map(len, history))
    padded = np.full((len(history), longest), np.nan)
    for row, known in zip(padded, history, strict=True):
        row[: len(known)] = known
    return {"history": padded, "future": future, "counts": np.array(counts or [True] * len(history))}


def by_hand(predicted: np.ndarray, history: list[list[float]], future: np.ndarray, season: int = 12) -> float:
    """MASE as Hyndman & Koehler write it, in plain loops."""
    errors = []
    for one, known, came in zip(predicted, history, future, strict=True):
        naive = [abs(known[t] - known[t - season]) for t in range(season, len(known))]
        scale = sum(naive) / len(naive)
        errors.append(sum(abs(p - y) for p, y in zip(one, came, strict=True)) / len(came) / scale)
    return sum(errors) / len(errors)


@given(st.lists(st.integers(14, 60), min_size=1, max_size=8), st.integers(0, 2**31 - 1))
def test_the_value_is_the_formulas(lengths: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    history = [random.gamma(3, 30, length).tolist() for length in lengths]
    future, predicted = random.gamma(3, 30, (2, len(lengths), 12))
    measured = mase(predicted, targets_of(history, future))
    assert measured.value == pytest.approx(by_hand(predicted, history, future))
    assert measured.n == len(lengths)


def test_seasonal_naive_on_a_series_that_grows_by_as_much_each_year_is_one() -> None:
    known = [year * 12.0 + month for year in range(4) for month in range(12)]
    future = np.array([[48.0 + month for month in range(12)]])
    targets = targets_of([known], future)
    assert mase(np.array([known[-12:]]), targets).value == pytest.approx(1.0)
    assert mase(future, targets).value == 0.0


def test_a_short_history_has_the_scale_of_the_naive_forecast() -> None:
    assert scale_of(np.array([1.0, 4.0, 2.0])) == pytest.approx(2.5)
    assert scale_of(np.arange(12.0)) == 1.0, "as long as a season is no longer than one"
    assert scale_of(np.arange(13.0)) == 12.0


@pytest.mark.parametrize("history", [[5.0], [3.0] * 30, [7.0] * 5])
def test_a_history_in_which_nothing_changes_has_no_scale_and_is_left_out(history: list[float]) -> None:
    future = np.ones((2, 12))
    targets = targets_of([history, list(range(30))], future)
    measured = mase(future + 1.2, targets)
    assert measured.n == 1
    assert measured.value == pytest.approx(0.1)
    assert "forecast.unscaled" in [said.code for said in tell_forecasts(future, targets)]
    with pytest.raises(ValueError, match="no series"):
        mase(future[:1], targets_of([history], future[:1]))


def test_a_series_that_does_not_count_is_only_told() -> None:
    known, future = list(range(24)), np.full((2, 12), 30.0)
    targets = targets_of([known, known], future, [True, False])
    predicted = future + np.array([[1.2], [120.0]])
    assert mase(predicted, targets).value == pytest.approx(0.1)
    assert rmse_of_months(predicted, targets) == pytest.approx(1.2)
    shown = {said.code: said.params for said in tell_forecasts(predicted, targets)}
    assert shown["forecast.shown"]["value"] == pytest.approx(10.0)


def test_the_interval_is_that_of_resampled_series() -> None:
    random = np.random.default_rng(1)
    known = [list(range(24))] * 200
    future = np.zeros((200, 12))
    errors = random.gamma(2.0, 6.0, (200, 1))
    measured = mase(future + errors, targets_of(known, future))
    resampled = [random.choice(errors[:, 0] / 12, 200).mean() for _ in range(2000)]
    assert measured.low == pytest.approx(np.percentile(resampled, 2.5), abs=0.02)
    assert measured.high == pytest.approx(np.percentile(resampled, 97.5), abs=0.02)


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (np.zeros((3, 11)), "forecast.shape"),
        (np.zeros((2, 12)), "predictions.length"),
        (np.zeros((3, 12, 1)), "forecast.shape"),
        (np.full((3, 12), "much"), "contract.not_numeric"),
        (np.full((3, 12), np.inf), "predictions.not_finite"),
    ],
)
def test_what_is_no_forecast_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_forecasts(predictions, {"future": np.zeros((3, 12))}, 0).code == code


def test_rounding_is_no_other_forecast() -> None:
    one = np.full((2, 12), 100.0)
    assert same_forecasts(one, one + np.array([[0.01], [5.0]])).tolist() == [True, False]


def test_mending_a_mistake_gives_what_was_meant() -> None:
    random = np.random.default_rng(2)
    history = [random.gamma(20, 10, 36).tolist() for _ in range(5)]
    meant = random.gamma(20, 10, (5, 12))
    targets = targets_of(history, meant)
    mean, spread = (np.array([[f(known)] for known in history]) for f in (np.mean, np.std))
    np.testing.assert_allclose(in_units((meant - mean) / spread, targets), meant)
    np.testing.assert_allclose(from_logarithms(np.log(meant)), meant)
    np.testing.assert_allclose(one_month_earlier(np.roll(meant, 1, axis=1)), meant)
    codes = [said.code for said in tell_forecasts((meant - mean) / spread, targets)]
    assert "forecast.standardised" in codes
    assert "forecast.standardised" not in [said.code for said in tell_forecasts(meant * 1.1, targets)]
    assert np.isfinite(from_logarithms(meant * 100)).all()
