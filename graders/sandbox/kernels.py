"""Which interpreter a notebook gets, and whether its kernel can be forked from the warm zygote."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graders.errors import SandboxError
from graders.model import Message, Runtime, say
from graders.sandbox.environment import interpreter
from graders.sandbox.job import Job

IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
ASK = (
    "import json, pkgutil, sys; "
    "print(json.dumps(sorted({m.name for m in pkgutil.iter_modules()} | set(sys.stdlib_module_names))))"
)


@dataclass(frozen=True, slots=True)
class Kernel:
    """What a notebook's kernel is started from."""

    python: Path
    warm: bool
    """Whether the zygote may fork it."""
    note: Message | None = None
    """Why it may not, where a person should know."""


def choose_kernel(job: Job, runtime: Runtime) -> Kernel:
    """The interpreter that a notebook asks for by name or by what it imports, else the course's own.

    Raises:
        SandboxError: an interpreter of `course.toml` does not start.
    """
    usual = interpreter(runtime)
    asked = _asked(job)
    if asked in runtime.kernels:
        return Kernel(runtime.kernels[asked], False, say("kernel.asked", name=asked))
    own = _own_modules(job)
    if runtime.kernels:
        imported = {name for cell in _code(job) for name in IMPORT.findall(cell)} - own
        missing = sorted(imported - modules(usual))
        for name, python in runtime.kernels.items():
            if missing and set(missing) <= modules(python):
                return Kernel(python, False, say("kernel.package", package=missing[0], name=name))
    hidden = sorted(own & modules(usual)) if own else []
    if hidden:
        # the zygote may have loaded the other module of this name already
        return Kernel(usual, False, say("kernel.own_module", module=hidden[0]))
    return Kernel(usual, True)


def other_kernel(note: Message | None) -> str | None:
    """Name in `[runtime.kernels]` of the interpreter of a run with this note; None for the usual one."""
    if note is None or note.code not in ("kernel.asked", "kernel.package"):
        return None
    return str(note.params["name"])


@cache
def modules(python: Path) -> frozenset[str]:
    """Names of what an interpreter can import at the top level.

    Raises:
        SandboxError: it does not start.
    """
    try:
        asked = subprocess.run([str(python), "-I", "-c", ASK], capture_output=True, timeout=60, check=True)  # noqa: S603 - the course's own interpreter
    except (OSError, subprocess.SubprocessError) as error:
        raise SandboxError(
            f"{python} does not start as a Python interpreter: {error}. Mend [runtime] in course.toml."
        ) from error
    return frozenset(json.loads(asked.stdout))


def _asked(job: Job) -> str:
    kernel = job.notebook.metadata.get("kernelspec", {})
    name = kernel.get("name", "") if isinstance(kernel, dict) else ""
    return name if isinstance(name, str) else ""


def _code(job: Job) -> list[str]:
    return [cell.source for cell in job.notebook.cells if cell.cell_type == "code"]


def _own_modules(job: Job) -> frozenset[str]:
    """Names that the student's own files can be imported by."""
    sources = [mount.source for mount in job.mounts]
    return frozenset(
        path.stem
        for path in sources
        if path.suffix == ".py" or os.access(path / "__init__.py", os.F_OK)  # False where nobody may enter
    )
