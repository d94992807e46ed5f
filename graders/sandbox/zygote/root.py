"""Builds the root folder of one run: a file system of mounts that no other process sees."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .linux import (
    ATTR_NODEV,
    ATTR_NOSUID,
    ATTR_RDONLY,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    mount,
    pivot_root,
    restrict_mount,
)

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
DEV_LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "ptmx": "pts/ptmx",
}
ROOT_BYTES = 4 * 2**20
"""The root itself holds folders, links and small texts only."""
DEV_BYTES = 65536
LEAST_BYTES = 4096
"""A folder in memory has a page at least."""


def build(base: Path, entries: list[dict[str, Any]], owner: tuple[int, int]) -> None:
    """Mount everything below `base` and make it the root. Call it in a mount namespace of one's own.

    Args:
        base: an empty folder of the host.
        entries: what to show, in order; see `graders.sandbox.view`.
        owner: user and group of the writable folders.

    Raises:
        OSError: something cannot be mounted.
    """
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("root", str(base), "tmpfs", MS_NOSUID | MS_NODEV, f"mode=0755,size={ROOT_BYTES}")
    _proc_and_dev(base)
    for entry in entries:
        _show(base, entry, owner)
    pivot_root(str(base))
    restrict_mount("/dev", ATTR_RDONLY, recursive=False)
    restrict_mount("/", ATTR_RDONLY, recursive=False)


def _proc_and_dev(base: Path) -> None:
    proc, dev = base / "proc", base / "dev"
    proc.mkdir()
    mount("proc", str(proc), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    dev.mkdir()
    mount("dev", str(dev), "tmpfs", MS_NOSUID | MS_NOEXEC, f"mode=0755,size={DEV_BYTES}")
    for name in DEVICES:
        _device(Path("/dev", name), dev / name)
    for name, to in DEV_LINKS.items():
        (dev / name).symlink_to(to)
    (dev / "pts").mkdir()
    mount("devpts", str(dev / "pts"), "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")


def _device(source: Path, target: Path) -> None:
    target.touch()
    mount(str(source), str(target), None, MS_BIND)


def _show(base: Path, entry: dict[str, Any], owner: tuple[int, int]) -> None:
    kind, target = entry["kind"], base / entry["target"].lstrip("/")
    _folders(target.parent)
    if kind == "bind":
        _bind(Path(entry["source"]), target)
    elif kind == "device":
        _device(Path(entry["target"]), target)
    elif kind == "link":
        target.symlink_to(entry["to"])
    elif kind == "text":
        target.write_text(entry["text"], encoding="utf-8")
        target.chmod(0o644)
    elif kind == "scratch":
        _scratch(target, entry, owner)
    else:
        raise ValueError(f"unknown kind of entry: {kind}")


def _bind(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.touch()
    mount(str(source), str(target), None, MS_BIND | MS_REC)
    restrict_mount(str(target), ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)


def _scratch(target: Path, entry: dict[str, Any], owner: tuple[int, int]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    size, files = entry["size"] or LEAST_BYTES, entry["files"] + 1
    options = f"mode={entry['mode']:o},size={size},nr_inodes={files}"
    mount("scratch", str(target), "tmpfs", MS_NOSUID | MS_NODEV, options)
    if entry["private"]:
        os.chown(target, *owner)
    if not entry["size"]:
        restrict_mount(str(target), ATTR_RDONLY, recursive=False)


def _folders(folder: Path) -> None:
    """Make a folder and those above it, readable for everybody."""
    for path in [*reversed(folder.parents), folder]:
        if not path.is_dir():
            path.mkdir()
            path.chmod(0o755)
