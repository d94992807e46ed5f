"""Fingerprints of what a record is made from, so that nothing is graded twice and no change is overlooked."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from graders import data
from graders.course import assignment_hash, calibration_hash
from graders.grading.versions import versions
from graders.model import Assignment, Course, Limits, Profile
from graders.submissions import Found

MOST_READ = 256 * 2**20
"""Bytes of a student's files whose content counts; of what is beyond, size and time of change do."""
MOST_ENTRIES = 20_000
"""Files of a student that are looked at."""


def submission_hash(found: Found) -> str:
    """SHA-256 of everything of the student that grading may see. Nothing of it is parsed.

    Take it before the submission is read: what changes afterwards is then seen as a change the next time.
    """
    digest = hashlib.sha256()
    digest.update(json.dumps([found.slug, found.notebook and found.notebook.name, found.alone]).encode())
    left = MOST_READ
    for path in islice(_shared(found) if found.alone else _entries(found.folder), MOST_ENTRIES):
        digest.update(os.fsencode(path.relative_to(found.folder)) + b"\0")
        try:
            content, read = _content(path, left)
        except OSError:  # it may not be read, and the notebook cannot read it either
            content, read = b"unreadable", 0
        digest.update(content)
        left -= read
    return digest.hexdigest()


def setting_hash(
    course: Course,
    assignment: Assignment,
    *,
    profile: Profile,
    limits: Limits,
    device: str,
    sealed: bool,
    secret: bytes,
    seed: int = 0,
    twice: bool = False,
) -> str:
    """SHA-256 of everything but the submission that a record depends on.

    Args:
        course: whose `[runtime]` counts.
        assignment: whose files and thresholds count.
        profile: the data.
        limits: of one run.
        device: `cpu` or `cuda:0`; only its kind counts.
        sealed: False where notebooks run without a sandbox.
        secret: what hidden data are drawn from.
        seed: of the run.
        twice: True where borderline work is run again.
    """
    known = {
        "assignment": assignment_hash(assignment),
        "calibration": calibration_hash(assignment),
        "data": data.fingerprint(assignment.dataset, profile),
        "secret": hashlib.sha256(secret).hexdigest(),
        "sample_secret": course.sample_secret,
        "profile": profile,
        "limits": limits.model_dump(),
        "device": device.partition(":")[0],
        "sealed": sealed,
        "seed": seed,
        "twice": twice,
        "runtime": course.runtime.model_dump(mode="json"),
        "versions": versions(course.runtime),
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _shared(found: Found) -> Iterator[Path]:
    """What is read of a folder that holds more than one student's things: the notebook, and answers."""
    if found.notebook is not None:
        yield found.notebook
    yield from sorted(found.folder.glob("*.md"))


def _entries(folder: Path) -> Iterator[Path]:
    """Everything in the folder in a fixed order, hidden names apart."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if not entry.name.startswith("."):
            yield from _entry(entry)


def _entry(entry: "os.DirEntry[str]") -> Iterator[Path]:
    """The entry and, where it is a folder, everything below it, hidden names too."""
    yield Path(entry.path)
    if not entry.is_dir(follow_symlinks=False):
        return
    try:
        with os.scandir(entry.path) as found:
            entries = sorted(found, key=lambda inner: inner.name)
    except OSError:  # a folder that may not be entered
        return
    for inner in entries:
        yield from _entry(inner)


def _content(path: Path, left: int) -> tuple[bytes, int]:
    """What tells the entry from another, and how many bytes were read, at most `left`."""
    status, link = path.lstat(), b""
    if stat.S_ISLNK(status.st_mode):
        link = os.fsencode(path.readlink())
        # a notebook or its answers may be a link inside the folder, and are read through it
        if path.suffix.lower() not in (".ipynb", ".md") or not path.is_file():
            return b"link " + link, 0
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        return f"kind {stat.S_IFMT(status.st_mode)}".encode(), 0
    if status.st_size > left:
        return f"file {status.st_size} {status.st_mtime_ns}".encode(), 0
    with path.open("rb") as file:
        return link + hashlib.file_digest(file, "sha256").digest(), status.st_size
