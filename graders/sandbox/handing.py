"""Hands arrays to a notebook's process, as files that it can read."""

import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders.sandbox.removal import remove

LARGE = 4 * 2**20
"""Bytes from which on an array is worth keeping as a file: to write 30 MiB takes longer than most cells."""
_kept: dict[int, Path] = {}
"""Files of large arrays by the array's id; each goes with its array, and lies in a folder of its own."""


def hand_in(array: NDArray[np.generic], path: Path) -> None:
    """Write an array as `.npy`, readable for every user.

    A large one is written once and linked for the runs that follow, so it must not change afterwards. No
    notebook can write to it: what a sandbox shows of the host's files it shows read-only.

    Raises:
        OSError: it cannot be written.
    """
    if id(array) in _kept:
        with suppress(OSError):  # it went with a command's temporary folder, or lies on another disk
            path.hardlink_to(_kept[id(array)])
            return
    np.save(path, array, allow_pickle=False)
    path.chmod(0o644)  # whatever the umask
    if array.nbytes >= LARGE:
        _keep(array, path)


def _keep(array: NDArray[np.generic], path: Path) -> None:
    """Give the file a second name, for as long as the array lives."""
    _forget(id(array))
    folder = Path(tempfile.mkdtemp(prefix="grade-"))
    try:
        (folder / path.name).hardlink_to(path)
    except OSError:  # a file system without links
        folder.rmdir()
        return
    _kept[id(array)] = folder / path.name
    weakref.finalize(array, _forget, id(array))


def _forget(number: int) -> None:
    kept = _kept.pop(number, None)
    if kept is not None:
        remove(kept.parent)
