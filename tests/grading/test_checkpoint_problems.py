from collections.abc import Callable

import pytest

from graders.checkpoint import Brought
from graders.grading import Setting, Work
from graders.grading.checkpoint_problems import load_problem, long_hint, training_problem
from graders.model import Fault, Run, RunMode, RunStatus, Submission
from graders.sandbox import Execution, StepResult
from graders.sandbox.job import StepStatus

MISSING = Fault(type="NameError", message="name 'model'\n  is not defined.")
STEPS = ("masks", "architecture", "restored", "own_data")


@pytest.fixture
def ran(setting_of: Callable[[str], Setting], submitted: Callable[..., Submission]) -> Callable[..., Work]:
    """A run of lesson 6 whose steps ended like this."""

    def of(mode: RunMode = "checkpoint", status: RunStatus = "completed", **steps: StepStatus) -> Work:
        handed_in = submitted("pass")
        assert handed_in.notebook is not None
        told = {
            name: StepResult(name, ended, 0.1, MISSING if ended == "failed" else None)
            for name, ended in {**dict.fromkeys(STEPS, "failed"), "checkpoint_loaded": "ok", **steps}.items()
        }
        run = Run(status=status, mode=mode)
        brought = Brought("l06_unet.safetensors")
        execution = Execution(run, handed_in.notebook, told)
        return Work(setting_of("l06_unet"), handed_in, run, execution, (), brought)

    return of


def test_a_notebook_that_left_nothing_to_measure_is_run_in_the_other_mode(ran: Callable[..., Work]) -> None:
    for found, code in (
        (load_problem(ran()), "checkpoint.left_fault"),
        (training_problem(ran("rerun")), "checkpoint.not_trained"),
    ):
        assert found is not None
        assert (found.code, found.params["detail"]) == (code, "NameError: name 'model' is not defined")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("ended", ["ok", "timed_out"])
def test_one_step_that_left_something_or_was_cut_short_is_enough(
    ran: Callable[..., Work], step: str, ended: StepStatus
) -> None:
    assert load_problem(ran(**{step: ended})) is None
    assert training_problem(ran("rerun", **{step: ended})) is None


@pytest.mark.parametrize("status", ["timed_out", "out_of_memory", "disk_limit", "killed"])
def test_a_limit_hides_what_weights_are_worth_and_makes_them_worth_more_than_a_training(
    ran: Callable[..., Work], status: RunStatus
) -> None:
    assert load_problem(ran(status=status)) is None
    found = training_problem(ran("rerun", status))
    assert found is not None
    assert found.code == "checkpoint.not_ended"


def test_a_fault_of_the_machine_is_no_reason_for_the_other_mode(ran: Callable[..., Work]) -> None:
    assert load_problem(ran(status="infrastructure")) is None
    assert training_problem(ran("rerun", "infrastructure")) is None


def test_whoever_took_too_long_is_told_what_to_hand_in_or_what_to_skip(ran: Callable[..., Work]) -> None:
    brought = Brought("l06_unet.safetensors")
    for mode, code in (("checkpoint", "checkpoint.still_long"), ("rerun", "checkpoint.no_weights")):
        found = long_hint(ran(mode), brought)
        assert found is not None
        assert found.code == code
