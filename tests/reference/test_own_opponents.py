"""Opponents for anybody's data: whatever they are given, they train in their budget and keep the contract."""

import importlib

import numpy as np
import own_clock
import own_inputs
import pytest
import torch
from torch import nn

from graders.own.examples import Examples
from graders.own.kinds import KINDS

BUDGET = 0.4
RANDOM = np.random.RandomState(0)
TEXTS = [" ".join(RANDOM.choice(["red", "green", "blue", "door", "runs"], 8)) for _ in range(70)]
NAMES = ["".join(RANDOM.choice(list("abcdef"), 6)) for _ in range(70)]


def pictures(*shape):
    return RANDOM.uniform(size=shape).astype(np.float32)


def table(n, d):
    """Columns of very different scale, one of which never changes."""
    rows = RANDOM.normal(size=(n, d)) * 10.0 ** np.arange(-3, d - 3)
    rows[:, -1] = 7
    return rows.astype(np.float32)


def masks(shape):
    return (RANDOM.uniform(size=(shape[0], *shape[-2:])) > 0.7).astype(np.uint8)


def numbers(n):
    return RANDOM.normal(1e6, 10, n).astype(np.float32)


def kept_back_alone():
    """Classes (60,) of which the last stands only in an example that `train` keeps back, with seed 0."""
    torch.manual_seed(0)
    labels = np.arange(60) % 2
    labels[own_inputs.kept_back(60)[1][0]] = 2
    return labels


CASES = {
    "tiny pictures": ("classification", pictures(60, 1, 8, 8), np.arange(60) % 3),
    "colour pictures, not square": ("classification", pictures(60, 3, 17, 90), np.arange(60) % 100),
    "large pictures": ("classification", pictures(60, 1, 256, 256), np.arange(60) % 2),
    "a table of labels": ("classification", table(60, 5), np.arange(60) % 4),
    "words": ("classification", TEXTS, np.arange(70) % 2),
    "names": ("classification", NAMES, np.arange(70) % 2),
    "a class missing": ("classification", table(60, 5), np.where(np.arange(60) % 2, 0, 3)),
    "a class that is kept back": ("classification", table(60, 5), kept_back_alone()),
    "one class": ("classification", table(60, 5), np.zeros(60, np.int64)),
    "masks of small pictures": ("segmentation", pictures(60, 1, 9, 13), masks((60, 9, 13))),
    "masks of large pictures": ("segmentation", pictures(60, 3, 200, 256), masks((60, 200, 256))),
    "masks of nothing": ("segmentation", pictures(60, 1, 16, 16), np.zeros((60, 16, 16), np.uint8)),
    "a table of numbers": ("regression", table(60, 6), numbers(60)),
    "one column": ("regression", table(60, 1), numbers(60)),
    "numbers of pictures": ("regression", pictures(60, 3, 20, 31), numbers(60)),
    "one and the same number": ("regression", table(60, 6), np.full(60, 3, np.float32)),
    "short histories": ("forecasting", table(60, 2), table(60, 1)),
    "long histories": ("forecasting", pictures(90, 400), pictures(90, 30)),
    "flat histories": ("forecasting", np.ones((60, 9), np.float32), np.ones((60, 3), np.float32)),
    "texts": ("text", TEXTS, None),
    "texts of one letter": ("text", ["a"] * 60, None),
    "small pictures to restore": ("reconstruction", pictures(60, 1, 8, 11), None),
    "large pictures to restore": ("reconstruction", pictures(60, 3, 130, 256), None),
    "tiny pictures to draw": ("sampling", pictures(60, 1, 8, 9), None),
    "large pictures to draw": ("sampling", pictures(60, 3, 100, 70), None),
    "the same picture": ("sampling", np.full((60, 1, 12, 12), 0.5, np.float32), None),
}


SIZES = [
    pytest.param(
        name, marks=[pytest.mark.slow] if name.startswith(("large", "long", "masks of large")) else []
    )
    for name in CASES
]


def arguments(kind, inputs, targets):
    if kind == "text":
        return inputs, "".join(sorted({letter for text in inputs for letter in text}))
    return inputs, inputs if kind == "reconstruction" else targets


def prefixes(texts):
    return [text[: 1 + at % 5] for at, text in enumerate(texts)]


def expected(kind, inputs, targets, n):
    match kind:
        case "classification" | "regression":
            return (n,)
        case "segmentation" | "forecasting":
            return (n, *targets.shape[1:])
        case "text":
            return (n, len({letter for text in inputs for letter in text}))
        case _:
            return (n, *inputs.shape[1:])


def answers_in_shape(functions, kind, inputs, targets, budget=BUDGET):
    train, predict = functions
    torch.manual_seed(0)
    model = train(*arguments(kind, inputs, targets), budget)
    for n in (1, 5):
        given = {"sampling": n, "text": prefixes(inputs)[:n]}.get(kind, inputs[:n])
        found = np.asarray(predict(model, given))
        assert found.shape == expected(kind, inputs, targets, n)
        assert np.isfinite(found).all()
        if kind == "classification":
            assert found.dtype.kind == "i"
            assert set(found.tolist()) <= set(np.unique(targets).tolist())
        if kind == "segmentation":
            assert set(np.unique(found).tolist()) <= {0, 1}
        if kind == "text":
            assert np.exp(found).sum(1) == pytest.approx(1, abs=1e-3)
        if kind in ("reconstruction", "sampling"):
            assert found.min() >= 0
            assert found.max() <= 1


@pytest.mark.parametrize("case", SIZES)
def test_the_opponent_answers_as_the_contract_says(case):
    kind, inputs, targets = CASES[case]
    module = importlib.import_module(KINDS[kind].opponent)
    answers_in_shape((module.train, module.predict), kind, inputs, targets)


@pytest.mark.parametrize("case", SIZES)
def test_baselines_answer_as_the_contract_says(case):
    kind, inputs, targets = CASES[case]
    module = importlib.import_module(KINDS[kind].opponent)
    assert tuple(module.BASELINES) == KINDS[kind].baselines
    for functions in module.BASELINES.values():
        answers_in_shape(functions, kind, inputs, targets, budget=0.2)


def test_what_the_opponent_answers_passes_the_hosts_own_checks():
    kind, inputs, targets = CASES["a table of numbers"]
    examples = Examples(kind, inputs, targets, np.arange(60))
    module = importlib.import_module(KINDS[kind].opponent)
    asked = KINDS[kind].ask(examples, examples, 1)
    found = KINDS[kind].read(module.predict(module.train(inputs, targets, BUDGET), asked.inputs), asked)
    assert isinstance(found, np.ndarray)


def line():
    """One weight that must become 3, and how to go there."""
    network = nn.Linear(1, 1, bias=False)
    x = torch.randn(64, 1)

    def loss():
        return (network(x) - 3 * x).square().mean()

    return network, loss, lambda: -float(loss().detach())


def test_a_fit_learns_and_keeps_the_best_weights():
    torch.manual_seed(0)
    network, loss, score = line()
    reached = own_clock.fit(network, loss, score, seconds=30.0, steps=300, rate=0.1, decay=0.0)
    assert score() == pytest.approx(reached)
    assert network.weight.item() == pytest.approx(3, abs=0.1)
    assert not network.training


def test_a_fit_without_time_leaves_the_network_as_it_was():
    network, loss, score = line()
    before = network.weight.item()
    own_clock.fit(network, loss, score, seconds=-1.0, steps=300, rate=0.1)
    assert network.weight.item() == before


def test_a_fit_that_makes_it_worse_changes_nothing():
    network, loss, _ = line()
    before = network.weight.item()
    own_clock.fit(
        network, loss, lambda: -abs(network.weight.item() - before), seconds=5.0, steps=50, rate=0.1
    )
    assert network.weight.item() == before


def test_a_score_that_is_no_number_is_the_worst():
    network, loss, _ = line()
    before = network.weight.item()
    assert own_clock.fit(network, loss, lambda: float("nan"), seconds=5.0, steps=20, rate=0.1) == -float(
        "inf"
    )
    assert network.weight.item() == before


def test_steps_end_when_the_clock_says_so(monkeypatch):
    now = iter(np.arange(0, 1e6, 0.25))
    monkeypatch.setattr(own_clock.time, "monotonic", lambda: float(next(now)))
    taken = []
    network, loss, score = line()

    def counted():
        taken.append(1)
        return loss()

    own_clock.fit(network, counted, score, seconds=20.0, steps=10_000, rate=0.1)
    assert 5 < len(taken) < 40  # each step looks at the clock twice and more, a quarter of a second each time


def test_the_clock_keeps_a_little_to_itself(monkeypatch):
    monkeypatch.setattr(own_clock.time, "monotonic", lambda: 100.0)
    assert 0.9 * 8 < own_clock.Clock(8).left() < 8
    assert own_clock.Clock(8).left(0.5) < 4
