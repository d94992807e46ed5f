"""A copy of the sample course with a class of small notebooks, graded as it is typed, and its processes."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
PREDICT = "def predict(images):\n    return images.flatten(1)[:, :10]"


def make_course(root: Path) -> None:
    """The sample course without its submissions."""
    for name in ("course.toml", "sample.secret"):
        shutil.copy(ROOT / name, root / name)
    for folder in ("assignments", "reference"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))


class Class:
    """A course with submissions, graded as it is typed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # short, since sockets lie below it
        self.temporary = Path(tempfile.mkdtemp(prefix="class-"))
        self._started: list[subprocess.Popen[str]] = []

    def submit(self, student: str, *cells: str) -> Path:
        folder = self.root / "submissions" / student
        folder.mkdir(parents=True, exist_ok=True)
        made = [new_code_cell(cell, id=f"c{number}") for number, cell in enumerate(cells or (PREDICT,))]
        nbformat.write(new_notebook(cells=made), folder / "l04_cnn.ipynb")
        return folder

    def record(self, student: str) -> dict[str, Any]:
        return json.loads((self.root / "reports" / student / "l04_cnn.json").read_text(encoding="utf-8"))

    def graded(self) -> dict[str, str]:
        """When each student was graded; a second grading changes the file, if not the second."""
        return {
            path.parent.name: f"{self.record(path.parent.name)['graded_at']} {path.stat().st_ino}"
            for path in self.root.glob("reports/*/l04_cnn.json")
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`grade submissions` in a session of its own, in English."""
        command = [sys.executable, "-m", "graders", "submissions", "--language", "en", *arguments]
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env={**os.environ, "TMPDIR": str(self.temporary), "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        shutil.rmtree(self.temporary)


def children(pid: int) -> list[int]:
    """Processes whose parent is `pid`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def workers(main: int) -> list[int]:
    """Worker processes of a running batch, below the process that they are forked from."""
    servers = [pid for pid in children(main) if "multiprocessing.forkserver" in command_line(pid)]
    return [pid for server in servers for pid in children(server)]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def wait_for(found: Callable[[], Any], seconds: float = 90) -> Any:
    """Waits until a call gives something true and returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def below(pid: int) -> list[int]:
    """All processes below one."""
    return [found for child in children(pid) for found in (child, *below(child))]


def alive(pids: list[int]) -> list[int]:
    """Those of the processes that are still running."""
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and command_line(pid)]
