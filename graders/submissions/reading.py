"""Reads one student's work on one assignment; what is wrong with it is in the submission."""

import hashlib
from pathlib import Path

from graders.model import Limits, Message, Submission, say
from graders.submissions.matching import choose, files, is_closed
from graders.submissions.naming import student_name
from graders.submissions.notebook import MIB, UnreadableError, language_of, parse, read_capped

MOST_THEORY = MIB
"""Bytes of a file with theory answers."""


def read(
    folder: Path, slug: str, limits: Limits, notebook: Path | None = None, *, alone: bool = False
) -> Submission:
    """One student's work on one assignment. What is wrong with it is in the submission, never an exception.

    Args:
        folder: the student's.
        slug: the assignment.
        limits: `notebook_mib` caps the notebook.
        notebook: the notebook, where it was named; else it is looked for in `folder`.
        alone: True where nothing else of the folder may be shown to the notebook.
    """
    notes: list[Message] = []
    candidates = files(folder, ".ipynb", notes)
    found = notebook or choose(candidates, slug)
    theory_path = choose(files(folder, ".md", notes), slug)
    for path, suffix in ((found, ".ipynb"), (theory_path, ".md")):
        if path is not None and path.name != f"{slug}{suffix}":
            notes.append(say("submission.other_name", found=path.name, expected=f"{slug}{suffix}"))
    theory = _read_theory(theory_path, notes) if theory_path else ""
    parsed, unreadable, unsupported, sha256 = None, None, False, ""
    if found is None and len(candidates) > 1:
        names = ", ".join(path.name for path in candidates)
        unreadable = say("submission.ambiguous", names=names[:200], expected=f"{slug}.ipynb")
    if found is None and is_closed(folder):
        unreadable = say("submission.closed")
    if found is not None:
        try:
            data = read_capped(found, limits)
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
        notebook_path=found,
        notebook=parsed,
        theory_path=theory_path,
        theory=theory,
        notes=tuple(notes),
        unreadable=unreadable,
        unsupported=unsupported,
        notebook_sha256=sha256,
    )


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
