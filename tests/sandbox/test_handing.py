"""Arrays for the notebook's process: written once where they are large, and gone with what they belong to."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from graders.sandbox.handing import LARGE, hand_in


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """An array that is kept, and a folder for temporary files of its own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return np.arange(LARGE // 8)


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "temporary").iterdir())


def test_a_large_array_is_written_once(tmp_path: Path, large: np.ndarray) -> None:
    one, other = tmp_path / "one.npy", tmp_path / "other.npy"
    hand_in(large, one)
    one.unlink()  # as after its step
    hand_in(large, other)
    assert other.samefile(*kept(tmp_path)[0].iterdir())
    assert np.array_equal(np.load(other), large)


def test_a_small_array_is_not_kept(tmp_path: Path, large: np.ndarray) -> None:
    hand_in(large[:100], tmp_path / "few.npy")
    assert kept(tmp_path) == []
    assert np.array_equal(np.load(tmp_path / "few.npy"), large[:100])


def test_another_array_gets_another_file(tmp_path: Path, large: np.ndarray) -> None:
    hand_in(large, tmp_path / "one.npy")
    negative = -large
    hand_in(negative, tmp_path / "other.npy")
    assert np.array_equal(np.load(tmp_path / "other.npy"), negative)
    assert len(kept(tmp_path)) == 2


def test_the_file_goes_with_its_array(tmp_path: Path, large: np.ndarray) -> None:
    own = large + 1
    hand_in(own, tmp_path / "own.npy")
    assert len(kept(tmp_path)) == 1
    del own
    assert kept(tmp_path) == []


def test_a_file_that_went_with_its_folder_is_written_again(tmp_path: Path, large: np.ndarray) -> None:
    hand_in(large, tmp_path / "one.npy")
    for folder in kept(tmp_path):
        folder.rename(tmp_path / "elsewhere")
    hand_in(large, tmp_path / "other.npy")
    assert np.array_equal(np.load(tmp_path / "other.npy"), large)
    assert len(kept(tmp_path)) == 1


def test_without_links_it_is_written_each_time(
    tmp_path: Path, large: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    for name in ("one.npy", "other.npy"):
        hand_in(large, tmp_path / name)
        assert np.array_equal(np.load(tmp_path / name), large)
    assert kept(tmp_path) == []


def test_other_users_can_read_what_is_handed_in_and_not_what_is_kept(
    tmp_path: Path, large: np.ndarray
) -> None:
    before = os.umask(0o077)
    try:
        hand_in(large, tmp_path / "one.npy")
    finally:
        os.umask(before)
    assert (tmp_path / "one.npy").stat().st_mode & 0o777 == 0o644
    assert kept(tmp_path)[0].stat().st_mode & 0o777 == 0o700
