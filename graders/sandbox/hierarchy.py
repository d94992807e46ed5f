"""Where control groups can be made: versions 1 and 2, also side by side.

As root that is mostly possible, as an ordinary user where systemd delegates, as in
`systemd-run --user --scope -p Delegate=yes grade …`. In version 1 groups are made below the group of this
process, so that what limits `grade` limits its runs; in version 2 there or below the nearest group above that
has the controllers, since a group that has processes can have no limited groups below it.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

NEEDED = ("memory", "pids")
USED = ("memory", "pids", "cpu")
HOST = "grade-host"
"""Leaf of version 2 that this process moves to, out of the way of its runs."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where this process may make groups; can be pickled."""

    version: Literal[1, 2]
    folders: dict[str, Path]
    """The folder to make groups in, by controller; in version 2 it is the same for all."""


@cache
def find_once() -> Hierarchy | None:
    """`find` for this process, looked for by the first call only.

    That must come before the first child: only a group that this process is alone in can be made ready.
    """
    return find()


def find(process: Path = Path("/proc/self")) -> Hierarchy | None:
    """Where groups can be made here; None where nowhere.

    A version 2 group that this process is alone in, as systemd delegates it, is made ready: the process moves
    to a leaf of it.

    Args:
        process: folder with `cgroup` and `mountinfo` of this process.
    """
    own = dict(_own_groups(process))
    unified = own.get("")
    if unified is not None and (base := _base_of_version_2(unified)) is not None:
        controllers = set(_words(base / "cgroup.subtree_control"))
        return Hierarchy(2, {name: base for name in USED if name in controllers})
    folders = {name: own[name] for name in USED if name in own and _may_make_groups(own[name])}
    return Hierarchy(1, folders) if "memory" in folders else None


def _own_groups(process: Path) -> Iterator[tuple[str, Path]]:
    """The folder of this process's group by controller of version 1; of version 2 under the empty name."""
    try:
        groups = (process / "cgroup").read_text().splitlines()
        mounts = (process / "mountinfo").read_text().splitlines()
    except OSError:  # no Linux
        return
    paths: dict[str, str] = {}
    for line in groups:
        number, controllers, path = line.split(":", 2)
        for controller in [""] if number == "0" else controllers.split(","):
            paths[controller] = path
    for line in mounts:
        before, _, after = line.partition(" - ")
        root, point = (_unescaped(field) for field in before.split()[3:5])
        kind, _, options = after.split()[:3]
        names = [""] if kind == "cgroup2" else options.split(",") if kind == "cgroup" else []
        for name in names:
            if name in paths:
                yield name, _below(Path(point), Path(root), Path(paths[name]))


def _below(point: Path, root: Path, path: Path) -> Path:
    """The folder of the group `path` where the group `root` is mounted at `point`."""
    return point / path.relative_to(root if path.is_relative_to(root) else "/")


def _unescaped(field: str) -> str:
    """A field of mountinfo, where a space is written as a backslash and 040."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)


def _base_of_version_2(own: Path) -> Path | None:
    """The folder of version 2 to make groups in: this process's group or one above it; None where none is."""
    for base in (own, *own.parents):
        if not (base / "cgroup.procs").exists():
            return None
        if _may_make_groups(base) and set(NEEDED) <= set(_words(base / "cgroup.subtree_control")):
            return base
        if base == own and _make_ready(own):
            return own
    return None


def _make_ready(own: Path) -> bool:
    """Hand the controllers of a group that this process has to itself on to groups below it."""
    offered = set(_words(own / "cgroup.controllers"))
    alone = _words(own / "cgroup.procs") == [str(os.getpid())]
    if not (alone and set(NEEDED) <= offered and _may_make_groups(own)):
        return False
    try:
        (own / HOST).mkdir(exist_ok=True)
        write_number(own / HOST / "cgroup.procs", os.getpid())
        _write(own / "cgroup.subtree_control", " ".join(f"+{name}" for name in USED if name in offered))
    except OSError:
        return False
    return True


def _may_make_groups(folder: Path) -> bool:
    """Whether groups can be made in a folder, and processes of its group put into them."""
    return os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []


def write_number(file: Path, value: int) -> None:
    """Write to a file of a group.

    Raises:
        OSError: there is no such file, or the kernel refuses the value.
    """
    _write(file, str(value))


def _write(file: Path, text: str) -> None:
    # Not `write_text`, which would try to create a file that the system lacks.
    number = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(number, text.encode())
    finally:
        os.close(number)
