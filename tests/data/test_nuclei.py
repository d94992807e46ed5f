"""The `full` profile, on the real pictures where `GRADE_MIRROR` has them."""

import os
from pathlib import Path

import numpy as np
import pytest

from graders import data
from graders.data.nuclei import KEPT_BACK, LISTED, VALIDATION
from graders.errors import DataMissingError

MIRROR = Path(os.environ.get("GRADE_MIRROR", "/nowhere"))
needs_mirror = pytest.mark.skipif(
    not (MIRROR / "nuclei").is_dir(), reason="GRADE_MIRROR names no folder with nuclei"
)


def test_every_picture_is_listed_once_with_its_split():
    lines = [line.split() for line in LISTED.read_text(encoding="ascii").splitlines()]
    assert len({name for _, name, *_ in lines}) == len(lines) == 334
    splits = [split for split, *_ in lines]
    assert {split: splits.count(split) for split in set(splits)} == {"train": 222, "val": 38, "test": 74}


def test_without_a_mirror_it_is_said_what_to_set(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    with pytest.raises(DataMissingError, match="GRADE_MIRROR"):
        data.fetch("cells", "full", tmp_path, progress=False)


def test_another_picture_under_the_name_of_one_is_refused(tmp_path, monkeypatch):
    name = LISTED.read_text(encoding="ascii").split()[1]
    (tmp_path / "mirror/nuclei/images").mkdir(parents=True)
    (tmp_path / f"mirror/nuclei/images/{name}.png").write_bytes(b"another")
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / "mirror"))
    with pytest.raises(DataMissingError, match="SHA-256"):
        data.fetch("cells", "full", tmp_path / "cache", progress=False)


@needs_mirror
def test_the_real_pictures_are_split_as_listed_and_halved(tmp_path):
    folder = data.shared_folder(("cells", "noisy_cells"), "full", tmp_path)
    assert len(list((folder / "train/images").iterdir())) == 222 - KEPT_BACK
    shown = data.validation("cells", "full", tmp_path)
    hidden = data.hidden("cells", "full", b"secret", tmp_path)
    restored = data.hidden("noisy_cells", "full", b"secret", tmp_path)
    assert len(shown) == VALIDATION
    assert hidden.inputs["images"].shape == (74, 1, 128, 128)
    assert hidden.targets["masks"].shape == (74, 128, 128)
    assert len(restored) == KEPT_BACK
    assert 0.05 < hidden.targets["masks"].mean() < 0.12
    inside = hidden.inputs["images"][:, 0][hidden.targets["masks"] > 0].mean()
    assert inside > 3 * hidden.inputs["images"][:, 0][hidden.targets["masks"] == 0].mean()
    seen = {image.tobytes() for image in np.concatenate([hidden.inputs["images"], shown.inputs["images"]])}
    assert not seen & {image[None].tobytes() for image in restored.targets["clean"]}
