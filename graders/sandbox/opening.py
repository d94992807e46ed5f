"""Opens the sandbox of a command: the strongest tier that works here, and a zygote where it pays."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graders.errors import SandboxError
from graders.i18n import sentence
from graders.model import Message, Runtime, SandboxName, say
from graders.sandbox import bubblewrap
from graders.sandbox.cgroup import find_once, sweep
from graders.sandbox.environment import interpreter
from graders.sandbox.identity import own_uid
from graders.sandbox.starting import try_landlock, try_namespaces
from graders.sandbox.tiers import Requested, Sandbox
from graders.sandbox.zygotes import expect_several, open_zygote


def _try_bubblewrap(_: Path) -> None:
    with own_uid() as uid:
        bubblewrap.try_it(uid)


TIERS: dict[SandboxName, Callable[[Path], None]] = {
    "namespaces": try_namespaces,
    "bubblewrap": _try_bubblewrap,
    "landlock": try_landlock,
}
"""From the strongest, with what tries whether it works with an interpreter."""
FORKING = ("namespaces", "landlock")
"""Tiers whose kernels can be forked from a zygote."""


@contextmanager
def open_sandbox(
    requested: Requested, runtime: Runtime, *, warm: bool = False, zygote: socket.socket | None = None
) -> Iterator[Sandbox]:
    """The sandbox to use, ready until the block ends. `none` is never chosen unasked.

    Args:
        requested: a tier, or `auto` for the strongest that works here.
        runtime: where notebooks run.
        warm: True where many notebooks will be run, so that starting a zygote pays.
        zygote: one that is started already.

    Raises:
        SandboxError: the tier that was asked for cannot be had here, or for `auto` none can; says what to do.
    """
    hierarchy = find_once()  # before the tiers are tried, which starts processes
    tier = choose(requested, runtime)
    if hierarchy is not None:
        sweep(hierarchy)  # what a command that was killed left behind
    with ExitStack() as stack:
        if tier not in FORKING:
            zygote = None
        elif zygote is None and warm:
            zygote = stack.enter_context(open_zygote(interpreter(runtime), runtime.threads, warm=True))
        if zygote is not None and warm:
            expect_several(zygote)
        yield Sandbox(tier, runtime, zygote, hierarchy)


def choose(requested: Requested, runtime: Runtime) -> SandboxName:
    """The tier to use.

    Raises:
        SandboxError: see `open_sandbox`.
    """
    if requested == "none":
        return "none"
    failed = []
    for tier, try_it in TIERS.items():
        if requested in (tier, "auto"):
            try:
                try_it(interpreter(runtime))
            except SandboxError as error:
                failed.append(str(error))
            else:
                return tier
    raise SandboxError(
        f"{' '.join(failed)} {sentence(remedy(), 'en')} Or give `--sandbox none` if you trust every notebook "
        "that is run: it then has your own rights."
    )


def remedy() -> Message:
    """What lets this machine make a stronger sandbox."""
    if os.geteuid() == 0:
        return say("doctor.remedy.container")
    apparmor = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if apparmor.exists() and apparmor.read_text(encoding="ascii").strip() == "1":
        return say("doctor.remedy.apparmor")
    return say("doctor.remedy.namespaces")
