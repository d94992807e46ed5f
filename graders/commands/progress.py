"""The live progress of runs: a bar for the cells and steps of one, and a count of all."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graders.i18n import sentence
from graders.model import Language, say
from graders.sandbox import Progress as Step


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
