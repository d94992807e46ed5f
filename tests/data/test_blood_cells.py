import os
from pathlib import Path

import numpy as np
import pytest

from graders import data
from graders.data import scenes_mini
from graders.data.blood_cells import BloodCells, _hashes, read
from graders.errors import DataMissingError

MIRROR = Path(os.environ.get("GRADE_MIRROR") or "/nowhere")
here = pytest.mark.skipif(not (MIRROR / "blood-cells").is_dir(), reason="no mirror with the data set")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def test_without_a_mirror_it_is_said_what_to_set(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / "none"))
    with pytest.raises(DataMissingError, match="set GRADE_MIRROR"):
        BloodCells().fetch(tmp_path, progress=False)
    assert len(_hashes()) == 3 + 2 * 364


@here
def test_splits_are_the_official_ones_and_boxes_of_no_size_are_left_out(cache):
    BloodCells().fetch(cache, progress=False)
    counts, boxes = {}, 0
    for official in ("train", "val", "test"):
        scenes = read(cache / "scenes" / "official", official)
        counts[official] = len(scenes.images)
        for places in scenes.boxes:
            assert (places[:, 2:] > places[:, :2]).all()
            boxes += len(places)
    assert counts == {"train": 205, "val": 87, "test": 72}
    assert boxes == 4888 - 2


@here
def test_students_get_small_pictures_and_the_hidden_ones_come_in_another_light(cache):
    split = data.validation("scenes", "full", cache)
    hidden = data.hidden("scenes", "full", b"secret", cache)
    assert split.inputs["images"].shape == (87, 120, 160, 3)
    assert hidden.inputs["images"].shape == hidden.variant["images"].shape == (72, 120, 160, 3)
    assert np.unique(hidden.targets["labels"]).tolist() == [-1, 1, 2, 3]
    gap = np.abs(hidden.inputs["images"].astype(float) - hidden.variant["images"]).mean()
    assert 3 < gap < 30


@here
def test_ten_are_the_pictures_of_the_same_splits_with_eight_to_twelve_cells(cache):
    whole = data.splits("scenes", "full", b"secret", cache, public=False)
    ten = data.splits("scenes10", "full", b"secret", cache, public=False)
    for every, some, count in ((whole.hidden, ten.hidden, 24), (whole.validation, ten.validation, 30)):
        cells = (every.targets["labels"] > 0).sum(axis=1)
        kept = np.isin(cells, [8, 9, 10, 11, 12])
        assert kept.sum() == len(some) == count
        np.testing.assert_array_equal(some.inputs["images"], every.inputs["images"][kept])
        np.testing.assert_array_equal(some.targets["boxes"], every.targets["boxes"][kept])
    assert ten.hidden.variant == {}


@here
def test_side_by_side_students_find_blood_and_below_shapes_what_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(scenes_mini, "TRAIN", 3)
    monkeypatch.setattr(scenes_mini, "VALIDATION", 2)
    folder = data.shared_folder(["scenes", "scenes10", "scenes100"], "full", tmp_path)
    pictures = {
        str(path.relative_to(folder)): len(list(path.glob("*.png")))
        for path in folder.rglob("*")
        if (path / "annotations.json").is_file()
    }
    assert pictures == {"train": 205, "validation": 87, "shapes/train": 3, "shapes/validation": 2}
