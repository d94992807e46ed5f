"""What the doctor finds out."""

from typing import Literal

from graders.model import Message, SandboxName
from graders.model.base import Frozen

Outcome = Literal["held", "not_held", "not_tried"]


class Finding(Frozen):
    """How one attack ended in one tier."""

    attack: str
    """A name of `attacks.REACH` or `attacks.EXCESS`."""
    outcome: Outcome
    proven: bool = True
    """False where the attack came to nothing without a sandbox too, so that nothing is known of this one."""
    known: bool = False
    """True where it is not held and docs/sandbox.md says so."""
    detail: str = ""
    """What the attack met, such as `PermissionError` or `out_of_memory`."""


class TierReport(Frozen):
    """What one tier does on this machine."""

    tier: SandboxName
    opened: bool
    reason: str = ""
    """Why it cannot be had, in English."""
    remedy: Message | None = None
    """What to do about that."""
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Whether every attack was tried and held, apart from what the documentation leaves out."""
        return self.opened and all(found.outcome == "held" or found.known for found in self.findings)


class Gpu(Frozen):
    """A GPU that PyTorch can use."""

    device: str
    memory_mib: int | None
    """None where the driver does not tell."""


class Interpreter(Frozen):
    """A Python that notebooks run in."""

    name: str
    """The kernel name that asks for it; empty for the usual one."""
    python: str
    packages: dict[str, str]
    """Version by package, of those that it imports without an error."""
    problem: str = ""
    """Why it does not start."""


class DataSet(Frozen):
    """A data set that the course uses, in one size."""

    name: str
    profile: str
    here: bool
    """Whether it lies in the cache."""


class Machine(Frozen):
    """What the machine has."""

    cgroups: Literal[0, 1, 2]
    """Version in which control groups can be made here; 0 where none can."""
    controllers: tuple[str, ...]
    seccomp: str
    """Empty where system calls can be filtered, else why not."""
    landlock: int
    """Version of Landlock's interface; 0 where it is missing."""
    gpus: tuple[Gpu, ...]
    cores: int
    memory_mib: int | None
    """Memory that is free; None where the system does not tell."""
    disk_mib: int
    """Room in the folder for temporary files."""
    temporary: str
    """That folder."""


class CourseFacts(Frozen):
    """What the course that the command is given in needs."""

    root: str
    problems: tuple[str, ...]
    interpreters: tuple[Interpreter, ...]
    data: tuple[DataSet, ...]


class Checkup(Frozen):
    """Everything that the doctor finds out."""

    tiers: tuple[TierReport, ...]
    auto: SandboxName | None
    """The tier that `--sandbox auto` takes; None where it can take none."""
    machine: Machine
    course: CourseFacts | None
    """None outside a course."""
