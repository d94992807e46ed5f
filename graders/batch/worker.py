"""A process that grades one submission after another, so that a crash while judging one costs only that one.

It writes records itself and says plain JSON. It ends with the main process, however that ends.
"""

import contextlib
import faulthandler
import os
import signal
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from graders.batch.attempt import MachineError, attempt, machine_errors
from graders.batch.messages import Done, Event, Fault, Step, Trouble, Unwritten, encode
from graders.batch.scratch import let_through
from graders.grading import Setting
from graders.model import Language
from graders.pipeline import write_graded
from graders.sandbox import Progress
from graders.submissions import Found

END_SECONDS = 10.0
"""How long a worker may take to end its sandbox once the main process is gone."""
ERRORS = "errors"
"""File in a worker's folder that has what it printed on standard error."""
STDERR = 2
MOST_TRACEBACK = 10_000
"""Characters of a traceback that are sent."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What every worker of a command is told at its start."""

    found: tuple[Found, ...]
    """Submissions; they are asked for by their position."""
    settings: dict[str, Setting]
    """By slug."""
    out: Path
    """The reports folder."""
    language: Language
    rerun_borderline: bool = False
    threads: int = 1
    """Threads for the host's own arithmetic."""


def work(link: Connection, orders: Orders, folder: Path) -> None:
    """Grades what is asked for over `link` until it is closed.

    Args:
        link: positions of submissions and numbers of attempts come in, JSON of `messages` goes out.
        orders: the rest.
        folder: temporary files, and what is printed on standard error.
    """
    # a session of its own: the terminal's Ctrl-C is the main process's to deal with
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder.mkdir()
    let_through(folder)
    tempfile.tempdir = str(folder)
    _redirect_errors(folder / ERRORS)
    threading.Thread(target=_end_with_main, daemon=True).start()
    import torch

    torch.set_num_threads(orders.threads)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            item, number = map(int, link.recv_bytes(maxlength=40).split())
            link.send_bytes(encode(_grade(orders, orders.found[item], number, link)))


def _grade(orders: Orders, found: Found, number: int, link: Connection) -> Event:
    began = time.monotonic()
    setting = orders.settings[found.slug]
    if number > 1:
        # without what many runs share, since that may be what failed
        setting = replace(setting, sandbox=replace(setting.sandbox, zygote=None))

    def progress(step: Progress) -> None:
        told = Step(stage=step.stage, done=step.done, total=step.total, name=step.name[:200])
        link.send_bytes(encode(told))

    try:
        record, graded = attempt(setting, found, progress, rerun_borderline=orders.rerun_borderline)
        try:
            with machine_errors():
                write_graded(orders.out, setting, record, graded, orders.language)
        except OSError as error:
            return Unwritten(reason=(error.strerror or str(error))[:1000])
    except MachineError as error:
        return Trouble(message=error.message)
    except (BrokenPipeError, ConnectionResetError):  # nobody is listening any more
        raise
    except Exception as error:  # of the toolkit itself; it must cost no other submission its marks
        return Fault(type=type(error).__name__, traceback=traceback.format_exc()[-MOST_TRACEBACK:])
    return Done(
        student=record.student,
        slug=record.assignment,
        status=record.status,
        run_status=record.run.status,
        earned=record.earned,
        possible=record.possible,
        seconds=time.monotonic() - began,
    )


def _redirect_errors(path: Path) -> None:
    """Standard error goes to a file, so that nothing spoils the table on the terminal."""
    with path.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        os.dup2(file.fileno(), STDERR)
    faulthandler.enable(STDERR)


def _end_with_main() -> None:
    """Ends this process with its sandbox as soon as the main process is gone."""
    main = parent_process()
    if main is None:
        return
    wait([main.sentinel])
    # as Ctrl-C does: the sandbox is ended and its folder removed on the way out
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
