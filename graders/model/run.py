"""A submission as it came in, and what happened when its notebook ran."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nbformat import NotebookNode

from graders.model.base import Frozen, Message
from graders.model.checkpoint import RunMode

RunStatus = Literal[
    "completed",
    "cell_error",
    "timed_out",
    "out_of_memory",
    "output_limit",
    "disk_limit",
    "process_limit",
    "killed",
    "unreadable",
    "unsupported",
    "not_run",
    "infrastructure",
]
SandboxName = Literal["namespaces", "bubblewrap", "landlock", "none"]
"""How notebooks are sealed off, from the strongest tier to none; docs/sandbox.md says what each covers."""

RefusedKind = Literal["url", "weights", "package", "version", "secret", "upload", "path"]
"""What was refused: a download, one of weights, a package, another version of one, a secret, a file that was
to be chosen, a place that is not there."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one assignment, read as data and not yet run."""

    student: str
    slug: str
    folder: Path | None
    """The student's folder; only regular files in it are shown to the notebook. None where there is none."""
    notebook_path: Path | None
    notebook: NotebookNode | None
    """nbformat 4 with the outputs that the student saved; None where there is none or it cannot be read."""
    theory_path: Path | None
    theory: str
    """Text of `<slug>.md`; empty where there is none."""
    notes: tuple[Message, ...] = field(default=())
    """What a person should know, such as a file found under another name."""
    unreadable: Message | None = None
    """Why the notebook cannot be run at all."""
    unsupported: bool = False
    """True where it can be read but asks for another language than Python."""
    notebook_sha256: str = ""
    name: str = ""
    """Of the notebook, where the lesson has several: `x` for `<slug>.x.ipynb`."""
    parts: tuple["Submission", ...] = ()
    """One for each notebook, where the lesson has several; this one then has no notebook of its own.

    They share `theory`, for the figures in it.
    """


class CellError(Frozen):
    """An exception that ended a cell."""

    type: str
    message: str
    traceback: str
    """Plain text without terminal colours, capped."""


class CellResult(Frozen):
    """One code cell that was run."""

    notebook: str = ""
    """Name of its notebook, where the lesson has several."""
    number: int
    """1 for the first code cell of the notebook."""
    index: int
    """Position among all cells, from 0."""
    status: Literal["ok", "error", "timed_out", "killed", "not_run"]
    seconds: float
    error: CellError | None = None
    source: str | None = None
    """The cell's code, kept only where it failed; capped."""


class Refused(Frozen):
    """What a notebook wanted and did not get, as its own process says: to look at, never to score."""

    kind: RefusedKind
    what: str
    """An address, a package or a name; plain text on one line, capped."""


class Run(Frozen):
    """What happened when a notebook was run."""

    status: RunStatus
    message: Message | None = None
    """The reason with its numbers, where the status is not `completed`."""
    seconds: float = 0.0
    """Wall-clock seconds from the start of the sandbox to its end."""
    cell_seconds: float = 0.0
    """Of these, seconds inside the student's cells."""
    probe_seconds: float = 0.0
    """Of these, seconds inside the probe."""
    peak_mib: int = 0
    """Largest resident memory of all processes together, MiB."""
    device: str = "cpu"
    sandbox: SandboxName = "bubblewrap"
    kernel: Literal["warm", "cold"] = "cold"
    """Whether the kernel was forked from a process that had torch loaded, or started from nothing."""
    kernel_note: Message | None = None
    """Why it was not, where the notebook is the reason."""
    seed: int = 0
    mode: RunMode = "rerun"
    """Whether the notebook trained, or its weights were scored."""
    cells: tuple[CellResult, ...] = ()
    refused: tuple[Refused, ...] = ()
    """What was asked for and refused, each once, in order; at most 20 of a kind and a few more."""
