"""Versions of the toolkit and of what notebooks run with."""

import json
import platform
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from graders import __version__
from graders.errors import UsageError
from graders.model import Runtime
from graders.sandbox import interpreter

NEEDED = ("torch", "numpy", "ipykernel")
"""Packages of the students' environment without which no notebook can be graded."""
ASK = """
import json, platform, sys
from importlib.metadata import PackageNotFoundError, version
found = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""
ASK_SECONDS = 60


def versions(runtime: Runtime, kernel: str | None = None) -> dict[str, str]:
    """Versions of the toolkit, and of Python and its packages that notebooks run with.

    Args:
        runtime: of the course.
        kernel: name in `runtime.kernels`; None for the course's own interpreter.

    Raises:
        UsageError: the interpreter does not start, or lacks a package that grading needs.
    """
    if kernel is None:
        students = _students(interpreter(runtime), "runtime.python")
    else:
        students = _students(runtime.kernels[kernel], f"runtime.kernels.{kernel}")
    return {"graders": __version__, "nbclient": version("nbclient"), **students}


def all_versions(runtime: Runtime) -> list[dict[str, str]]:
    """`versions` of the course's own interpreter, and of each of its kernels in the order of their names.

    Raises:
        UsageError: one of them does not start, or lacks a package that grading needs.
    """
    return [versions(runtime), *(versions(runtime, kernel) for kernel in sorted(runtime.kernels))]


@cache
def _students(python: Path, key: str) -> dict[str, str]:
    """Versions in one of the students' environments, `key` in `course.toml`; asked once in a command."""
    if python == Path(sys.executable):
        return {"python": platform.python_version(), **{name: version(name) for name in NEEDED}}
    command = [str(python), "-I", "-c", ASK, *NEEDED]
    try:
        asked = subprocess.run(command, capture_output=True, timeout=ASK_SECONDS, check=True)  # noqa: S603 - the course's own interpreter
        found: dict[str, str] = json.loads(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise UsageError(
            f"course.toml: {key}: {python} does not start: {error}; "
            "expected an interpreter of Python 3 such as /opt/course/bin/python"
        ) from error
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise UsageError(
            f"course.toml: {key}: {python} has no {', '.join(missing)}; "
            f"install with {python} -m pip install {' '.join(missing)}"
        )
    return found
