"""One attempt to grade a submission, in whichever process; and the record where no attempt came through."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from graders.grading import (
    Marked,
    Setting,
    Work,
    chosen,
    make_record,
    setting_hash,
    submission_hash,
    wanted_mode,
)
from graders.model import Message, Record, Run, Submission, say
from graders.pipeline import Report, grade_submission
from graders.score import not_run_mark
from graders.submissions import Found, read, student_name

ATTEMPTS = 3
"""How often a submission is tried while the machine is at fault."""
EXHAUSTED = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EIO}
)
"""Errors that say something of the machine and nothing of the submission."""


class MachineError(Exception):
    """The machine failed, which is no reason for a mark; `message` says how."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.code)


def attempt(
    setting: Setting, found: Found, progress: Report, *, rerun_borderline: bool = False
) -> tuple[Record, Work]:
    """Reads and grades one submission; writes nothing.

    Raises:
        MachineError: the machine failed; trying again may help.
    """
    # before the submission is read: what changes from here on is seen as a change the next time
    inputs = {
        "submission": submission_hash(found),
        "setting": hash_of(setting, rerun_borderline=rerun_borderline),
    }
    with machine_errors():
        submission = read(
            found.folder,
            found.slug,
            setting.limits,
            found.notebook,
            alone=found.alone,
            names=setting.assignment.notebooks,
            others=[one.slug for one in setting.course.assignments if one.slug != found.slug],
        )
        record, work = grade_submission(
            setting, submission, progress, rerun_borderline=rerun_borderline, inputs=inputs
        )
    if record.run.status == "infrastructure":
        raise MachineError(record.run.message or say("run.infrastructure", detail=""))
    return record, work


@contextmanager
def machine_errors() -> Iterator[None]:
    """Turns exceptions that only say that the machine is exhausted into a `MachineError`."""
    try:
        yield
    except MemoryError as error:
        raise MachineError(say("batch.exhausted", detail="MemoryError")) from error
    except OSError as error:
        if error.errno not in EXHAUSTED:
            raise
        raise MachineError(say("batch.exhausted", detail=error.strerror or "")) from error


def several_attempts(
    setting: Setting, found: Found, progress: Report, *, rerun_borderline: bool = False
) -> tuple[Record, Work]:
    """`attempt` in this process, again while the machine fails, and then the record that says so."""
    message = say("run.infrastructure", detail="")
    for _ in range(ATTEMPTS):
        try:
            return attempt(setting, found, progress, rerun_borderline=rerun_borderline)
        except MachineError as error:
            message = error.message
    return give_up(setting, found, message)


def give_up(setting: Setting, found: Found, message: Message) -> tuple[Record, Work]:
    """The record of a submission that the machine would not grade: no task is marked, and none is a zero.

    The submission is not read, since reading it may be what goes wrong.
    """
    submission = Submission(
        student=student_name(found.folder),
        slug=found.slug,
        folder=found.folder,
        notebook_path=found.notebook,
        notebook=None,
        theory_path=None,
        theory="",
    )
    run = Run(
        status="infrastructure",
        message=message,
        device=setting.device,
        sandbox=setting.sandbox.tier,
        seed=setting.seed,
    )
    work = Work(setting, submission, run, None)
    tasks = setting.assignment.tasks
    marks = chosen(tasks, [not_run_mark(task, message) for task in tasks])
    return make_record(work, Marked(marks=marks, claims=(), flags=())), work


def hash_of(setting: Setting, *, rerun_borderline: bool) -> str:
    """`setting_hash` of what is the same for all submissions of a command."""
    return setting_hash(
        setting.course,
        setting.assignment,
        profile=setting.profile,
        limits=setting.limits,
        device=setting.device,
        sealed=setting.sandbox.tier != "none",
        secret=setting.secret,
        seed=setting.seed,
        twice=rerun_borderline,
        mode=wanted_mode(setting.course, setting.assignment, setting.mode),
    )
