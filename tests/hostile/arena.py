"""Grades one case of the batteries for real: notebook in, record and page out, and the host looked at."""

import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from battery import MOST_RECORD, Case, Marks, Seen
from nbformat import NotebookNode
from traces import freed_memory_returned, left_since, look, resident

from graders.grading import Setting, Work
from graders.model import Record
from graders.pipeline import grade_submission, write_graded
from graders.sandbox import Sandbox
from graders.submissions import read

SLUG = "l04_cnn"
LIMITS = {
    "cell_seconds": 4,
    "total_seconds": 60,
    "probe_seconds": 20,
    "memory_mib": 900,
    "output_mib": 1,
    "artifact_mib": 8,
    "disk_mib": 32,
    "processes": 96,
}
"""Small, so that the batteries are quick."""


@dataclass(frozen=True, slots=True)
class Arena:
    """Everything that cases share."""

    setting: Setting
    honest: Mapping[str, tuple[str, ...]]
    """Cells of the honest parts by name."""
    fillings: Mapping[str, str]
    """What `@NAME@` in a cell stands for."""
    folder: Path
    """Of this session; student folders and reports are below."""
    listener: socket.socket
    """A Unix socket of the host that nothing in a sandbox may reach; it does not block."""

    def fill(self, text: str) -> str:
        """A cell's text with its names filled in."""
        for name, value in self.fillings.items():
            text = text.replace(f"@{name}@", value)
        return text

    def filled(self, case: Case) -> Case:
        """A case with the names in its cells and in what it is looked through for filled in."""
        cells, traces, markup = (
            tuple(map(self.fill, texts)) for texts in (case.cells, case.traces, case.markup)
        )
        return replace(case, cells=cells, traces=traces, markup=markup)

    def grade(self, case: Case, sandbox: Sandbox | None = None) -> Seen:
        """Grade a case and look at the host before and after."""
        with temporary_folder(self.folder / "tmp"), freed_memory_returned():
            return self._grade(case, sandbox)

    def _grade(self, case: Case, sandbox: Sandbox | None) -> Seen:
        folder = self.folder / "students" / f"{case.group}_{case.name}"
        folder.mkdir(parents=True)
        self.write(case, folder)
        submitted = _contents(folder)
        limits = self.setting.limits.model_copy(update={**LIMITS, **case.limits})
        setting = replace(self.setting, limits=limits, sandbox=sandbox or self.setting.sandbox)
        before, began = look(self.fillings["TOKEN"]), time.monotonic()
        record, work = grade_submission(setting, read(folder, SLUG, limits), lambda _progress: None)
        page = write_graded(self.folder / "reports", setting, record, work, "en")
        texts = {
            "record": page.with_suffix(".json").read_text(encoding="utf-8"),
            "page": page.read_text(encoding="utf-8"),
            "outputs": _outputs(work),
        }
        seconds = time.monotonic() - began
        found = _observed(record, texts, seconds)
        del work, record, texts
        left = left_since(before)
        if _contents(folder) != submitted:
            left = (*left, "a changed submission")
        if page.with_suffix(".npz").exists() and page.with_suffix(".npz").stat().st_size > MOST_RECORD:
            left = (*left, "predictions of megabytes")
        if self.reached():
            left = (*left, "a connection to a socket of the host")
        return replace(found, left=left, grown=resident() - before.resident)

    def reached(self) -> bool:
        """Whether anything has connected to the host's socket since the last time."""
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def write(self, case: Case, folder: Path) -> None:
        """Write a case's submission into a student's folder."""
        added, honest = case.cells, self.honest[case.honest]
        cells = (*added, *honest) if case.first else (*honest, *added)
        path = folder / f"{SLUG}.ipynb"
        path.write_text(json.dumps(notebook(cells), ensure_ascii=False), encoding="utf-8")
        if case.files is not None:
            case.files(folder)


def notebook(cells: tuple[str, ...]) -> dict[str, object]:
    """A notebook as Jupyter saves it; a cell that begins with `#` and a space is Markdown."""
    made = []
    for number, source in enumerate(cells):
        cell: dict[str, object] = {"id": f"c{number}", "metadata": {}, "source": source}
        if source.startswith("# "):
            made.append({**cell, "cell_type": "markdown"})
        else:
            made.append({**cell, "cell_type": "code", "execution_count": None, "outputs": []})
    return {
        "cells": made,
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def marks_of(record: Record) -> Marks:
    """Points by task."""
    return {mark.task: mark.earned for mark in record.marks}


def _observed(record: Record, texts: Mapping[str, str], seconds: float) -> Seen:
    flags = tuple(flag.kind for flag in record.flags)
    return Seen(record.run.status, marks_of(record), flags, texts, (), 0.0, seconds)


def _outputs(work: Work) -> str:
    if work.execution is None:
        return ""
    return "\n".join(
        _text_of(output) for cell in work.execution.notebook.cells for output in cell.get("outputs", [])
    )


def _text_of(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}\n{output.traceback}"
    return str(output.get("data", ""))


def _contents(folder: Path) -> list[tuple[str, int, int]]:
    """Names, sizes and times of change of everything in a folder, without opening anything."""
    found = []
    for root, folders, files in os.walk(os.fsencode(folder)):
        for name in (*folders, *files):
            with suppress(OSError):  # a path may be longer than any call takes
                stat = os.lstat(os.path.join(root, name))  # noqa: PTH118 - names may be no text
                found.append((os.fsdecode(name), stat.st_size, stat.st_mtime_ns))
    return sorted(found)


@contextmanager
def temporary_folder(folder: Path) -> Iterator[None]:
    """Make `folder` this process's temporary folder for a while, so that what is left there stands out."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
