import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from graders import data
from graders.data import boxes, scenes_mini
from graders.data.scenes_mini import CATEGORIES, HIDDEN, SIDE, TRAIN, VALIDATION, _fill, _outline, draw
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return data.public_folder("scenes", "mini", tmp_path_factory.mktemp("cache"))


def test_cocos_own_tool_reads_the_annotations(folder, capsys):
    for name, count in (("train", TRAIN), ("validation", VALIDATION)):
        coco = COCO(folder / name / "annotations.json")
        assert len(coco.getImgIds()) == count
        assert [each["name"] for each in coco.loadCats(coco.getCatIds())] == list(CATEGORIES)
        objects = [len(coco.getAnnIds(imgIds=number)) for number in coco.getImgIds()]
        assert 1 <= min(objects) <= 3
        assert 60 < max(objects) <= 120
        assert 0.6 < np.mean(np.array(objects) <= 20) < 0.9
        with Image.open(folder / name / coco.loadImgs(1)[0]["file_name"]) as image:
            assert (image.mode, image.size) == ("RGB", (SIDE, SIDE))


def test_validation_is_what_students_see(folder):
    split = data.validation("scenes", "mini", folder.parent.parent)
    found = json.loads((folder / "validation" / "annotations.json").read_text())
    rows = [each for each in found["annotations"] if each["image_id"] == 7]
    x, y, width, height = np.array([each["bbox"] for each in rows]).T
    np.testing.assert_allclose(
        split.targets["boxes"][6, : len(rows)], np.column_stack([x, y, x + width, y + height])
    )
    assert split.targets["labels"][6, : len(rows)].tolist() == [each["category_id"] for each in rows]
    with Image.open(folder / "validation" / "000007.png") as image:
        np.testing.assert_array_equal(split.inputs["images"][6], np.asarray(image))


def test_a_box_touches_its_shape_on_all_four_sides():
    """On a plain background without noise, what differs from the background is the shape."""
    for label in (1, 2, 3):
        random = random_stream(bytes([label]))
        for _ in range(20):
            canvas = np.zeros((SIDE, SIDE, 3))
            outline = _outline(random, label, 20.0) + random.uniform(40, 80, 2)
            low, high = outline.min(axis=0), outline.max(axis=0)
            _fill(canvas, outline, np.ones(3))
            rows, columns = np.nonzero(canvas[..., 0] > 0.02)
            drawn = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            np.testing.assert_allclose(drawn, [*low, *high], atol=1.6)


@pytest.mark.parametrize("name", ["scenes", "scenes10", "scenes100"])
def test_the_same_secret_draws_the_same_scenes_and_another_one_others(name, tmp_path):
    one, again, other = (
        data.hidden(name, "mini", secret, tmp_path) for secret in (SECRET, SECRET, b"another")
    )
    np.testing.assert_array_equal(one.inputs["images"], again.inputs["images"])
    np.testing.assert_array_equal(one.targets["boxes"], again.targets["boxes"])
    assert (one.inputs["images"] != other.inputs["images"]).mean() > 0.9
    assert one.variant == {}


def test_ten_are_ten_and_a_hundred_at_least_a_hundred(tmp_path):
    for public in (False, True):
        ten, hundred = (
            data.splits(name, "mini", SECRET, tmp_path, public=public).hidden.targets["labels"]
            for name in ("scenes10", "scenes100")
        )
        assert set((ten > 0).sum(axis=1)) == {10}
        assert (hundred > 0).sum(axis=1).min() >= 100
        assert (hundred > 0).sum(axis=1).max() <= 120
    assert list(data.public_folder("scenes100", "mini", tmp_path).iterdir()) == []


def test_crowds_come_with_drawn_scenes_to_train_on_where_scenes_are_not_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(scenes_mini, "TRAIN", 3)
    monkeypatch.setattr(scenes_mini, "VALIDATION", 2)
    folder = data.public_folder("scenes100", "full", tmp_path)
    drawn = data.public_folder("scenes", "mini", tmp_path)
    names = {path.relative_to(drawn) for path in drawn.rglob("*.*")}
    assert len(names) == 3 + 2 + 2
    assert {path.relative_to(folder / "shapes") for path in folder.rglob("*.*")} == names
    assert all((folder / "shapes" / name).read_bytes() == (drawn / name).read_bytes() for name in names)


def test_crowds_are_the_same_where_scenes_are_not_drawn():
    crowds = data.DATASETS["scenes100"].profiles
    for mini, full in (
        (crowds["mini"].hidden(Path(), SECRET), crowds["full"].hidden(Path(), SECRET)),
        (crowds["mini"].validation(Path()), crowds["full"].validation(Path())),
    ):
        np.testing.assert_array_equal(mini.inputs["images"], full.inputs["images"])


def test_hidden_scenes_hold_all_classes_inside_the_picture(tmp_path):
    hidden = data.hidden("scenes", "mini", SECRET, tmp_path)
    there = hidden.targets["labels"] > 0
    found = hidden.targets["boxes"][there]
    assert hidden.inputs["images"].shape == (HIDDEN, SIDE, SIDE, 3)
    assert np.unique(hidden.targets["labels"][there]).tolist() == [1, 2, 3]
    assert np.isnan(hidden.targets["boxes"][~there]).all()
    assert found.min() >= 0
    assert found.max() <= SIDE
    assert (found[:, 2:] - found[:, :2]).min() > 4


def test_overlap_hides_no_object():
    """In a crowd too, no box lies inside another one."""
    scenes = draw(random_stream(b"crowd"), np.full(4, 110))
    for found in scenes.boxes:
        shared = (
            np.minimum(found[:, None, 2:], found[None, :, 2:])
            - np.maximum(found[:, None, :2], found[None, :, :2])
        ).clip(0)
        share = shared.prod(axis=2) / (found[:, 2:] - found[:, :2]).prod(axis=1)
        np.fill_diagonal(share, 0)
        assert share.max() < 0.75
        assert share.sum(axis=1).mean() > 0.02, "neighbours do overlap"


def test_what_is_written_is_read_back(tmp_path):
    scenes = draw(random_stream(b"few"), np.array([1, 3]))
    scenes = replace(
        scenes, boxes=[scenes.boxes[0][:0], scenes.boxes[1]], labels=[scenes.labels[0][:0], scenes.labels[1]]
    )
    boxes.write(tmp_path / "some", scenes, CATEGORIES)
    again = boxes.read(tmp_path / "some", 2)
    np.testing.assert_array_equal(again.images, scenes.images)
    for one, other in zip(scenes.boxes, again.boxes, strict=True):
        np.testing.assert_allclose(one, other, atol=0.02)
    assert [labels.tolist() for labels in again.labels] == [labels.tolist() for labels in scenes.labels]


@pytest.mark.parametrize("text", ["", "{}", '{"images": [], "annotations": []}', '{"images": 3}'])
def test_a_damaged_folder_is_an_authors_error(folder, text):
    file = folder / "validation" / "annotations.json"
    whole = file.read_text()
    try:
        file.write_text(text)
        with pytest.raises(DataMissingError, match="changed after it was made"):
            data.validation("scenes", "mini", folder.parent.parent)
    finally:
        file.write_text(whole)
