"""How a run starts in each tier."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graders.errors import SandboxError
from graders.sandbox import bubblewrap
from graders.sandbox.cgroup import Cgroup, Hierarchy, open_group
from graders.sandbox.channel import NotReadyError
from graders.sandbox.environment import command, settings, variables
from graders.sandbox.guard import MIB
from graders.sandbox.identity import own_uid
from graders.sandbox.job import Job
from graders.sandbox.kernels import Kernel
from graders.sandbox.mounts import readable_copies
from graders.sandbox.offline import write_index
from graders.sandbox.process import Sealed
from graders.sandbox.seccomp import program
from graders.sandbox.stage import INSIDE, SEALED, Places, Stage
from graders.sandbox.started import Started
from graders.sandbox.tiers import Sandbox
from graders.sandbox.view import ETC, SYSTEM, Entry, gpu_nodes, prefixes, scratches, system, view
from graders.sandbox.zygotes import DeadZygoteError, Forked, entries_of, open_zygote

OWN_PROCESSES = 4
"""Monitor, first process and the like, which a limit of the notebook's processes must leave room for."""
LANDLOCK_READ = ("/proc", "/sys/devices/system")
LANDLOCK_WRITE = (
    *(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty", "ptmx")),
    "/dev/pts",
    "/dev/shm",  # noqa: S108 - workers of a DataLoader hand over their batches there
)
TRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known of a run that is about to start."""

    job: Job
    kernel: Kernel
    sandbox: Sandbox
    stage: Stage
    places: Places
    uid: int | None
    """User that it becomes where root grades; None where it stays the grader's own."""
    group: Cgroup | None
    stack: ExitStack
    """Ends what the run has to itself."""

    @property
    def environment(self) -> dict[str, str]:
        """Its whole environment."""
        return variables(self.job, self.places, self.kernel.python, self.sandbox.runtime.threads)

    @property
    def entries(self) -> list[Entry]:
        """What it sees of the file system, where it has one of its own."""
        identity = os.geteuid() if self.uid is None else self.uid
        return list(view(self.job, self.stage, self.kernel.python, identity))

    @property
    def files(self) -> Sequence[str]:
        """Files of its control group that take the id of its first process."""
        return self.group.files if self.group is not None else ()


def start(job: Job, kernel: Kernel, sandbox: Sandbox, stage: Stage, places: Places) -> Started:
    """Start a job's kernel.

    Raises:
        OSError, NotReadyError: it cannot be started here and now.
    """
    with ExitStack() as stack:
        uid = stack.enter_context(own_uid()) if sandbox.tier != "none" else None
        group = _group(job, sandbox.hierarchy, stack)  # ends before its user id is another's
        if uid is not None:
            job = replace(job, mounts=readable_copies(job.mounts, stage.folder / "copies"))
        write_index(job, stage, places)
        run = _Run(job, kernel, sandbox, stage, places, uid, group, stack)
        started = {"none": _open, "bubblewrap": _bubblewrap, "namespaces": _forked, "landlock": _forked}[
            sandbox.tier
        ](run)
        started.owned = stack.pop_all()
    return started


def _group(job: Job, hierarchy: Hierarchy | None, stack: ExitStack) -> Cgroup | None:
    if hierarchy is None:
        return None
    # what it writes to its folders in memory counts too, and has limits of its own
    memory = job.limits.memory_mib + sum(folder.size for folder in scratches(job)) // MIB
    return stack.enter_context(open_group(hierarchy, memory, job.limits.processes + OWN_PROCESSES))


def _open(run: _Run) -> Started:
    return _cold(run, None, sealed=False)


def _bubblewrap(run: _Run) -> Started:
    return _cold(run, bubblewrap.arguments(run.entries, run.stage, run.environment, run.uid), sealed=True)


def _cold(run: _Run, options: Sequence[str] | None, *, sealed: bool) -> Started:
    file = run.stage.folder / "settings.json"  # they may be longer than an argument can be
    file.write_text(json.dumps(settings(run.job, run.places, sealed=sealed, own_user=sealed)))
    with file.open("rb") as told:

        def wanted(channel: int) -> list[str]:
            kernel = command(run.places, run.kernel.python, told.fileno(), channel)
            return [*bubblewrap.drop_to(run.uid), *kernel]

        files = (told.fileno(),)
        if sealed:
            rules = program(run.job.device)
            started = Sealed(wanted, options, rules, {"PATH": os.defpath}, "/", files=files)
        else:
            started = Sealed(wanted, None, b"", run.environment, str(run.places.home), files=files)
    if run.group is not None:
        started.join(run.group)
    return started


def _forked(run: _Run) -> Started:
    sealed = run.sandbox.tier == "namespaces"
    plan = _namespaces(run) if sealed else _landlock(run)
    rules = program(run.job.device, network=sealed, metadata=sealed)
    if run.sandbox.zygote is not None and run.kernel.warm:
        with suppress(DeadZygoteError):  # a cold kernel does the same, and takes longer to start
            return Forked(run.sandbox.zygote, plan, rules, run.group, warm=True)
    threads = run.sandbox.runtime.threads
    zygote = run.stack.enter_context(open_zygote(run.kernel.python, threads, warm=False))
    return Forked(zygote, plan, rules, run.group)


def _namespaces(run: _Run) -> dict[str, Any]:
    """What `zygote.monitor` is told, for a run with namespaces of its own."""
    return {
        "tier": "namespaces",
        "uid": run.uid,
        "groups": run.files,
        "base": str(run.stage.root),
        "entries": entries_of(run.entries),
        "environment": run.environment,
        "home": str(SEALED.home),
        "settings": settings(run.job, run.places, sealed=True, own_user=True),
    }


def _landlock(run: _Run) -> dict[str, Any]:
    """What `zygote.monitor` is told, for a run that shares the host's file system and sees little of it."""
    stage, job = run.stage, run.job
    own = (stage.home, stage.outbox, stage.sockets, stage.temporary)
    if run.uid is not None:
        stage.folder.chmod(0o711)
        for folder in own:
            os.chown(folder, run.uid, run.uid)
    shown = [INSIDE, run.places.code, job.probe.resolve(), stage.connection, stage.inbox, *job.modules]
    shown += [mount.source.resolve() for mount in job.mounts]
    shown += [stage.mirror, *(one.source for one in job.mirror)]
    nodes = gpu_nodes(job.device)
    if nodes:
        shown.append(Path("/sys"))
    return {
        "tier": "landlock",
        "uid": run.uid,
        "groups": run.files,
        "environment": {**run.environment, "TMPDIR": str(stage.temporary)},
        "home": str(stage.home),
        "settings": settings(job, run.places, sealed=False, own_user=run.uid is not None),
        "readable": [*_readable(run.kernel.python), *map(str, shown)],
        "writable": [*LANDLOCK_WRITE, *map(str, nodes), *map(str, own)],
    }


def _readable(python: Path) -> list[str]:
    return [*SYSTEM, *(f"/etc/{name}" for name in ETC), *LANDLOCK_READ, *map(str, prefixes(python))]


def try_namespaces(python: Path) -> None:
    """Try the tier once.

    Raises:
        SandboxError: it cannot be had here; says why.
    """
    with Stage() as stage:
        plan = {"base": str(stage.root), "entries": entries_of(list(system(python, "cpu"))), "home": "/"}
        _try("namespaces", python, plan, program("cpu"))


def try_landlock(python: Path) -> None:
    """Try the tier once.

    Raises:
        SandboxError: it cannot be had here; says why.
    """
    plan = {"home": "/", "readable": _readable(python), "writable": LANDLOCK_WRITE}
    _try("landlock", python, plan, program("cpu", network=False, metadata=False))


def _try(tier: str, python: Path, plan: dict[str, Any], rules: bytes) -> None:
    common: dict[str, Any] = {"tier": tier, "groups": [], "environment": {}, "settings": None}
    with ExitStack() as stack:
        common["uid"] = stack.enter_context(own_uid())
        try:
            zygote = stack.enter_context(open_zygote(python, 1, warm=False))
            tried = Forked(zygote, common | plan, rules)
            stack.callback(tried.close)
            tried.wait_ready(TRY_SECONDS).close()
        except (OSError, NotReadyError) as error:
            raise SandboxError(f"The tier {tier} cannot be had here: {error}.") from error
