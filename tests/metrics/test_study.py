from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError
from torch import nn

from graders.metrics.spot_check import Unchecked, check_row
from graders.metrics.study import (
    Counted,
    DeclaredRow,
    DeclaredTable,
    dense_parameters,
    judge_baseline,
    judge_sizes,
    read_row,
)
from graders.model import (
    Conclusion,
    Criterion,
    Measurement,
    SpotCheck,
    Statistics,
    StudyPoint,
    StudyRow,
    StudyTask,
    Text,
    Trend,
    say,
)

VALIDATION = 2000
TASK = StudyTask(
    id="width_study",
    kind="study",
    title=Text(ru="ш", en="w"),
    points=1.25,
    probe="experiments",
    retrain="retrain",
    study="width",
    varies="width",
    sizes=3,
    criteria={"sizes": 0.2, "counts": 0.25, "trend": 0.25, "conclusion": 0.25, "retrained": 0.3},
)
BASELINE = StudyTask(
    id="dense",
    kind="study",
    title=Text(ru="п", en="d"),
    points=0.5,
    probe="experiments",
    study="dense",
    sizes=1,
    criteria={"sizes": 0.2, "counts": 0.15, "comparison": 0.15},
)


def row(width: int = 8, accuracy: float = 0.85, **changes: Any) -> StudyRow:
    values = {
        "study": "width",
        "width": width,
        "depth": 2,
        "parameters": 100 * width,
        "recounted": 100 * width,
    }
    return StudyRow(**{**values, "accuracy": accuracy, **changes})


def rows(*accuracies: float) -> list[StudyRow]:
    return [row(4 * 2**index, accuracy) for index, accuracy in enumerate(accuracies)]


def points(*means: float, sd: float = 0.004) -> tuple[StudyPoint, ...]:
    return tuple(
        StudyPoint(
            width=4 * 2**index,
            depth=2,
            parameters=100,
            accuracy=Statistics(values=(mean,), mean=mean, sd=sd, low=mean, high=mean),
        )
        for index, mean in enumerate(means)
    )


def measured(value: float, n: int = 2000) -> Measurement:
    return Measurement(value=value, low=value - 0.01, high=value + 0.01, n=n)


def agreeing() -> SpotCheck:
    return check_row(row(), [measured(0.85)], validation=VALIDATION, seed_sd=0.004, seconds=3)


def judge(
    table: list[StudyRow],
    reference: tuple[StudyPoint, ...] = points(0.80, 0.85, 0.88),
    says: Trend | None = "gain",
    text: str = "Accuracy grows.",
    check: SpotCheck | Unchecked | None = None,
) -> dict[str, Criterion]:
    found = judge_sizes(
        TASK,
        table,
        reference=reference,
        conclusion=Conclusion(text, says),
        spot_check=check or agreeing(),
        validation=VALIDATION,
    )
    return {item.code: item for item in found}


def test_a_good_study_meets_everything() -> None:
    found = judge(rows(0.79, 0.85, 0.87))
    assert {item.status for item in found.values()} == {"met"}
    assert sum(item.earned for item in found.values()) == pytest.approx(TASK.points)


def test_two_sizes_are_partly_enough() -> None:
    found = judge(rows(0.80, 0.86))["sizes"]
    assert (found.status, found.earned) == ("partly", pytest.approx(0.2 * 2 / 3))


def test_sizes_that_change_together_cannot_be_told_apart() -> None:
    mixed = [row(4, depth=1), row(8, depth=2), row(16, depth=3)]
    assert judge(mixed)["sizes"].message.code == "study.sizes_mixed"


def test_wrong_counts_cost_their_share_and_are_named() -> None:
    table = [*rows(0.79, 0.85), row(16, 0.87, parameters=5)]
    found = judge(table)["counts"]
    assert (found.status, found.earned) == ("partly", pytest.approx(0.25 * 2 / 3))
    assert found.message.params["said"] == 5


def test_no_significant_gain_said_in_words_is_right_where_the_figures_say_so() -> None:
    flat = rows(0.850, 0.852, 0.853)
    found = judge(flat, says="no_gain", text="No significant gain.")
    assert (found["trend"].status, found["conclusion"].status) == ("met", "met")
    assert judge(flat, says="gain")["trend"].status == "partly"


def test_no_gain_is_wrong_where_the_figures_grow() -> None:
    assert judge(rows(0.70, 0.80, 0.90), says="no_gain")["conclusion"].status == "partly"


def test_a_claimed_gain_is_wrong_where_the_figures_fall() -> None:
    found = judge(rows(0.88, 0.84, 0.80), says="gain")
    assert (found["trend"].status, found["conclusion"].status) == ("partly", "partly")


def test_an_unclear_conclusion_goes_to_a_person_and_a_missing_one_earns_nothing() -> None:
    assert judge(rows(0.79, 0.85, 0.87), says=None)["conclusion"].status == "unknown"
    missing = judge(rows(0.79, 0.85, 0.87), says=None, text="")["conclusion"]
    assert (missing.status, missing.earned) == ("missed", 0)


def test_a_row_that_trains_to_less_than_claimed_takes_the_trend_with_it() -> None:
    check = check_row(row(accuracy=0.98), [measured(0.86)], validation=VALIDATION, seed_sd=0.004, seconds=3)
    found = judge(rows(0.93, 0.95, 0.96), check=check)
    assert check.verdict == "differs"
    assert (found["retrained"].status, found["trend"].status) == ("missed", "missed")


def test_a_row_of_another_study_does_not_take_the_trend_with_it() -> None:
    other = row(accuracy=0.98, study="depth")
    check = check_row(other, [measured(0.86)], validation=VALIDATION, seed_sd=0.004, seconds=3)
    found = judge(rows(0.79, 0.85, 0.87), check=check)
    assert (found["retrained"].status, found["trend"].status) == ("missed", "met")


@pytest.mark.parametrize("found", [0.83, 0.85, 0.87])
def test_an_honest_row_agrees_within_the_noise_of_sampling_and_training(found: float) -> None:
    check = check_row(row(), [measured(found)], validation=VALIDATION, seed_sd=0.004, seconds=3)
    assert check.verdict == "agrees"


def test_an_honest_row_of_a_network_that_varies_a_lot_agrees() -> None:
    table = row(accuracy=0.53)
    check = check_row(
        table,
        [measured(0.63), measured(0.55), measured(0.58)],
        validation=VALIDATION,
        seed_sd=0.006,
        seconds=3,
    )
    assert (check.verdict, check.trainings) == ("agrees", 3)
    assert check.spread > 0.03


def test_a_made_up_row_of_a_network_that_varies_a_lot_is_caught() -> None:
    trained = [measured(0.57), measured(0.61), measured(0.59)]
    check = check_row(row(accuracy=0.93), trained, validation=VALIDATION, seed_sd=0.006, seconds=3)
    assert check.verdict == "differs"


@pytest.mark.parametrize("claimed", [0.76, 0.90])
def test_a_row_a_little_off_or_below_is_for_a_person_and_costs_nothing(claimed: float) -> None:
    check = check_row(
        row(accuracy=claimed), [measured(0.85)], validation=VALIDATION, seed_sd=0.004, seconds=3
    )
    found = judge(rows(0.79, 0.85, 0.87), check=check)
    assert check.verdict == "unclear"
    assert (found["retrained"].status, found["retrained"].earned) == ("unknown", 0.3)
    assert found["trend"].status == "met"


def test_a_claim_of_everything_right_has_noise_too() -> None:
    check = check_row(row(accuracy=1.0), [measured(0.996)], validation=VALIDATION, seed_sd=0.0, seconds=3)
    assert 0 < check.tolerance < 0.01
    assert check.verdict == "agrees"


def test_a_table_that_nobody_could_check_earns_nothing_by_itself_until_a_person_looks() -> None:
    dead = Unchecked(say("study.retrain_died"), by_student=False, died=True)
    found = judge(rows(0.80, 0.85, 0.88), check=dead)
    assert [(found[code].status, found[code].earned) for code in ("trend", "retrained")] == [
        ("unknown", 0)
    ] * 2
    late = judge(rows(0.80, 0.85, 0.88), check=replace(dead, died=False))
    assert late["trend"].status == "met", "a limit costs an honest table nothing"


def test_a_row_that_could_not_be_trained_in_time_is_no_zero() -> None:
    late = Unchecked(say("study.retrain_timed_out", seconds=90.0), by_student=False)
    found = judge(rows(0.79, 0.85, 0.87), check=late)["retrained"]
    assert (found.status, found.earned) == ("unknown", 0.3)


def test_a_missing_train_earns_nothing_for_that_row() -> None:
    missing = Unchecked(say("contract.missing_name", name="train(model)"), by_student=True)
    found = judge(rows(0.79, 0.85, 0.87), check=missing)["retrained"]
    assert (found.status, found.earned) == ("missed", 0)


def test_a_text_without_figures_is_no_conclusion() -> None:
    missing = Unchecked(say("study.no_rows", study="width"), by_student=True)
    found = judge([], text="Width matters.", says=None, check=missing)
    assert sum(item.earned for item in found.values()) == 0


def test_an_empty_table_earns_nothing_and_raises_nothing() -> None:
    found = judge(
        [], text="", says=None, check=Unchecked(say("study.no_rows", study="width"), by_student=True)
    )
    assert sum(item.earned for item in found.values()) == 0


def test_a_baseline_is_compared_with_what_was_measured() -> None:
    dense = [row(128, 0.80, study="dense", depth=1, parameters=101770, recounted=101770)]
    ahead = judge_baseline(BASELINE, dense, measured(0.90), VALIDATION)
    assert [item.status for item in ahead] == ["met", "met", "met"]
    behind = judge_baseline(BASELINE, dense, measured(0.79), VALIDATION)
    assert behind[2].status == "partly"
    unmeasured = judge_baseline(BASELINE, dense, None, VALIDATION)
    assert unmeasured[2].status == "unknown"
    assert [item.earned for item in judge_baseline(BASELINE, [], measured(0.9), VALIDATION)] == [0, 0, 0]


@pytest.mark.parametrize(("width", "depth"), [(16, 1), (100, 2), (64, 3)])
def test_dense_parameters_are_those_of_a_plain_dense_network(width: int, depth: int) -> None:
    sizes = [784, *[width] * depth, 10]
    network = nn.Sequential(*(nn.Linear(a, b) for a, b in pairwise(sizes)))
    assert dense_parameters(width, depth) == sum(weight.numel() for weight in network.parameters())


def declared(**changes: Any) -> DeclaredRow:
    values = {"study": "width", "width": 8, "depth": 2, "parameters": 100, "accuracy": 0.9, "counted": None}
    return DeclaredRow(**{**values, **changes})


def test_per_cents_are_taken_for_what_they_are() -> None:
    assert read_row(declared(accuracy=91.5)).accuracy == pytest.approx(0.915)


def test_frozen_weights_may_be_counted_or_not() -> None:
    counted = Counted(all=100, trainable=60, error=None)
    assert read_row(declared(parameters=60, counted=counted)).recounted == 60
    assert read_row(declared(parameters=100, counted=counted)).recounted == 100


def test_a_dense_row_without_build_dense_is_counted_by_its_sizes() -> None:
    assert read_row(declared(study="dense", width=128, depth=1)).recounted == 101770
    failed = Counted(all=None, trainable=None, error="ValueError")
    assert read_row(declared(study="dense", width=128, depth=1, counted=failed)).recounted == 101770
    assert read_row(declared(study="dense", width=0, depth=-1)).recounted is None


@pytest.mark.parametrize(
    "changes",
    [{"accuracy": -0.1}, {"accuracy": 101}, {"parameters": -1}, {"width": 10**12}, {"study": "x" * 100}],
)
def test_rows_out_of_range_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declared(**changes)


def test_endless_tables_are_refused() -> None:
    with pytest.raises(ValidationError):
        DeclaredTable(rows=[declared()] * 201, has_build=True)
