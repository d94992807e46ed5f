"""Reads what students handed in, as data: finds their folders, their notebooks and their theory answers.

A file is looked for by the assignment's name, `<slug>.ipynb` and `<slug>.md`. One under another name is
matched by its name, then by whether its text mentions the slug, then by being the only one; the notes say so.
"""

import hashlib
import json
import os
import re
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from graders.errors import UsageError
from graders.model import Limits, Message, Submission, say

MIB = 2**20
MOST_THEORY = MIB
"""Bytes of a file with theory answers."""
SEARCHED = 50 * MIB
"""Bytes of a notebook that is searched for an assignment's name."""
TAKEN_NAMES = frozenset({"class"})
"""Folders of `reports/` that are no student's."""


@dataclass(frozen=True, slots=True)
class Found:
    """A student's work on one assignment, found and not yet read."""

    folder: Path
    slug: str
    notebook: Path | None = None
    """The notebook, where it was given or matched; None leaves the choice to `read`."""
    alone: bool = False
    """True where the folder holds more than one student's things, so that nothing else of it may be shown."""


class _UnreadableError(Exception):
    """A notebook that cannot be read; `message` says why, in the student's words."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.code)


def find(path: Path, slugs: Sequence[str]) -> tuple[list[Found], list[Message]]:
    """The submissions at `path`: a student's folder, one notebook, or a folder of students.

    Args:
        path: as given on the command line.
        slugs: the assignments that are looked for; with only one, every student's folder counts as handed in.

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
        return _of_notebook(path.resolve(), slugs)
    folder = path.resolve()
    if _is_closed(folder):
        return [], [say("find.closed", folder=str(folder))]
    students = [inner for inner in sorted(folder.iterdir()) if _is_student(inner)]
    own = any((folder / f"{slug}{suffix}").is_file() for slug in slugs for suffix in (".ipynb", ".md"))
    a_class = not own and any(_looks_handed_in(student, slugs) for student in students)
    if not a_class and _looks_handed_in(folder, slugs):
        return _of_student(folder, slugs)
    if not a_class:
        wanted = ", ".join(f"{slug}.ipynb" for slug in slugs)
        raise UsageError(
            f"{path} has no notebook in it, nor has any folder in it; expected a file such as {wanted}"
        )
    parts = [_of_student(student, slugs) for student in students]
    return [one for found, _ in parts for one in found], [message for _, left in parts for message in left]


def student_name(folder: Path) -> str:
    """The student's name, safe as the name of a folder: that of `folder` without control characters.

    >>> student_name(Path("submissions/student42")), student_name(Path("submissions/class"))
    ('student42', 'class_')
    """
    name = "".join(
        "_" if unicodedata.category(char).startswith("C") else char for char in folder.resolve().name
    )
    name = re.sub(r"[/\\:]", "_", name).lstrip(".").strip()[:120]
    return f"{name}_" if not name or name in TAKEN_NAMES else name


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
    candidates = _files(folder, ".ipynb", notes)
    found = notebook or _choose(candidates, slug)
    theory_path = _choose(_files(folder, ".md", notes), slug)
    for path, suffix in ((found, ".ipynb"), (theory_path, ".md")):
        if path is not None and path.name != f"{slug}{suffix}":
            notes.append(say("submission.other_name", found=path.name, expected=f"{slug}{suffix}"))
    theory = _read_theory(theory_path, notes) if theory_path else ""
    parsed, unreadable, unsupported, sha256 = None, None, False, ""
    if found is None and len(candidates) > 1:
        names = ", ".join(path.name for path in candidates)
        unreadable = say("submission.ambiguous", names=names[:200], expected=f"{slug}.ipynb")
    if found is None and _is_closed(folder):
        unreadable = say("submission.closed")
    if found is not None:
        try:
            data = _read_capped(found, limits)
            sha256 = hashlib.sha256(data).hexdigest()
            parsed = _parse(data, notes)
            language = _language(parsed)
            if language is not None:
                unsupported, unreadable = True, say("notebook.language", language=language)
        except _UnreadableError as error:
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


def _of_notebook(path: Path, slugs: Sequence[str]) -> tuple[list[Found], list[Message]]:
    if path.suffix != ".ipynb":
        raise UsageError(f"{path} is no notebook; expected a file that ends in .ipynb, or a folder")
    matched = [slug for slug in slugs if _match([path], slug) is not None]
    if path.stem in slugs:
        matched = [path.stem]
    if len(slugs) == 1:
        matched = list(slugs)
    if len(matched) != 1:
        return [], [_unclear(path.parent, [path], slugs)]
    return [Found(path.parent, matched[0], path, alone=_is_shared(path.parent))], []


def _of_student(folder: Path, slugs: Sequence[str]) -> tuple[list[Found], list[Message]]:
    if len(slugs) == 1:
        return [Found(folder, slugs[0])], []
    if _is_closed(folder):
        return [], [say("find.closed", folder=str(folder))]
    notebooks, answers = _files(folder, ".ipynb", []), _files(folder, ".md", [])
    matches = {slug: _match(notebooks, slug) for slug in slugs}
    found = [
        Found(folder, slug, notebook)
        for slug, notebook in matches.items()
        if notebook is not None or any(path.stem == slug for path in answers)
    ]
    return found, [_unclear(folder, notebooks, slugs)] if notebooks and not found else []


def _unclear(folder: Path, notebooks: Sequence[Path], slugs: Sequence[str]) -> Message:
    names = ", ".join(path.name for path in notebooks)
    return say("find.unclear", folder=str(folder), names=names[:200], known=", ".join(slugs))


def _is_closed(folder: Path) -> bool:
    """Whether its owner keeps the grader out of the folder."""
    return not os.access(folder, os.R_OK | os.X_OK)


def _is_shared(folder: Path) -> bool:
    """Whether a notebook that was given by its path lies among things that are not the student's.

    Then nothing beside it may be shown to it: the folder may be a course's, or hold other students' work.
    """
    notebooks = [path for path in folder.glob("*.ipynb") if path.is_file()]
    below = any(path.is_file() for path in folder.glob("*/*.ipynb"))
    return (folder / "course.toml").exists() or len(notebooks) > 1 or below


def _looks_handed_in(folder: Path, slugs: Sequence[str]) -> bool:
    answers = {path.stem for path in _files(folder, ".md", [])}
    return bool(_files(folder, ".ipynb", [])) or not answers.isdisjoint(slugs)


def _is_student(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith((".", "__"))


def _files(folder: Path, suffix: str, notes: list[Message]) -> list[Path]:
    """Files of the folder with that suffix; a link that leaves the folder is left out, with a note."""
    if _is_closed(folder):
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


def _choose(paths: list[Path], slug: str) -> Path | None:
    return _match(paths, slug) or (paths[0] if len(paths) == 1 else None)


def _match(paths: list[Path], slug: str) -> Path | None:
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


def _read_capped(path: Path, limits: Limits) -> bytes:
    size = path.stat().st_size
    if size > limits.notebook_mib * MIB:
        raise _UnreadableError(
            say("notebook.too_large", size=round(size / MIB, 1), limit=limits.notebook_mib)
        )
    return path.read_bytes()


def _parse(data: bytes, notes: list[Message]) -> NotebookNode:
    """The notebook as nbformat 4, with the outputs that were saved.

    Raises:
        _UnreadableError: it cannot be read.
    """
    raw = _load(data)
    if (
        not isinstance(raw, dict)
        or not isinstance(raw.get("nbformat"), int)
        or not ({"cells", "worksheets"} & set(raw))
    ):
        raise _UnreadableError(say("notebook.not_notebook"))
    version = raw["nbformat"]
    if version not in (3, 4):
        raise _UnreadableError(say("notebook.version", found=version))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing cell ids and the like do not concern a student
            # half a surrogate pair is JSON and no text; it could be neither sent to a kernel nor written
            whole = json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace").decode()
            node = nbformat.convert(nbformat.reader.reads(whole), 4)
            notebook: NotebookNode = nbformat.v4.new_notebook(
                cells=[_cell(cell, number) for number, cell in enumerate(node.cells, start=1)],
                metadata=node.metadata if isinstance(node.get("metadata"), dict) else {},
            )
    except _UnreadableError:
        raise
    except Exception:  # nbformat has no one error for the many ways in which a file can be no notebook
        raise _UnreadableError(say("notebook.not_notebook")) from None
    if version == 3:
        notes.append(say("notebook.upgraded"))
    return notebook


def _load(data: bytes) -> Any:
    if not data.strip():
        raise _UnreadableError(say("notebook.empty"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _UnreadableError(say("notebook.encoding")) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise _UnreadableError(say("notebook.truncated", line=error.lineno)) from None
        raise _UnreadableError(say("notebook.not_json", line=error.lineno, column=error.colno)) from None
    except (ValueError, RecursionError):  # a number of a million digits, lists in lists in lists
        raise _UnreadableError(say("notebook.not_notebook")) from None


def _cell(cell: Any, number: int) -> NotebookNode:
    kind, source = cell.get("cell_type"), cell.get("source")
    if kind not in ("code", "markdown", "raw", "heading") or not isinstance(source, str):
        raise _UnreadableError(say("notebook.cell", cell=number))
    made: NotebookNode
    if kind != "code":
        made = nbformat.v4.new_raw_cell(source) if kind == "raw" else nbformat.v4.new_markdown_cell(source)
        return made
    outputs = cell.get("outputs")
    kept = [_output(output) for output in outputs] if isinstance(outputs, list) else []
    made = nbformat.v4.new_code_cell(source, outputs=[output for output in kept if output is not None])
    return made


def _output(output: Any) -> NotebookNode | None:
    """A saved output in the shape that nbformat promises, or None where it has none."""
    made: NotebookNode | None = None
    match output.get("output_type") if isinstance(output, dict) else None:
        case "stream" if isinstance(output.get("text"), str):
            made = nbformat.v4.new_output("stream", name=str(output.get("name")), text=output["text"])
        case "display_data" | "execute_result" as kind if isinstance(output.get("data"), dict):
            data = {key: value for key, value in output["data"].items() if isinstance(value, str)}
            made = nbformat.v4.new_output(kind, data=data)
        case "error":
            lines = output.get("traceback")
            trace = [str(line) for line in lines] if isinstance(lines, list) else []
            name, value = str(output.get("ename")), str(output.get("evalue"))
            made = nbformat.v4.new_output("error", ename=name, evalue=value, traceback=trace)
    return made


def _language(notebook: NotebookNode) -> str | None:
    """The language that the notebook asks for, where it is not Python."""
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        section = notebook.metadata.get(key)
        language = section.get(name) if isinstance(section, dict) else None
        if isinstance(language, str) and language and "python" not in language.lower():
            return language[:40]
    return None


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
