"""The bubblewrap sandbox: what it shows, what it hides, and whether this machine can do it.

Hidden: the network, other processes, the host's files apart from the read-only system and Python's own
folders, this toolkit, environment variables. The notebook's process has no capabilities, cannot gain any, and
is not root on the host: an ordinary user stays that user in a user namespace; root becomes a spare user id
before Python starts.
Not covered: no seccomp filter, no memory cgroup (a watchdog looks five times a second instead), no CPU share.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from graders.errors import SandboxError
from graders.sandbox.job import Job
from graders.sandbox.mounts import MOST_COPIED
from graders.sandbox.stage import INSIDE, SEALED, Stage

MIB = 2**20
PACKAGE = Path(__file__).resolve().parent.parent
"""The toolkit itself, which no notebook may read."""
FIRST_UID = 65000
"""Start of 500 user ids that no distribution hands out; each run of root takes the next."""
_runs = count(os.getpid())

NAMESPACES = (
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--die-with-parent",
    "--new-session",
)
UNPRIVILEGED = ("--unshare-user", "--disable-userns", "--cap-drop", "ALL")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives", "fonts", "mime.types")
NVIDIA = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")


def next_uid() -> int | None:
    """User id for the next run where this process is root; None where an ordinary user runs it."""
    return FIRST_UID + next(_runs) % 500 if os.geteuid() == 0 else None


def isolation(uid: int | None) -> list[str]:
    """Options that make the namespaces."""
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


def bind(option: str, source: str | Path, target: str | Path) -> Iterator[str]:
    """Options that show `source` at `target`; by itself bubblewrap makes the folders above unreadable."""
    for folder in reversed(Path(target).parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(folder))
    yield from (option, str(source), str(target))


def system() -> Iterator[str]:
    """The read-only system: programs and libraries, a little of `/etc`, fresh `/proc` and `/dev`."""
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    for name in ETC:
        yield from bind("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    yield from ("--proc", "/proc", "--dev", "/dev")


def python() -> Iterator[str]:
    """Python's own folders, with this toolkit blotted out where it is installed in one of them."""
    prefixes = {Path(prefix) for prefix in (sys.base_prefix, sys.prefix)}
    shown = [prefix for prefix in sorted(prefixes) if not prefix.is_relative_to("/usr")]
    for prefix in shown:
        yield from bind("--ro-bind", prefix, prefix)
    if any(PACKAGE.is_relative_to(folder.resolve()) for folder in [*shown, Path("/usr")]):
        yield from ("--tmpfs", str(PACKAGE), "--remount-ro", str(PACKAGE))


def graphics(device: str) -> Iterator[str]:
    """Device nodes of the GPUs; none on the CPU."""
    if not device.startswith("cuda"):
        return
    numbered = [path.name for path in Path("/dev").glob("nvidia[0-9]*")]
    for name in (*NVIDIA, *numbered):
        yield from ("--dev-bind-try", f"/dev/{name}", f"/dev/{name}")
    yield from ("--ro-bind", "/sys", "/sys")


def scratch(path: str | Path, mib: int, permissions: str) -> list[str]:
    """A writable folder in memory of at most `mib` MiB."""
    return ["--perms", permissions, "--size", str(mib * MIB), "--tmpfs", str(path)]


def arguments(job: Job, stage: Stage, environment: dict[str, str], uid: int | None) -> list[str]:
    """All options of `bwrap` for a job, without the command to run."""
    disk = job.limits.disk_mib
    copied = MOST_COPIED // MIB if any(mount.copy for mount in job.mounts) else 0
    identity = os.geteuid() if uid is None else uid
    passwd, group, hosts = stage.folder / "passwd", stage.folder / "group", stage.folder / "hosts"
    passwd.write_text(f"student:x:{identity}:{identity}::{SEALED.home}:/bin/sh\n")
    group.write_text(f"student:x:{identity}:\n")
    hosts.write_text("127.0.0.1 localhost grade\n::1 localhost\n")
    options = [*isolation(uid), *system()]
    options += [*scratch("/tmp", disk, "1777"), *scratch("/dev/shm", disk, "1777")]  # noqa: S108 - the sandbox's own
    options += [*python(), *graphics(job.device)]
    visible: list[tuple[str, Path, Path]] = [
        *(("--ro-bind", path, Path("/etc") / path.name) for path in (passwd, group, hosts)),
        ("--ro-bind", INSIDE, SEALED.code / "inside"),
        ("--ro-bind", job.probe.resolve(), SEALED.probe),
        ("--ro-bind", stage.connection, SEALED.connection),
        ("--ro-bind", stage.inbox, SEALED.inbox),
        ("--bind", stage.sockets, SEALED.sockets),
        ("--bind", stage.outbox, SEALED.outbox),
        *(
            ("--ro-bind", folder.resolve(), SEALED.modules / str(number))
            for number, folder in enumerate(job.modules)
        ),
    ]
    for mount in job.mounts:
        base = SEALED.copies if mount.copy else SEALED.home
        visible.append(("--ro-bind", mount.source.resolve(), base / mount.target))
    options += ["--perms", "0755", "--dir", "/home", *scratch(SEALED.home, disk + copied, "0777")]
    for option, source, target in visible:
        options += bind(option, source, target)
    for name, value in environment.items():
        options += ["--setenv", name, value]
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(SEALED.home)]


def available() -> None:
    """Try the sandbox once.

    Raises:
        SandboxError: it cannot be had here; says why and what to do.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError(
            "bubblewrap is not installed, so notebooks cannot be sealed off. Install it (Debian, Ubuntu: "
            "`apt install bubblewrap`; Fedora: `dnf install bubblewrap`), or give `--sandbox none` if you "
            "trust every notebook that you grade: it then runs with your own rights."
        )
    uid = next_uid()
    command = [bwrap, *isolation(uid), *system(), "--", *drop_to(uid), "true"]
    tried = subprocess.run(command, capture_output=True, text=True, env={}, timeout=30, check=False)  # noqa: S603 - our own options
    if tried.returncode != 0:
        raise SandboxError(
            f"bubblewrap cannot make a sandbox here: {tried.stderr.strip()[-300:]}. {_remedy(uid)} "
            "Or give `--sandbox none` if you trust every notebook that you grade."
        )


def _remedy(uid: int | None) -> str:
    if uid is not None:
        return (
            "In a container, start it with the capability SYS_ADMIN (Docker: `--cap-add SYS_ADMIN "
            "--security-opt seccomp=unconfined`)."
        )
    apparmor = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if apparmor.exists() and apparmor.read_text().strip() == "1":
        return (
            "This system's AppArmor forbids user namespaces: allow them for bwrap with a profile in "
            "/etc/apparmor.d, or run `sysctl kernel.apparmor_restrict_unprivileged_userns=0` as root."
        )
    return (
        "User namespaces are probably forbidden: look at `sysctl user.max_user_namespaces`, "
        "or run it as root."
    )
