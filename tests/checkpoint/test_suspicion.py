from collections.abc import Callable, Iterator
from math import cos, exp, pi

import numpy as np
import pytest
from files import csv_of, honest_curves, smoothed

from graders.checkpoint import Curve, Weights, read_curve, suspicions
from graders.checkpoint.suspicion import copied, tied, too_short, too_smooth

TRAININGS = honest_curves()
LOGGED = ("running", "last", "smoothed", "evaluated")
"""What students log as their training loss."""


def curve(columns: dict[str, list[float]], digits: int = 4) -> Curve:
    found = read_curve(csv_of(columns, digits), "curve.csv")
    assert isinstance(found, Curve), found
    return found


def honest(weight: float, digits: int) -> Iterator[tuple[str, Curve]]:
    """Every real training as its student might have written it down."""
    for one in TRAININGS:
        for logged in LOGGED:
            columns = {"train_loss": one[logged], "validation_loss": one["validation"]}
            if weight:
                columns = {name: smoothed(values, weight) for name, values in columns.items()}
            yield f"{one['network']} {one['batch']} {one['epochs']} {logged}", curve(columns, digits)


def test_there_are_many_trainings_of_many_kinds() -> None:
    assert len(TRAININGS) > 100
    assert {one["network"] for one in TRAININGS} == {"prices", "clothes", "linear", "dense", "cells"}
    assert 0 in {one["batch"] for one in TRAININGS}, "gradient descent without any noise"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weight", "digits"), [(0.0, 2), (0.0, 4), (0.0, 6), (0.6, 4), (0.9, 3), (0.9, 4), (0.9, 6)]
)
def test_no_honest_curve_is_flagged_however_it_is_smoothed_and_rounded(weight: float, digits: int) -> None:
    accused = [told for told, found in honest(weight, digits) if suspicions(found, None)]
    assert accused == []


FORMULAS: dict[str, Callable[[int], float]] = {
    "exponential": lambda epoch: 0.14 + 1.1 * exp(-0.4 * epoch),
    "slow exponential": lambda epoch: 0.3 + 2.0 * exp(-0.05 * epoch),
    "halving": lambda epoch: 2.3 * 0.5**epoch,
    "one over the epoch": lambda epoch: 0.1 + 2.0 / (epoch + 1),
    "square root": lambda epoch: 2.0 / (epoch + 1) ** 0.5,
    "line": lambda epoch: 2.0 - 0.03 * epoch,
}


@pytest.mark.parametrize("digits", [4, 5, 6])
@pytest.mark.parametrize("n", [12, 30, 60])
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_curve_of_a_formula_is_flagged(formula: str, n: int, digits: int) -> None:
    found = curve({"train_loss": [FORMULAS[formula](epoch) for epoch in range(n)]}, digits)
    message = too_smooth(found, "train_loss")
    assert message is not None
    assert message.code == "checkpoint.flag_smooth"


def test_a_curve_with_few_rows_or_few_digits_says_nothing() -> None:
    formula = FORMULAS["exponential"]
    assert too_smooth(curve({"train_loss": [formula(epoch) for epoch in range(8)]}), "train_loss") is None
    assert too_smooth(curve({"train_loss": [formula(epoch) for epoch in range(30)]}, 3), "train_loss") is None
    assert too_smooth(curve({"train_loss": [0.5] * 30}), "train_loss") is None


def test_noise_of_the_right_size_is_not_noticed_which_is_written_down() -> None:
    noise = np.random.default_rng(0).normal(0, 0.02, 30)
    forged = [FORMULAS["exponential"](epoch) + float(noise[epoch]) for epoch in range(30)]
    assert too_smooth(curve({"train_loss": forged}), "train_loss") is None


def test_a_validation_loss_that_is_the_training_loss_in_disguise_is_flagged() -> None:
    """Where the training loss is uneven enough to be told from another, as most of those with batches are."""
    judged = [one["running"] for one in TRAININGS if one["batch"] in (10, 20, 32, 50) and one["epochs"] >= 12]
    flagged = 0
    for train_loss in judged:
        held = [1.08 * value + 0.01 for value in train_loss]
        message = tied(curve({"train_loss": train_loss, "validation_loss": held}, 5))
        assert message is None or message.code == "checkpoint.flag_tied"
        flagged += message is not None
    assert flagged >= 0.8 * len(judged), (flagged, len(judged))


def test_rows_that_were_copied_are_flagged_with_their_epochs() -> None:
    rows = [
        (1.0 + 0.3 * cos(epoch * pi / 7.3) / (epoch + 1), 1.1 / (epoch + 2) ** 0.3) for epoch in range(30)
    ]
    rows[20:25] = rows[10:15]
    found = curve({"train_loss": [row[0] for row in rows], "validation_loss": [row[1] for row in rows]})
    message = copied(found)
    assert message is not None
    assert 10 <= int(message.params["first"]) - 1 < 15
    assert int(message.params["epoch"]) - int(message.params["first"]) == 10


def test_a_plateau_that_repeats_its_last_digit_is_no_copy() -> None:
    plateau = [0.5, 0.3, *([0.01, 0.02] * 30)]
    assert copied(curve({"train_loss": plateau, "validation_loss": plateau}, 2)) is None


def test_a_curve_that_ends_before_the_weights_is_flagged() -> None:
    found = curve({"train_loss": [1.0, 0.7, 0.55]})
    early, late = (Weights("w", {"a": (1,)}, {"epoch": epoch}) for epoch in ("3", "8"))
    assert too_short(found, early) is None
    message = too_short(found, late)
    assert message is not None
    assert message.params == {"last": 3, "epoch": 8}
    for strange in ("", "-1", "٣", "1e9", "9" * 50):
        assert too_short(found, Weights("w", {"a": (1,)}, {"epoch": strange})) is None


def test_nothing_is_said_without_a_curve() -> None:
    assert suspicions(None, Weights("w", {"a": (1,)}, {"epoch": "8"})) == ()
