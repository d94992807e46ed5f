import os
from pathlib import Path

import builders
import numpy as np
import pytest

from graders.store import class_path, read_records, record_path, report_path, write_record, write_text


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    record = builders.record()
    write_record(tmp_path, record, {"accuracy.own": np.arange(3)})
    assert read_records(tmp_path) == ([record], [])


def test_predictions_stand_beside_the_record_and_old_ones_go(tmp_path: Path) -> None:
    record = builders.record()
    write_record(tmp_path, record, {"accuracy.own": np.arange(3)})
    path = record_path(tmp_path, record.student, record.assignment).with_suffix(".npz")
    with np.load(path, allow_pickle=False) as kept:
        assert kept["accuracy.own"].tolist() == [0, 1, 2]
    write_record(tmp_path, record, {})
    assert not path.exists()


def test_a_write_that_fails_leaves_the_old_text_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    write_text(path, "old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_text(path, "new")
    assert os.listdir(tmp_path) == ["page.html"]  # noqa: PTH208 -- hidden left-overs would show too
    assert path.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 99}', "\x00"])
def test_files_that_are_no_records_are_named_and_skipped(tmp_path: Path, text: str) -> None:
    write_record(tmp_path, builders.record(), {})
    odd = tmp_path / "odd/l04_cnn.json"
    odd.parent.mkdir()
    odd.write_text(text, encoding="utf-8")
    records, unreadable = read_records(tmp_path)
    assert (len(records), unreadable) == (1, [odd])


def test_everything_of_a_student_lies_in_one_folder(tmp_path: Path) -> None:
    assert report_path(tmp_path, "ann", "l04_cnn") == tmp_path / "ann/l04_cnn.html"
    assert class_path(tmp_path) == tmp_path / "class/index.html"
