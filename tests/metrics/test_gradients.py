import numpy as np
import pytest
import torch

from graders.data.gradients import NAMES, draw
from graders.data.seeds import random_stream
from graders.metrics.gradients import read_gradients, right_gradients, same_gradients, tell_gradients

CASES = draw(random_stream(b"cases of the tests"))


def side_by_side(gradients: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([gradients[name].reshape(len(gradients[name]), -1) for name in NAMES], axis=1)


def by_autograd(case: int) -> dict[str, np.ndarray]:
    weights = {name: torch.tensor(CASES.inputs[name][case], requires_grad=True) for name in NAMES}
    x, y = (torch.tensor(CASES.inputs[name][case]) for name in ("x", "y"))
    hidden = torch.tanh(x @ weights["W1"] + weights["b1"])
    ((hidden @ weights["W2"] + weights["b2"] - y) ** 2).mean().backward()
    return {name: weight.grad.numpy()[None] for name, weight in weights.items()}


def test_the_targets_are_autograds() -> None:
    found = np.concatenate([side_by_side(by_autograd(case)) for case in range(len(CASES))])
    np.testing.assert_allclose(found, side_by_side(CASES.targets), rtol=1e-10, atol=1e-14)


def test_exact_gradients_are_all_right_and_zeros_none() -> None:
    exact = side_by_side(CASES.targets)
    assert right_gradients(exact, CASES.targets).value == 1.0
    assert right_gradients(np.zeros_like(exact), CASES.targets).value == 0.0


@pytest.mark.parametrize(
    ("wrong", "share"),
    [(("W1", "b1"), 0.5), (("b2",), 0.75), (("W1", "b1", "W2"), 0.25)],
)
def test_each_of_the_four_counts_by_itself(wrong: tuple[str, ...], share: float) -> None:
    given = {name: array * (2.0 if name in wrong else 1.0) for name, array in CASES.targets.items()}
    assert right_gradients(side_by_side(given), CASES.targets).value == share


@pytest.mark.parametrize(("error", "share"), [(1e-8, 1.0), (1e-4, 0.0)])
def test_rounding_is_forgiven_and_a_mistake_is_not(error: float, share: float) -> None:
    given = side_by_side(CASES.targets) * (1 + error)
    assert right_gradients(given, CASES.targets).value == share


def test_what_is_missing_is_not_right() -> None:
    given = {name: array * (np.nan if name == "W1" else 1.0) for name, array in CASES.targets.items()}
    assert right_gradients(side_by_side(given), CASES.targets).value == 0.75
    (said,) = tell_gradients(side_by_side(given), CASES.targets)
    assert said.params == {"counts": "W1 0, b1 40, W2 40, b2 40", "cases": 40}


@pytest.mark.parametrize(
    ("predictions", "code"),
    [
        (np.zeros((3, 4)), "gradients.shape"),
        (np.array(1.0), "gradients.shape"),
        (np.zeros(side_by_side(CASES.targets).shape, dtype=np.int64), "contract.not_numeric"),
    ],
)
def test_what_is_no_gradient_is_told(predictions: np.ndarray, code: str) -> None:
    assert read_gradients(predictions, CASES.targets, 0).code == code


def test_answers_with_the_same_gaps_are_the_same() -> None:
    one = np.array([[1.0, np.nan], [1.0, 2.0]])
    assert same_gradients(one, np.array([[1.0, np.nan], [1.0, 2.1]])).tolist() == [True, False]
