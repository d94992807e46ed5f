"""Models are compared by what they differ in on the same hidden groups."""

import numpy as np
import pytest

from graders.own.kinds import KINDS
from graders.own.skill import compare

ACCURACY, ERROR = KINDS["classification"], KINDS["regression"]


def right(share: float, n: int = 200, seed: int = 0) -> np.ndarray:
    """Statistics of a model that is right on a share of the examples."""
    return (np.random.default_rng(seed).random((n, 1)) < share).astype(np.float64)


def test_a_reference_that_is_ahead_opens_the_way() -> None:
    found = compare(
        ACCURACY,
        right(0.8, seed=1),
        right(0.9),
        {"a": right(0.5, seed=2), "b": right(0.6, seed=3)},
        np.arange(200),
    )
    assert found.opened
    assert found.best == "b"
    assert found.yours.low < found.yours.value < found.yours.high


def test_easy_data_opens_no_way() -> None:
    found = compare(ACCURACY, right(1.0), right(1.0), {"stump": right(0.99, seed=4)}, np.arange(200))
    assert not found.opened
    assert not found.ahead


def test_hard_data_on_which_the_student_alone_is_ahead_is_told() -> None:
    found = compare(ACCURACY, right(0.9), right(0.5, seed=1), {"a": right(0.5, seed=2)}, np.arange(200))
    assert (found.opened, found.ahead) == (False, True)


def test_where_lower_is_better_the_lower_baseline_is_best() -> None:
    squares = {name: np.full((60, 1), value) for name, value in (("a", 4.0), ("b", 2.0))}
    found = compare(ERROR, np.full((60, 1), 1.0), np.full((60, 1), 0.25), squares, np.arange(60))
    assert found.best == "b"
    assert found.opened
    assert found.reference.value == pytest.approx(0.5)


def test_few_groups_make_a_wide_interval() -> None:
    statistics = np.repeat(right(0.7, 20), 10, axis=0)
    alone = compare(ACCURACY, statistics, statistics, {"a": 0 * statistics}, np.arange(200))
    grouped = compare(ACCURACY, statistics, statistics, {"a": 0 * statistics}, np.repeat(np.arange(20), 10))
    width = grouped.yours.high - grouped.yours.low
    assert width > 2 * (alone.yours.high - alone.yours.low)


def test_it_is_the_same_every_time() -> None:
    arguments = (ACCURACY, right(0.8), right(0.9), {"a": right(0.5)}, np.arange(200))
    assert compare(*arguments) == compare(*arguments)
