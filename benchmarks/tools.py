"""Ways to run one notebook: bare nbclient, nbgrader, otter and `grade`, each as its own command.

nbgrader and otter live in an environment of their own, which sees torch of the main one.
"""

import json
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from notebooks import SLUG, make_course, timed, write

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv"
PACKAGES = ("nbgrader", "otter-grader", "ipykernel", "setuptools<81")
NBCLIENT = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=None, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""
CHECK = "assert predict(torch.rand(4, 1, 28, 28)).shape == (4, 10)"
NBGRADER_TEST = {
    "grade": True,
    "grade_id": "test",
    "locked": True,
    "points": 1,
    "schema_version": 3,
    "solution": False,
    "task": False,
    "cell_type": "code",
}
OTTER_TEST = """
OK_FORMAT = True
test = {"name": "q1", "points": 1, "suites": [{"type": "doctest", "scored": True, "setup": "", "teardown": "",
    "cases": [{"code": ">>> bool(predict(torch.rand(4, 1, 28, 28)).shape == (4, 10))\\nTrue",
               "hidden": False, "locked": False}]}]}
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of a command."""

    wall: float
    """Seconds of the whole command."""
    cells: float
    """Seconds in the cells of all its notebooks, by the notebooks' own clocks."""

    @property
    def overhead(self) -> float:
        """Seconds that the command took beside the cells."""
        return self.wall - self.cells


Run = Callable[[], Sample]


def bare_nbclient(folder: Path, cells: Sequence[str]) -> Run:
    """A fresh Python process that runs nbclient on the notebook and saves what comes of it."""
    write(folder / "notebook.ipynb", timed(cells, folder / "seconds"))
    command = [sys.executable, "-c", NBCLIENT, "notebook.ipynb", "executed.ipynb"]
    return lambda: _with_files(command, folder, [folder / "seconds"])


def nbgrader_autograde(folder: Path, cells: Sequence[str], students: int = 1) -> Run:
    """`nbgrader autograde` of notebooks with one test cell."""
    source = folder / "source" / "lesson" / "work.ipynb"
    write(source, cells)
    notebook = nbformat.read(source, as_version=4)
    notebook.cells.append(new_code_cell(CHECK, id="test", metadata={"nbgrader": NBGRADER_TEST}))
    nbformat.write(notebook, source)
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\nc.ExecutePreprocessor.timeout = 600\n",
        encoding="utf-8",
    )
    nbgrader = str(ENVIRONMENT / "bin" / "nbgrader")
    _run([nbgrader, "generate_assignment", "lesson", "--create"], folder)
    released = nbformat.read(folder / "release" / "lesson" / "work.ipynb", as_version=4)
    results = [folder / f"seconds{number}" for number in range(students)]
    for number, result in enumerate(results):
        path = folder / "submitted" / f"student{number}" / "lesson" / "work.ipynb"
        write(path, timed(cells, result))
        submitted = nbformat.read(path, as_version=4)
        submitted.cells.append(released.cells[-1])
        nbformat.write(submitted, path)
    command = [nbgrader, "autograde", "lesson", "--force"]
    return lambda: _with_files(command, folder, results)


def otter_run(folder: Path, cells: Sequence[str]) -> Run:
    """`otter run` of the notebook with one test."""
    write(folder / "notebook.ipynb", timed(cells, folder / "seconds"))
    for name in ("tests", "out"):
        (folder / name).mkdir()
    (folder / "tests" / "q1.py").write_text(OTTER_TEST, encoding="utf-8")
    otter = str(ENVIRONMENT / "bin" / "otter")
    _run([otter, "generate", "-t", "tests", "-o", "autograder.zip"], folder)
    command = [otter, "run", "-a", "autograder.zip", "-o", "out", "--no-logo", "notebook.ipynb"]
    return lambda: _with_files(command, folder, [folder / "seconds"])


def grade(folder: Path, cells: Sequence[str], students: int = 1, jobs: int = 1) -> Run:
    """`grade` in a copy of the sample course: sandbox, probe, all tasks, records and reports."""
    make_course(folder)
    for number in range(students):
        path = folder / "submissions" / f"student{number:04}" / f"{SLUG}.ipynb"
        write(path, timed(cells, folder / "seconds"))
    graded = "submissions/student0000" if students == 1 else "submissions"
    command = [sys.executable, "-m", "graders", graded, "--force", "--json", "--jobs", str(jobs)]

    def run() -> Sample:
        began = time.perf_counter()
        printed = json.loads(_run(command, folder))
        wall = time.perf_counter() - began
        records = printed if isinstance(printed, list) else [printed]
        for record in records:
            if record["run"]["status"] != "completed":
                raise SystemExit(f"{record['student']}: {record['run']}")
        return Sample(wall, sum(1000 * record["claims"][-1]["rerun"] for record in records))

    return run


def make_environment() -> None:
    """An environment for nbgrader and otter; torch is large and is taken from the main one."""
    if (ENVIRONMENT / "ready").exists():
        return
    print("making benchmarks/.venv with nbgrader and otter-grader", file=sys.stderr, flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], HERE)
    _run([str(ENVIRONMENT / "bin" / "pip"), "install", "--quiet", *PACKAGES], HERE)
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = ENVIRONMENT / "lib" / python / "site-packages"
    (packages / "main.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    (ENVIRONMENT / "ready").touch()


def _with_files(command: Sequence[str], folder: Path, results: Sequence[Path]) -> Sample:
    for result in results:
        result.unlink(missing_ok=True)
    began = time.perf_counter()
    _run(command, folder)
    wall = time.perf_counter() - began
    return Sample(wall, sum(float(result.read_text(encoding="utf-8")) for result in results))


def _run(command: Sequence[str], folder: Path) -> str:
    """Run a command and return what it printed; its directory of programs comes first in the path.

    Raises:
        SystemExit: it failed; says what it printed.
    """
    path = f"{Path(command[0]).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
