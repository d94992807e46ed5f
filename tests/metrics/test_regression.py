import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import bootstrap
from sklearn.metrics import r2_score, root_mean_squared_error

from graders.metrics.bootstrap import resampled
from graders.metrics.regression import r2, read_prices, rmse, same_numbers, tell_r2

NUMBERS = arrays(np.float64, st.integers(2, 60), elements=st.floats(-1e6, 1e6))


@given(NUMBERS, st.integers(0, 2**31 - 1))
def test_error_and_share_of_variance_are_scikit_learns(prices: np.ndarray, seed: int) -> None:
    predicted = prices + np.random.default_rng(seed).normal(size=len(prices))
    measured = rmse(predicted, {"prices": prices})
    assert measured.value == pytest.approx(root_mean_squared_error(prices, predicted))
    assert measured.low <= measured.value * (1 + 1e-9) or measured.n < 5
    if np.ptp(prices) > 1:
        assert r2(predicted, {"prices": prices}) == pytest.approx(r2_score(prices, predicted))


def test_the_interval_is_that_of_scipys_bootstrap() -> None:
    errors = np.random.default_rng(3).gamma(2.0, 1.0, 400)
    found = resampled(errors, np.sqrt)
    expected = bootstrap(
        (errors,), lambda sample, axis: np.sqrt(sample.mean(axis)), method="percentile", random_state=1
    ).confidence_interval
    assert found.low == pytest.approx(expected.low, abs=0.01)
    assert found.high == pytest.approx(expected.high, abs=0.01)
    assert found.value == np.sqrt(errors.mean())
    assert resampled(errors, np.sqrt) == found, "the same values give the same interval"


@pytest.mark.slow
def test_the_interval_covers_the_true_error_about_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(5)
    covered = 0
    for _ in range(200):
        measured = rmse(random.normal(0, 2.0, 300), {"prices": np.zeros(300)})
        covered += measured.low <= 2.0 <= measured.high
    assert 0.88 <= covered / 200 <= 0.99


def test_one_example_has_an_error_and_no_spread() -> None:
    measured = rmse(np.array([3.0]), {"prices": np.array([1.0])})
    assert (measured.value, measured.low, measured.high, measured.n) == (2.0, 2.0, 2.0, 1)


def test_targets_that_do_not_vary_have_no_share_of_variance() -> None:
    targets = {"prices": np.ones(4)}
    assert r2(np.zeros(4), targets) is None
    assert tell_r2(np.zeros(4), targets)[0].code == "metric.no_r2"


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array(1.0), "predictions.length"),
        (np.zeros(2), "predictions.length"),
        (np.zeros((3, 2)), "predictions.shape_numbers"),
        (np.array(["a", "b", "c"]), "contract.not_numeric"),
        (np.array([1.0, np.nan, 2.0]), "predictions.not_finite"),
        (np.array([1.0, np.inf, 2.0]), "predictions.not_finite"),
    ],
)
def test_what_is_no_prediction_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_prices(predictions, {"prices": np.zeros(3)}, 0).code == code


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8])
def test_numbers_of_any_type_are_read(dtype: type) -> None:
    read = read_prices(np.array([[1], [2], [3]], dtype=dtype), {"prices": np.zeros(3)}, 0)
    assert read.tolist() == [1.0, 2.0, 3.0]


def test_rounding_is_no_other_answer() -> None:
    one = np.array([1.0, 1.0, 0.0, -5.0])
    assert same_numbers(one, np.array([1.0001, 1.1, 0.0, -5.001])).tolist() == [True, False, True, True]
