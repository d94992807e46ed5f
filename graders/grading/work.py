"""A submission that has been run, as the judges see it, and marks of work that left nothing to measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
from numpy.typing import NDArray

from graders.artifacts import BadArtifactError, read_arrays
from graders.checkpoint import Brought
from graders.grading.own_trial import OwnTrial
from graders.grading.setting import Setting
from graders.model import Mark, Message, Run, Submission, Task, say
from graders.sandbox import Execution, StepResult
from graders.score import failed_mark, not_run_mark

LIMITS = (
    "timed_out",
    "out_of_memory",
    "output_limit",
    "disk_limit",
    "process_limit",
    "killed",
    "infrastructure",
)
"""Ends of a run that may have kept the notebook from defining what it would have defined."""


@dataclass(frozen=True, slots=True)
class Work:
    """What came in and what came out."""

    setting: Setting
    submission: Submission
    run: Run
    execution: Execution | None
    """None where there was no notebook to run."""
    parts: tuple["Work", ...] = ()
    """One for each notebook, where the lesson has several; `run` is then all of theirs together."""
    brought: Brought | None = None
    """What came with the notebook to be scored without its training; None where nobody asks for that."""
    notes: tuple[Message, ...] = ()
    """Why it was run as it was, and what is wrong with those files."""
    own: Mapping[str, OwnTrial] = field(default_factory=dict)
    """What came of own data, by task."""

    def step(self, name: str) -> StepResult | None:
        """The result of a step of the probe; None where nothing ran."""
        return self.execution.steps.get(name) if self.execution else None


def markdown_cells(submission: Submission) -> list[tuple[int, str]]:
    """Markdown cells of a notebook, with their position among all cells."""
    cells = submission.notebook.cells if submission.notebook is not None else []
    return [(index, str(cell.source)) for index, cell in enumerate(cells) if cell.cell_type == "markdown"]


@cache
def starter_cells(folder: Path) -> frozenset[str]:
    """Markdown cells of the starter in an assignment's folder, which are no words of a student's."""
    path = folder / "starter.ipynb"
    cells = nbformat.read(path, as_version=4).cells if path.is_file() else []
    return frozenset(str(cell.source).strip() for cell in cells if cell.cell_type == "markdown")


def finished_step(work: Work, task: Task, name: str) -> StepResult | Mark:
    """The step of a task that left something to measure, or the task's mark where none did.

    A limit or a fault of the machine hides what the work is worth and is no zero; work that is missing or
    raises is one.
    """
    if work.submission.notebook is None:
        return _without_notebook(work, task)
    result = work.step(name)
    if result is None or result.status in ("not_run", "killed", "timed_out"):
        message = result.message if result is not None else None
        return not_run_mark(task, message or work.run.message or say("probe.not_run"))
    if result.status == "ok":
        return result
    missing = result.fault is None or result.fault.type == "NameError"
    if work.run.status in LIMITS and (missing or result.shortage):
        # what is missing may be missing because the run was cut short
        return not_run_mark(task, work.run.message or say("probe.not_run"), say("probe.hint_limit"))
    if result.fault is not None and result.shortage:
        return not_run_mark(
            task, say("probe.limit", message=result.fault.message[:200]), say("probe.hint_limit")
        )
    if result.fault is not None and not result.fault.traceback:
        # no frame of the notebook: the probe itself failed, which is nothing to mark a student by
        return not_run_mark(task, say("probe.own_fault", type=result.fault.type))
    if result.fault is not None:
        reason = say("probe.exception", type=result.fault.type, message=result.fault.message[:200])
        return failed_mark(task, reason, say("probe.hint_exception"), [result.fault])
    failed_cell = next((cell for cell in work.run.cells if cell.status != "ok"), None)
    if failed_cell is not None:
        hint = say("probe.hint_failed_cell", cell=failed_cell.number)
    else:
        hint = say("probe.hint_contract")
    return failed_mark(task, result.message or say("probe.not_run"), hint)


def _without_notebook(work: Work, task: Task) -> Mark:
    if work.run.status in ("unreadable", "unsupported"):
        return not_run_mark(task, work.run.message or say("probe.not_run"))
    slug = ".".join(filter(None, (work.submission.slug, work.submission.name)))
    return failed_mark(
        task, say("submission.no_notebook", slug=slug), say("submission.hint_no_notebook", slug=slug)
    )


def arrays_of(work: Work, result: StepResult) -> Mapping[str, NDArray[np.generic]] | Message:
    """The arrays that a step wrote, or what is wrong with them."""
    file = f"{result.name}.npz"
    if file not in result.files:
        return say("probe.no_artifact", name=file)
    try:
        return read_arrays(result.files[file], work.setting.limits.artifact_mib)
    except BadArtifactError as error:
        return error.message
