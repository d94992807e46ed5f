from pathlib import Path

import l07_detection
import numpy as np
import pytest
import torch

from graders.data import boxes
from graders.data.boxes import Scenes

CPU = torch.device("cpu")
TINY = l07_detection.Sizes(width=4, epochs=1, batch=2)
SHAPES = {".": (16, 24), "shapes": (16, 16)}
"""Height and width of the pictures of each kind."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Public files with two kinds of pictures, two of each in a split."""
    for kind, shape in SHAPES.items():
        (tmp_path / kind).mkdir(exist_ok=True)
        for split in ("train", "validation"):
            some = Scenes(
                np.zeros((2, *shape, 3), np.uint8), [np.array([[2.0, 2, 9, 9]])] * 2, [np.array([1])] * 2
            )
            boxes.write(tmp_path / kind / split, some, ("one",))
    return tmp_path


def named(kinds: list[l07_detection.Data], monkeypatch: pytest.MonkeyPatch) -> l07_detection.Detect:
    """What a solution detects with, where each detector says which shape it was trained on."""
    monkeypatch.setattr(
        l07_detection, "trained", lambda kind, *_: lambda image: tuple(kind.train.images.shape[2:])
    )
    return l07_detection.solve(kinds, CPU, 0, "full").detect


def test_the_detector_of_the_pictures_kind_is_chosen_and_else_the_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detect = named(l07_detection.load(str(folder)), monkeypatch)
    shapes = [(16, 24), (16, 16), (24, 16), (480, 640)]
    chosen = [detect(torch.zeros(3, *shape)) for shape in shapes]
    assert chosen == [(16, 24), (16, 16), (16, 24), (16, 24)]


def test_without_shapes_there_is_one_kind(folder: Path) -> None:
    (folder / "shapes").rename(folder / "other")
    (kind,) = l07_detection.load(str(folder))
    assert kind.train.images.shape == kind.validation.images.shape == (2, 3, 16, 24)


def test_a_second_kind_changes_nothing_in_the_detector_of_the_first(folder: Path) -> None:
    kinds = l07_detection.load(str(folder))
    picture = torch.rand(3, *SHAPES["."], generator=torch.Generator().manual_seed(0))
    alone, both = (l07_detection.by_shape(some, TINY, CPU, 0).detect(picture) for some in (kinds[:1], kinds))
    assert len(alone["boxes"]) > 0
    assert all(torch.equal(alone[name], both[name]) for name in alone)
