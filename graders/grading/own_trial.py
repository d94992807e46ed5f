"""Own data in three acts: what the notebook loaded is read and split, it learns again, the reference learns.

Both learn in sandboxes of their own, in which none of the student's files is mounted (`own_jobs.py`).
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from graders.artifacts import BadArtifactError, read_arrays, read_json
from graders.course import opponent_file
from graders.grading.own_jobs import Lesson, references_job, students_job
from graders.grading.setting import Setting
from graders.model import Message, OwnDataTask, Submission, say
from graders.own.alike import Alike, find_alike
from graders.own.examples import Rows
from graders.own.finding import Finding
from graders.own.intake import read_loaded
from graders.own.kinds import KINDS
from graders.own.leaks import find_leaks
from graders.own.loaded import Declared, Loaded
from graders.own.slicing import Part, training_part
from graders.own.split import split
from graders.sandbox import Execution, Progress, StepResult, execute

MIB = 2**20

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Examined:
    """Data that a student brought along, looked through."""

    loaded: Loaded
    seed: int
    """That only the host knows, below 2**32."""
    alike: Alike
    findings: tuple[Finding, ...]

    @property
    def by_time(self) -> bool:
        """Whether the last examples are hidden: windows of one series, or that overlap from first to last."""
        return self.loaded.by_time or (self.loaded.kind == "forecasting" and self.alike.groups < 2)

    @property
    def groups(self) -> Rows:
        """Ids of what is kept on one side of the split, shape (n,)."""
        # between windows in order of time a gap keeps the sides apart
        return self.loaded.examples.groups if self.by_time else self.alike.joined

    @property
    def shows_copies(self) -> bool:
        """Whether things are alike that neither the student's groups nor the order of time keep together."""
        return not self.by_time and self.alike.different < len(np.unique(self.loaded.examples.groups))

    @property
    def stopped(self) -> Message | None:
        """Why nothing can be measured on the data; None where something can."""
        return next((one.message for one in self.findings if one.severity == "stop"), None)


@dataclass(frozen=True, slots=True)
class OwnTrial:
    """What came of own data, as far as it went."""

    brought: Examined | Message
    """The data, or what is wrong with it."""
    part: Part | None = None
    """The part of the notebook that learns; None where nothing can be measured on the data."""
    lesson: Lesson | None = None
    """None where nobody learned."""
    yours: Execution | None = None
    reference: Execution | None = None
    """None also in a self-check in a course without references."""


def try_own_data(
    setting: Setting, submission: Submission, loading: StepResult, task: OwnDataTask, progress: Report
) -> OwnTrial:
    """Train and predict with what the step `loading` left behind."""
    brought = _too_large(submission, setting.limits.own_data_mib) or _brought(setting, loading, task)
    trial = OwnTrial(brought)
    if isinstance(brought, Message) or brought.stopped is not None:
        return trial
    notebook = submission.notebook
    cells = notebook.cells if notebook is not None else []
    trial = replace(trial, part=training_part([cell.source for cell in cells if cell.cell_type == "code"]))
    if trial.part is None or trial.part.missing:
        return trial
    lesson = _lesson(brought, task.budget_seconds * setting.stretch)
    yours = execute(students_job(setting, lesson, trial.part), setting.sandbox, progress)
    trial = replace(trial, lesson=lesson, yours=yours)
    if setting.public and not opponent_file(setting.course, brought.loaded.kind).is_file():
        return trial  # a student who checks their own work has no reference
    return replace(trial, reference=execute(references_job(setting, lesson), setting.sandbox, progress))


def _too_large(submission: Submission, limit_mib: float) -> Message | None:
    """What is said where a student's files are more than a folder may hold; None where they fit."""
    if submission.folder is None:
        return None
    size = sum(path.lstat().st_size for path in submission.folder.rglob("*") if path.is_file()) / MIB
    return say("own.folder", size=round(size, 1), limit=limit_mib) if size > limit_mib else None


def _brought(setting: Setting, loading: StepResult, task: OwnDataTask) -> Examined | Message:
    """The data that the notebook loaded, or what is wrong with it."""
    try:
        arrays = read_arrays(loading.files.get(f"{loading.name}.npz", b""), setting.limits.artifact_mib)
        declared = read_json(loading.files.get(f"{loading.name}.json", b""), Declared)
    except BadArtifactError as error:
        return error.message
    loaded = read_loaded(arrays, declared, task.accepts)
    if isinstance(loaded, Message):
        return loaded
    alike = find_alike(loaded.examples)
    return Examined(loaded, _seed(setting, loaded.sha256), alike, find_leaks(loaded.examples, alike))


def _seed(setting: Setting, sha256: str) -> int:
    digest = hmac.digest(setting.secret or b"public", f"own data {sha256}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:4], "big")


def _lesson(brought: Examined, budget: float) -> Lesson:
    """What is learned from and what is asked, the same for everybody."""
    loaded, examples = brought.loaded, brought.loaded.examples
    drawn = split(examples, brought.groups, brought.seed, by_time=brought.by_time)
    hidden, known = (examples.take(rows) for rows in (drawn.hidden, drawn.train))
    asked = KINDS[loaded.kind].ask(hidden, known, brought.seed)
    groups: Rows = np.asarray(brought.groups[drawn.hidden])
    return Lesson(loaded, drawn, asked, groups, budget)
