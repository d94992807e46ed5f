import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from graders.metrics import METRICS
from graders.metrics.texts import macro_f1, read_labels, tell_f1

IDS = arrays(np.int64, st.shared(st.integers(1, 50), key="n"), elements=st.integers(0, 3))


@given(IDS, IDS)
def test_macro_f1_is_scikit_learns(predicted: np.ndarray, labels: np.ndarray) -> None:
    assert macro_f1(predicted, labels) == pytest.approx(f1_score(labels, predicted, average="macro"))


def test_a_class_that_is_never_said_counts_as_zero() -> None:
    labels = np.array([0, 1, 2] * 4)
    (said,) = tell_f1(np.zeros(12, dtype=np.int64), {"labels": labels})
    assert said.params["value"] == pytest.approx(0.5 / 3)


def test_classes_are_read_from_ids_and_from_scores() -> None:
    targets = {"labels": np.array([2, 0, 1])}
    assert read_labels(np.eye(3)[[2, 0, 1]], targets, classes=0).tolist() == [2, 0, 1]
    assert read_labels(np.array([[2], [0], [1]]), targets, classes=0).tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.zeros(2), "predictions.length"),
        (np.zeros((3, 4)), "predictions.shape"),
        (np.array([0, 1, 4]), "predictions.out_of_range"),
        (np.array([0, 1, -2]), "predictions.out_of_range"),
        (np.array([0, 1, np.nan]), "predictions.not_finite"),
        (np.array(["good"] * 3), "contract.not_numeric"),
    ],
)
def test_what_is_no_class_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_labels(predictions, {"labels": np.array([2, 0, 1])}, 0).code == code


def test_classes_counted_from_one_are_measured_and_can_be_mended() -> None:
    targets = {"labels": np.array([2, 0, 1, 1])}
    metric = METRICS["text_accuracy"]
    read = metric.read(targets["labels"] + 1, targets, 0)
    assert metric.measure(read, targets).value == 0
    assert metric.measure(metric.mistakes["mistake.labels_high"](read), targets).value == 1
