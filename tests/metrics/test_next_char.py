import numpy as np
import pytest
import torch
from scipy.special import log_softmax, softmax
from torch.nn.functional import cross_entropy

from graders.metrics.distributions import LEAST, same_distributions, softmax_once
from graders.metrics.next_char import bits_per_character, read_letters, tell_perplexity

LETTERS = 7


def drawn(seed: int, n: int = 300, spread: float = 3.0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    random = np.random.default_rng(seed)
    scores = random.normal(0, spread, (n, LETTERS))
    return scores, {"next": np.eye(LETTERS, dtype=np.uint8)[random.integers(0, LETTERS, n)]}


@pytest.mark.parametrize("seed", range(5))
def test_bits_are_torchs_cross_entropy_in_another_unit(seed: int) -> None:
    scores, targets = drawn(seed)
    expected = cross_entropy(torch.tensor(scores), torch.tensor(targets["next"].argmax(axis=1))).item()
    measured = bits_per_character(log_softmax(scores, axis=1), targets)
    assert measured.value == pytest.approx(expected / np.log(2))
    assert measured.low < measured.value < measured.high
    (said,) = tell_perplexity(log_softmax(scores, axis=1), targets)
    assert said.params["value"] == pytest.approx(np.exp(expected))
    right = (scores.argmax(axis=1) == targets["next"].argmax(axis=1)).mean()
    assert said.params["right"] == pytest.approx(100 * right, abs=0.05)


def test_one_letter_that_is_sure_costs_nothing_and_one_that_is_not_costs_its_bits() -> None:
    one = {"next": np.array([[0, 1]])}
    assert bits_per_character(np.array([[-60.0, 0.0]]), one).value == 0
    quarter = bits_per_character(np.log(np.array([[0.75, 0.25]])), one)
    assert (quarter.value, quarter.low, quarter.high) == (2.0, 2.0, 2.0)


def test_what_torch_gives_in_single_precision_is_read() -> None:
    scores, targets = drawn(1)
    found = torch.tensor(scores).float().log_softmax(1).numpy()
    np.testing.assert_allclose(read_letters(found, targets, 0), log_softmax(scores, axis=1), atol=1e-5)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda logs: np.array(1.0), "predictions.length"),
        (lambda logs: logs[:, :-1], "language.shape"),
        (lambda logs: logs[:-1], "predictions.length"),
        (lambda logs: logs.astype(str), "contract.not_numeric"),
        (lambda logs: logs * np.nan, "language.not_finite"),
        (np.exp, "language.probabilities"),
        (lambda logs: logs + 0.01, "language.not_normalised"),
        (lambda logs: logs + 5000, "language.not_normalised"),
        (lambda logs: logs / np.log(2), "language.not_normalised"),
    ],
)
def test_what_is_no_distribution_is_told(wrong, code: str) -> None:
    scores, targets = drawn(2)
    assert read_letters(wrong(log_softmax(scores, axis=1)), targets, 0).code == code


def test_it_is_said_how_many_distributions_do_not_sum_to_one() -> None:
    scores, targets = drawn(3)
    logs = log_softmax(scores, axis=1)
    logs[10:13] += np.log(2)
    said = read_letters(logs, targets, 0)
    assert (said.params["n"], said.params["of"]) == (3, 300)
    assert said.params["worst"] == pytest.approx(2.0)


def test_a_letter_that_is_held_to_be_impossible_costs_much_and_does_not_spoil_the_rest() -> None:
    with np.errstate(divide="ignore"):
        found = read_letters(np.log([[0.5, 0.5], [1.0, 0.0]]), {"next": np.array([[1, 0], [0, 1]])}, 0)
    measured = bits_per_character(found, {"next": np.array([[1, 0], [0, 1]])})
    assert measured.value == pytest.approx((1 - np.log2(LEAST)) / 2)


def test_softmax_applied_twice_can_be_undone() -> None:
    scores, targets = drawn(4)
    once = log_softmax(scores, axis=1)
    twice = log_softmax(softmax(scores, axis=1), axis=1)
    np.testing.assert_allclose(np.exp(softmax_once(twice)), np.exp(once), atol=1e-6)
    single = softmax_once(twice.astype(np.float32).astype(np.float64))
    assert bits_per_character(single, targets).value == pytest.approx(
        bits_per_character(once, targets).value, rel=0.02
    )


@pytest.mark.parametrize("spread", [0.5, 1.0, 3.0, 10.0])
def test_a_distribution_that_went_through_softmax_once_is_left_as_it_is(spread: float) -> None:
    scores, _ = drawn(5, spread=spread)
    once = log_softmax(scores, axis=1)
    np.testing.assert_array_equal(softmax_once(once), once)


def test_rounding_is_no_other_distribution() -> None:
    logs = log_softmax(drawn(6, n=2)[0], axis=1)
    other = logs + np.array([[1e-6], [0.1]])
    assert same_distributions(logs, other).tolist() == [True, False]
