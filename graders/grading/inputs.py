"""Fingerprints of what a record is made from, so that nothing is graded twice and no change is overlooked."""

import hashlib
import json
import os
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from graders.course import assignment_hash, calibration_hash, data_hash, opponents_hash
from graders.grading.versions import all_versions
from graders.mirror import list_hash
from graders.model import Assignment, Course, Limits, Mode, OwnDataTask, Profile
from graders.submissions import Found

MOST_READ = 256 * 2**20
"""Bytes of a student's files whose content counts; of what is beyond, size and time of change do."""
MOST_ENTRIES = 20_000
"""Files of a student whose content counts, notebooks and answers first; of the others the same does."""


def submission_hash(found: Found) -> str:
    """SHA-256 of everything of the student that grading may see. Nothing of it is parsed.

    Take it before the submission is read: what changes afterwards is then seen as a change the next time.
    """
    digest = hashlib.sha256()
    digest.update(json.dumps([found.slug, found.notebook and found.notebook.name, found.alone]).encode())
    left = MOST_READ
    for number, path in enumerate(_shared(found) if found.alone else _entries(found.folder)):
        digest.update(os.fsencode(path.relative_to(found.folder)) + b"\0")
        try:
            content, read = _content(path, left if number < MOST_ENTRIES else -1)
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
    mode: Mode = "rerun",
) -> str:
    """SHA-256 of everything but the submission that a record depends on.

    Args:
        course: whose `[runtime]` counts, and the model of its judge.
        assignment: whose files and thresholds count.
        profile: the data.
        limits: of one run.
        device: `cpu` or `cuda:0`; only its kind counts.
        sealed: False where notebooks run without a sandbox.
        secret: what hidden data are drawn from.
        seed: of the run.
        twice: True where borderline work is run again.
        mode: whether notebooks train again or their weights are scored.
    """
    known = {
        "assignment": assignment_hash(assignment),
        "calibration": calibration_hash(assignment),
        "data": data_hash(assignment, profile),
        "secret": hashlib.sha256(secret).hexdigest(),
        "sample_secret": course.sample_secret,
        "profile": profile,
        "limits": limits.model_dump(),
        "device": device.partition(":")[0],
        "sealed": sealed,
        "seed": seed,
        "twice": twice,
        "runtime": course.runtime.model_dump(mode="json"),
        "versions": all_versions(course.runtime),
    }
    if course.mirror is not None:
        known["mirror"] = list_hash(course.mirror.folder)
    if mode != "rerun":
        known["mode"] = mode
    if any(isinstance(task, OwnDataTask) for task in assignment.tasks):
        known["opponents"] = opponents_hash(course)
    if course.judge is not None:
        known["judge"] = course.judge.model
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _shared(found: Found) -> Iterator[Path]:
    """What is read of a folder that holds more than one student's things: the notebook, and answers."""
    if found.notebook is not None:
        yield found.notebook
    yield from sorted(found.folder.glob(f"{found.slug}.*.ipynb"))
    yield from sorted(found.folder.glob("*.md"))


def _entries(folder: Path) -> Iterator[Path]:
    """Everything in the folder in a fixed order, hidden names apart; notebooks and answers come first."""
    waiting = deque([folder])
    while waiting:
        inside = waiting.popleft()
        try:
            with os.scandir(inside) as found:
                entries = sorted(found, key=lambda entry: (not _is_text(entry.name), entry.name))
        except OSError:  # it may not be entered, or lies too deep
            continue
        for entry in entries:
            if inside == folder and entry.name.startswith("."):
                continue
            yield Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))


def _is_text(name: str) -> bool:
    return name.lower().endswith((".ipynb", ".md"))


def _content(path: Path, left: int) -> tuple[bytes, int]:
    """What tells the entry from another, and how many bytes were read, at most `left`; none below 0."""
    status, link = path.lstat(), b""
    if stat.S_ISLNK(status.st_mode):
        link = os.fsencode(path.readlink())
        # a notebook or its answers may be a link inside the folder, and are read through it
        if not _is_text(path.name) or not path.is_file():
            return b"link " + link, 0
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        return f"kind {stat.S_IFMT(status.st_mode)}".encode(), 0
    if status.st_size > left:
        return f"file {status.st_size} {status.st_mtime_ns}".encode(), 0
    with path.open("rb") as file:
        return link + hashlib.file_digest(file, "sha256").digest(), status.st_size
