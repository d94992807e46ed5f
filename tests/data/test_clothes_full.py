import gzip
import hashlib
import os
import socket
from pathlib import Path

import numpy as np
import pytest

from graders import data
from graders.data import clothes_full, idx
from graders.errors import DataMissingError

MIRROR = os.environ.get("GRADE_MIRROR", "")
needs_mirror = pytest.mark.skipif(
    not (Path(MIRROR) / "FashionMNIST/raw").is_dir(),
    reason="GRADE_MIRROR is not set to a folder with the real Fashion-MNIST",
)


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise OSError("the network is off")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def mirror(tmp_path, monkeypatch, no_network):
    """A small data set of the same layout, with hashes to match: 30 training and 20 test pictures."""
    monkeypatch.setattr(clothes_full, "VALIDATION", 10)
    raw = tmp_path / "mirror" / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    random = np.random.RandomState(0)
    md5 = {}
    for stem, count in (("train", 30), ("t10k", 20)):
        contents = {
            f"{stem}-images-idx3-ubyte.gz": random.randint(0, 256, (count, 28, 28)).astype(np.uint8),
            f"{stem}-labels-idx1-ubyte.gz": np.arange(count, dtype=np.uint8) % 10,
        }
        for name, values in contents.items():
            packed = gzip.compress(idx.encode(values), mtime=0)
            (raw / name).write_bytes(packed)
            md5[name] = hashlib.md5(packed, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(clothes_full, "MD5", md5)
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / "mirror"))
    return raw


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def only_problem(cache):
    with pytest.raises(DataMissingError) as error:
        data.public_folder("clothes", "full", cache)
    (problem,) = error.value.problems
    return problem


def test_a_mirror_serves_without_a_network(mirror, tmp_path):
    folder = data.public_folder("clothes", "full", tmp_path / "cache")
    assert [path.name for path in files(folder)] == [
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
    ]
    assert data.validation("clothes", "full", tmp_path / "cache").inputs["images"].shape == (10, 1, 28, 28)
    assert data.hidden("clothes", "full", b"secret", tmp_path / "cache").inputs["images"].shape == (
        20,
        1,
        28,
        28,
    )


def test_once_fetched_neither_mirror_nor_network_is_needed(mirror, tmp_path, monkeypatch):
    data.fetch("clothes", "full", tmp_path / "cache", progress=False)
    monkeypatch.delenv("GRADE_MIRROR")
    assert data.public_folder("clothes", "full", tmp_path / "cache").is_dir()


def test_no_mirror_and_no_network_says_what_where_and_how_and_leaves_nothing(
    tmp_path, monkeypatch, no_network
):
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    problem = only_problem(tmp_path)
    for part in (
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz",
        "http://fashion-mnist.s3-website",
        "grade data fetch clothes",
        "set GRADE_MIRROR to a folder with FashionMNIST/raw",
    ):
        assert part in problem.message
    assert problem.file == tmp_path / "clothes/official/FashionMNIST/raw"
    assert files(tmp_path) == []


@pytest.mark.parametrize("place", ["nowhere", "mirror/FashionMNIST/raw/t10k-labels-idx1-ubyte.gz"])
def test_a_mirror_that_is_no_data_folder_is_named(place, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / place))
    problem = only_problem(tmp_path / "cache")
    assert str(tmp_path / place) in problem.message
    assert files(tmp_path / "cache") == []


def test_a_mirror_that_cannot_be_reached_is_asked_once(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADE_MIRROR", "https://mirror.invalid/data/")
    problem = only_problem(tmp_path / "cache")
    assert problem.message.count("https://mirror.invalid/data/FashionMNIST/raw:") == 1
    assert files(tmp_path / "cache") == []


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-5], lambda content: content + b"x", lambda _: b""]
)
def test_a_damaged_file_in_the_mirror_is_named_with_both_hashes_and_not_kept(damage, mirror, tmp_path):
    path = mirror / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(damage(path.read_bytes()))
    problem = only_problem(tmp_path / "cache")
    assert problem.message.startswith("t10k-labels-idx1-ubyte.gz: not in this cache")
    assert str(path) in problem.message
    assert f"expected md5 {clothes_full.MD5[path.name]}" in problem.message
    assert path.name not in [kept.name for kept in files(tmp_path / "cache")]


def test_a_damaged_file_in_the_cache_is_fetched_again(mirror, tmp_path):
    data.fetch("clothes", "full", tmp_path / "cache", progress=False)
    damaged = tmp_path / "cache/clothes/official/FashionMNIST/raw/train-labels-idx1-ubyte.gz"
    damaged.write_bytes(b"half a file")
    data.fetch("clothes", "full", tmp_path / "cache", progress=False)
    assert damaged.read_bytes() == (mirror / damaged.name).read_bytes()


def test_train_and_validation_share_no_picture_and_lose_none(mirror, tmp_path):
    public = clothes_full.FashionMnist().public(tmp_path / "cache")
    train, validation = set(map(bytes, public.train.images)), set(map(bytes, public.validation.images))
    official = idx.decode(
        gzip.decompress((mirror / "train-images-idx3-ubyte.gz").read_bytes()), 3, Path("official")
    )
    assert not train & validation
    assert train | validation == set(map(bytes, official))


def test_the_secret_changes_the_variant_alone(mirror, tmp_path):
    one = data.hidden("clothes", "full", b"one", tmp_path / "cache")
    other = data.hidden("clothes", "full", b"other", tmp_path / "cache")
    np.testing.assert_array_equal(one.inputs["images"], other.inputs["images"])
    assert (one.variant["images"] != other.variant["images"]).any()


@needs_mirror
def test_the_real_pictures_are_the_published_ones(tmp_path, no_network):
    public = data.public_folder("clothes", "full", tmp_path)
    raw = public / "FashionMNIST/raw"
    assert (raw / "train-images-idx3-ubyte").stat().st_size == 16 + 50_000 * 784
    assert data.validation("clothes", "full", tmp_path).inputs["images"].shape == (10_000, 1, 28, 28)
    hidden = data.hidden("clothes", "full", b"secret", tmp_path)
    assert np.bincount(hidden.targets["labels"]).tolist() == [1000] * 10
    assert hidden.targets["labels"][:10].tolist() == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
