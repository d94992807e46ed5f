"""Runs a stranger's notebook sealed off from this machine, and brings back what it left behind."""

from graders.sandbox.cgroup import find_once
from graders.sandbox.driver import execute
from graders.sandbox.environment import interpreter
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
from graders.sandbox.kernels import other_kernel
from graders.sandbox.mounts import DATA, WEIGHTS, student_mounts
from graders.sandbox.opening import open_sandbox
from graders.sandbox.tiers import Requested, Sandbox
from graders.sandbox.zygotes import open_zygote

__all__ = [
    "DATA",
    "JSON",
    "WEIGHTS",
    "Execution",
    "Job",
    "Mount",
    "ProbeStep",
    "Progress",
    "Requested",
    "Sandbox",
    "StepResult",
    "StepStatus",
    "execute",
    "find_once",
    "interpreter",
    "open_sandbox",
    "open_zygote",
    "other_kernel",
    "student_mounts",
]
