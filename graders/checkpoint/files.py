"""Which files a student hands in for a checkpoint, found by their names beside the notebook."""

from dataclasses import dataclass
from pathlib import Path

from graders.checkpoint.curve import MOST_BYTES, Curve, read_curve
from graders.checkpoint.weights import Weights, read_weights
from graders.model import Message, Submission, say

MIDDLES = ("middle.safetensors", "middle.pt")
"""Ends of the name of a checkpoint of mid-training; the second is read by the sandbox alone."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came with a notebook."""

    expected: str = ""
    """Name of the file that weights are looked for in."""
    weights: Weights | None = None
    """None where there are none, or none that can be read."""
    curve: Curve | None = None
    middle: str = ""
    """Name of the checkpoint of mid-training; empty where there is none."""
    problems: tuple[Message, ...] = ()
    """What is wrong with the files, and what to change."""
    trains: bool = True
    """False where the notebook says in its code how to load weights and how to skip its training."""

    @property
    def usable(self) -> bool:
        """Whether the notebook can be scored without its training."""
        return self.weights is not None and not self.trains


def find_brought(submission: Submission) -> Brought:
    """The files beside one notebook. Nothing that is wrong with them raises.

    Args:
        submission: with one notebook; its folder is None where nothing beside the notebook may be shown.
    """
    folder, slug = submission.folder, ".".join(filter(None, (submission.slug, submission.name)))
    path = Path(f"{slug}.safetensors") if folder is None else folder / f"{slug}.safetensors"
    if folder is None:
        return Brought(path.name)
    problems: list[Message] = []
    weights, curve = None, None
    if _exists(path):
        found = read_weights(path)
        weights = found if isinstance(found, Weights) else None
        problems.extend([found] if isinstance(found, Message) else [])
    elif _exists(folder / f"{slug}.pt"):
        problems.append(say("checkpoint.weights_pt", name=f"{slug}.pt", expected=path.name))
    drawn = folder / f"{slug}.curve.csv"
    if _exists(drawn):
        read = _read(drawn)
        curve = read if isinstance(read, Curve) else None
        problems.extend(read.problems if isinstance(read, Curve) else [read])
        if weights is None and not _exists(path):
            problems.append(say("checkpoint.curve_alone", name=drawn.name, expected=path.name))
    middle = next((name for end in MIDDLES if _is_plain(folder / (name := f"{slug}.{end}"))), "")
    trains = True
    if weights is not None:
        code = _code(submission)
        missing = [word for word in ("load_model", "GRADE_MODE") if word not in code]
        trains = bool(missing)
        problems.extend(say("checkpoint.convention", name=weights.file, missing=word) for word in missing[:1])
        if not _exists(drawn):
            problems.append(say("checkpoint.no_curve", expected=drawn.name))
    return Brought(path.name, weights, curve, middle, tuple(problems), trains)


def _code(submission: Submission) -> str:
    """The notebook's code, read as text alone."""
    notebook = submission.notebook
    cells = notebook.cells if notebook is not None else []
    return "\n".join(str(cell.source) for cell in cells if cell.cell_type == "code")


def _exists(path: Path) -> bool:
    """Whether there is anything of that name, even a link or a folder."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def _is_plain(path: Path) -> bool:
    """Whether there is a plain file of that name; a link might lead out of the student's folder."""
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def _read(path: Path) -> Curve | Message:
    if not _is_plain(path):
        return say("curve.closed", name=path.name[:200])
    try:
        with path.open("rb") as file:
            return read_curve(file.read(MOST_BYTES + 1), path.name[:200])
    except OSError:
        return say("curve.closed", name=path.name[:200])
