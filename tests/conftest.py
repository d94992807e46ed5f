"""What tests of whole submissions share: the sample course on mini data, in the real sandbox."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from classroom import make_course
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graders.course import open_course
from graders.grading import Setting, Work, prepare, run_submission
from graders.model import Record, Submission
from graders.pipeline import grade_submission
from graders.sandbox import open_sandbox
from graders.spec import limits_for, secret_of

ROOT = Path(__file__).parent.parent
LONG = (
    "test_hostile.py",
    "test_samples.py",
    "test_interrupted.py",
    "test_ordinary_user.py",
    "test_cli.py",
    "test_many.py",
    "test_reference_l04_cnn.py",
    "test_calibrate.py",
)
"""Files that take longest."""
# before torch is imported: where tests run side by side, threads stall each other, above all when they spin
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left with it when the others have ended."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Commands that tests start can be interrupted, which workers of pytest-xdist forbid."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def data_cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Path]:
    """A cache of data sets of the tests' own, one for all processes; the user's is left alone."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADE_DATA", str(folder))
        yield folder


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample course without its students, as the current folder."""
    make_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def setting_of(data_cache: Path) -> Iterator[Callable[[str], Setting]]:
    """Prepares a lesson of the sample course on mini data, in the real sandbox."""
    course = open_course(ROOT)
    with open_sandbox("auto", course.runtime, warm=True) as sandbox:

        @cache
        def prepared(slug: str) -> Setting:
            lesson = course.assignment(slug)
            assert lesson is not None
            return prepare(
                course,
                lesson,
                profile="mini",
                limits=limits_for(course, lesson, {}),
                device="cpu",
                sandbox=sandbox,
                secret=secret_of(course),
            )

        yield prepared


@pytest.fixture(scope="session")
def setting(setting_of: Callable[[str], Setting]) -> Setting:
    """The sample course's lesson 4."""
    return setting_of("l04_cnn")


@pytest.fixture
def nested(tmp_path: Path) -> Iterator[Path]:
    """A student's folder with more folders in folders than Python has frames."""
    made = [tmp_path / "nested"]
    for _ in range(1200):
        made.append(made[-1] / "d")
    for folder in made:
        folder.mkdir()
    yield made[0]
    for folder in reversed(made):  # pytest's own tidying up is recursive
        folder.rmdir()


def submission(*cells: str, student: str = "student") -> Submission:
    """A submission with these cells; one that begins with `#` and a space is Markdown."""
    made = [new_markdown_cell(cell) if cell.startswith("# ") else new_code_cell(cell) for cell in cells]
    return Submission(
        student=student,
        slug="l04_cnn",
        folder=None,
        notebook_path=None,
        notebook=new_notebook(cells=made),
        theory_path=None,
        theory="",
        notebook_sha256="0" * 64,
    )


@pytest.fixture
def submitted() -> Callable[..., Submission]:
    """Makes a submission of cells."""
    return submission


@pytest.fixture
def run(setting: Setting) -> Callable[..., Work]:
    """Runs cells in the sandbox and returns what is left behind."""

    def of(*cells: str, **limits: float) -> Work:
        chosen = replace(setting, limits=setting.limits.model_copy(update=limits))
        return run_submission(chosen, submission(*cells), lambda step: None)

    return of


@pytest.fixture
def grade(setting: Setting) -> Callable[..., Record]:
    """Grades cells all the way to a record."""

    def of(*cells: str, public: bool = False, **limits: float) -> Record:
        chosen = replace(setting, limits=setting.limits.model_copy(update=limits), public=public)
        record, _ = grade_submission(chosen, submission(*cells), lambda step: None)
        return record

    return of
