"""Runs a stranger's notebook sealed off from this machine, and brings back what it left behind."""

from typing import Literal

from graders.model import SandboxName
from graders.sandbox import bubblewrap
from graders.sandbox.driver import execute
from graders.sandbox.job import (
    JSON,
    Execution,
    Job,
    Mount,
    ProbeStep,
    Progress,
    StepResult,
    StepStatus,
)
from graders.sandbox.mounts import student_mounts

__all__ = [
    "JSON",
    "Execution",
    "Job",
    "Mount",
    "ProbeStep",
    "Progress",
    "StepResult",
    "StepStatus",
    "choose",
    "execute",
    "student_mounts",
]


def choose(requested: Literal["auto", "bubblewrap", "none"]) -> SandboxName:
    """The sandbox to use. `none` is never chosen unasked.

    Raises:
        SandboxError: bubblewrap is missing or may not make a sandbox here; says what to do.
    """
    if requested == "none":
        return "none"
    bubblewrap.available()
    return "bubblewrap"
