"""The bubblewrap tier: the options of `bwrap`, and whether this machine can use it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from graders.errors import SandboxError
from graders.sandbox.stage import SEALED, Stage
from graders.sandbox.view import Bind, Device, Entry, Link, Scratch, Text, system

NAMESPACES = (
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--die-with-parent",
    "--new-session",
)
UNPRIVILEGED = ("--unshare-user", "--disable-userns", "--cap-drop", "ALL")


def isolation(uid: int | None) -> list[str]:
    """Options that make the namespaces.

    Args:
        uid: user that root becomes inside; None where an ordinary user grades, who stays who they are.
    """
    return [*NAMESPACES, *(UNPRIVILEGED if uid is None else ()), "--clearenv", "--hostname", "grade"]


def drop_to(uid: int | None) -> list[str]:
    """Command that gives up root and every way back to it; empty for an ordinary user, who never had it."""
    if uid is None:
        return []
    ids = [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    return [
        "setpriv",
        *ids,
        "--no-new-privs",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--bounding-set=-all",
    ]


def show(entries: Sequence[Entry], uid: int | None, folder: Path) -> Iterator[str]:
    """Options that show what a notebook is to see.

    Args:
        entries: what that is, in order.
        uid: user that the notebook runs as; None for the grader's own.
        folder: where small texts are put on the host.
    """
    yield from ("--proc", "/proc", "--dev", "/dev")
    for number, entry in enumerate(entries):
        # by itself bubblewrap makes the folders above unreadable
        for above in reversed(entry.target.parents[:-1]):
            yield from ("--perms", "0755", "--dir", str(above))
        match entry:
            case Bind(source, target):
                yield from ("--ro-bind", str(source), str(target))
            case Device(target):
                yield from ("--dev-bind", str(target), str(target))
            case Link(target, to):
                yield from ("--symlink", to, str(target))
            case Text(target, text):
                file = folder / f"text-{number}"
                file.write_text(text, encoding="utf-8")
                file.chmod(0o644)
                yield from ("--ro-bind", str(file), str(target))
            case Scratch(target, size, _, mode, private):
                open_to_all = private and uid is not None  # the folder will be root's, the notebook is not
                permissions = 0o777 if open_to_all else mode
                yield from (
                    "--perms",
                    f"{permissions:04o}",
                    "--size",
                    str(size or 4096),
                    "--tmpfs",
                    str(target),
                )
                if not size:
                    yield from ("--remount-ro", str(target))


def arguments(
    entries: Sequence[Entry], stage: Stage, environment: dict[str, str], uid: int | None
) -> list[str]:
    """All options of `bwrap` for a run, without the command to run."""
    options = [*isolation(uid), *show(entries, uid, stage.folder)]
    for name, value in environment.items():
        options += ["--setenv", name, value]
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(SEALED.home)]


def try_it(uid: int | None) -> None:
    """Try the sandbox once.

    Raises:
        SandboxError: it cannot be had here; says why and what to do.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError(
            "bubblewrap is not installed, so notebooks cannot be sealed off. Install it (Debian, Ubuntu: "
            "`apt install bubblewrap`; Fedora: `dnf install bubblewrap`)."
        )
    seen = list(system(Path(sys.executable), "cpu"))
    command = [bwrap, *isolation(uid), *show(seen, uid, Path(os.devnull)), "--", *drop_to(uid), "true"]
    tried = subprocess.run(command, capture_output=True, text=True, env={}, timeout=30, check=False)  # noqa: S603 - our own options
    if tried.returncode != 0:
        raise SandboxError(f"bubblewrap cannot make a sandbox here: {tried.stderr.strip()[-300:]}.")
