"""One run: monitor, first process of its namespaces, kernel.

The monitor stays outside the namespaces, tells the host who to watch, and ends the run when the host lets go
of the job's socket. The first process inside reaps; when it ends, the system ends everything in its
namespace. Each of them dies with the one above it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from .confine import load_seccomp, restrict
from .linux import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    drop_to,
    loopback_up,
    prctl,
    unshare,
)
from .reaping import end_descendants
from .root import build

NAMESPACES = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP


def monitor(job: socket.socket, plan: dict[str, Any], program: bytes) -> None:
    """Start a run and stay until it has ended, in a process that was forked for it.

    Args:
        job: the host's end is closed to end the run. Sent on it: `started` with the process to watch and a
            handle of it; then `error` with the reason, or by the kernel `ready` with its sockets and its
            outbox; in the end `ended` with the kernel's exit code, 128 and the signal where one ended it.
            Where that is missing, the monitor was killed, and no code of the notebook can have done so.
        plan: `tier`, `uid`, `groups` (files to write one's process id to), `base`, `entries`,
            `environment`, `home`, `settings` of `inside.launch`, and for Landlock `readable` and `writable`.
        program: the seccomp filter.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    _silence()
    sealed = plan["tier"] == "namespaces"
    try:
        for group in plan["groups"]:
            Path(group).write_text(str(os.getpid()), encoding="ascii")
        if sealed:
            owner = _leave(plan["uid"])
        else:
            prctl(PR_SET_CHILD_SUBREAPER, 1)
        gate, opener = os.pipe()
        child = os.fork()
    except OSError as error:
        _tell(job, "error", str(error))
        return
    if child == 0:
        os.close(opener)
        os.read(gate, 1)  # so that `started` is said before anything else
        os.close(gate)
        if sealed:
            _guarded(job, lambda: _first(job, plan, program, owner))
        else:
            _guarded(job, lambda: _kernel(job, plan, program))
    handle = os.pidfd_open(child)
    _tell(job, "started", child, [handle])
    os.close(gate)
    os.close(opener)
    waiting = select.poll()
    waiting.register(job, select.POLLIN)
    waiting.register(handle, select.POLLIN)
    waiting.poll()
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    code = _exit_code(os.waitpid(child, 0)[1])
    end_descendants()  # of a run that had no process namespace; where it had one, nothing is left
    with contextlib.suppress(OSError):
        _tell(job, "ended", code)


def _exit_code(status: int) -> int:
    """The exit code that a shell would show."""
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def _leave(uid: int | None) -> tuple[int, int]:
    """Move this process's children to namespaces of their own; the owner of writable folders there."""
    user, group = os.geteuid(), os.getegid()
    if uid is not None:
        unshare(NAMESPACES)
        return uid, uid
    unshare(CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path("/proc/self", name).write_text(text, encoding="ascii")
    unshare(NAMESPACES)
    return user, group


def _first(job: socket.socket, plan: dict[str, Any], program: bytes, owner: tuple[int, int]) -> int:
    """Process 1: builds the root, starts the kernel, gives up its rights, and reaps."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # Signals that keep their default do not reach process 1 from inside.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.umask(0o022)
    socket.sethostname("grade")
    loopback_up()
    unshare(CLONE_NEWNS)
    build(Path(plan["base"]), plan["entries"], owner)
    kernel = os.fork()
    if kernel == 0:
        _guarded(job, lambda: _kernel(job, plan, program))
    job.close()
    drop_to(plan["uid"])
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # the change of user has undone it
    load_seccomp(program)
    while True:
        process, status = os.wait()
        if process == kernel:
            return _exit_code(status)


def _kernel(job: socket.socket, plan: dict[str, Any], program: bytes) -> None:
    """Become the notebook's kernel, with nothing of the zygote's rights."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.umask(0o022)
    os.environ.clear()
    os.environ.update(plan["environment"])
    os.chdir(plan["home"])
    if plan["tier"] == "landlock":
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    drop_to(plan["uid"])
    prctl(PR_SET_DUMPABLE, 1)
    if plan["tier"] == "landlock":
        restrict(plan["readable"], plan["writable"])
    load_seccomp(program)
    for name in [name for name in sys.modules if name.partition(".")[0] == "zygote"]:
        del sys.modules[name]
    settings = plan["settings"]
    if settings is None:  # only tried, to see whether it works here
        _tell(job, "ready", "", [os.open(os.devnull, os.O_RDONLY)])
        return
    sys.argv = ["ipykernel_launcher.py"]
    sys.path[:0] = [""]
    sys.path.extend(settings["path"])
    importlib.import_module("inside.launch").main(settings, job)


def _guarded(job: socket.socket, work: Any) -> None:
    """Do what a forked process is for; it never returns to its parent's code."""
    code = 1
    try:
        code = work() or 0
    except SystemExit:
        code = 0
    except BaseException as error:  # whatever it is, the host must hear of it and this process must end
        with contextlib.suppress(OSError):
            _tell(job, "error", f"{type(error).__name__}: {error}")
    finally:
        os._exit(code)


def _tell(job: socket.socket, kind: str, what: str | int, handles: list[int] | None = None) -> None:
    socket.send_fds(job, [json.dumps([kind, what]).encode()], handles or [])


def _silence() -> None:
    """Keep what native code prints outside any cell away from the zygote's output, which could fill up."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.close(null)
