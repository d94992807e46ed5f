"""Removes what notebooks leave behind."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, even where nobody may enter it and however deep it goes.

    Folders are moved to the top before they are entered, so that no path becomes too long. What the system
    refuses to remove is left.
    """
    waiting, entered = [folder], []
    while waiting:
        place = waiting.pop()
        entered.append(place)
        with suppress(OSError):
            place.chmod(0o700)
            with os.scandir(place) as found:
                entries = list(found)
            for entry in entries:
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(_moved(Path(entry.path), folder))
                    else:
                        Path(entry.path).unlink()
    for place in reversed(entered):
        with suppress(OSError):
            place.rmdir()


def _moved(place: Path, top: Path) -> Path:
    place.chmod(0o700)  # a folder that one may not write to cannot be moved either
    try:
        return place.rename(tempfile.mkdtemp(dir=top))
    except OSError:  # on a full disk there is no place for another folder
        return place
