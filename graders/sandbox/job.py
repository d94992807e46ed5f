"""What the sandbox is asked to do, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode
from numpy.typing import NDArray

from graders.mirror import Mirrored
from graders.model import Fault, Limits, Message, Profile, Run, RunMode
from graders.sandbox.faults import Shortage

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]
StepStatus = Literal["ok", "failed", "timed_out", "killed", "not_run"]


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of the host that the notebook may read."""

    source: Path
    target: str
    """Where it appears, relative to the notebook's working folder."""
    copy: bool = False
    """True: the notebook gets a copy of its own that it may overwrite; False: the thing itself, read-only."""
    open: bool = False
    """True: a folder in which the notebook may put more; what lies in it stays read-only."""


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """One call of a function of the assignment's probe, after the last cell."""

    name: str
    """Letters, digits, `_` and `-`; names the step's files."""
    function: str
    """Of the assignment's probe; of the toolkit's own where it begins with `inside.`."""
    inputs: Mapping[str, NDArray[Any]]
    parameters: Mapping[str, JSON]
    seconds: float
    """Wall-clock limit of the call."""
    repeats: str = ""
    """An earlier step that differs in the seed alone: a contract that it found broken is broken here too."""


@dataclass(frozen=True, slots=True)
class Job:
    """One notebook to run, and what to ask it afterwards."""

    notebook: NotebookNode
    """nbformat 4; it is not changed."""
    mounts: tuple[Mount, ...]
    probe: Path
    """The assignment's `probe.py`."""
    steps: tuple[ProbeStep, ...]
    limits: Limits
    device: str
    """`cpu` or `cuda:0`."""
    seed: int | None
    """Of all random numbers; None where there are none, which saves a cold kernel importing torch."""
    profile: Profile
    modules: tuple[Path, ...] = ()
    """Folders put on `sys.path`, read-only: the reference, for calibration only."""
    mirror: tuple[Mirrored, ...] = ()
    """Files of the Internet that it gets by their addresses, hashes checked."""
    mode: RunMode = "rerun"
    """What the notebook sees as `GRADE_MODE`."""

    @property
    def gpu_mib(self) -> float | None:
        """MiB of the GPU that the notebook may have; None where it runs on the CPU."""
        return self.limits.gpu_memory_mib if self.device.startswith("cuda") else None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step left behind. Its files are a stranger's bytes: read them with `graders.artifacts`."""

    name: str
    status: StepStatus
    seconds: float
    fault: Fault | None = None
    """The exception of the student's code, where that is what ended the step."""
    message: Message | None = None
    """The reason in words, where the status is not `ok` and there is no `fault`."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By file name, such as `accuracy.npz`; empty where the status is not `ok`."""
    shortage: Shortage | None = None
    """What had run out, where `fault` speaks of that."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A finished run."""

    run: Run
    notebook: NotebookNode
    """The rerun copy with its outputs, capped. A student's process wrote them: nothing is scored from it."""
    steps: Mapping[str, StepResult]
    """By name; one for each step of the job."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is."""

    stage: Literal["start", "cell", "probe", "collect"]
    done: int
    total: int
    name: str
    """The step's name or the cell's number; empty where there is none."""
