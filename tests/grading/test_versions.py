import shutil
import sys
import venv
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from graders.errors import UsageError
from graders.grading import versions
from graders.model import Runtime

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
