"""What of a student's folder a notebook sees."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torchvision.models import squeezenet1_1

from graders.grading import Setting, run_submission
from graders.model import Run, Runtime, Submission
from graders.sandbox import Requested, open_sandbox, student_mounts
from graders.sandbox.mounts import MOST_ENTRIES

LOOK = """
import pathlib
import helper
assert helper.answer == 42
assert pathlib.Path("deep/words.txt").read_text() == "hello"
pathlib.Path("deep/words.txt").write_text("mine")
names = {path.name for path in pathlib.Path().iterdir()}
assert {"data", "deep", "helper.py"} <= names
assert not {"link", ".hidden"} & names
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text("answer = 42\n", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/words.txt").write_text("hello", encoding="utf-8")
    (tmp_path / ".hidden").write_text("no", encoding="utf-8")
    (tmp_path / "link").symlink_to("/etc/passwd")
    return tmp_path


@pytest.fixture
def look(setting: Setting, submitted: Callable[..., Submission]) -> Callable[[Path], Run]:
    def run(folder: Path) -> Run:
        return run_submission(setting, replace(submitted(LOOK), folder=folder), lambda step: None).run

    return run


def test_plain_files_are_there_as_copies_and_links_and_hidden_ones_are_not(
    folder: Path, look: Callable[[Path], Run]
) -> None:
    assert look(folder).cells[0].error is None
    assert (folder / "deep/words.txt").read_text(encoding="utf-8") == "hello"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root grades files that others may not read")
def test_files_that_only_their_owner_may_read_are_readable_inside(
    folder: Path, look: Callable[[Path], Run]
) -> None:
    (folder / "helper.py").chmod(0o600)
    (folder / "deep").chmod(0o700)
    assert look(folder).cells[0].error is None


BESIDE = """
import pathlib
data = pathlib.Path("data")
assert (data / "plants/rose.txt").read_text() == "rose"
(data / "plants/rose.txt").write_text("mine")
assert not (data / "FashionMNIST/mine.txt").exists()
assert [path.name for path in data.rglob("*-ubyte")]
(data / "MNIST/raw").mkdir(parents=True)
assert pathlib.Path("data/all.bin").stat().st_size
"""


@pytest.mark.parametrize("tier", ["auto", "none"])
def test_a_students_own_data_folder_shows_beside_the_courses(
    folder: Path,
    setting: Setting,
    submitted: Callable[..., Submission],
    tier: Requested,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("graders.sandbox.mounts.MOST_COPIED", 1000)
    for name, text in (("plants/rose", "rose"), ("FashionMNIST/mine", "no"), ("plants/lily", "lily")):
        (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / name).with_suffix(".txt").write_text(text, encoding="utf-8")
    (folder / "data/all.bin").write_bytes(bytes(2000))
    (folder / "data/link").symlink_to("/etc/passwd")
    with open_sandbox(tier, Runtime()) as sandbox:
        chosen = replace(setting, sandbox=setting.sandbox if tier == "auto" else sandbox)
        cells = run_submission(chosen, replace(submitted(BESIDE), folder=folder), lambda step: None).run.cells
    assert cells[0].error is None
    assert "data/link" not in copied(replace(submitted("1"), folder=folder))


def test_a_data_folder_that_nobody_may_enter_is_left_out(
    folder: Path, submitted: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").mkdir()

    def refuse(self: Path) -> Iterator[Path]:
        if self.name == "data":
            raise PermissionError
        return iter([folder / "helper.py"])

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert copied(replace(submitted("1"), folder=folder)) == {"helper.py": True}


def copied(submission: Submission) -> dict[str, bool]:
    return {mount.target: mount.copy for mount in student_mounts(submission)}


def test_a_folder_of_more_files_than_fit_beside_the_notebooks_own_is_not_copied(
    folder: Path, submitted: Callable[..., Submission]
) -> None:
    (folder / "images").mkdir()
    for number in range(MOST_ENTRIES):
        (folder / f"images/{number}.png").touch()
    found = copied(replace(submitted("1"), folder=folder))
    assert found == {"deep": True, "helper.py": True, "images": False}


def test_files_of_all_folders_count_together(
    folder: Path, submitted: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graders.sandbox.mounts.MOST_ENTRIES", 4)
    (folder / "more").mkdir()
    (folder / "more/words.txt").touch()
    found = copied(replace(submitted("1"), folder=folder))
    assert found == {"deep": True, "helper.py": True, "more": False}


def test_folders_in_folders_without_end_are_shown_and_not_copied(
    setting: Setting, nested: Path, submitted: Callable[..., Submission]
) -> None:
    looking = replace(submitted('import pathlib\nassert pathlib.Path("d/d/d").is_dir()'), folder=nested)
    assert copied(looking) == {"d": False}
    assert run_submission(setting, looking, lambda step: None).run.status == "completed"


PRETRAINED = """
import os, pathlib
from torchvision.models import squeezenet1_1
squeezenet1_1(weights="DEFAULT")
try:
    pathlib.Path(os.environ["TORCH_HOME"], "mine").write_text("x")
except OSError:
    pass
else:
    raise AssertionError("the course's weights can be changed")
"""


def test_weights_of_the_course_are_found_without_a_network_and_cannot_be_changed(
    setting: Setting, submitted: Callable[..., Submission], tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)  # whoever grades, notebooks may be run by another user
    folder = tmp_path / "hub/checkpoints"
    folder.mkdir(parents=True)
    torch.save(squeezenet1_1().state_dict(), folder / "squeezenet1_1-b8a52dc0.pth")
    runtime = setting.course.runtime.model_copy(update={"weights": tmp_path})
    course = setting.course.model_copy(update={"runtime": runtime})
    assignment = setting.assignment.model_copy(update={"pretrained": True})
    allowed = replace(setting, course=course, assignment=assignment)
    run = run_submission(allowed, submitted(PRETRAINED), lambda step: None).run
    assert run.cells[0].error is None
    without = run_submission(setting, submitted("import os\nassert 'TORCH_HOME' not in os.environ"), print)
    assert without.run.cells[0].error is None
