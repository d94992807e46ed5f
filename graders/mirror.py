"""The course's mirror: files of the Internet that notebooks get without a network, by their addresses.

`[mirror]` of `course.toml` names a folder; `mirror.toml` in it lists the files.
"""

import hashlib
import stat
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from graders.errors import Problem
from graders.model import Frozen

LIST = "mirror.toml"
MOST_FILES = 200
"""Files of a mirror: each is mounted by itself, so that nothing beside them is shown."""
SCHEMES = ("http", "https", "ftp")


class Listed(Frozen):
    """One file as the author lists it."""

    url: str = Field(min_length=1, max_length=2000)
    """Address that notebooks ask for."""
    file: str = Field(min_length=1, max_length=500)
    """Its path below the mirror's folder."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of its content, in hexadecimal."""


class MirrorFile(Frozen):
    """`mirror.toml` as its author writes it."""

    files: tuple[Listed, ...] = Field(default=(), max_length=MOST_FILES)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A file of the mirror, ready to be shown."""

    url: str
    source: Path
    """Where it lies on the host."""
    sha256: str

    @property
    def name(self) -> str:
        """What it is called where nobody says otherwise."""
        return self.source.name


def read_mirror(folder: Path) -> tuple[tuple[Mirrored, ...], list[Problem]]:
    """The files of a mirror, and every mistake in its list; for contents see `hash_problems`."""
    path = folder / LIST
    try:
        listed = MirrorFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).files
    except OSError as error:
        return (), [Problem(path, "", f"cannot be read: {error.strerror}; list the mirror's files there")]
    except ValidationError as error:
        return (), [
            Problem(path, _dotted(item["loc"]), f"{item['msg']}; found {item['input']!r:.80}")
            for item in error.errors()
        ]
    except ValueError as error:  # no TOML, or no UTF-8
        return (), [Problem(path, "", f"is not TOML: {error}")]
    files, problems = [], []
    taken: set[str] = set()
    for number, one in enumerate(listed):
        found = [*_url_problems(path, number, one, taken), *_file_problems(path, number, one, folder)]
        taken.add(one.url)
        problems += found
        if not found:
            files.append(Mirrored(one.url, (folder / one.file).resolve(), one.sha256))
    return tuple(files), problems


def hash_problems(folder: Path, files: Sequence[Mirrored]) -> list[Problem]:
    """What is wrong with the contents of a mirror whose list is right."""
    problems = []
    for number, one in enumerate(files):
        key = f"files[{number}].sha256"
        try:
            status = one.source.stat()
            found = _sha256(one.source, status.st_size, status.st_mtime_ns)
        except OSError as error:
            problems.append(Problem(folder / LIST, key, f"{one.source} cannot be read: {error.strerror}"))
            continue
        if found != one.sha256:
            message = f"{one.name} has the hash {found}; bring the right file, or mend the hash"
            problems.append(Problem(folder / LIST, key, message))
    return problems


def list_hash(folder: Path) -> str:
    """SHA-256 of the list, and so of all that it lists; empty where there is none."""
    path = folder / LIST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@cache
def _sha256(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _url_problems(path: Path, number: int, one: Listed, taken: set[str]) -> list[Problem]:
    key = f"files[{number}].url"
    try:
        parts = urlsplit(one.url)
        right = parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:
        right = False
    if not right:
        return [
            Problem(path, key, f"{one.url!r:.80} is no address; expected one such as https://host/file.csv")
        ]
    if one.url in taken:
        return [Problem(path, key, f"{one.url!r:.80} is listed twice; remove one")]
    return []


def _file_problems(path: Path, number: int, one: Listed, folder: Path) -> list[Problem]:
    key = f"files[{number}].file"
    name = PurePosixPath(one.file)
    if name.is_absolute() or ".." in name.parts:
        return [Problem(path, key, f"{one.file!r:.80} leads out of the mirror; name a file below {folder}")]
    file = folder / name
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        return [Problem(path, key, f"{file} not found; put it there or remove the entry")]
    if not file.resolve().is_relative_to(folder.resolve()):
        return [Problem(path, key, f"{file} is a link out of the mirror; put the file itself there")]
    if not stat.S_ISREG(mode):
        return [Problem(path, key, f"{file} is no regular file; pack a folder into a .zip or .tar.gz")]
    if not mode & 0o004:
        return [Problem(path, key, f"{file} may not be read by everybody; run `chmod 644` on it")]
    return []


def _dotted(location: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
