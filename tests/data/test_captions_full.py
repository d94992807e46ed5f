"""Photographs with captions, in a folder of drawn pictures, through the real networks with random weights."""

import hashlib
import shutil

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from torchvision.models import get_model

from graders import data
from graders.data import captions_full, flickr
from graders.data.caption_grammar import sample
from graders.data.captions_full import LONGEST
from graders.data.scenes import draw_scenes, render
from graders.data.seeds import random_stream
from graders.data.torchvision_encoders import encode
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"
PICTURES = 80


def weights(folder, encoder):
    """A file of weights that nobody trained, named as the hub names its own."""
    torch.manual_seed(0)
    network = get_model(encoder, **({"init_weights": False} if encoder == "googlenet" else {}))
    draft = folder / "draft.pth"
    torch.save(network.state_dict(), draft)
    return draft.rename(folder / f"{encoder}-{hashlib.sha256(draft.read_bytes()).hexdigest()[:8]}.pth")


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    root = tmp_path_factory.mktemp("mirror")
    images = root / "flickr8k" / "Images"
    images.mkdir(parents=True)
    random = random_stream(b"pictures")
    scenes = draw_scenes(random, PICTURES)
    rows = ["image,caption"]
    for number, (scene, picture) in enumerate(zip(scenes, render(random, scenes), strict=True)):
        Image.fromarray(picture).resize((150, 100)).save(images / f"{number}.jpg")
        rows += [f"{number}.jpg,{' '.join(sample(random, scene))} ." for _ in range(5)]
    (root / "flickr8k" / "captions.txt").write_text("\n".join(rows) + "\n")
    for encoder in ("googlenet", "resnet50"):
        weights(root / "flickr8k", encoder)
    return root


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def here(mirror, monkeypatch):
    monkeypatch.setenv("GRADE_MIRROR", str(mirror))
    return mirror / "flickr8k"


@pytest.mark.slow
def test_students_find_what_they_find_on_mini_and_nothing_hidden(here, cache):
    folder = data.shared_folder(["captions", "whole_captions"], "full", cache)
    train, validation = ((folder / f"{part}.txt").read_text().split() for part in ("train", "validation"))
    assert (len(train), len(validation)) == (60, 10)
    hidden = set(flickr.read().hidden.names)
    assert not hidden & {*train, *validation}
    assert {path.name for path in (folder / "Images").iterdir()} == {*train, *validation}
    table = pd.read_csv(folder / "captions.txt")
    assert set(table["image"]) == {*train, *validation}
    words = (folder / "vocabulary.txt").read_text().split()
    assert set(" ".join(table["caption"]).split()) <= set(words)
    assert np.load(folder / "features.resnet50.npy").shape == (70, 8192)
    assert np.load(folder / "features.googlenet.npy").shape == (70, 4096)


@pytest.mark.slow
def test_one_prefix_of_each_hidden_picture_is_asked_for_and_whole_captions_of_others(here, cache):
    cuts, whole = (data.hidden(name, "full", SECRET, cache) for name in ("captions", "whole_captions"))
    assert cuts.inputs["prefixes"].shape == (7, LONGEST)
    assert (cuts.inputs["prefixes"][:, 0] == 1).all()
    assert (cuts.targets["words"] > 1).all()
    assert len(whole.targets["references"]) == 3
    rows = [set(map(bytes, split.inputs["resnet50"])) for split in (cuts, whole)]
    assert not rows[0] & rows[1]
    again, other = (data.hidden("captions", "full", secret, cache) for secret in (SECRET, b"another"))
    np.testing.assert_array_equal(again.inputs["prefixes"], cuts.inputs["prefixes"])
    assert not np.array_equal(other.inputs["prefixes"], cuts.inputs["prefixes"])


@pytest.mark.slow
def test_features_are_those_of_the_picture_and_of_its_words(here, cache):
    whole = data.validation("whole_captions", "full", cache)
    names = flickr.read().validation.names
    first = encode("googlenet", [here / "Images" / names[0]], next(here.glob("googlenet-*")), progress=False)
    np.testing.assert_allclose(whole.inputs["googlenet"][0], first[0], rtol=1e-3, atol=1e-4)
    assert whole.inputs["images"].shape == (10, 128, 128, 3)
    said = flickr.read().validation.captions[0]
    assert whole.targets["references"][0].tolist() == [" ".join(words) for words in said]
    asked = data.validation("captions", "full", cache)
    np.testing.assert_array_equal(asked.inputs["googlenet"], whole.inputs["googlenet"])


def test_quarters_of_a_picture_are_told_apart(tmp_path):
    path = weights(tmp_path, "googlenet")
    canvas = np.zeros((224, 224, 3), np.uint8)
    canvas[:100, 120:] = 255
    for name, picture in (("right", canvas), ("left", canvas[:, ::-1])):
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
    right, left = encode("googlenet", [tmp_path / "right.png", tmp_path / "left.png"], path, progress=False)
    near, far = (np.abs(right.reshape(4, -1)[1] - left.reshape(4, -1)[quarter]).mean() for quarter in (0, 1))
    assert near < far


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "expected one that begins with"),
        (lambda path: path.rename(path.with_name("googlenet-.pth")), "expected one that begins with ''"),
        (lambda path: named(path, b"no weights"), "no weights"),
        (lambda path: named(path, None), "no weights of googlenet"),
    ],
)
def test_weights_that_are_not_those_that_they_should_be_are_refused(tmp_path, spoil, said):
    path = weights(tmp_path, "googlenet")
    spoil(path)
    Image.new("RGB", (30, 30)).save(tmp_path / "one.png")
    (found,) = tmp_path.glob("googlenet-*.pth")
    with pytest.raises(ValueError, match=said):
        encode("googlenet", [tmp_path / "one.png"], found, progress=False)


def named(path, content):
    """Put other content, or weights of another network, into the file, and name it by its hash."""
    torch.save({"weight": torch.zeros(3)}, path) if content is None else path.write_bytes(content)
    path.rename(path.with_name(f"googlenet-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}.pth"))


def test_a_picture_that_is_none_is_told_and_no_traceback(here, tmp_path, monkeypatch):
    copy = tmp_path / "flickr8k"
    shutil.copytree(here, copy)
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path))
    (copy / "Images" / flickr.read().hidden.names[0]).write_bytes(b"no picture")
    with pytest.raises(DataMissingError, match="cannot be read as a picture"):
        data.fetch("captions", "full", tmp_path / "cache", progress=False)
    assert not (tmp_path / "cache" / "captions").exists() or not list((tmp_path / "cache/captions").iterdir())


def test_without_torchvision_the_next_step_is_said(here, tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(captions_full.importlib, "import_module", missing)
    with pytest.raises(DataMissingError, match=r"They need torchvision \(pip install"):
        data.fetch("whole_captions", "full", tmp_path / "cache", progress=False)
