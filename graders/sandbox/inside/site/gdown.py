"""`gdown` without a network: files of Google Drive that the course's mirror has."""

import importlib
import shutil
from pathlib import Path
from typing import Any

_mirror = importlib.import_module("inside.offline.mirror")
_fetching = importlib.import_module("inside.offline.fetching")


class FileURLRetrievalError(Exception):
    """A file could not be had."""


def download(url: str | None = None, output: Any = None, quiet: bool = False, *_: Any, **named: Any) -> Any:
    """Copy a file of the mirror; its name.

    Raises:
        FileURLRetrievalError: the mirror lacks it.
    """
    address = _fetching.drive_address(str(named.get("id") or url))
    kept = _mirror.find(address)
    if kept is None:
        raise FileURLRetrievalError(_mirror.refuse(address))
    if hasattr(output, "write"):
        output.write(kept.path.read_bytes())
        return output
    target = str(output or named.get("path") or kept.name)
    if target.endswith("/"):
        Path(target).mkdir(parents=True, exist_ok=True)
        target += kept.name
    shutil.copyfile(kept.path, target)
    if not quiet:
        print(f"{target} from the course's mirror")
    return target


cached_download = download


def download_folder(url: str | None = None, *_: Any, **named: Any) -> Any:
    """Refused: the mirror has files, not folders.

    Raises:
        FileURLRetrievalError: always.
    """
    raise FileURLRetrievalError(_mirror.refuse(_fetching.drive_address(str(named.get("id") or url))))


def extractall(path: str, to: str | None = None) -> None:
    """Unpack an archive."""
    shutil.unpack_archive(path, to or ".")
