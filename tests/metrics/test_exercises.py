import numpy as np
import pytest

from graders.data import gradients
from graders.data.lstm_cases import GRADIENTS, RESULTS, draw
from graders.data.seeds import random_stream
from graders.metrics import METRICS
from graders.metrics.exercises import read_results, right_results, same_results, tell_results

CASES = draw(random_stream(b"cases of the tests"), 20)
ASKED = {"lstm_forward": RESULTS, "lstm_backward": tuple(f"d_{name}" for name in GRADIENTS)}


def side_by_side(arrays: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    return np.concatenate([arrays[name].reshape(len(arrays[name]), -1) for name in names], axis=1)


@pytest.mark.parametrize("metric", ASKED)
def test_exact_results_are_all_right_and_zeros_and_gaps_none(metric: str) -> None:
    exact = side_by_side(CASES.targets, ASKED[metric])
    for given, share in ((exact, 1.0), (exact * 0, 0.0), (np.full_like(exact, np.nan), 0.0)):
        read = METRICS[metric].read(given, CASES.targets, 0)
        assert METRICS[metric].measure(read, CASES.targets).value == share


def test_gradients_by_hand_are_read_in_the_order_of_their_names() -> None:
    cases = gradients.draw(random_stream(b"cases of the tests"))
    metric, exact = METRICS["gradients"], side_by_side(cases.targets, gradients.NAMES)
    for wrong, share in (((), 1.0), (("b2",), 0.75), (("W1", "b1"), 0.5)):
        given = {name: array * (2.0 if name in wrong else 1.0) for name, array in cases.targets.items()}
        read = metric.read(side_by_side(given, gradients.NAMES), cases.targets, 0)
        assert metric.measure(read, cases.targets).value == share
    exact[:, 0] = np.nan
    (said,) = metric.beside(metric.read(exact, cases.targets, 0), cases.targets)
    assert said.params == {"counts": "W1 0, b1 40, W2 40, b2 40", "cases": 40}


@pytest.mark.parametrize(("wrong", "share"), [(("c_n",), 2 / 3), (("output", "h_n"), 1 / 3), (RESULTS, 0.0)])
def test_each_result_counts_by_itself(wrong: tuple[str, ...], share: float) -> None:
    given = {name: CASES.targets[name] * (2.0 if name in wrong else 1.0) for name in RESULTS}
    measured = right_results(side_by_side(given, RESULTS), CASES.targets, names=RESULTS)
    assert measured.value == measured.low == measured.high == pytest.approx(share)
    (said,) = tell_results(side_by_side(given, RESULTS), CASES.targets, names=RESULTS)
    counts = ", ".join(f"{name} {0 if name in wrong else 20}" for name in RESULTS)
    assert said.params == {"counts": counts, "cases": 20}


@pytest.mark.parametrize(("error", "share"), [(1e-8, 1.0), (1e-4, 0.0)])
def test_rounding_is_forgiven_and_a_mistake_is_not(error: float, share: float) -> None:
    given = side_by_side(CASES.targets, RESULTS) * (1 + error)
    assert right_results(given, CASES.targets, names=RESULTS).value == share


def test_what_stands_outside_a_case_is_not_looked_at() -> None:
    given = side_by_side(CASES.targets, RESULTS)
    assert right_results(np.nan_to_num(given, nan=7.0), CASES.targets, names=RESULTS).value == 1


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.zeros((3, 4)), "exercise.shape"),
        (np.array(1.0), "exercise.shape"),
        (side_by_side(CASES.targets, RESULTS).astype(str), "contract.not_numeric"),
    ],
)
def test_what_is_no_result_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_results(predictions, CASES.targets, 0, names=RESULTS).code == code


def test_answers_with_the_same_gaps_are_the_same() -> None:
    one = np.array([[1.0, np.nan], [1.0, 2.0]])
    assert same_results(one, np.array([[1.0, np.nan], [1.0, 2.1]])).tolist() == [True, False]
