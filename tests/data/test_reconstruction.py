import numpy as np
import pytest
from scipy.stats import kstest
from torchvision.datasets import FashionMNIST

from graders import data
from graders.data.reconstruction import COUNT, LONGEST
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def hidden(cache):
    return data.hidden("reconstruction", "mini", SECRET, cache)


def test_targets_are_the_pictures_themselves(hidden):
    assert hidden.inputs["images"].shape == (COUNT, 1, 28, 28)
    assert hidden.inputs["images"].dtype == np.float32
    assert hidden.inputs["noise"].shape == (COUNT, LONGEST)
    np.testing.assert_array_equal(hidden.inputs["images"], hidden.targets["images"])
    assert 0 <= hidden.targets["images"].min() < hidden.targets["images"].max() <= 1
    assert hidden.variant == {}


def test_noise_is_standard_normal_and_another_secret_draws_another(hidden, cache):
    noise = hidden.inputs["noise"]
    assert kstest(noise.ravel().astype(np.float64), "norm").pvalue > 0.001
    again, other = (data.hidden("reconstruction", "mini", secret, cache) for secret in (SECRET, b"another"))
    np.testing.assert_array_equal(again.inputs["noise"], noise)
    assert not np.array_equal(other.inputs["noise"], noise)


def test_validation_is_what_students_see(cache):
    split = data.validation("reconstruction", "mini", cache)
    seen = FashionMNIST(data.public_folder("reconstruction", "mini", cache), train=False)
    np.testing.assert_allclose(split.inputs["images"][:, 0] * 255, seen.data[:COUNT].numpy(), atol=1e-4)
    assert len(split) == min(COUNT, len(seen))


def test_no_picture_is_one_that_samples_are_compared_with(hidden, cache):
    real = data.hidden("generation", "mini", SECRET, cache).targets["images"]
    known = {picture.tobytes() for picture in real}
    mine = np.round(hidden.targets["images"][:, 0] * 255).astype(np.uint8)
    assert not any(picture.tobytes() in known for picture in mine)


def test_a_damaged_folder_is_an_authors_error(tmp_path):
    folder = data.public_folder("reconstruction", "mini", tmp_path)
    (folder / "FashionMNIST/raw/t10k-images-idx3-ubyte").write_bytes(b"no pictures")
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("reconstruction", "mini", tmp_path)
