"""The index says what the records say, whatever happened to its file."""

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import builders
import numpy as np
import pytest

from graders.index import NAME, open_index
from graders.model import Record
from graders.store import record_path, write_record


def write(out: Path, student: str = "student42", **changes: object) -> Record:
    record = builders.record(student=student).model_copy(update=changes)
    write_record(out, record, {"accuracy.own": np.arange(3)})
    return record


def test_a_row_says_what_its_record_says(tmp_path: Path) -> None:
    record = write(tmp_path, hashes={"submission": "a", "setting": "b"}, seconds=999.5)
    with open_index(tmp_path) as index:
        row = index.row("student42", "l04_cnn")
    assert row is not None
    assert (row.status, row.run_status, row.earned) == (record.status, record.run.status, record.earned)
    assert (row.seconds, row.submission, row.setting) == (999.5, "a", "b")
    assert (row.scored, row.borderline) == (True, any(mark.status == "borderline" for mark in record.marks))


def test_a_record_of_an_older_version_took_what_its_run_took(tmp_path: Path) -> None:
    record = write(tmp_path)
    with open_index(tmp_path) as index:
        row = index.row("student42", "l04_cnn")
    assert row is not None
    assert row.seconds == record.run.seconds > record.seconds == 0


def test_there_is_no_row_without_a_record(tmp_path: Path) -> None:
    with open_index(tmp_path / "reports") as index:
        assert index.row("student42", "l04_cnn") is None


def test_a_record_that_is_written_while_it_is_open_is_taken_over(tmp_path: Path) -> None:
    with open_index(tmp_path) as index:
        write(tmp_path)
        index.put("student42", "l04_cnn")
        assert index.row("student42", "l04_cnn") is not None


def test_a_record_that_changed_without_it_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, earned=1.0)
    with open_index(tmp_path):
        pass
    write(tmp_path, earned=2.0)
    with open_index(tmp_path) as index:
        row = index.row("student42", "l04_cnn")
    assert row is not None
    assert row.earned == 2.0


def test_an_unchanged_record_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path)
    with open_index(tmp_path):
        pass
    path = record_path(tmp_path, "student42", "l04_cnn")
    status = path.stat()
    path.write_bytes(b"?" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with open_index(tmp_path) as index:
        assert index.row("student42", "l04_cnn") is not None


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "overwritten"])
def test_the_row_goes_with_its_record(tmp_path: Path, gone: bool) -> None:
    write(tmp_path)
    with open_index(tmp_path):
        pass
    path = record_path(tmp_path, "student42", "l04_cnn")
    if gone:
        path.unlink()
    else:
        path.write_text("{}", encoding="utf-8")
    with open_index(tmp_path) as index:
        assert index.row("student42", "l04_cnn") is None


def test_a_record_in_another_students_folder_counts_for_nobody(tmp_path: Path) -> None:
    write(tmp_path, "ann")
    (tmp_path / "ann").rename(tmp_path / "bob")
    with open_index(tmp_path) as index:
        assert index.row("ann", "l04_cnn") is None
        assert index.row("bob", "l04_cnn") is None


def damaged(path: Path) -> bytes:
    """The file with its second half overwritten."""
    content = path.read_bytes()
    return content[: len(content) // 2] + b"\xff" * (len(content) - len(content) // 2)


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "half", "folder", "version", "columns"])
def test_a_file_that_is_no_sound_index_is_made_again(tmp_path: Path, damage: str) -> None:
    write(tmp_path)
    with open_index(tmp_path):
        pass
    path = tmp_path / NAME
    if damage == "half":
        path.write_bytes(damaged(path))
    elif damage in ("version", "columns"):
        connection = sqlite3.connect(path)
        connection.execute(
            "PRAGMA user_version = 99" if damage == "version" else "ALTER TABLE records DROP COLUMN seconds"
        )
        connection.commit()
        connection.close()
    else:
        path.unlink()
        if damage == "folder":
            path.mkdir()
        elif damage != "missing":
            path.write_bytes(b"" if damage == "empty" else b"no database at all")
    with open_index(tmp_path) as index:
        assert index.row("student42", "l04_cnn") is not None


def test_names_with_quotes_are_names(tmp_path: Path) -> None:
    name = "o'hara\"; DROP TABLE records; --"
    write(tmp_path, name)
    with open_index(tmp_path) as index:
        assert index.row(name, "l04_cnn") is not None


@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows any more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_sound_index_that_takes_nothing_more_is_kept_in_memory(tmp_path: Path) -> None:
    write(tmp_path, "ann")
    with open_index(tmp_path):
        pass
    write(tmp_path, "bob")
    with full_disk(), open_index(tmp_path) as index:
        assert index.row("ann", "l04_cnn") is not None
        assert index.row("bob", "l04_cnn") is not None


def test_a_record_that_is_gone_before_it_is_looked_at_is_none(tmp_path: Path) -> None:
    write(tmp_path, "ann")
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob/l04_cnn.json").symlink_to("nowhere")
    with open_index(tmp_path) as index:
        assert index.row("ann", "l04_cnn") is not None
        assert index.row("bob", "l04_cnn") is None
