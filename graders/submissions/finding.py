"""Finds submissions: a student's folder, one notebook, or a folder of students."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graders.errors import UsageError
from graders.model import Message, say
from graders.submissions.matching import files, is_closed, match, of_lesson


@dataclass(frozen=True, slots=True)
class Found:
    """A student's work on one assignment, found and not yet read."""

    folder: Path
    slug: str
    notebook: Path | None = None
    """The notebook, where it was given or matched; None leaves the choice to `read`."""
    alone: bool = False
    """True where the folder holds more than one student's things, so that nothing else of it may be shown."""


def find(
    path: Path, slugs: Sequence[str], several: Sequence[str] = ()
) -> tuple[list[Found], list[Message]]:
    """The submissions at `path`: a student's folder, one notebook, or a folder of students.

    Args:
        path: as given on the command line.
        slugs: the assignments that are looked for; with only one, every student's folder counts as handed in.
        several: those of them that have more than one notebook, which `read` tells apart.

    Returns:
        What was found, and for each folder that had to be left out, what to do about it.

    Raises:
        UsageError: there is no such path, or nothing in it.
    """
    if not os.access(path, os.F_OK):
        raise UsageError(
            f"{path} not found; expected a student's folder, a notebook, or a folder of students"
        )
    if path.is_file():
        return _of_notebook(path.resolve(), slugs, several)
    folder = path.resolve()
    if is_closed(folder):
        return [], [say("find.closed", folder=str(folder))]
    students = [inner for inner in sorted(folder.iterdir()) if _is_student(inner)]
    own = any((folder / f"{slug}{suffix}").is_file() for slug in slugs for suffix in (".ipynb", ".md")) or any(
        any(folder.glob(f"{slug}.*.ipynb")) for slug in several
    )
    a_class = not own and any(_looks_handed_in(student, slugs) for student in students)
    if not a_class and _looks_handed_in(folder, slugs):
        return _of_student(folder, slugs, several)
    if not a_class:
        wanted = ", ".join(f"{slug}.ipynb" for slug in slugs)
        raise UsageError(
            f"{path} has no notebook in it, nor has any folder in it; expected a file such as {wanted}"
        )
    parts = [_of_student(student, slugs, several) for student in students]
    return [one for found, _ in parts for one in found], [message for _, left in parts for message in left]


def _of_notebook(
    path: Path, slugs: Sequence[str], several: Sequence[str]
) -> tuple[list[Found], list[Message]]:
    if path.suffix != ".ipynb":
        raise UsageError(f"{path} is no notebook; expected a file that ends in .ipynb, or a folder")
    matched = [slug for slug in slugs if match([path], slug) is not None]
    if path.stem in slugs:
        matched = [path.stem]
    if len(slugs) == 1:
        matched = list(slugs)
    if len(matched) != 1:
        return [], [_unclear(path.parent, [path], slugs)]
    # under its own name one notebook of several brings the others along, whichever was given
    own = matched[0] in several and path.stem.startswith(f"{matched[0]}.")
    return [Found(path.parent, matched[0], None if own else path, alone=_is_shared(path.parent))], []


def _of_student(
    folder: Path, slugs: Sequence[str], several: Sequence[str]
) -> tuple[list[Found], list[Message]]:
    if len(slugs) == 1:
        return [Found(folder, slugs[0])], []
    if is_closed(folder):
        return [], [say("find.closed", folder=str(folder))]
    notebooks, answers = files(folder, ".ipynb", []), files(folder, ".md", [])
    matches = {slug: match(notebooks, slug) for slug in slugs}
    found = [
        Found(folder, slug, notebook)
        for slug, notebook in matches.items()
        if notebook is not None
        or any(path.stem == slug for path in answers)
        or (slug in several and of_lesson(notebooks, slug))
    ]
    return found, [_unclear(folder, notebooks, slugs)] if notebooks and not found else []


def _unclear(folder: Path, notebooks: Sequence[Path], slugs: Sequence[str]) -> Message:
    names = ", ".join(path.name for path in notebooks)
    return say("find.unclear", folder=str(folder), names=names[:200], known=", ".join(slugs))


def _is_shared(folder: Path) -> bool:
    """Whether a notebook that was given by its path lies among things that are not the student's.

    Then nothing beside it may be shown to it: the folder may be a course's, or hold other students' work.
    """
    notebooks = [path for path in folder.glob("*.ipynb") if path.is_file()]
    below = any(path.is_file() for path in folder.glob("*/*.ipynb"))
    return (folder / "course.toml").exists() or len(notebooks) > 1 or below


def _looks_handed_in(folder: Path, slugs: Sequence[str]) -> bool:
    answers = {path.stem for path in files(folder, ".md", [])}
    return bool(files(folder, ".ipynb", [])) or not answers.isdisjoint(slugs)


def _is_student(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith((".", "__"))
