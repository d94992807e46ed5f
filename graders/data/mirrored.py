"""Files of real data sets that have no official address of the same shape: taken from `GRADE_MIRROR`."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from graders.data.publishing import put, unwritable
from graders.errors import DataMissingError, Problem


def mirror_folder() -> Path:
    """The folder in `GRADE_MIRROR`, absolute; one that is not there where it is not set.

    Raises:
        DataMissingError: it begins with the home folder of a user who does not exist.
    """
    named = Path(os.environ.get("GRADE_MIRROR") or "/nowhere")
    try:
        return named.expanduser().absolute()
    except RuntimeError as error:
        message = "GRADE_MIRROR names the home folder of nobody; set it to a folder with real data sets"
        raise DataMissingError([Problem(named, "", message)]) from error


def obtain(files: Mapping[str, str], folder: Path, subfolder: str) -> None:
    """Copy into `folder` what is missing there, from `subfolder` of the folder in `GRADE_MIRROR`.

    Args:
        files: SHA-256 in hexadecimal by path below the subfolder.
        folder: of the cache; it gets the same paths.
        subfolder: where the mirror keeps them; empty for its top.

    Raises:
        DataMissingError: the mirror is not there, lacks a file, or has another one under its name.
    """
    missing = {name: digest for name, digest in files.items() if _sha256(folder / name) != digest}
    if not missing:
        return
    mirror = mirror_folder() / subfolder
    found = {name: _sha256(mirror / name) for name in missing}
    wrong = [name for name, digest in missing.items() if found[name] != digest]
    if wrong:
        state = "not found" if found[wrong[0]] is None else f"another file, SHA-256 {found[wrong[0]]}"
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        message = (
            f"{mirror / wrong[0]}{more}: {state}; set GRADE_MIRROR to a folder that has "
            f"{subfolder + '/' if subfolder else ''}{wrong[0]} with SHA-256 {missing[wrong[0]]}"
        )
        raise DataMissingError([Problem(folder, "", message)])
    for name in missing:
        _copy(mirror / name, folder / name)


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        put(target, source.read_bytes())
    except OSError as error:
        raise unwritable(target.parent, error) from error


def _sha256(path: Path) -> str | None:
    """Digest of a file; None where there is none that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
