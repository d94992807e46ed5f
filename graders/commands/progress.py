"""The live progress of runs: a bar for one submission, a table for many."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from graders.batch import ATTEMPTS, Began, Done, Fault, Forecast, GaveUp, Happening, Retried, Unwritten
from graders.batch import Step as WorkerStep
from graders.i18n import sentence
from graders.model import Language, Message, say
from graders.report.text import visible
from graders.sandbox import Progress as Step

REST_OF_SCREEN = 6
"""Lines of the terminal that are not for running submissions."""


class RunProgress:
    """Shows how far a run is; silent where the console is no terminal."""

    def __init__(self, console: Console, language: Language, total: int) -> None:
        self._language = language
        self._total = total
        self._begun = 0
        self._student = ""
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, student: str) -> None:
        """A new submission begins."""
        self._begun += 1
        count = f" ({self._begun}/{self._total})" if self._total > 1 else ""
        self._student = f"{student}{count}"
        self._bar.reset(self._task, description=self._student, total=None)

    def update(self, step: Step) -> None:
        """A cell or a step of the probe begins."""
        code = f"progress.{step.stage}"
        stage = sentence(say(code, name=step.name), self._language)
        self._bar.update(
            self._task, description=f"{self._student}: {stage}", completed=step.done, total=step.total
        )

    def end(self) -> None:
        """The submission is graded."""
        self._bar.update(self._task, description=self._student)


@dataclass(slots=True)
class _Running:
    """A submission that is being graded."""

    name: str
    stage: str
    done: int = 0
    total: int = 1
    began: float = field(default_factory=time.monotonic)


class BatchProgress:
    """A line for each running submission and one for all; where it is no terminal, one for each finished."""

    def __init__(
        self,
        console: Console,
        language: Language,
        names: Sequence[str],
        order: Sequence[int],
        forecast: Forecast,
    ) -> None:
        """Show nothing yet.

        Args:
            console: standard error.
            language: of the sentences.
            names: students, by position.
            order: positions in the order in which they begin.
            forecast: tells how long it will take, and is told how long it took.
        """
        self._console = console
        self._language = language
        self._names = [visible(name) for name in names]
        self._waiting = list(order)
        self._forecast = forecast
        self._running: dict[int, _Running] = {}
        self._statuses: Counter[str] = Counter()
        self._ended = 0
        # the live table is drawn by a thread of its own
        self._lock = threading.Lock()
        self._live = Live(console=console, get_renderable=self.render, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, item: int, happening: Happening) -> None:
        """Something happened to the submission at position `item`."""
        with self._lock:
            lines = self._take(item, happening)
        for line in lines:
            self._console.print(Text(line), soft_wrap=True)

    def tell(self, message: Message) -> None:
        """Prints a sentence above the table."""
        self._console.print(Text(self._say(message)), soft_wrap=True)

    def _take(self, item: int, happening: Happening) -> list[str]:
        """Notes what happened; returns lines to print."""
        name = self._names[item]
        if isinstance(happening, Began):
            self._waiting.remove(item)
            self._running[item] = _Running(name, self._say(say("batch.reading")))
            return []
        running = self._running[item]
        if isinstance(happening, WorkerStep):
            self._step(running, happening)
            return []
        del self._running[item]
        if isinstance(happening, Retried):
            self._waiting.append(item)
            reason = self._say(happening.message)
            return [
                self._say(
                    say(
                        "batch.retried",
                        student=name,
                        reason=reason,
                        attempt=happening.attempt,
                        attempts=ATTEMPTS,
                    )
                )
            ]
        self._ended += 1
        if isinstance(happening, Fault):
            said = say("batch.fault", student=name, type=happening.type)
            return [happening.traceback.rstrip(), self._say(said)]
        if isinstance(happening, Unwritten):
            return [self._say(say("batch.not_written", student=name, reason=happening.reason))]
        if isinstance(happening, GaveUp):
            self._statuses["ungradable"] += 1
            said = say("batch.gave_up", student=name, reason=self._say(happening.message))
            return [*([happening.errors] if happening.errors else []), self._say(said)]
        self._statuses[happening.status] += 1
        self._forecast.finish(item, time.monotonic() - running.began)
        return [] if self._console.is_terminal else [self._line(name, happening)]

    def _step(self, running: _Running, step: WorkerStep) -> None:
        running.done, running.total = step.done, step.total
        if step.stage == "cell" and step.name:
            running.stage = self._say(say("batch.cell", name=step.name, total=step.total))
        elif step.stage == "collect" and step.done:
            running.stage = self._say(say("batch.judging"))
        elif step.name or step.stage != "probe":
            running.stage = self._say(say(f"progress.{step.stage}", name=step.name))

    def _line(self, name: str, done: Done) -> str:
        count: dict[str, str | int | float] = {
            "done": self._ended,
            "total": len(self._names),
            "student": name,
        }
        status = self._say(say(f"class.{done.status}"))
        if done.status == "ungradable":
            run = self._say(say(f"batch.run.{done.run_status}"))
            return self._say(say("batch.line_ungradable", **count, status=status, run=run))
        points = {"earned": done.earned, "possible": done.possible}
        return self._say(say("batch.line", **count, **points, status=status, time=clock(done.seconds)))

    def render(self) -> RenderableType:
        """The table as it is now."""
        with self._lock:
            return Group(self._table(), self._total())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(ratio=2, no_wrap=True, overflow="ellipsis")
        table.add_column(ratio=3, no_wrap=True, overflow="ellipsis")
        table.add_column(width=12)
        table.add_column(justify="right", width=8)
        room = max(1, self._console.height - REST_OF_SCREEN)
        now = time.monotonic()
        for running in list(self._running.values())[:room]:
            bar = ProgressBar(total=max(1, running.total), completed=running.done, width=12)
            table.add_row(Text(running.name), Text(running.stage), bar, Text(clock(now - running.began)))
        if len(self._running) > room:
            table.add_row(Text(self._say(say("batch.more", n=len(self._running) - room)), style="dim"))
        return table

    def _total(self) -> Text:
        """How many are done, how they came out, and how long the rest will take."""
        text = Text(self._say(say("batch.done", done=self._ended, total=len(self._names))), style="bold")
        for status, n in sorted(self._statuses.items()):
            word = self._say(say(f"class.{status}"))
            text.append("; " + self._say(say("batch.count", word=word, n=n)))
        now = time.monotonic()
        running = [(item, now - one.began) for item, one in self._running.items()]
        left = self._forecast.left(self._waiting, running)
        if left is not None:
            text.append("; " + self._say(say("batch.left", time=clock(left))))
        return text

    def _say(self, message: Message) -> str:
        return visible(sentence(message, self._language))


def clock(seconds: float) -> str:
    """Seconds as minutes or hours.

    >>> clock(65.4), clock(4800)
    ('1:05', '1:20:00')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
