"""What the machine and the course have, looked at and not changed."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from graders import data
from graders.device import cores, free_memory_mib, gpu_count, gpu_memory_mib
from graders.doctor.findings import CourseFacts, DataSet, Gpu, Interpreter, Machine
from graders.errors import Problem, SandboxError
from graders.model import Course, Profile, Runtime
from graders.sandbox.cgroup import find_once
from graders.sandbox.environment import interpreter
from graders.sandbox.seccomp import program
from graders.sandbox.zygote.confine import landlock_abi

MIB = 2**20
PACKAGES = ("torch", "torchvision", "matplotlib", "pandas", "sklearn")
# Imported for real, each by itself: a package that is there can still be broken.
IMPORT = """
import importlib, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = str(getattr(importlib.import_module(name), "__version__", ""))
    except Exception:  # a package may fail to be imported in any way; then it counts as missing
        pass
print(json.dumps(found))
"""
IMPORT_SECONDS = 120
PROFILES: tuple[Profile, ...] = ("mini", "full")


def look_at_machine() -> Machine:
    """What this machine has."""
    linux = sys.platform == "linux"
    hierarchy = find_once()
    temporary = tempfile.gettempdir()
    return Machine(
        cgroups=hierarchy.version if hierarchy is not None else 0,
        controllers=tuple(hierarchy.folders) if hierarchy is not None else (),
        seccomp=_seccomp_problem(),
        landlock=landlock_abi() if linux else 0,
        gpus=tuple(
            Gpu(device=device, memory_mib=gpu_memory_mib(device))
            for device in (f"cuda:{number}" for number in range(gpu_count()))
        ),
        cores=cores(),
        memory_mib=free_memory_mib(),
        disk_mib=shutil.disk_usage(temporary).free // MIB,
        temporary=temporary,
    )


def _seccomp_problem() -> str:
    try:
        program("cpu")
    except (SandboxError, ImportError) as error:
        return str(error)
    return ""


def look_at_course(root: Path, course: Course | None, problems: Sequence[Problem]) -> CourseFacts:
    """What a course needs of this machine.

    Args:
        root: its folder.
        course: what was read of it; None where that is not enough.
        problems: what is wrong with its files.
    """
    runtime = course.runtime if course is not None else Runtime()
    pythons = {"": interpreter(runtime), **runtime.kernels}
    wanted = sorted({assignment.dataset for assignment in course.assignments}) if course is not None else []
    cache = data.cache_folder()
    return CourseFacts(
        root=str(root),
        problems=tuple(str(problem) for problem in problems),
        interpreters=tuple(look_at_interpreter(name, python) for name, python in pythons.items()),
        data=tuple(
            DataSet(name=name, profile=profile, here=_is_here(name, profile, cache))
            for name in wanted
            for profile in PROFILES
            if name in data.DATASETS and profile in data.DATASETS[name].profiles
        ),
    )


def _is_here(name: str, profile: Profile, cache: Path) -> bool:
    try:
        return data.is_here(name, profile, cache)
    except PermissionError:  # a cache that is somebody else's
        return False


def look_at_interpreter(name: str, python: Path) -> Interpreter:
    """What a Python of the course can import."""
    packages: dict[str, str] = {}
    problem = ""
    try:
        asked = subprocess.run(  # noqa: S603 - the course's own interpreter
            [str(python), "-I", "-W", "ignore", "-c", IMPORT, *PACKAGES],
            capture_output=True,
            timeout=IMPORT_SECONDS,
            check=True,
        )
        packages = json.loads(asked.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        problem = str(error)
    return Interpreter(name=name, python=str(python), packages=packages, problem=problem)
