"""What a sealed notebook sees of the file system, whichever tier builds it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graders.errors import SandboxError
from graders.sandbox.guard import MIB, OUTBOX_FILES
from graders.sandbox.job import Job
from graders.sandbox.mounts import MOST_COPIED
from graders.sandbox.offline import CONTENT, shown
from graders.sandbox.stage import INSIDE, SEALED, Stage

PACKAGE = Path(__file__).resolve().parent.parent
"""The toolkit itself, which no notebook may read."""
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives", "fonts", "mime.types")
NVIDIA = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")
HOSTS = "127.0.0.1 localhost grade\n::1 localhost\n"
SOCKETS_MIB = 1
SCRATCH_FILES = 100_000
"""Files that a run may have in each of its other writable folders."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A file or folder of the host, read-only."""

    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Device:
    """A device node of the host."""

    target: Path


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder in memory."""

    target: Path
    size: int
    """Bytes that it may hold; 0 for a folder that stays empty and read-only."""
    files: int
    """Files that it may hold, where the tier can limit them."""
    mode: int
    """Permissions."""
    private: bool = False
    """True where it belongs to the notebook's user."""


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    target: Path
    to: str


@dataclass(frozen=True, slots=True)
class Text:
    """A small file."""

    target: Path
    text: str


Entry = Bind | Device | Scratch | Link | Text


@cache
def prefixes(python: Path) -> tuple[Path, ...]:
    """The folders that an interpreter needs, those of the system left out.

    Raises:
        SandboxError: it does not start.
    """
    own = python == Path(sys.executable)
    found = [sys.base_prefix, sys.prefix] if own else _ask_prefixes(python)
    folders = {Path(folder) for folder in found}
    return tuple(sorted(folder for folder in folders if not folder.is_relative_to("/usr")))


def _ask_prefixes(python: Path) -> list[str]:
    code = "import json, sys; print(json.dumps([sys.base_prefix, sys.prefix]))"
    try:
        asked = subprocess.run([str(python), "-I", "-c", code], capture_output=True, timeout=60, check=True)  # noqa: S603 - the course's own interpreter
        folders: list[str] = json.loads(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SandboxError(
            f"{python} does not start as a Python interpreter: {error}. Mend [runtime] in course.toml."
        ) from error
    return folders


def system(python: Path, device: str) -> Iterator[Entry]:
    """The read-only system: programs and libraries, a little of `/etc`, Python's folders, GPUs."""
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield Link(path, str(path.readlink()))
        elif path.is_dir():
            yield Bind(path, path)
    for name in ETC:
        path = Path("/etc") / name
        if path.exists():
            yield Bind(path.resolve(), path)
    shown = prefixes(python)
    for prefix in shown:
        yield Bind(prefix, prefix)
    if any(PACKAGE.is_relative_to(folder.resolve()) for folder in [*shown, Path("/usr")]):
        yield Scratch(PACKAGE, 0, 1, 0o755)
    if device.startswith("cuda"):
        yield from map(Device, gpu_nodes(device))
        yield Bind(Path("/sys"), Path("/sys"))


def gpu_nodes(device: str) -> list[Path]:
    """Device nodes that CUDA needs; none on the CPU."""
    if not device.startswith("cuda"):
        return []
    numbered = [path.name for path in Path("/dev").glob("nvidia[0-9]*")]
    return [node for name in (*NVIDIA, *numbered) if (node := Path("/dev") / name).exists()]


def scratches(job: Job) -> Iterator[Scratch]:
    """The folders that a job's notebook may write to."""
    disk = job.limits.disk_mib * MIB
    copied = MOST_COPIED if any(mount.copy for mount in job.mounts) else 0
    yield Scratch(Path("/tmp"), disk, SCRATCH_FILES, 0o1777)  # noqa: S108 - the sandbox's own
    yield Scratch(Path("/dev/shm"), disk, SCRATCH_FILES, 0o1777)  # noqa: S108 - the sandbox's own
    yield Scratch(SEALED.home, disk + copied, SCRATCH_FILES, 0o755, private=True)
    yield Scratch(SEALED.sockets, SOCKETS_MIB * MIB, 64, 0o700, private=True)
    yield Scratch(SEALED.outbox, disk, 2 * OUTBOX_FILES, 0o700, private=True)
    for mount in job.mounts:
        if mount.open:
            yield Scratch(SEALED.home / mount.target, disk + copied, SCRATCH_FILES, 0o755, private=True)


def view(job: Job, stage: Stage, python: Path, identity: int) -> Iterator[Entry]:
    """Everything that a job's notebook sees beside `/proc` and the harmless part of `/dev`, in order.

    Args:
        job: what is run.
        stage: the run's folder on the host.
        python: the interpreter.
        identity: user id that the notebook believes to have.
    """
    # First, since Python or the course may lie below /tmp of the host.
    yield from scratches(job)
    yield from system(python, job.device)
    yield Text(Path("/etc/passwd"), f"student:x:{identity}:{identity}::{SEALED.home}:/bin/sh\n")
    yield Text(Path("/etc/group"), f"student:x:{identity}:\n")
    yield Text(Path("/etc/hosts"), HOSTS)
    yield Bind(INSIDE, SEALED.code / "inside")
    yield Bind(job.probe.resolve(), SEALED.probe)
    yield Bind(stage.connection, SEALED.connection)
    yield Bind(stage.inbox, SEALED.inbox)
    for number, folder in enumerate(job.modules):
        yield Bind(folder.resolve(), SEALED.modules / str(number))
    for source, target in shown(job, stage):
        yield Bind(source, target)
    if not any(prefix.is_relative_to(CONTENT) for prefix in prefixes(python)):
        yield Link(CONTENT, str(SEALED.home))
    for mount in job.mounts:
        source = mount.source.resolve()
        target = (SEALED.copies if mount.copy else SEALED.home) / mount.target
        for path in sorted(source.iterdir()) if mount.open else ():
            yield Bind(path, target / path.name)
        if not mount.open:
            yield Bind(source, target)
