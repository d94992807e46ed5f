import hashlib
from pathlib import Path

import pytest

from graders.data.mirrored import obtain
from graders.errors import DataMissingError

FILES = {"sub/a.txt": hashlib.sha256(b"a").hexdigest(), "b.txt": hashlib.sha256(b"b").hexdigest()}


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mirror"
    (folder / "set/sub").mkdir(parents=True)
    (folder / "set/sub/a.txt").write_bytes(b"a")
    (folder / "set/b.txt").write_bytes(b"b")
    monkeypatch.setenv("GRADE_MIRROR", str(folder))
    return folder


def test_files_are_copied_once_and_need_no_mirror_afterwards(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    obtain(FILES, tmp_path / "cache", "set")
    assert (tmp_path / "cache/sub/a.txt").read_bytes() == b"a"
    monkeypatch.delenv("GRADE_MIRROR")
    obtain(FILES, tmp_path / "cache", "set")


def test_a_damaged_copy_is_made_again(mirror: Path, tmp_path: Path) -> None:
    obtain(FILES, tmp_path / "cache", "set")
    (tmp_path / "cache/b.txt").write_bytes(b"half")
    obtain(FILES, tmp_path / "cache", "set")
    assert (tmp_path / "cache/b.txt").read_bytes() == b"b"


@pytest.mark.parametrize("broken", ["missing", "another", "no mirror"])
def test_what_the_mirror_lacks_is_named_and_nothing_is_copied(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    match broken:
        case "missing":
            (mirror / "set/b.txt").unlink()
        case "another":
            (mirror / "set/b.txt").write_bytes(b"c")
        case _:
            monkeypatch.delenv("GRADE_MIRROR")
    with pytest.raises(DataMissingError, match=r"set GRADE_MIRROR to a folder that has set/"):
        obtain(FILES, tmp_path / "cache", "set")
    assert not (tmp_path / "cache").exists()
