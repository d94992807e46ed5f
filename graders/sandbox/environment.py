"""What the notebook's process is started with: environment, settings of `launch.py`, command."""

import json
import os
import sys
from pathlib import Path

from graders.sandbox.guard import MIB
from graders.sandbox.job import Job
from graders.sandbox.stage import Places

MOST_THREADS = 8


def threads() -> int:
    """Threads for arithmetic: the cores that this process may use, and not more than eight."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_THREADS, cores)


def variables(job: Job, places: Places) -> dict[str, str]:
    """The whole environment; nothing of the host's is passed on but the GPUs that it may use."""
    number = str(threads())
    found = {
        "HOME": str(places.home),
        "USER": "student",
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "GRADE_DEVICE": job.device,
        "GRADE_SEED": str(job.seed),
        "GRADE_PROFILE": job.profile,
        "OMP_NUM_THREADS": number,
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that spin while they wait stall each other on a busy machine
        "MKL_NUM_THREADS": number,
        "OPENBLAS_NUM_THREADS": number,
    }
    if job.device.startswith("cuda"):
        return found | {
            name: os.environ[name]
            for name in ("CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
            if name in os.environ
        }
    return found | {"CUDA_VISIBLE_DEVICES": ""}


def rlimits(job: Job, sealed: bool) -> dict[str, int]:
    """Limits that the kernel of the system enforces, by the names of Python's `resource`."""
    limits = job.limits
    found = {
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 4096,
        "RLIMIT_FSIZE": int(max(limits.artifact_mib, limits.disk_mib) * MIB),
    }
    if sealed:
        found["RLIMIT_NPROC"] = (
            limits.processes
        )  # without a user id of its own it would count the host's processes
    if not job.device.startswith("cuda"):
        found["RLIMIT_DATA"] = (
            limits.memory_mib + 1024
        ) * MIB  # it counts address space, so it has room to spare
    return found


def command(job: Job, places: Places, sealed: bool) -> list[str]:
    """The command that becomes the kernel."""
    copies, links = [], []
    for mount in job.mounts:
        target = str(places.home / mount.target)
        if mount.copy:
            source = places.copies / mount.target if sealed else mount.source.resolve()
            copies.append((str(source), target))
        elif not sealed:
            links.append((str(mount.source.resolve()), target))
    modules = [
        str(places.modules / str(number) if sealed else folder.resolve())
        for number, folder in enumerate(job.modules)
    ]
    settings = {
        "connection": str(places.connection),
        "path": [str(places.code), *modules],
        "copies": copies,
        "links": links,
        "limits": rlimits(job, sealed),
    }
    launch = places.code / "inside" / "launch.py"
    return [sys.executable, str(launch), json.dumps(settings)]
