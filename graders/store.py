"""Records on disk: written whole or not at all, and read back as the truth that every view is made from."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from graders.model import Record

CLASS_FOLDER = "class"


def record_path(out: Path, student: str, slug: str) -> Path:
    """Where the record of a submission stands."""
    return out / student / f"{slug}.json"


def report_path(out: Path, student: str, slug: str) -> Path:
    """Where the student's report stands."""
    return out / student / f"{slug}.html"


def class_path(out: Path) -> Path:
    """Where the page of the whole class stands."""
    return out / CLASS_FOLDER / "index.html"


def write_record(out: Path, record: Record, predictions: Mapping[str, NDArray[np.generic]]) -> None:
    """Writes a record and, beside it, the predictions that were scored; these first.

    Args:
        out: the reports folder.
        record: what to write.
        predictions: checked arrays by name; no targets. Empty where nothing was predicted.
    """
    path = record_path(out, record.student, record.assignment)
    arrays = path.with_suffix(".npz")
    if predictions:
        with _replacing(arrays) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **predictions)
    else:
        arrays.unlink(missing_ok=True)
    rewrite_record(out, record)


def rewrite_record(out: Path, record: Record) -> None:
    """Writes a record alone, whose predictions stand as they are."""
    path = record_path(out, record.student, record.assignment)
    write_text(path, record.model_dump_json(indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Writes a file so that a reader sees the old text or the new one, never a part."""
    with _replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_records(out: Path) -> tuple[list[Record], list[Path]]:
    """All records below a reports folder in the order of students, and the files that are none."""
    records, unreadable = [], []
    for path in sorted(out.glob("*/*.json")):
        try:
            records.append(Record.model_validate_json(path.read_bytes()))
        except (ValidationError, OSError):
            unreadable.append(path)
    return records, unreadable


def read_record(out: Path, student: str, slug: str) -> Record | None:
    """The record of a submission; None where there is none that can be read."""
    try:
        return Record.model_validate_json(record_path(out, student, slug).read_bytes())
    except (ValidationError, OSError):
        return None


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends without an exception."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
