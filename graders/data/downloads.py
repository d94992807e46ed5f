"""Files of real data sets that have an official address: from `GRADE_MIRROR`, else from there."""

import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pooch

from graders.data.mirrored import mirror_folder
from graders.data.publishing import put, unwritable
from graders.errors import DataMissingError, Problem

NETWORK_SECONDS = 20
"""How long a silent server is waited for."""


@dataclass(frozen=True, slots=True)
class Official:
    """A file as its publisher offers it."""

    name: str
    """In the cache and in a mirror, without a folder."""
    url: str
    digest: str
    """Algorithm and hexadecimal digits, such as `md5:8d4f…` or `sha256:aaa5…`."""


def obtain(
    files: Sequence[Official], folder: Path, *, dataset: str, below: PurePosixPath, progress: bool
) -> None:
    """Put into `folder` what is missing there or is damaged.

    Args:
        files: with names that differ.
        folder: of the cache.
        dataset: what `grade data fetch` calls them.
        below: the folder of a mirror that has them.
        progress: whether to show a bar on standard error.

    Raises:
        DataMissingError: neither the mirror nor the official address has a file with its hash, or `folder`
            cannot be written.
    """
    tried: dict[str, str] = {}
    missing = [one.name for one in files if not _obtain(one, folder, below, progress, tried)]
    if missing:
        places = "; ".join(f"{place}: {reason}" for place, reason in tried.items())
        message = (
            f"{', '.join(missing)}: not in this cache, and could not be had. Tried {places}. "
            f"With a network, run: grade data fetch {dataset}; without one, set GRADE_MIRROR to a folder "
            f"with {', '.join(str(below / name) for name in missing)}"
        )
        raise DataMissingError([Problem(folder, "", message)])


def _obtain(
    file: Official, folder: Path, below: PurePosixPath, progress: bool, tried: dict[str, str]
) -> bool:
    """Put one file into the cache's folder; where a source fails, `tried` is told why."""
    target = folder / file.name
    try:
        if target.is_file() and _digest(target.read_bytes(), file) == file.digest:
            return True
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    mirror = os.environ.get("GRADE_MIRROR", "")
    for source in (*([_mirrored(mirror, below / file.name)] if mirror else []), file.url):
        # a server that failed once is not waited for again
        place = source.rpartition("/")[0] if _is_url(source) else source
        if place in tried:
            continue
        try:
            if _is_url(source):
                _download(source, file, target, progress)
            else:
                _copy(Path(source), file, target)
        except (OSError, ValueError) as error:
            tried[place] = str(error)[:300]
        else:
            return True
    return False


def _mirrored(mirror: str, path: PurePosixPath) -> str:
    if _is_url(mirror):
        return f"{mirror.rstrip('/')}/{path}"
    return str(mirror_folder() / path)


def _is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _download(url: str, file: Official, target: Path, progress: bool) -> None:
    pooch.get_logger().setLevel(logging.WARNING)
    pooch.retrieve(
        url,
        known_hash=file.digest,
        fname=target.name,
        path=target.parent,
        downloader=pooch.HTTPDownloader(progressbar=progress, timeout=NETWORK_SECONDS),
    )


def _copy(source: Path, file: Official, target: Path) -> None:
    content = source.read_bytes()
    found = _digest(content, file)
    if found != file.digest:
        found, expected = (digest.replace(":", " ") for digest in (found, file.digest))
        raise ValueError(f"{len(content)} bytes with {found}, expected {expected}")
    put(target, content)


def _digest(content: bytes, file: Official) -> str:
    """Digest by the algorithm that the file's publisher chose, written as his."""
    algorithm = file.digest.partition(":")[0]
    return f"{algorithm}:{hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()}"
