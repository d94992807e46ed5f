"""Splits keep groups together, classes alike and windows apart."""

import numpy as np
import pytest

from graders.model import OwnKind
from graders.own.examples import Examples
from graders.own.split import MOST_HIDDEN, split


def table(groups: np.ndarray, labels: np.ndarray | None = None, kind: OwnKind = "classification") -> Examples:
    n = len(groups)
    names = tuple(map(str, range(int(labels.max()) + 1))) if labels is not None else ()
    return Examples(kind, np.zeros((n, 2), np.float32), labels, groups, names)


@pytest.mark.parametrize("seed", range(5))
def test_no_group_is_on_both_sides(seed: int) -> None:
    groups = np.random.default_rng(seed).integers(0, 40, 300)
    groups = np.unique(groups, return_inverse=True)[1]
    found = split(table(groups), groups, seed, by_time=False)
    assert not set(groups[found.train]) & set(groups[found.hidden])
    assert 0.2 < len(found.hidden) / 300 < 0.4
    assert sorted([*found.train, *found.hidden]) == list(range(300))


def test_rare_classes_are_on_both_sides() -> None:
    labels = np.array([0] * 190 + [1] * 10)
    found = split(table(np.arange(200), labels), np.arange(200), 1, by_time=False)
    assert (labels[found.hidden] == 1).sum() >= 2
    assert (labels[found.train] == 1).sum() >= 4


def test_another_seed_is_another_split_and_the_same_is_the_same() -> None:
    groups = np.arange(100)
    one, same, other = (split(table(groups), groups, seed, by_time=False) for seed in (1, 1, 2))
    assert one.hidden.tolist() == same.hidden.tolist() != other.hidden.tolist()


def test_one_huge_group_leaves_something_on_both_sides() -> None:
    groups = np.array([0] * 95 + [1, 2, 3, 4, 5])
    found = split(table(groups), groups, 3, by_time=False)
    assert len(found.train)
    assert len(found.hidden)


def test_windows_in_order_of_time_share_no_step() -> None:
    starts = np.arange(200)
    windows = np.stack([starts + step for step in range(10)], axis=1).astype(np.float32)
    futures = np.stack([starts + 10 + step for step in range(3)], axis=1).astype(np.float32)
    found = split(Examples("forecasting", windows, futures, starts), starts, 1, by_time=True)
    seen = {*windows[found.train].ravel(), *futures[found.train].ravel()}
    assert not seen & {*futures[found.hidden].ravel()}
    assert found.train.max() < found.hidden.min()


def test_of_many_hidden_examples_those_of_all_classes_are_kept() -> None:
    labels = np.repeat(np.arange(10), 1500)
    found = split(table(np.arange(15_000), labels), np.arange(15_000), 1, by_time=False)
    assert len(found.hidden) == MOST_HIDDEN
    assert np.bincount(labels[found.hidden], minlength=10).min() > 100


def test_hidden_examples_are_not_too_many() -> None:
    groups = np.arange(20_000)
    assert len(split(table(groups), groups, 1, by_time=False).hidden) == MOST_HIDDEN
