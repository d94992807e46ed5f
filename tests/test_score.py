import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.model import (
    AnswerScore,
    Criterion,
    Mark,
    Measurement,
    MetricTask,
    StructureTask,
    StudyTask,
    Text,
    TheoryTask,
    Threshold,
    say,
)
from graders.score import criteria_mark, failed_mark, metric_mark, not_run_mark, share, theory_mark, totals

HIGHER = Threshold(zero=0.7, full=0.9)
LOWER = Threshold(zero=2.0, full=1.0)
TASK = MetricTask(
    id="accuracy",
    kind="metric",
    title=Text(ru="т", en="a"),
    points=4,
    metric="accuracy",
    probe="accuracy",
    needs=("predict(images)",),
    zero="linear",
    full="solve",
)
THEORY = TheoryTask(id="theory", kind="theory", title=Text(ru="т", en="t"), points=1)


def measured(value: float, half: float = 0.01) -> Measurement:
    return Measurement(value=value, low=value - half, high=value + half, n=1000)


def mark(value: float, threshold: Threshold = HIGHER, half: float = 0.01) -> Mark:
    return metric_mark(TASK, measured(value, half), threshold)


@pytest.mark.parametrize(
    ("value", "status", "earned"),
    [
        (0.95, "passed", 4.0),
        (0.90, "passed", 4.0),
        (0.895, "borderline", 4.0),
        (0.79, "partial", 2.0),
        (0.695, "partial", 0.1),
        (0.60, "failed", 0.0),
    ],
)
def test_points_are_taken_at_the_favourable_end(value: float, status: str, earned: float) -> None:
    found = mark(value)
    assert (found.status, found.earned) == (status, pytest.approx(earned))


@pytest.mark.parametrize(
    ("value", "status", "earned"),
    [(0.9, "passed", 4), (1.005, "borderline", 4), (1.51, "partial", 2), (2.5, "failed", 0)],
)
def test_lower_is_better_works_with_zero_above_full(value: float, status: str, earned: float) -> None:
    found = mark(value, LOWER)
    assert (found.status, found.earned) == (status, pytest.approx(earned))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_value_never_earns_less(one: float, two: float) -> None:
    worse, better = sorted((one, two))
    assert share(worse, HIGHER) <= share(better, HIGHER)
    assert 0 <= share(one, HIGHER) <= 1


def answer(text: str, earned: float, settled: bool) -> AnswerScore:
    return AnswerScore(
        question="1",
        text=text,
        source="",
        earned=earned,
        possible=0.5,
        settled=settled,
        reason=say("theory.blank"),
    )


def test_theory_is_provisional_as_soon_as_one_answer_has_text() -> None:
    found = theory_mark(THEORY, [answer("because", 0.25, settled=False), answer("", 0, settled=True)])
    assert (found.status, found.settled, found.earned) == ("needs_review", False, 0.25)


def test_theory_without_any_answer_is_a_settled_zero() -> None:
    found = theory_mark(THEORY, [answer("", 0, settled=True)] * 2)
    assert (found.status, found.settled, found.earned) == ("failed", True, 0)


def test_what_was_not_run_stays_possible_and_is_no_zero() -> None:
    not_run = not_run_mark(TASK, say("probe.not_run"))
    assert not_run.earned is None
    assert totals([not_run, mark(0.95)]) == (4.0, 0.0, 8.0)


def test_bonus_adds_to_earned_and_not_to_possible() -> None:
    bonus = failed_mark(TASK, say("probe.not_run"), None).model_copy(update={"bonus": True, "earned": 1.0})
    assert totals([mark(0.95), bonus]) == (5.0, 0.0, 4.0)


def test_of_theory_the_answers_that_nobody_stands_behind_are_provisional() -> None:
    theory = theory_mark(THEORY, [answer("because", 0.5, settled=False), answer("so", 0.25, settled=True)])
    assert totals([theory])[:2] == (0.75, 0.5)


def test_provisional_is_the_part_that_nobody_stands_behind() -> None:
    theory = theory_mark(THEORY, [answer("because", 0.5, settled=False)])
    assert totals([mark(0.95), theory]) == (4.5, 0.5, 5.0)


def criterion(code: str, earned: float, possible: float) -> Criterion:
    status = "met" if earned == possible else "missed"
    return Criterion(
        code=code, status=status, earned=earned, possible=possible, message=say("study.no_trend")
    )


def test_the_hint_is_on_what_costs_most() -> None:
    task = StudyTask(
        id="width_study", kind="study", title=Text(ru="ш", en="w"), points=0.5, probe="experiments",
        study="width", varies="width", criteria={"trend": 0.2, "retrained": 0.3},
    )  # fmt: skip
    criteria = (criterion("trend", 0, 0.2), criterion("retrained", 0, 0.3))
    found = criteria_mark(task, criteria, reason=say("study.no_trend"), trusted=True)
    assert found.hint.code == "study.hint_retrained"
    fine = criteria_mark(task, (criterion("trend", 0.2, 0.2),), reason=say("study.no_trend"), trusted=True)
    assert fine.hint is None


def test_what_nobody_verified_waits_for_a_person() -> None:
    task = StructureTask(
        id="architecture", kind="structure", title=Text(ru="а", en="a"), points=1, probe="architecture",
        criteria={"blocks": 1},
    )  # fmt: skip
    found = criteria_mark(task, (criterion("blocks", 1, 1),), reason=say("study.no_trend"), trusted=False)
    assert (found.status, found.settled, found.earned) == ("needs_review", False, 1)
