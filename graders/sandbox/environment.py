"""What the notebook's process is started with: environment, settings of `launch.py`, command."""

import os
import sys
from pathlib import Path
from typing import Any

from graders.device import visible_gpu
from graders.model import Runtime
from graders.sandbox.guard import MIB
from graders.sandbox.job import Job
from graders.sandbox.mounts import WEIGHTS
from graders.sandbox.offline import told
from graders.sandbox.stage import SOCKET, Places

CHECKPOINTS = Path("hub", "checkpoints")
"""Folder among the weights in which PyTorch looks for them."""
HUB = "huggingface"
"""Folder among the weights that is laid out as the hub of Hugging Face keeps its own."""


def interpreter(runtime: Runtime) -> Path:
    """The Python that notebooks run in."""
    return runtime.python or Path(sys.executable)


def shared_variables(python: Path, threads: int) -> dict[str, str]:
    """The part of the environment that is the same for every notebook."""
    number = str(threads)
    return {
        "USER": "student",
        "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",  # the order of a set of words may decide what a network learns
        "OMP_NUM_THREADS": number,
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that spin while they wait stall each other on a busy machine
        "MKL_NUM_THREADS": number,
        "OPENBLAS_NUM_THREADS": number,
        "HF_HUB_OFFLINE": "1",  # or each file is asked for six times, for half a minute
        "WANDB_MODE": "disabled",  # or a notebook that records its experiments ends there
    }


def variables(job: Job, places: Places, python: Path, threads: int) -> dict[str, str]:
    """The whole environment; nothing of the host's is passed on but the GPUs that it may use."""
    usual = shared_variables(python, threads)
    inside = places.code / "inside"
    found = {
        **usual,
        "PATH": f"{inside / 'bin'}:{usual['PATH']}",  # commands that would need a network
        "PYTHONPATH": str(inside / "site"),
        "GRADE_OFFLINE": told(job, places),
        "HOME": str(places.home),
        "GRADE_DEVICE": job.device,
        "GRADE_SEED": str(job.seed or 0),
        "GRADE_PROFILE": job.profile,
        "GRADE_MODE": job.mode,
    }
    for mount in job.mounts:
        # nothing can be made there, and what is not there is only refused by name where something could be
        if mount.target == WEIGHTS and (mount.source / CHECKPOINTS).is_dir():
            found["TORCH_HOME"] = str(places.home / WEIGHTS)
        if mount.target == WEIGHTS and (mount.source / HUB).is_dir():
            found["HF_HOME"] = str(places.home / WEIGHTS / HUB)
    if job.device.startswith("cuda"):
        # the notebook sees one GPU, whichever it is, as the first
        libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        return found | libraries | {"GRADE_DEVICE": "cuda:0", "CUDA_VISIBLE_DEVICES": visible_gpu(job.device)}
    return found | {"CUDA_VISIBLE_DEVICES": ""}


def rlimits(job: Job, own_user: bool) -> dict[str, int]:
    """Limits that the kernel of the system enforces, by the names of Python's `resource`.

    Args:
        job: of the run.
        own_user: whether nobody else's processes count as the run's, by its user id or its namespace.
    """
    limits = job.limits
    found = {
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 4096,
        "RLIMIT_FSIZE": int(max(limits.artifact_mib, limits.disk_mib) * MIB),
    }
    if own_user:
        found["RLIMIT_NPROC"] = limits.processes
    if not job.device.startswith("cuda"):
        found["RLIMIT_DATA"] = (
            limits.memory_mib + 1024
        ) * MIB  # it counts address space, so it has room to spare
    return found


def settings(job: Job, places: Places, *, sealed: bool, own_user: bool) -> dict[str, Any]:
    """What `inside.launch` is told; `own_user` as for `rlimits`."""
    copies: list[tuple[str, str]] = []
    links: list[tuple[str, str]] = []
    farms: list[tuple[str, str]] = []
    for mount in job.mounts:
        target = str(places.home / mount.target)
        if mount.copy:
            source = places.copies / mount.target if sealed else mount.source.resolve()
            copies.append((str(source), target))
        elif not sealed:
            (farms if mount.open else links).append((str(mount.source.resolve()), target))
    modules = [
        str(places.modules / str(number) if sealed else folder.resolve())
        for number, folder in enumerate(job.modules)
    ]
    return {
        "connection": str(places.connection),
        "sockets": str(places.sockets / SOCKET),
        "outbox": str(places.outbox),
        "path": [str(places.code), *modules],
        "copies": copies,
        "links": links,
        "farms": farms,
        "limits": rlimits(job, own_user),
    }


def command(places: Places, python: Path, told: int, channel: int) -> list[str]:
    """The command that becomes a cold kernel, with descriptors of its settings and of the host's socket."""
    return [str(python), str(places.code / "inside" / "launch.py"), str(told), str(channel)]
