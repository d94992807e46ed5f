"""Which file of a student's folder belongs to which assignment, by its name or its text."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from graders.model import Message, say

SEARCHED = 50 * 2**20
"""Bytes of a notebook that is searched for an assignment's name."""


def is_closed(folder: Path) -> bool:
    """Whether its owner keeps the grader out of the folder."""
    return not os.access(folder, os.R_OK | os.X_OK)


def files(folder: Path, suffix: str, notes: list[Message]) -> list[Path]:
    """Files of the folder with that suffix; a link that leaves the folder is left out, with a note."""
    if is_closed(folder):
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != suffix or path.name.startswith(".") or path.name.lower() == "readme.md":
            continue
        try:
            target = path.resolve()
            if path.is_symlink() and not target.is_relative_to(folder.resolve()):
                notes.append(say("submission.link", name=path.name))
            elif target.is_file() and os.access(target, os.R_OK):
                found.append(path)
        except (OSError, RuntimeError):  # a link to itself, a folder that may not be entered
            notes.append(say("submission.link", name=path.name))
    return found


def without(paths: Sequence[Path], others: Sequence[str], slug: str) -> list[Path]:
    """The files but for those of other assignments: named `<other>` or `<other>.x`, and silent of this one."""
    return [
        path for path in paths if path.stem.partition(".")[0] not in others or _mentions(path, slug)
    ]


def choose(paths: list[Path], slug: str) -> Path | None:
    return match(paths, slug) or (paths[0] if len(paths) == 1 else None)


def match(paths: list[Path], slug: str) -> Path | None:
    """The file that belongs to the assignment, by its name or its text; None where none or several do."""
    for path in paths:
        if path.stem == slug:
            return path
    named = [path for path in paths if _letters(slug) in _letters(path.stem)]
    if len(named) == 1:
        return named[0]
    mentioning = [path for path in named or paths if _mentions(path, slug)]
    return mentioning[0] if len(mentioning) == 1 else None


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _mentions(path: Path, slug: str) -> bool:
    return path.stat().st_size <= SEARCHED and slug.encode() in path.read_bytes()


def of_lesson(paths: Sequence[Path], slug: str) -> list[Path]:
    """The notebooks of an assignment that has several, by their names or their text."""
    return [path for path in paths if _letters(slug) in _letters(path.stem) or _mentions(path, slug)]


def match_parts(paths: Sequence[Path], slug: str, names: Sequence[str]) -> dict[str, Path]:
    """Which notebook is which of those that an assignment has; one that none or several could be is left out.

    Args:
        paths: notebooks of the student.
        slug: the assignment.
        names: of its notebooks: `x` for `<slug>.x.ipynb`.
    """
    found = {name: path for name in names for path in paths if path.stem == f"{slug}.{name}"}
    left = [path for path in paths if path not in found.values()]
    # with no more notebooks than there should be, a name or a word in the text is enough
    pool = left if len(paths) <= len(names) else of_lesson(left, slug)
    for tells in (_is_named, _mentions):
        told = {path: [name for name in names if tells(path, name)] for path in pool}
        for name in names:
            fits = [path for path in pool if told[path] == [name] and path not in found.values()]
            if name not in found and len(fits) == 1:
                found[name] = fits[0]
    missing = [name for name in names if name not in found]
    over = of_lesson([path for path in pool if path not in found.values()], slug)
    if found and len(missing) == len(over) == 1:
        found[missing[0]] = over[0]
    return found


def _is_named(path: Path, name: str) -> bool:
    return _letters(name) in _letters(path.stem)
