"""An index of the records in a reports folder: a view that is made again from them whenever it is not right.

It tells at once, for a thousand submissions, how long each took, how it ended and what it was made from. A
stale row is known by its record's size and time of change. It says nothing that the records do not say.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from pydantic import ValidationError

from graders.model import Record
from graders.store import record_path

NAME = "index.sqlite"
VERSION = 1
"""Raised when the columns change; a file of another version is made again."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the index knows of one record."""

    student: str
    assignment: str
    status: str
    run_status: str
    earned: float
    possible: float
    seconds: float
    """Wall-clock seconds of grading it; of its run alone in a record of an older version."""
    submission: str
    """Hash of what came in; empty in a record of an older version."""
    setting: str
    """Hash of what it was graded with."""
    borderline: bool
    scored: bool
    """True where predictions stand beside the record."""
    changed: int
    """Time of the record's last change, nanoseconds."""
    size: int
    """Bytes of the record."""


COLUMNS = tuple(field.name for field in fields(Row))


class Index:
    """The rows of one reports folder."""

    def __init__(self, out: Path, connection: sqlite3.Connection) -> None:
        self._out = out
        self._connection = connection

    def row(self, student: str, assignment: str) -> Row | None:
        """The row of a submission, or None where it has no record."""
        query = f"SELECT {', '.join(COLUMNS)} FROM records WHERE student = ? AND assignment = ?"  # noqa: S608 -- our own names
        found = self._connection.execute(query, (student, assignment)).fetchone()
        return _row(found) if found else None

    def rows(self, assignment: str) -> list[Row]:
        """The rows of all students of an assignment, in the order of their names."""
        query = f"SELECT {', '.join(COLUMNS)} FROM records WHERE assignment = ? ORDER BY student"  # noqa: S608 -- our own names
        return [_row(found) for found in self._connection.execute(query, (assignment,))]

    def put(self, student: str, assignment: str) -> None:
        """Takes over a record that was just written. A failure is mended by the next `refresh`."""
        row = _read(record_path(self._out, student, assignment))
        if row is not None:
            with contextlib.suppress(sqlite3.Error), self._connection:
                self._write(row)

    def refresh(self) -> None:
        """Makes the rows agree with the records.

        Raises:
            sqlite3.Error: the file takes nothing more.
        """
        known = {
            (student, assignment): (changed, size)
            for student, assignment, changed, size in self._connection.execute(
                "SELECT student, assignment, changed, size FROM records"
            )
        }
        seen = set()
        with self._connection:
            for path in self._out.glob("*/*.json"):
                key = (path.parent.name, path.stem)
                try:
                    status = path.stat()
                except OSError:  # gone since, or a link to nowhere
                    continue
                if known.get(key) == (status.st_mtime_ns, status.st_size):
                    seen.add(key)
                elif (row := _read(path)) is not None:
                    self._write(row)
                    seen.add(key)
            gone = [key for key in known if key not in seen]
            self._connection.executemany("DELETE FROM records WHERE student = ? AND assignment = ?", gone)

    def _write(self, row: Row) -> None:
        marks = ", ".join("?" * len(COLUMNS))
        self._connection.execute(f"INSERT OR REPLACE INTO records VALUES ({marks})", astuple(row))  # noqa: S608 -- only question marks


@contextmanager
def open_index(out: Path) -> Iterator[Index]:
    """The index of a reports folder, made or mended where it has to be.

    One that cannot be written, on a full disk or in a folder of somebody else, is kept in memory.
    """
    connection = _connect(out)
    try:
        try:
            index = Index(out, connection)
            index.refresh()
        except sqlite3.Error:
            connection.close()
            connection = _opened(":memory:")
            index = Index(out, connection)
            index.refresh()
        yield index
    finally:
        connection.close()
        if not list(out.glob("*/*.json")):
            # a command that graded nothing leaves nothing
            with contextlib.suppress(OSError):
                (out / NAME).unlink()
                out.rmdir()


def _connect(out: Path) -> sqlite3.Connection:
    path = out / NAME
    for _ in range(2):
        try:
            out.mkdir(parents=True, exist_ok=True)
            return _opened(path)
        except (sqlite3.Error, OSError):
            # damaged, or of another version: it is only a view
            with contextlib.suppress(OSError):
                path.unlink()
                path.with_name(f"{NAME}-journal").unlink()
    return _opened(":memory:")


def _opened(path: Path | str) -> sqlite3.Connection:
    """A connection to a sound index of this version.

    Raises:
        sqlite3.Error: the file is none.
    """
    connection = sqlite3.connect(path, timeout=20)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                columns = ", ".join(COLUMNS)
                connection.execute(
                    f"CREATE TABLE IF NOT EXISTS records ({columns}, PRIMARY KEY (student, assignment))"
                )
                connection.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise sqlite3.DatabaseError(f"version {version}, expected {VERSION}")
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
        connection.execute(f"SELECT {', '.join(COLUMNS)} FROM records LIMIT 1")  # noqa: S608 -- our own names
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _row(values: tuple[object, ...]) -> Row:
    row = dict(zip(COLUMNS, values, strict=True))
    return Row(**{**row, "borderline": bool(row["borderline"]), "scored": bool(row["scored"])})  # type: ignore[arg-type]  # written by `put` alone


def _read(path: Path) -> Row | None:
    """The row of a record; None where the file is none, or does not lie where its own text says."""
    try:
        status = path.stat()
        record = Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    if (record.student, record.assignment) != (path.parent.name, path.stem):
        return None
    return Row(
        student=record.student,
        assignment=record.assignment,
        status=record.status,
        run_status=record.run.status,
        earned=record.earned,
        possible=record.possible,
        seconds=record.seconds or record.run.seconds,
        submission=record.hashes.get("submission", ""),
        setting=record.hashes.get("setting", ""),
        borderline=any(mark.status == "borderline" for mark in record.marks),
        scored=any(mark.value is not None for mark in record.marks),
        changed=status.st_mtime_ns,
        size=status.st_size,
    )
