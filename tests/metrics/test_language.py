import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from graders.metrics.distributions import LEAST, same_distributions, softmax_once
from graders.metrics.language import (
    cross_entropy,
    doubt_language,
    limit,
    one_down,
    one_up,
    read_logprobs,
    tell_language,
)

WORDS = 12


def drawn(seed: int, n: int = 400) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """True distributions, some words impossible, and words drawn from them."""
    random = np.random.default_rng(seed)
    truth = random.gamma(0.5, 1, (n, WORDS)) * (random.random((n, WORDS)) < 0.6) + np.eye(WORDS)[0] * 0.1
    truth /= truth.sum(axis=1, keepdims=True)
    words = np.array([random.choice(WORDS, p=row) for row in truth])
    return np.log(np.maximum(truth, 1e-300)), {
        "words": words,
        "truth": truth,
        "vocabulary": np.full(n, WORDS),
    }


def read(values: np.ndarray, targets: dict[str, np.ndarray]) -> np.ndarray:
    found = read_logprobs(values, targets, 0)
    assert isinstance(found, np.ndarray), found
    return found


@given(st.integers(0, 2**31 - 1))
def test_the_value_is_scikit_learns_and_torchs(seed: int) -> None:
    _, targets = drawn(seed, 60)
    scores = np.random.default_rng(seed).normal(0, 3, (60, WORDS))
    predicted = read(torch.tensor(scores).log_softmax(1).numpy(), targets)
    value = cross_entropy(predicted, targets).value
    expected = torch.nn.functional.cross_entropy(torch.tensor(scores), torch.tensor(targets["words"]))
    assert value == pytest.approx(expected.item())
    assert value == pytest.approx(log_loss(targets["words"], np.exp(predicted), labels=range(WORDS)))


def test_the_limit_is_the_entropy_and_the_truth_reaches_it() -> None:
    logarithms, targets = drawn(1, 4000)
    entropy = torch.distributions.Categorical(probs=torch.tensor(targets["truth"])).entropy().mean().item()
    assert limit(targets) == pytest.approx(entropy)
    measured = cross_entropy(read(logarithms, targets), targets)
    assert measured.low < limit(targets) < measured.high


def test_all_words_alike_are_as_unsure_as_there_are_words() -> None:
    _, targets = drawn(2)
    predicted = read(np.full((400, WORDS), -np.log(WORDS)), targets)
    assert cross_entropy(predicted, targets).value == pytest.approx(np.log(WORDS))
    perplexity, told = tell_language(predicted, targets)
    assert perplexity.params["value"] == pytest.approx(WORDS)
    assert told.code == "language.limit"


def test_a_vocabulary_of_one_word_has_no_loss() -> None:
    targets = {"words": np.zeros(5, int), "truth": np.ones((5, 1)), "vocabulary": np.full(5, 1)}
    measured = cross_entropy(read(np.log(np.full((5, 1), 0.9995)), targets), targets)
    assert (measured.value, measured.low, measured.high) == (0, 0, 0)
    assert doubt_language(np.zeros((5, 1)), targets) is None


def test_a_word_held_to_be_impossible_costs_much_and_not_everything() -> None:
    targets = {"words": np.array([0, 1]), "truth": np.full((2, 2), 0.5), "vocabulary": np.full(2, 2)}
    with np.errstate(divide="ignore"):
        predicted = read(np.log(np.array([[1.0, 0.0], [1.0, 0.0]])), targets)
    assert cross_entropy(predicted, targets).value == pytest.approx(-np.log(LEAST) / 2)
    assert [said.params["n"] for said in tell_language(predicted, targets) if "impossible" in said.code] == [
        1
    ]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array(0.0), "predictions.length"),
        (np.zeros((2, 3)), "predictions.length"),
        (np.zeros((3, 4)), "language.shape"),
        (np.zeros(3), "language.shape"),
        (np.full((3, 3), "a"), "contract.not_numeric"),
        (np.array([[np.nan, 0, 0]] * 3), "language.not_finite"),
        (np.array([[np.inf, 0, 0]] * 3), "language.not_finite"),
        (np.full((3, 3), 1 / 3), "language.probabilities"),
        (np.eye(3), "language.probabilities"),
        (np.zeros((3, 3)), "language.not_normalised"),
        (np.full((3, 3), -np.inf), "language.not_normalised"),
        (np.full((3, 3), 1e6), "language.not_normalised"),
        (np.log(np.full((3, 3), 1.01 / 3)), "language.not_normalised"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_no_distribution_is_told(values: np.ndarray, code: str) -> None:
    targets = {"words": np.zeros(3, int), "truth": np.full((3, 3), 1 / 3), "vocabulary": np.full(3, 3)}
    assert read_logprobs(values, targets, 0).code == code


def test_how_many_do_not_add_up_and_the_worst_of_them_are_told() -> None:
    targets = {"words": np.zeros(3, int), "truth": np.full((3, 2), 0.5), "vocabulary": np.full(3, 2)}
    found = read_logprobs(np.log([[0.5, 0.5], [0.5, 1.5], [0.5, 0.7]]), targets, 0)
    assert (found.params["n"], found.params["worst"]) == (2, pytest.approx(2))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rounding_is_forgiven(dtype: type) -> None:
    logarithms, targets = drawn(3)
    assert np.abs(np.exp(read(np.maximum(logarithms, -30).astype(dtype), targets)).sum(1) - 1).max() < 1e-9


def test_softmax_applied_twice_is_undone() -> None:
    _, targets = drawn(4)
    twice = torch.tensor(targets["truth"]).log_softmax(1).numpy()
    flat, mended = read(twice, targets), softmax_once(read(twice, targets))
    assert np.abs(np.exp(mended) - targets["truth"]).max() < 1e-6
    assert cross_entropy(mended, targets).value < cross_entropy(flat, targets).value - 0.3


def test_softmax_applied_once_is_left_alone() -> None:
    logarithms, targets = drawn(4)
    once = read(logarithms, targets)
    np.testing.assert_array_equal(softmax_once(once), once)


def test_ids_that_are_off_by_one_are_put_right() -> None:
    logarithms, targets = drawn(5)
    own = read(logarithms, targets)
    without_first = np.concatenate([own[:, 1:], own[:, :1]], axis=1)
    np.testing.assert_array_equal(one_up(without_first), own)
    np.testing.assert_array_equal(one_down(one_up(own)), own)
    assert cross_entropy(without_first, targets).value > cross_entropy(own, targets).value + 1


def test_the_truth_and_what_is_close_to_it_are_hardly_ever_doubted() -> None:
    doubts = 0
    for seed in range(300):
        logarithms, targets = drawn(seed, 60)
        doubts += doubt_language(read(logarithms, targets), targets) is not None
        smooth = np.log(0.9 * targets["truth"] + 0.1 / WORDS)
        doubts += doubt_language(read(smooth, targets), targets) is not None
    assert doubts == 0


def test_who_knows_the_words_is_doubted() -> None:
    logarithms, targets = drawn(6)
    knows = np.log(0.9 * np.eye(WORDS)[targets["words"]] + 0.1 / WORDS)
    found = doubt_language(read(knows, targets), targets)
    assert found is not None
    assert found.code == "doubt.below_limit"
    assert found.params["value"] < found.params["truth"]
    some = np.arange(400) % 4 == 0
    partly = np.where(some[:, None], knows, logarithms)
    assert doubt_language(read(partly, targets), targets) is not None


def test_who_claims_too_much_for_every_distribution_is_no_better_than_the_truth() -> None:
    """Sums a little above 1 are taken back, so that they buy nothing."""
    logarithms, targets = drawn(7, 4000)
    assert doubt_language(read(logarithms + np.log(1.0009), targets), targets) is None


def test_the_same_distribution_but_for_rounding_is_the_same_answer() -> None:
    one = np.log([[0.5, 0.5], [0.5, 0.5]])
    assert same_distributions(one, np.log([[0.505, 0.495], [0.6, 0.4]])).tolist() == [True, False]


def test_where_the_truth_is_not_known_no_limit_is_told_and_nobody_is_doubted() -> None:
    logarithms, targets = drawn(8)
    del targets["truth"]
    predicted = read(logarithms, targets)
    assert [message.code for message in tell_language(predicted, targets)] == ["language.perplexity"]
    sure = read(np.log(np.eye(WORDS)[targets["words"]] + 1e-300), targets)
    assert doubt_language(sure, targets) is None
