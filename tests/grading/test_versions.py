import shutil
import sys
import venv
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from graders.errors import UsageError
from graders.grading import Marked, Setting, Work, all_versions, make_record, versions
from graders.grading.setting import job_for
from graders.model import Run, Runtime, Submission
from graders.sandbox.kernels import choose_kernel

Environment = Callable[..., Path]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Makes an environment in which some packages seem to be installed; returns its interpreter."""

    def make(**packages: str) -> Path:
        venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
        (library,) = (tmp_path / "venv" / "lib").glob("python3*")
        for name, number in packages.items():
            folder = library / "site-packages" / f"{name}-{number}.dist-info"
            folder.mkdir()
            (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n")
        return tmp_path / "venv" / "bin" / "python"

    return make


def test_without_an_environment_of_the_courses_own_they_are_the_toolkits() -> None:
    found = versions(Runtime())
    assert found["torch"] == version("torch")
    assert set(found) == {"graders", "python", "torch", "numpy", "nbclient", "ipykernel"}


def test_a_record_names_what_notebooks_ran_with_and_not_what_graded_them(environment: Environment) -> None:
    python = environment(torch="2.0.9", numpy="1.26.0", ipykernel="6.0.1")
    found = versions(Runtime(python=python))
    assert (found["torch"], found["numpy"], found["ipykernel"]) == ("2.0.9", "1.26.0", "6.0.1")
    assert found["nbclient"] == version("nbclient")


@pytest.mark.parametrize(
    ("asked", "code"), [("old", "kernel.asked"), ("python3", "kernel.package")], ids=["asked", "imported"]
)
def test_a_record_names_what_another_kernel_ran_with(
    environment: Environment,
    setting: Setting,
    submitted: Callable[..., Submission],
    asked: str,
    code: str,
) -> None:
    python = environment(torch="2.0.9", numpy="1.26.0", ipykernel="6.0.1")
    (library,) = (python.parent.parent / "lib").glob("python3*")
    (library / "site-packages/only_there.py").touch()
    course = setting.course.model_copy(update={"runtime": Runtime(kernels={"old": python})})
    submission = submitted("import only_there")
    submission.notebook.metadata["kernelspec"] = {"name": asked}
    note = choose_kernel(job_for(setting, submission), course.runtime).note
    assert note.code == code
    work = Work(replace(setting, course=course), submission, Run(status="completed", kernel_note=note), None)
    record = make_record(work, Marked(marks=(), claims=(), flags=()))
    assert (record.versions["torch"], record.versions["ipykernel"]) == ("2.0.9", "6.0.1")


def test_another_version_in_any_kernel_is_another_setting(environment: Environment) -> None:
    python = environment(torch="2.0.9", numpy="1.26.0", ipykernel="6.0.1")
    runtime = Runtime(kernels={"old": python})
    assert [found["torch"] for found in all_versions(runtime)] == [version("torch"), "2.0.9"]


def test_a_kernel_that_lacks_a_package_is_named(environment: Environment) -> None:
    with pytest.raises(UsageError, match=r"runtime\.kernels\.old: .* has no torch"):
        all_versions(Runtime(kernels={"old": environment(numpy="1.26.0", ipykernel="6.0.1")}))


def test_a_missing_package_comes_with_the_command_that_installs_it(environment: Environment) -> None:
    python = environment(numpy="1.26.0")
    with pytest.raises(UsageError, match=r"has no torch, ipykernel; install with .* torch ipykernel"):
        versions(Runtime(python=python))


@pytest.mark.parametrize("name", ["true", "false"])
def test_what_is_no_interpreter_is_said(name: str) -> None:
    program = shutil.which(name)
    assert program is not None
    with pytest.raises(UsageError, match=r"runtime\.python: .* does not start"):
        versions(Runtime(python=Path(program)))


def test_an_interpreter_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not start"):
        versions(Runtime(python=tmp_path / "python"))


def test_the_toolkits_own_interpreter_by_its_name_is_the_same() -> None:
    assert versions(Runtime(python=Path(sys.executable))) == versions(Runtime())
