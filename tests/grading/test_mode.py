import pytest

from graders.checkpoint import Brought, Weights
from graders.grading import Setting
from graders.grading.mode import decide, wanted_mode
from graders.model import say

READY = Brought(weights=Weights("w.safetensors", {"a": (1,)}, {}), trains=False)
STUCK = Brought(weights=READY.weights, trains=True, problems=(say("checkpoint.no_weights"),))


def test_a_rerun_is_a_rerun_whatever_was_handed_in() -> None:
    assert decide("rerun", READY, 60, estimate=1e6).mode == "rerun"
    assert decide("rerun", READY, 60).otherwise == ""


def test_weights_are_scored_where_that_is_asked_for_and_training_stands_behind_them() -> None:
    found = decide("checkpoint", READY, 60)
    assert (found.mode, found.otherwise, found.note) == ("checkpoint", "rerun", None)


def test_nobody_is_told_to_skip_a_training_without_weights_to_load() -> None:
    for wanted in ("checkpoint", "auto"):
        missing = decide(wanted, Brought(), 60, estimate=1e6)
        assert missing.mode == "rerun"
        assert (missing.note is not None) == (wanted == "checkpoint"), "`auto` asks nobody for weights"
        assert decide(wanted, STUCK, 60, estimate=1e6).mode == "rerun"


@pytest.mark.parametrize(
    ("estimate", "declared", "mode", "otherwise"),
    [
        (None, None, "rerun", "checkpoint"),
        (59.0, None, "rerun", "checkpoint"),
        (61.0, None, "checkpoint", "rerun"),
        (None, 3600.0, "checkpoint", "rerun"),
        (30.0, 3600.0, "rerun", "checkpoint"),
    ],
)
def test_auto_goes_by_the_estimate_then_by_the_curve_and_trains_where_nobody_knows(
    estimate: float | None, declared: float | None, mode: str, otherwise: str
) -> None:
    found = decide("auto", READY, 60, estimate, declared)
    assert (found.mode, found.otherwise) == (mode, otherwise)
    assert (found.note is not None) == (mode == "checkpoint")


def test_the_command_line_wins_then_the_task_the_assignment_the_course(setting: Setting) -> None:
    course, lesson = setting.course, setting.assignment
    assert wanted_mode(course, lesson) == "rerun", "nothing changes for courses that say nothing"
    course = course.model_copy(update={"mode": "auto"})
    assert wanted_mode(course, lesson) == "auto"
    lesson = lesson.model_copy(update={"mode": "checkpoint"})
    assert wanted_mode(course, lesson) == "checkpoint"
    task = lesson.tasks[0].model_copy(update={"mode": "rerun"})
    lesson = lesson.model_copy(update={"tasks": (task, *lesson.tasks[1:])})
    assert wanted_mode(course, lesson) == "rerun"
    assert wanted_mode(course, lesson, "auto") == "auto"
