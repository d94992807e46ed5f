import hashlib
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from graders import data
from graders.data.clothes_mini import HIDDEN, TRAIN, VALIDATION, DrawnClothes
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def folder(cache):
    return data.public_folder("clothes", "mini", cache)


@pytest.fixture(scope="module")
def hidden(cache):
    return data.hidden("clothes", "mini", SECRET, cache)


@pytest.fixture(scope="module")
def public(cache):
    return DrawnClothes().public(cache)


def digests(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


READ_WITH_TORCHVISION = """
import socket, sys
def refuse(*_, **__): raise OSError("the network is off")
socket.socket.connect = socket.getaddrinfo = refuse
from torchvision.datasets import FashionMNIST
for train in (True, False):
    pictures = FashionMNIST(sys.argv[1], train=train, download=True)
    picture, label = pictures[0]
    print(len(pictures), *pictures.data.shape, pictures.data.dtype, picture.size, type(label).__name__)
"""


def test_torchvision_reads_the_folder_without_a_network_and_without_writing(folder):
    before = digests(folder)
    run = subprocess.run(
        [sys.executable, "-c", READ_WITH_TORCHVISION, str(folder)], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == [
        f"{TRAIN} {TRAIN} 28 28 torch.uint8 (28, 28) int",
        f"{VALIDATION} {VALIDATION} 28 28 torch.uint8 (28, 28) int",
    ]
    assert digests(folder) == before


def test_another_cache_gets_the_same_bytes(folder, tmp_path):
    assert digests(data.public_folder("clothes", "mini", tmp_path)) == digests(folder)


def test_a_folder_that_is_there_is_used_as_it_is(folder, cache):
    times = [path.stat().st_mtime_ns for path in folder.rglob("*")]
    assert data.public_folder("clothes", "mini", cache) == folder
    assert [path.stat().st_mtime_ns for path in folder.rglob("*")] == times


def others_may_read(folder):
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    needed = {path: 0o005 if path.is_dir() else 0o004 for path in modes}
    return all(mode & needed[path] == needed[path] for path, mode in modes.items())


MAKE = """
import sys
from pathlib import Path
from graders import data
print(data.public_folder("clothes", "mini", Path(sys.argv[1])))
"""


def test_another_user_may_read_the_folder_whatever_the_umask(tmp_path):
    subprocess.run([sys.executable, "-c", MAKE, str(tmp_path)], check=True, umask=0o077, capture_output=True)
    (folder,) = (tmp_path / "clothes").iterdir()
    assert others_may_read(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's notebooks run as another user")
def test_a_folder_that_others_may_not_read_is_mended(folder, tmp_path):
    closed = tmp_path / "clothes" / folder.name
    shutil.copytree(folder, closed)
    for path in (closed, *closed.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert data.public_folder("clothes", "mini", tmp_path) == closed
    assert others_may_read(closed)


def test_processes_that_make_the_folder_at_one_time_all_get_it_whole(folder, tmp_path):
    command = [sys.executable, "-c", MAKE, str(tmp_path)]
    makers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = {maker.communicate()[0].strip() for maker in makers}
    assert [maker.returncode for maker in makers] == [0, 0, 0]
    assert len(printed) == 1
    made = list((tmp_path / "clothes").iterdir())
    assert [str(path) for path in made] == list(printed)
    assert digests(made[0]) == digests(folder)


def test_a_cache_that_cannot_be_written_is_an_authors_error_that_leaves_nothing(tmp_path):
    cache = tmp_path / "cache"
    cache.write_text("a file, not a folder")
    with pytest.raises(DataMissingError, match="set GRADE_DATA to a folder that can") as error:
        data.public_folder("clothes", "mini", cache)
    assert len(error.value.problems) == 1
    assert list(tmp_path.iterdir()) == [cache]


def test_a_damaged_folder_is_told_with_its_cure(tmp_path):
    folder = data.public_folder("clothes", "mini", tmp_path)
    (folder / "FashionMNIST/raw/t10k-labels-idx1-ubyte").write_bytes(b"\0")
    with pytest.raises(DataMissingError, match="delete it, and it is made again"):
        data.validation("clothes", "mini", tmp_path)


def test_validation_is_what_students_see_as_their_test_set(cache, public):
    validation = data.validation("clothes", "mini", cache)
    np.testing.assert_array_equal(np.round(validation.inputs["images"][:, 0] * 255), public.validation.images)
    np.testing.assert_array_equal(validation.targets["labels"], public.validation.labels)


def test_hidden_pictures_are_as_a_network_takes_them(hidden):
    assert hidden.inputs["images"].shape == hidden.variant["images"].shape == (HIDDEN, 1, 28, 28)
    assert hidden.inputs["images"].dtype == hidden.variant["images"].dtype == np.float32
    assert hidden.targets["labels"].shape == (HIDDEN,)
    assert hidden.targets["labels"].dtype == np.int64
    for images in (hidden.inputs["images"], hidden.variant["images"]):
        assert images.min() == 0.0
        assert images.max() == 1.0


def test_one_secret_always_gives_the_same_hidden_set(hidden, cache):
    again = data.hidden("clothes", "mini", SECRET, cache)
    np.testing.assert_array_equal(again.inputs["images"], hidden.inputs["images"])
    np.testing.assert_array_equal(again.variant["images"], hidden.variant["images"])
    np.testing.assert_array_equal(again.targets["labels"], hidden.targets["labels"])


def test_another_secret_gives_other_hidden_pictures_and_another_order(hidden, cache):
    other = data.hidden("clothes", "mini", SECRET + b"!", cache)
    shared = set(map(bytes, other.inputs["images"])) & set(map(bytes, hidden.inputs["images"]))
    assert not shared
    assert (other.targets["labels"] != hidden.targets["labels"]).mean() > 0.5


def test_an_empty_secret_is_refused(cache):
    with pytest.raises(ValueError, match="secret is empty"):
        data.hidden("clothes", "mini", b"", cache)


def test_no_picture_is_in_two_splits(hidden, public):
    pictures = [
        *map(bytes, public.train.images),
        *map(bytes, public.validation.images),
        *(np.round(image * 255).astype(np.uint8).tobytes() for image in hidden.inputs["images"][:, 0]),
    ]
    assert len(set(pictures)) == TRAIN + VALIDATION + HIDDEN


def test_every_split_has_as_many_of_each_class(hidden, public):
    for labels in (public.train.labels, public.validation.labels, hidden.targets["labels"]):
        counts = np.bincount(labels, minlength=10)
        assert counts.tolist() == [len(labels) // 10] * 10


def test_hidden_and_public_pictures_are_alike(hidden, public):
    """Mean brightness of each class agrees, so that validation foretells the hidden set."""
    for label in range(10):
        hidden_mean = hidden.inputs["images"][hidden.targets["labels"] == label].mean() * 255
        public_mean = public.train.images[public.train.labels == label].mean()
        assert hidden_mean == pytest.approx(public_mean, rel=0.06)


def test_nothing_hidden_is_written(cache, hidden):
    assert {path.name for path in (cache / "clothes").iterdir()} == {
        data.public_folder("clothes", "mini", cache).name
    }


def test_fingerprints_are_stable_and_differ_between_profiles():
    mini, full = data.fingerprint("clothes", "mini"), data.fingerprint("clothes", "full")
    assert mini == data.fingerprint("clothes", "mini")
    assert mini != full
    assert len(mini) == len(full) == 64


def test_cache_folder_is_grade_data_where_it_is_set(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADE_DATA", str(tmp_path))
    assert data.cache_folder() == tmp_path
    monkeypatch.setenv("GRADE_DATA", "")
    assert "graders" in data.cache_folder().parts
    assert data.cache_folder().is_absolute()


def test_a_stream_depends_on_every_byte_of_its_seed():
    first = {random_stream(seed).randint(1 << 30) for seed in (b"", b"\0", b"a", b"a\0", b"ab", b"a" * 99)}
    assert len(first) == 6


def test_drawing_does_not_touch_numpys_own_random_numbers(cache):
    state = np.random.get_state()[1].copy()
    data.hidden("clothes", "mini", SECRET, cache)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
