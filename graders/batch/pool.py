"""Worker processes: handed one submission at a time, watched, replaced when they die or hang."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from graders.batch.attempt import ATTEMPTS
from graders.batch.interrupt import Stop
from graders.batch.messages import LONGEST, Done, Event, Fault, Step, Trouble, Unwritten, decode
from graders.batch.scratch import lasting
from graders.batch.worker import ERRORS, Orders, work
from graders.grading import Setting, longest_learning
from graders.model import Message, MetricTask, OwnDataTask, say
from graders.sandbox.removal import remove

OWN_SECONDS = 300.0
"""How long a worker may take for its own part: to start and read a submission, and to judge what was run."""
CHECKPOINT_STEPS = 4
"""Steps of the probe that weights and a checkpoint of mid-training are asked besides."""
TICK = 0.5
"""Seconds between looks at an interruption."""
TAIL = 4000
"""Bytes of a dead worker's standard error that are shown."""
GRACE = 5.0
"""Seconds in which a worker that is ended may tidy up."""


@dataclass(frozen=True, slots=True)
class Began:
    """A submission was handed to a worker."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Retried:
    """The machine failed; the submission waits for another attempt."""

    message: Message
    attempt: int
    """The next one."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The machine failed at every attempt; nothing was written."""

    message: Message
    errors: str = ""
    """The end of what the worker printed on standard error, where it died."""


Happening = Began | Step | Done | Unwritten | Fault | Retried | GaveUp


def warm_up() -> None:
    """Starts the process that workers are forked from while this one prepares: its imports take seconds."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(["graders.batch.preloaded"])
    with lasting() as folder:  # its socket, which it listens at for as long as this process lives
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", f"{folder}/torch")  # made where PyTorch is imported
        forkserver.ensure_running()


def longest_run(setting: Setting) -> float:
    """Seconds after which a run cannot be going on any more, unless the sandbox itself hangs."""
    tasks = setting.assignment.tasks
    metrics = (task for task in tasks if isinstance(task, MetricTask))
    steps = {*setting.assignment.probes, *(task.diagnoses for task in metrics if task.diagnoses)}
    limits = setting.run_limits
    probed = (len(steps) + CHECKPOINT_STEPS) * limits.probe_seconds + 2 * setting.retrain_seconds
    learned = [longest_learning(setting, task) for task in tasks if isinstance(task, OwnDataTask)]
    return limits.total_seconds + max([probed, *learned]) + OWN_SECONDS


class _Worker:
    """One worker process and what it is doing."""

    def __init__(self, orders: Orders, folder: Path) -> None:
        self.folder = folder
        self.item = -1
        self.attempt = 0
        self.deadline = float("inf")
        context = multiprocessing.get_context("forkserver")
        self.link: Connection
        self.link, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, orders, folder), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def busy(self) -> bool:
        return self.item >= 0

    def take(self, item: int, attempt: int, seconds: float) -> None:
        """Hands it a submission.

        Raises:
            OSError: it died while it had nothing to do.
        """
        self.link.send_bytes(f"{item} {attempt}".encode())
        self.item, self.attempt, self.deadline = item, attempt, time.monotonic() + seconds

    def rest(self) -> None:
        self.item, self.deadline = -1, float("inf")

    def errors(self) -> str:
        """The end of what it printed on standard error."""
        try:
            return (self.folder / ERRORS).read_bytes()[-TAIL:].decode(errors="replace").strip()
        except OSError:
            return ""

    def end(self) -> None:
        """Ends it with its sandbox, and removes its temporary files."""
        self.link.close()
        self.process.terminate()
        self.process.join(GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(GRACE)
        remove(self.folder)


class Pool:
    """Grades submissions in several processes. Used as a context manager; after it nothing runs any more."""

    def __init__(
        self,
        orders: Orders,
        jobs: int,
        folder: Path,
        stop: Stop,
        *,
        stopping: Callable[[], None] = lambda: None,
        own_seconds: float = OWN_SECONDS,
    ) -> None:
        """Start nothing yet.

        Args:
            orders: what to grade, with what.
            jobs: how many workers.
            folder: for temporary files.
            stop: looked at before a submission begins.
            stopping: called once when `stop` was asked and something still runs.
            own_seconds: how long a worker may take for its own part.
        """
        self._orders = orders
        self._jobs = jobs
        self._folder = folder
        self._stop = stop
        self._stopping: Callable[[], None] | None = stopping
        self._own_seconds = own_seconds
        self._workers: list[_Worker] = []
        self._made = 0
        self.waiting: deque[tuple[int, int]] = deque()
        """Positions of submissions that have not begun, each with the number of its next attempt."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.process.terminate()  # all at once, so that they tidy up side by side
        for worker in self._workers:
            worker.end()

    def run(self, order: Sequence[int]) -> Iterator[tuple[int, Happening]]:
        """Grades the submissions at these positions; says what happens to which.

        Ends when all are done or, once `stop` is asked, when those that run are.
        """
        self.waiting = deque((item, 1) for item in order)
        while True:
            yield from self._hand_out()
            busy = [worker for worker in self._workers if worker.busy]
            if not busy:
                return
            if self._stop.asked and self._stopping is not None:
                self._stopping()
                self._stopping = None
            nearest = min(worker.deadline for worker in busy) - time.monotonic()
            ready = wait([worker.link for worker in busy], timeout=max(0.0, min(TICK, nearest)))
            for worker in busy:
                if worker.link in ready:
                    yield from self._hear(worker)
                elif time.monotonic() > worker.deadline:
                    yield from self._lost(worker, say("batch.hung", seconds=round(self._own(worker.item))))

    def _hand_out(self) -> Iterator[tuple[int, Happening]]:
        """Gives every idle worker a submission, and starts workers while there are too few."""
        while self.waiting and not self._stop.asked:
            worker = next((worker for worker in self._workers if not worker.busy), None)
            if worker is None:
                if len(self._workers) >= self._jobs:
                    return
                self._made += 1
                worker = _Worker(self._orders, self._folder / f"w{self._made}")
                self._workers.append(worker)
            item, attempt = self.waiting.popleft()
            try:
                worker.take(item, attempt, self._own(item))
            except OSError:
                self.waiting.appendleft((item, attempt))
                self._discard(worker)
                continue
            yield item, Began(attempt)

    def _hear(self, worker: _Worker) -> Iterator[tuple[int, Happening]]:
        try:
            event: Event = decode(worker.link.recv_bytes(maxlength=LONGEST))
        except (EOFError, OSError, ValidationError):
            worker.process.join(1)
            yield from self._lost(worker, _death(worker.process.exitcode))
            return
        item = worker.item
        if isinstance(event, Step):
            self._extend(worker, event)
            yield item, event
        elif isinstance(event, Trouble):
            attempt = worker.attempt
            worker.rest()
            yield item, self._again(item, attempt, event.message)
        else:
            worker.rest()
            yield item, event

    def _extend(self, worker: _Worker, step: Step) -> None:
        now = time.monotonic()
        if step.stage == "start":
            worker.deadline = now + longest_run(self._setting(worker.item))
        elif step.stage == "collect":  # nothing of the student's runs any more
            worker.deadline = now + self._own(worker.item)

    def _setting(self, item: int) -> Setting:
        return self._orders.settings[self._orders.found[item].slug]

    def _own(self, item: int) -> float:
        """How long a worker may take for its own part of a submission, waiting for a judge included."""
        return self._own_seconds + self._setting(item).judge_seconds

    def _lost(self, worker: _Worker, message: Message) -> Iterator[tuple[int, Happening]]:
        """A worker is dead, hangs or makes no sense: its submission is tried again in a fresh one."""
        item, attempt, errors = worker.item, worker.attempt, worker.errors()
        self._discard(worker)
        yield item, self._again(item, attempt, message, errors)

    def _discard(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)

    def _again(self, item: int, attempt: int, message: Message, errors: str = "") -> Retried | GaveUp:
        if attempt >= ATTEMPTS:
            return GaveUp(message, errors)
        self.waiting.append((item, attempt + 1))  # last, so that what ails the machine has time to pass
        return Retried(message, attempt + 1)


def _death(exitcode: int | None) -> Message:
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name if -exitcode in set(signal.Signals) else str(-exitcode)
        return say("batch.died", cause=name)
    return say("batch.died", cause=str(exitcode))
