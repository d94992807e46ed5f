"""Whose fault an exception is, and what a worker's words are worth."""

import errno

import pytest
from pydantic import ValidationError

from graders.batch import give_up
from graders.batch.attempt import MachineError, machine_errors
from graders.batch.messages import Done, Fault, Step, Trouble, Unwritten, decode, encode
from graders.grading import Setting
from graders.model import say
from graders.submissions import Found


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE])
def test_what_the_machine_lacks_is_no_fault_of_the_toolkit(number: int) -> None:
    with pytest.raises(MachineError), machine_errors():
        raise OSError(number, "no room")


def test_memory_of_the_host_is_the_machines_too() -> None:
    with pytest.raises(MachineError), machine_errors():
        raise MemoryError


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "gone"), ZeroDivisionError()])
def test_anything_else_is_the_toolkits_own_fault(error: Exception) -> None:
    with pytest.raises(type(error)), machine_errors():
        raise error


def test_a_submission_that_is_given_up_has_no_mark_and_no_zero(setting: Setting) -> None:
    found = Found(setting.data_folder, "l04_cnn")
    record, _ = give_up(setting, found, say("batch.died", cause="SIGKILL"))
    assert (record.status, record.run.status) == ("ungradable", "infrastructure")
    assert {(mark.status, mark.earned) for mark in record.marks} == {("not_run", None)}
    assert "submission" not in record.hashes


@pytest.mark.parametrize(
    "event",
    [
        Step(stage="cell", done=1, total=3, name="2"),
        Done(
            student="ann", slug="l04_cnn", status="graded", run_status="completed",
            earned=1.0, possible=2.0, seconds=3.0,
        ),
        Trouble(message=say("batch.died", cause="1")),
        Unwritten(reason="Permission denied"),
        Fault(type="KeyError", traceback="half a letter \ud83d"),
    ],
    ids=lambda event: event.event,
)  # fmt: skip
def test_an_event_comes_over_the_pipe_as_it_was(event: Step | Done | Trouble | Unwritten | Fault) -> None:
    sent = encode(event)
    assert decode(sent) == event or b"?" in sent


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04K\x01.",
        b"[]",
        b'{"event": "mark", "earned": 10}',
        b'{"event": "done"}',
        b'{"event": "step", "stage": "cell", "done": NaN, "total": 1, "name": ""}',
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        decode(data)
