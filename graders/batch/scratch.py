"""One temporary folder for all runs of a command, which the next command removes if this one is killed.

A killed process cannot tidy up. So the folder holds a lock for as long as its owner lives, and whoever starts
next removes folders whose lock nobody holds.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing import util
from pathlib import Path
from typing import IO

from graders.sandbox.removal import remove

PREFIX = "grade-run-"
OWNER = "owner"
LONGEST_BASE = 50
"""Characters of the folder for temporary files; below a longer one the kernel's sockets have no room."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that ends with the block; temporary files of this process lie in it meanwhile."""
    sweep()
    folder, owner = _claim()
    try:
        with owner, _temporary_files_in(folder):
            yield folder
    finally:
        remove(folder)


@contextmanager
def lasting() -> Iterator[Path]:
    """The folder that temporary files of the block are made in; they stay until this process ends."""
    folder = _lasting_folder()
    with _temporary_files_in(folder):
        yield folder


@cache
def _lasting_folder() -> Path:
    folder, owner = _claim()
    # after multiprocessing has removed its own folder in it, whose priority is -100
    util.Finalize(None, _let_go, args=(folder, owner), exitpriority=-200)
    return folder


def _let_go(folder: Path, owner: IO[str]) -> None:
    owner.close()
    remove(folder)


def _claim() -> tuple[Path, IO[str]]:
    """A new folder, and the open file whose lock says that it is in use."""
    made = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}", dir=_base()))
    let_through(made)
    owner = (made / OWNER).open("w")
    os.fchmod(owner.fileno(), 0o600)
    fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # named only now, so that nobody takes it for one without an owner
    return made.rename(made.with_name(made.name.removeprefix("new-"))), owner


def let_through(folder: Path) -> None:
    """Let notebooks through to their own folders below, which under Landlock they reach by their whole path.

    Where root grades they run as other users; those find nothing here whose name they do not know.
    """
    if os.geteuid() == 0:
        folder.chmod(0o711)


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def sweep() -> None:
    """Removes the folders of commands that were killed."""
    for folder in Path(_base()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's, in use, or gone by now
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            with (folder / OWNER).open("r+") as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)


def _base() -> str:
    base = tempfile.gettempdir()
    return base if len(base) <= LONGEST_BASE else "/tmp"  # noqa: S108 -- `mkdtemp` makes a private folder in it
