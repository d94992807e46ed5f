"""Lesson 1's notebooks through the sandbox: what is wrong is said, and a diagnosis finds its fault."""

from collections.abc import Callable
from pathlib import Path

import pytest
from notes import failing_in_evaluation, noticed

from graders.grading import Setting
from graders.grading.marking import Marked
from graders.model import Diagnosis, Mark

ROOT = Path(__file__).parents[2]
BACKWARD = """
import numpy as np
def backward(params, x, y):
    hidden = np.tanh(x @ params["W1"] + params["b1"])
    out = 2 * (hidden @ params["W2"] + params["b2"] - y) / len(x)
    below = out @ params["W2"].T * (1 - hidden ** 2)
    return {"W1": x.T @ below, "b1": below.sum(0), "W2": hidden.T @ out, "b2": out.sum(0)}
"""
FITTED = """
import numpy as np, torch
table = np.loadtxt("data/train.csv", delimiter=",", skiprows=1)
x, y = torch.tensor(table[:, :4]).float(), torch.tensor(table[:, 4]).float()
mean, std = x.mean(0), x.std(0)
weights = torch.linalg.lstsq(torch.cat([(x - mean) / std, torch.ones(len(x), 1)], 1), y[:, None]).solution
def price(features):
    wide = torch.cat([(features - mean) / std, torch.ones(len(features), 1)], 1)
    return (wide @ weights)[:, 0]
"""


@pytest.fixture(scope="module")
def lesson(setting_of: Callable[[str], Setting]) -> Setting:
    return setting_of("l01_perceptron")


def test_what_is_not_defined_is_named(marks: Callable[..., dict[str, Mark]]) -> None:
    found = marks("x = 1")
    assert {found[task].reason.params["name"] for task in ("price", "gradients")} == {
        "predict_price(features)",
        "backward(params, x, y)",
    }
    assert found["price"].earned == found["gradients"].earned == 0


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("def backward(params, x, y): return [1, 2]", "contract.no_gradients"),
        ("def backward(params, x, y): raise KeyError('W3')", "probe.exception"),
        ("def backward(params): return {}", "probe.exception"),
        ("def backward(params, x, y): raise SystemExit", "probe.exception"),
    ],
)
def test_a_backward_that_gives_no_gradients_earns_nothing_and_hears_why(
    marks: Callable[..., dict[str, Mark]], cell: str, code: str
) -> None:
    mark = marks(cell)["gradients"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_a_gradient_of_another_shape_costs_that_one_alone(marks: Callable[..., dict[str, Mark]]) -> None:
    flat = BACKWARD.replace('"b2": out.sum(0)}', '"b2": out.sum()}').replace('"W1": x.T @ below, ', "")
    mark = marks(flat)["gradients"]
    assert mark.earned == pytest.approx(1.5)
    (found,) = (item.message for item in mark.evidence if isinstance(item, Diagnosis))
    assert found.params["counts"] == "W1 0, b1 40, W2 40, b2 0"
    assert mark.hint is not None
    assert mark.hint.code == "gradients.hint"


BY_AUTOGRAD = """
import torch
def backward(params, x, y):
    leaves = {name: torch.tensor(values, requires_grad=True) for name, values in params.items()}
    hidden = torch.tanh(torch.tensor(x) @ leaves["W1"] + leaves["b1"])
    loss = ((hidden @ leaves["W2"] + leaves["b2"] - torch.tensor(y)) ** 2).mean()
    found = torch.autograd.grad(loss, list(leaves.values()))
    return {name: slope.numpy() for name, slope in zip(leaves, found)}
"""


FAILS = {
    "raises": "raise ValueError",
    "gives another shape": "return features",
    "gives no numbers": "return features[:, 0] / 0",
}


@pytest.mark.parametrize("fault", FAILS)
def test_who_fails_in_evaluation_mode_is_scored_as_it_is(
    marks: Callable[..., dict[str, Mark]], fault: str
) -> None:
    cell = failing_in_evaluation("predict_price(features)", FAILS[fault], "price(features)")
    found, usual = marks(FITTED, cell)["price"], marks(FITTED, "predict_price = price")["price"]
    assert found.earned == usual.earned
    assert found.status == usual.status == "partial"


def test_gradients_of_autograd_are_right_and_a_person_is_told(graded: Callable[..., Marked]) -> None:
    found = graded(BY_AUTOGRAD)
    assert next(mark for mark in found.marks if mark.task == "gradients").earned == 3
    assert [(flag.kind, flag.message.params["name"]) for flag in found.flags] == [("by_hand", "backward")]
    assert graded(BACKWARD).flags == ()


def test_a_backward_that_changes_what_it_is_given_is_measured_all_the_same(
    marks: Callable[..., dict[str, Mark]],
) -> None:
    spoils = """
exact = backward
def backward(params, x, y):
    found = exact(params, x, y)
    params.clear()
    x[:] = y[:] = 0
    return found
"""
    assert marks(BACKWARD, spoils)["gradients"].earned == 3


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("def predict_price(features): return features[:, :2]", "predictions.shape_numbers"),
        ("def predict_price(features): return features[:3, 0]", "contract.wrong_length"),
        ("def predict_price(features): return ['dear'] * len(features)", "contract.not_numeric"),
        ("def predict_price(features): return features[:, 0] / 0", "predictions.not_finite"),
    ],
)
def test_prices_that_are_none_earn_nothing_and_the_reason_is_said(
    marks: Callable[..., dict[str, Mark]], cell: str, code: str
) -> None:
    mark = marks(cell)["price"]
    assert (mark.status, mark.earned, mark.reason.code) == ("failed", 0, code)


def test_a_linear_model_earns_next_to_nothing(marks: Callable[..., dict[str, Mark]]) -> None:
    mark = marks(FITTED, "predict_price = price")["price"]
    assert mark.earned is not None
    assert mark.earned < 0.4
    assert list(noticed(mark)) == ["metric.r2"]


FAULTS = {
    "predict.eval_better": """
net = torch.nn.Sequential(torch.nn.Dropout(0.5))
def predict_price(features): return net(price(features)[:, None])
""",
    "predict.order": """
def predict_price(features): return price(features) + torch.arange(len(features)) / 10
""",
    "predict.single": """
def predict_price(features): return price(features) + float(len(features) == 1)
""",
    "mistake.standardised": """
def wide(z): return torch.cat([z, *(z * z.roll(turn, 1) for turn in range(3)), torch.ones(len(z), 1)], 1)
curved = torch.linalg.lstsq(wide((x - mean) / std), y[:, None]).solution
def predict_price(features): return wide(features) @ curved
""",
    "mistake.logarithms": "def predict_price(features): return price(features).clamp(min=1).log()",
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_diagnosis_finds_its_fault(marks: Callable[..., dict[str, Mark]], code: str) -> None:
    assert code in noticed(marks(FITTED, FAULTS[code])["price"])
