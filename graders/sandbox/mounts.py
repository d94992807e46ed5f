"""What of a student's folder the notebook may see."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from graders.model import Submission
from graders.sandbox.job import Mount

MOST_COPIED = 64 * 2**20
"""Bytes of the student's files that the notebook gets as copies of its own; what is larger is read-only."""
RESERVED = frozenset({"data"})
"""Names that the toolkit puts into the working folder itself."""


def student_mounts(submission: Submission) -> tuple[Mount, ...]:
    """The regular files and folders of the student's folder.

    Hidden names, links, pipes, sockets and devices are left out. A link deeper down is resolved inside the
    sandbox and finds nothing that the sandbox does not show. Small things are copied, because a notebook that
    writes `results.csv` on every run must be able to write it again.
    """
    if submission.folder is None:
        return ()
    left = MOST_COPIED
    mounts = []
    for path in sorted(submission.folder.iterdir()):
        if path.name.startswith(".") or path.name in RESERVED or not _is_plain(path):
            continue
        size = _size(path)
        mounts.append(Mount(path, path.name, copy=size <= left))
        left -= size if size <= left else 0
    return tuple(mounts)


def readable_copies(mounts: tuple[Mount, ...], folder: Path) -> tuple[Mount, ...]:
    """The mounts with those that are copied anyway taken from `folder`, where any user may read them.

    Where root grades, the notebook runs as another user, who could not read a file that only its owner may.
    """
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # whatever the umask
    return tuple(_readable_copy(mount, folder / mount.target) if mount.copy else mount for mount in mounts)


def _readable_copy(mount: Mount, target: Path) -> Mount:
    if mount.source.is_dir():
        shutil.copytree(mount.source, target, symlinks=True)
        for path in target.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        target.chmod(0o755)
    else:
        shutil.copyfile(mount.source, target)
        target.chmod(0o644)
    return Mount(target, mount.target, copy=True)


def _is_plain(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _size(path: Path) -> int:
    return sum(_sizes(path))


def _sizes(path: Path) -> Iterator[int]:
    """Bytes of the files at or below `path`; more than can be copied where something cannot be."""
    if not path.is_dir():
        yield path.lstat().st_size
        return
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _sizes(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False).st_size
                elif not entry.is_symlink():
                    yield MOST_COPIED + 1
    except OSError:  # too deep, or nobody may enter
        yield MOST_COPIED + 1
