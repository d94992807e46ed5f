"""Folders of public data, and files of the cache, made once and whole."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from graders.errors import DataMissingError, Problem


def publish(write: Callable[[Path], None], folder: Path) -> None:
    """Let `write` fill `folder` so that it appears whole or not at all.

    Processes that publish the same folder at one time do not disturb each other: the first one's is kept.

    Raises:
        DataMissingError: the folder cannot be written, or `write` raises it.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder.parent, error) from error
    try:
        write(draft)
        show(draft)
        draft.rename(folder)
    except OSError as error:
        if not folder.is_dir():
            raise unwritable(folder.parent, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def put(target: Path, content: bytes) -> None:
    """Write a file into a folder of the cache so that it appears whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".draft-", delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(target)


def show(folder: Path) -> None:
    """Let every user read a published folder: where root grades, notebooks run as another.

    Raises:
        DataMissingError: its rights cannot be changed.
    """
    try:
        for path in (folder, *folder.rglob("*")):
            mode = 0o755 if path.is_dir() else 0o644
            if path.stat().st_mode & mode != mode:
                path.chmod(mode)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> DataMissingError:
    """The error for a cache that cannot be written to."""
    message = f"the data cache cannot be written ({error}); set GRADE_DATA to a folder that can"
    return DataMissingError([Problem(folder, "", message)])
