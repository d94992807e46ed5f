"""What of a student's folder the notebook may see."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from graders.model import Submission
from graders.sandbox.job import Mount

MOST_COPIED = 64 * 2**20
"""Bytes of the student's files that the notebook gets as copies of its own; what is larger is read-only."""
MOST_ENTRIES = 10_000
"""Files and folders among them, so that copies leave the notebook room for files of its own."""
MOST_DEPTH = 100
"""Folders in folders that are copied; what copies them goes down by recursion."""
WEIGHTS = ".torch"
"""Where the course's pretrained weights appear; hidden, so that it is nobody's own folder."""
DATA = "data"
"""The course's public data in the working folder, with what the student has in a folder of this name."""
MOST_BESIDE = 2000
"""Files and folders that a student's own folder `data` may show."""


def student_mounts(submission: Submission, data: Path | None = None) -> tuple[Mount, ...]:
    """The regular files and folders of the student's folder.

    Hidden names, links, pipes, sockets and devices are left out. A link deeper down is resolved inside the
    sandbox and finds nothing that the sandbox does not show. Small things are copied, because a notebook that
    writes `results.csv` on every run must be able to write it again.

    Args:
        submission: what came in.
        data: the course's data, whose names in the folder `data` are no student's.
    """
    if submission.folder is None:
        return ()
    size, entries = MOST_COPIED, MOST_ENTRIES
    mounts = []
    for path, target in _offered(submission.folder, data):
        left = _left(path, size, entries)
        mounts.append(Mount(path, target, copy=left is not None))
        size, entries = left or (size, entries)
    return tuple(mounts)


def _offered(folder: Path, data: Path | None) -> Iterator[tuple[Path, str]]:
    """What a student's folder has, with where it appears; of a folder `data`, what the course's has not."""
    for path in _plain(folder):
        if path.name != DATA:
            yield path, path.name
    taken = {path.name for path in data.iterdir()} if data is not None else set()
    own = folder / DATA
    if own.is_dir() and not own.is_symlink():
        with suppress(PermissionError):
            free = [path for path in _plain(own) if path.name not in taken]
            yield from ((path, f"{DATA}/{path.name}") for path in free[:MOST_BESIDE])


def _plain(folder: Path) -> list[Path]:
    """Files and folders that are neither hidden nor something else, in the order of their names."""
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and _is_plain(path)]


def readable_copies(mounts: tuple[Mount, ...], folder: Path) -> tuple[Mount, ...]:
    """The mounts with those that are copied anyway taken from `folder`, where any user may read them.

    Where root grades, the notebook runs as another user, who could not read a file that only its owner may.
    """
    for above in (folder, folder / DATA):
        above.mkdir(exist_ok=True)
        above.chmod(0o755)  # whatever the umask
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


def _left(path: Path, size: int, entries: int) -> tuple[int, int] | None:
    """What a copy of `path` leaves of so many bytes and entries; None where it cannot be copied."""
    if not path.is_dir():
        size, entries = size - path.lstat().st_size, entries - 1
        return (size, entries) if min(size, entries) >= 0 else None
    waiting = [(path, 1)]
    try:
        while waiting:
            folder, depth = waiting.pop()
            entries -= 1
            with os.scandir(folder) as found:
                for entry in found:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((Path(entry.path), depth + 1))
                        continue
                    entries -= 1
                    if entry.is_file(follow_symlinks=False):
                        size -= entry.stat(follow_symlinks=False).st_size
                    elif not entry.is_symlink():
                        return None
            if min(size, entries - len(waiting)) < 0 or depth > MOST_DEPTH:
                return None
    except OSError:  # nobody may enter
        return None
    return size, entries
