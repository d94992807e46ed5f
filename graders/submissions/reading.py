"""Reads one student's work on one assignment; what is wrong with it is in the submission."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graders.model import Limits, Message, Submission, say
from graders.submissions.matching import choose, files, is_closed, match_parts, of_lesson, without
from graders.submissions.naming import student_name
from graders.submissions.notebook import MIB, UnreadableError, language_of, parse, read_capped

MOST_THEORY = MIB
"""Bytes of a file with theory answers."""
ONE = ("",)
"""Names of the notebooks of a lesson that has one."""


def read(
    folder: Path,
    slug: str,
    limits: Limits,
    notebook: Path | None = None,
    *,
    alone: bool = False,
    names: Sequence[str] = ONE,
    others: Sequence[str] = (),
) -> Submission:
    """One student's work on one assignment. What is wrong with it is in the submission, never an exception.

    Args:
        folder: the student's.
        slug: the assignment.
        limits: `notebook_mib` caps the notebook.
        notebook: the notebook, where it was named; else it is looked for in `folder`.
        alone: True where nothing else of the folder may be shown to the notebook. Of several notebooks those
            beside it under the assignment's own names count too.
        names: of the notebooks that the assignment has: `x` for `<slug>.x.ipynb`, one empty name for one.
        others: the course's other assignments, whose files are none of this one's.
    """
    notes: list[Message] = []
    paths = files(folder, ".ipynb", notes)
    # a text beside the notebook of its own name is that one's; alone it may be this one's, misnamed
    beside = [path.stem.partition(".")[0] for path in paths]
    texts = without(files(folder, ".md", notes), [other for other in others if other in beside], slug)
    theory_path = choose(texts, slug)
    if theory_path is not None:
        _note_name(theory_path, f"{slug}.md", notes)
    theory = _read_theory(theory_path, notes) if theory_path else ""
    if tuple(names) == ONE:
        found = {"": notebook or choose(paths, slug)}
        spare = paths if len(paths) > 1 else []
    else:
        own = [path for path in paths if path == notebook or path.stem.startswith(f"{slug}.")]
        within = own if alone else without(paths, others, slug)
        matched = match_parts(within, slug, names)
        found = {name: matched.get(name) for name in names}
        spare = [path for path in of_lesson(within, slug) if path not in matched.values()]
    parts = tuple(
        _read_notebook(folder, slug, path, limits, name=name, spare=spare, alone=alone)
        for name, path in found.items()
    )
    if len(parts) == 1:
        return replace(parts[0], theory_path=theory_path, theory=theory, notes=(*notes, *parts[0].notes))
    digests = "".join(part.notebook_sha256 for part in parts)
    return Submission(
        student=student_name(folder),
        slug=slug,
        folder=None if alone else folder,
        notebook_path=None,
        notebook=None,
        theory_path=theory_path,
        theory=theory,
        notes=(*notes, *(note for part in parts for note in part.notes)),
        notebook_sha256=hashlib.sha256(digests.encode()).hexdigest(),
        parts=tuple(replace(part, theory=theory) for part in parts),
    )


def _read_notebook(
    folder: Path,
    slug: str,
    path: Path | None,
    limits: Limits,
    *,
    name: str,
    spare: Sequence[Path],
    alone: bool,
) -> Submission:
    """One notebook of an assignment, without the theory.

    Args:
        folder: the student's.
        slug: the assignment.
        path: the notebook; None where none was found.
        limits: `notebook_mib` caps it.
        name: the notebook's, where the assignment has several.
        spare: notebooks of which one may be meant, where none was found.
        alone: as for `read`.
    """
    expected = f"{slug}.{name}.ipynb" if name else f"{slug}.ipynb"
    notes: list[Message] = []
    parsed, unreadable, unsupported, sha256 = None, None, False, ""
    if path is None and spare:
        names = ", ".join(other.name for other in spare)
        unreadable = say("submission.ambiguous", names=names[:200], expected=expected)
    if path is None and is_closed(folder):
        unreadable = say("submission.closed")
    if path is not None:
        _note_name(path, expected, notes)
        try:
            data = read_capped(path, limits)
            sha256 = hashlib.sha256(data).hexdigest()
            parsed = parse(data, notes)
            language = language_of(parsed)
            if language is not None:
                unsupported, unreadable = True, say("notebook.language", language=language)
        except UnreadableError as error:
            unreadable = error.message
    return Submission(
        student=student_name(folder),
        slug=slug,
        folder=None if alone else folder,
        notebook_path=path,
        notebook=parsed,
        theory_path=None,
        theory="",
        notes=tuple(notes),
        unreadable=unreadable,
        unsupported=unsupported,
        notebook_sha256=sha256,
        name=name,
    )


def _note_name(path: Path, expected: str, notes: list[Message]) -> None:
    if path.name != expected:
        notes.append(say("submission.other_name", found=path.name, expected=expected))


def _read_theory(path: Path, notes: list[Message]) -> str:
    """Text of the theory answers, with the line ends of Unix; too long a file counts as none."""
    size = path.stat().st_size
    if size > MOST_THEORY:
        notes.append(
            say("theory_file.too_large", name=path.name, size=round(size / MIB, 1), limit=MOST_THEORY // MIB)
        )
        return ""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1251", errors="replace")
            notes.append(say("theory_file.cp1251", name=path.name))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
