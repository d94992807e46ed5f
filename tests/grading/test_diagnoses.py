"""What is said beside a value: usual mistakes with their cost, on measured predictions."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from graders.grading.metric import Cost, Declared, Measured, diagnose
from graders.metrics import METRICS
from graders.model import Measurement, MetricTask, Text, Threshold

LABELS = np.random.default_rng(4).integers(0, 10, 200)
RIGHT = np.where(np.arange(200) % 10, LABELS, (LABELS + 5) % 10)
"""Classes of which nine in ten are right."""
TASK = MetricTask(
    id="accuracy",
    kind="metric",
    title=Text(ru="а", en="a"),
    points=4,
    metric="accuracy",
    probe="accuracy",
    needs=("predict(images)",),
    zero="linear",
    full="solve",
)
COST = Cost(TASK, Threshold(zero=0.5, full=1.0))
ANY = Measurement(value=0.5, low=0.4, high=0.6, n=200)


def noticed(ways: Mapping[str, np.ndarray]) -> dict[str, dict[str, float]]:
    measured = Measured(
        hidden=ANY,
        variant=None,
        validation=ANY,
        few=ways,
        targets={"labels": LABELS},
        declared=Declared(found_by="predict", name="predict", normalisation=""),
    )
    return {message.code: dict(message.params) for message in diagnose(METRICS["accuracy"], measured, COST)}


@pytest.mark.parametrize(("shift", "code"), [(1, "mistake.labels_high"), (-1, "mistake.labels_low")])
def test_classes_shifted_by_one_are_named_with_what_they_cost(shift: int, code: str) -> None:
    found = noticed({"own": RIGHT + shift})
    assert list(found) == [code]
    assert found[code]["after"] == pytest.approx(0.9)
    assert found[code]["points"] == pytest.approx(3.2)


def test_honest_predictions_hear_of_no_mistake() -> None:
    assert (
        noticed({"own": RIGHT, "evaluation": RIGHT, "reversed": RIGHT, "single": RIGHT, "scaled": RIGHT})
        == {}
    )
    assert noticed({"own": np.full(200, 3)}) == {}, "what is bad for another reason is no known mistake"


def test_a_scale_that_suits_the_network_better_is_named() -> None:
    found = noticed({"own": np.full(200, 3), "scaled": RIGHT})
    assert list(found) == ["mistake.scale"]
    assert found["mistake.scale"]["points"] == pytest.approx(3.2)


def test_forgotten_evaluation_mode_says_what_it_costs() -> None:
    own = np.where(np.arange(200) % 4, RIGHT, 11)
    found = noticed({"own": own, "evaluation": RIGHT})
    assert list(found) == ["predict.eval_gain", "mistake.cost"]
    assert found["mistake.cost"]["points"] == pytest.approx(
        4 * (np.mean(RIGHT == LABELS) - np.mean(own == LABELS)) * 2, abs=0.01
    )


def test_a_metric_without_other_ways_still_names_mistakes() -> None:
    assert "mistake.labels_high" in noticed({"own": RIGHT + 1})
    assert replace(COST, threshold=Threshold(zero=1.0, full=0.5)).of(0.9, 0.6) == pytest.approx(2.4)
