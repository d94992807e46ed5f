import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from graders.metrics.accuracy import accuracy, read_classes

THREE = {"labels": np.zeros(3, dtype=np.int64)}


@given(st.integers(1, 400), st.data())
def test_interval_is_wilsons(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))
    measured = accuracy(np.arange(n) < right, {"labels": np.ones(n, dtype=np.int64)})
    expected = binomtest(right, n).proportion_ci(method="wilson")
    assert (measured.value, measured.n) == (right / n, n)
    assert measured.low == pytest.approx(expected.low, abs=1e-12)
    assert measured.high == pytest.approx(expected.high, abs=1e-12)


def test_interval_covers_the_true_accuracy_about_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(5)
    ones = np.ones(500, dtype=np.int64)
    covered = 0
    for _ in range(400):
        measured = accuracy((random.random(500) < 0.9).astype(np.int64), {"labels": ones})
        covered += measured.low <= 0.9 <= measured.high
    assert 0.92 <= covered / 400 <= 0.98


@pytest.mark.parametrize(
    "predictions",
    [
        np.array([1, 0, 2]),
        np.array([1.0, 0.0, 2.0], dtype=np.float32),
        np.array([[1], [0], [2]], dtype=np.uint8),
        np.array([[0.1, 0.7, 0.2], [5, -1, 0], [0, 0, 1]]),
    ],
)
def test_ids_and_scores_in_any_numeric_type_are_read(predictions: np.ndarray) -> None:
    assert read_classes(predictions, THREE, 3).tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.array(1), "predictions.length"),
        (np.array([]), "predictions.length"),
        (np.array([1, 0]), "predictions.length"),
        (np.zeros((3, 4)), "predictions.shape"),
        (np.zeros((3, 3, 1)), "predictions.shape"),
        (np.array([0.0, np.nan, 1.0]), "predictions.not_finite"),
        (np.array([[0, np.inf, 0], [0, 0, 1], [1, 0, 0]]), "predictions.not_finite"),
        (np.array([0, 1, 4]), "predictions.out_of_range"),
        (np.array([0, 1, -2]), "predictions.out_of_range"),
        (np.array([0.5, 1, 2]), "predictions.out_of_range"),
        (np.array(["a", "b", "c"]), "contract.not_numeric"),
    ],
)
def test_wrong_predictions_say_what_is_wrong(predictions: np.ndarray, code: str) -> None:
    assert read_classes(predictions, THREE, 3).code == code
