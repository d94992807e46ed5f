"""What a run stores is counted, and hiding it does not help."""

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked import become_ordinary, in_child

from graders.sandbox.removal import remove
from graders.sandbox.watch import stored

MIB = 2**20


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="grade-test-", dir="/tmp"))
    made.chmod(0o777)
    yield made
    remove(made)


def test_a_folder_that_cannot_be_listed_counts_as_too_much(folder: Path) -> None:
    def hide() -> int | None:
        (folder / "hidden").mkdir(0o300)
        (folder / "hidden" / "big").write_bytes(bytes(MIB))
        return stored(folder)

    assert in_child(hide, become_ordinary) is None


def test_files_that_vanish_meanwhile_do_not_end_the_count(folder: Path) -> None:
    for number in range(64):
        (folder / f"big{number}").write_bytes(os.urandom(MIB // 64))
    ended = threading.Event()

    def flicker() -> None:
        while not ended.is_set():
            for number in range(20):
                (folder / str(number)).touch()
            for number in range(20):
                (folder / str(number)).unlink()

    thread = threading.Thread(target=flicker)
    thread.start()
    counts = [stored(folder) for _ in range(400)]
    ended.set()
    thread.join()
    assert min(count or 0 for count in counts) >= MIB


def test_what_cannot_be_listed_is_removed(folder: Path) -> None:
    def leave() -> list[str]:
        (folder / "left").mkdir()
        (folder / "left" / "hidden").mkdir(0o300)
        (folder / "left" / "hidden" / "file").touch()
        (folder / "left" / "hidden" / "inner").mkdir(0o100)
        (folder / "left" / "link").symlink_to("/")
        remove(folder / "left")
        return [path.name for path in folder.iterdir()]

    assert in_child(leave, become_ordinary) == []


def test_folders_too_deep_for_any_path_are_removed(folder: Path) -> None:
    def leave() -> list[str]:
        (folder / "left").mkdir()
        os.chdir(folder / "left")
        for _ in range(1500):
            Path("inner").mkdir()
            os.chdir("inner")
        os.chdir("/")
        remove(folder / "left")
        return [path.name for path in folder.iterdir()]

    assert in_child(leave) == []
