import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d
from torchvision.datasets import FashionMNIST

from graders import data
from graders.data import features
from graders.data.clothes_mini import draw
from graders.data.generation import ASKED
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def hidden(cache):
    return data.hidden("generation", "mini", SECRET, cache)


def rows(images):
    return {picture.tobytes() for picture in images}


def test_students_find_what_those_of_clothes_find(cache):
    folder = data.public_folder("generation", "mini", cache)
    clothes = data.public_folder("clothes", "mini", cache)
    for train in (True, False):
        mine, theirs = (FashionMNIST(place, train=train, download=True) for place in (folder, clothes))
        assert torch.equal(mine.data, theirs.data)
        assert torch.equal(mine.targets, theirs.targets)


def test_a_notebook_is_given_no_hidden_picture(hidden):
    assert {name: array.shape for name, array in hidden.inputs.items()} == {"places": (ASKED,)}
    np.testing.assert_array_equal(hidden.inputs["places"], np.arange(ASKED))
    assert hidden.variant == {}


def test_known_are_the_public_pictures_and_no_hidden_one(cache, hidden):
    folder = data.public_folder("generation", "mini", cache)
    public = [FashionMNIST(folder, train=train).data.numpy() for train in (True, False)]
    assert rows(hidden.targets["known"]) == rows(np.concatenate(public))
    assert not rows(hidden.targets["known"]) & rows(hidden.targets["images"])


def test_in_a_self_check_the_validation_pictures_are_not_known(cache):
    split = data.validation("generation", "mini", cache)
    assert split.targets["images"].shape == (ASKED, 28, 28)
    assert not rows(split.targets["known"]) & rows(split.targets["images"])


def test_the_same_secret_gives_the_same_pictures_and_another_one_others(cache, hidden):
    again, other = (data.hidden("generation", "mini", secret, cache) for secret in (SECRET, b"another"))
    for name in hidden.targets:
        np.testing.assert_array_equal(hidden.targets[name], again.targets[name])
    assert not rows(hidden.targets["images"]) & rows(other.targets["images"])


def test_features_are_those_of_the_pictures(hidden):
    vectors, _ = features.features(hidden.targets["images"][:50])
    np.testing.assert_allclose(hidden.targets["features"][:50], vectors, rtol=1e-5, atol=1e-5)


def test_a_damaged_folder_is_an_authors_error(tmp_path):
    mine = data.public_folder("generation", "mini", tmp_path)
    (mine / "FashionMNIST/raw/train-images-idx3-ubyte").write_bytes(b"")
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("generation", "mini", tmp_path)


def test_other_weights_are_another_data_set(tmp_path, monkeypatch):
    before = data.fingerprint("generation", "mini")
    changed = tmp_path / "features.npz"
    changed.write_bytes(features.WEIGHTS.read_bytes() + b" ")
    monkeypatch.setattr(features, "WEIGHTS", changed)
    assert data.fingerprint("generation", "mini") != before


def test_the_classifier_is_what_torch_makes_of_its_weights():
    with np.load(features.WEIGHTS) as file:
        weights = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files}
    images = random_stream(b"noise").random_sample((7, 28, 28)).astype(np.float32)
    maps = torch.from_numpy(images)[:, None]
    for name, stride in features.LAYERS:
        kernel = weights[f"{name}.weight"]
        maps = conv2d(maps, kernel, weights[f"{name}.bias"], stride, kernel.shape[-1] // 2).relu()
    hidden = (maps.flatten(1) @ weights["dense.weight"].T + weights["dense.bias"]).relu()
    expected = (hidden @ weights["last.weight"].T + weights["last.bias"]).softmax(1)
    vectors, probabilities = features.features(images)
    np.testing.assert_allclose(vectors, hidden, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(probabilities, expected, rtol=1e-3, atol=1e-4)


def test_the_classifier_knows_the_classes_of_pictures_that_it_did_not_learn_from():
    raw = draw(random_stream(b"new"), 500)
    _, probabilities = features.features(raw.images)
    assert (probabilities.argmax(1) == raw.labels).mean() > 0.94
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-4)


def test_bytes_and_floats_of_one_picture_have_the_same_features():
    images = draw(random_stream(b"new"), 10).images
    one, other = features.features(images)[0], features.features((images / 255).astype(np.float32))[0]
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_no_pictures_have_no_features():
    vectors, probabilities = features.features(np.zeros((0, 28, 28), np.uint8))
    assert (vectors.shape, probabilities.shape) == ((0, features.DIMENSIONS), (0, 10))
