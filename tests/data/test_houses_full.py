"""The `full` profile of `houses`: on a small archive of the same layout, and on the real one where it is."""

import gzip
import hashlib
import io
import os
import shutil
import socket
import tarfile
from pathlib import Path

import l01_perceptron as reference
import numpy as np
import pandas as pd
import pytest
import sklearn.datasets._california_housing as oracle
import torch

from graders import data
from graders.commands.data import fetch
from graders.data import houses_full
from graders.data.houses_full import ARCHIVE, COLUMNS, MEMBER, districts
from graders.errors import DataMissingError

MIRROR = Path(os.environ.get("GRADE_MIRROR") or "/nowhere")
needs_mirror = pytest.mark.skipif(
    not (MIRROR / ARCHIVE).is_file(), reason="GRADE_MIRROR names no folder with cal_housing.tgz"
)
TRAIN, VALIDATION, HIDDEN = 40, 12, 18
FIRST = "-122.230000,37.880000,41.000000,880.000000,129.000000,322.000000,126.000000,8.325200,452600.000000"
"""The first row of the real file."""
SECRET = b"a secret of the tests"


def rows() -> list[str]:
    random = np.random.RandomState(0)
    drawn = random.uniform(1, 100, (TRAIN + VALIDATION + HIDDEN - 1, 9))
    drawn[:, 8] *= 5_000
    return [FIRST, *(",".join(f"{value:.6f}" for value in row) for row in drawn)]


def tar(text: bytes | None, name: str = MEMBER) -> bytes:
    """A tar with a domain file, and with `text` under `name`; a link where it is None."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member, content in (("CaliforniaHousing/cal_housing.domain", b"longitude"), (name, text)):
            info = tarfile.TarInfo(member)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            info.size = len(content or b"")
            archive.addfile(info, io.BytesIO(content or b""))
    return buffer.getvalue()


def table(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def packed(lines: list[str]) -> bytes:
    return gzip.compress(tar(table(lines)))


@pytest.fixture
def offer(tmp_path, monkeypatch):
    """Puts an archive into the mirror as if it were the official one; the network is off."""

    def refuse(*_, **__):
        raise OSError("the network is off")

    def place(content: bytes) -> Path:
        (tmp_path / "mirror").mkdir(exist_ok=True)
        (tmp_path / "mirror" / ARCHIVE).write_bytes(content)
        monkeypatch.setattr(houses_full, "SHA256", hashlib.sha256(content).hexdigest())
        return tmp_path / "mirror" / ARCHIVE

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / "mirror"))
    for name, count in (("TRAIN", TRAIN), ("VALIDATION", VALIDATION), ("HIDDEN", HIDDEN)):
        monkeypatch.setattr(houses_full, name, count)
    return place


@pytest.fixture
def archive(offer):
    return offer(packed(rows()))


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def problem_of(call, *arguments) -> str:
    with pytest.raises(DataMissingError) as error:
        call(*arguments)
    (problem,) = error.value.problems
    return problem.message


def test_address_hash_and_sizes_are_those_of_scikit_learn():
    assert oracle.ARCHIVE == (ARCHIVE, houses_full.URL, houses_full.SHA256)
    assert houses_full.TRAIN + houses_full.VALIDATION + houses_full.HIDDEN == 20_640


def test_features_are_those_that_scikit_learn_makes(archive, tmp_path, monkeypatch):
    home = tmp_path / "sklearn"
    home.mkdir()
    shutil.copy(archive, home)
    official = oracle.ARCHIVE._replace(checksum=houses_full.SHA256)
    monkeypatch.setattr(oracle, "ARCHIVE", official)
    theirs = oracle.fetch_california_housing(data_home=home)
    ours = districts(archive)
    np.testing.assert_allclose(ours[:, :-1], theirs.data, atol=1e-6)
    np.testing.assert_allclose(ours[:, -1], theirs.target, atol=1e-6)
    assert list(COLUMNS[:-1]) == theirs.feature_names


def test_the_first_district_is_the_known_one(archive):
    known = [8.3252, 41, 6.984127, 1.02381, 322, 2.555556, 37.88, -122.23, 4.526]
    np.testing.assert_allclose(districts(archive)[0], known)


def test_pandas_reads_the_tables_and_validation_is_what_students_see(archive, cache):
    folder = data.public_folder("houses", "full", cache)
    assert sorted(path.name for path in folder.iterdir()) == ["train.csv", "validation.csv"]
    for name, count in (("train", TRAIN), ("validation", VALIDATION)):
        found = pd.read_csv(folder / f"{name}.csv")
        assert tuple(found.columns) == COLUMNS
        assert len(found) == count
    split = data.validation("houses", "full", cache)
    assert split.inputs["features"].dtype == np.float32
    np.testing.assert_array_equal(split.inputs["features"], found.to_numpy()[:, :-1].astype(np.float32))
    np.testing.assert_array_equal(split.targets["prices"], found["price"])


def test_the_splits_share_no_district_and_lose_none(archive, cache):
    folder = data.public_folder("houses", "full", cache)
    hidden = data.hidden("houses", "full", SECRET, cache)
    public = [pd.read_csv(folder / f"{name}.csv").to_numpy() for name in ("train", "validation")]
    parts = [*public, np.column_stack([hidden.inputs["features"], hidden.targets["prices"]])]
    assert [part.shape for part in parts] == [(TRAIN, 9), (VALIDATION, 9), (HIDDEN, 9)]
    whole, drawn = districts(archive), np.concatenate(parts)
    np.testing.assert_allclose(np.sort(drawn[:, -1]), np.sort(whole[:, -1]))
    assert len(np.unique(drawn[:, -1])) == len(whole)
    assert (np.argsort(drawn[:, -1]) != np.argsort(whole[:, -1])).any()  # not in the order of the file


def test_no_secret_changes_the_hidden_districts_and_there_is_no_variant(archive, cache):
    one, other = (data.hidden("houses", "full", secret, cache) for secret in (SECRET, b"another"))
    np.testing.assert_array_equal(one.inputs["features"], other.inputs["features"])
    np.testing.assert_array_equal(one.targets["prices"], other.targets["prices"])
    assert one.variant == other.variant == {}


@pytest.mark.parametrize("solve", [reference.solve, reference.ridge, reference.shallow])
def test_the_reference_runs_on_eight_features(solve, archive, cache, monkeypatch):
    monkeypatch.setattr(reference, "BATCH", 8)
    folder = data.public_folder("houses", "full", cache)
    solution = solve(reference.load(str(folder)), torch.device("cpu"), 0, "full")
    features = data.hidden("houses", "full", SECRET, cache).inputs["features"]
    prices = solution.predict_price(torch.from_numpy(features))
    assert prices.shape == (HIDDEN,)
    assert torch.isfinite(prices).all()


def test_once_fetched_no_mirror_is_needed(archive, cache, monkeypatch):
    data.fetch("houses", "full", cache, progress=False)
    monkeypatch.delenv("GRADE_MIRROR")
    assert data.public_folder("houses", "full", cache).is_dir()


def test_without_mirror_and_network_it_is_said_what_where_and_how(offer, cache, monkeypatch):
    monkeypatch.delenv("GRADE_MIRROR")
    message = problem_of(data.public_folder, "houses", "full", cache)
    for part in (
        "cal_housing.tgz: not in this cache",
        "ndownloader.figshare.com",
        "grade data fetch houses",
        "set GRADE_MIRROR to a folder with cal_housing.tgz",
    ):
        assert part in message
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_the_command_says_so_too(offer, cache, monkeypatch):
    monkeypatch.setenv("GRADE_DATA", str(cache))
    assert "cal_housing.tgz: not in this cache" in problem_of(fetch, "houses")


@pytest.mark.parametrize("damage", [lambda content: content[:-5], lambda content: content + b"x"])
def test_another_file_is_named_with_both_hashes_and_not_kept(damage, archive, cache):
    archive.write_bytes(damage(archive.read_bytes()))
    message = problem_of(data.fetch, "houses", "full", cache, False)
    assert str(archive) in message
    assert f"expected sha256 {houses_full.SHA256}" in message
    assert not [path for path in cache.rglob("*") if path.is_file()]


LINES = rows()
BAD = {
    "truncated gzip": (packed(LINES)[:-20], "end-of-stream"),
    "truncated tar": (gzip.compress(tar(table(LINES))[:3000]), "unexpected end of data"),
    "no gzip": (b"<html>not found</html>", "gzip"),
    "no tar": (gzip.compress(b"x" * 2000), "header"),
    "no member": (gzip.compress(tar(table(LINES), "CaliforniaHousing/other.data")), "not found"),
    "a link": (gzip.compress(tar(None)), "no plain file"),
    "no ASCII": (gzip.compress(tar("район".encode())), "ascii"),
    "empty": (gzip.compress(tar(b"")), "0 rows, expected 70"),
    "a row less": (packed(LINES[:-1]), "69 rows, expected 70"),
    "text": (packed([*LINES[:-1], LINES[-1].replace(".", "x")]), "could not convert"),
    "not a number": (packed([*LINES[:-1], LINES[-1].rpartition(",")[0] + ",nan"]), "finite"),
    "a column less": (packed([line.rpartition(",")[0] for line in LINES]), "8 columns, expected 9"),
    "ragged": (packed([*LINES[:-1], "1,2"]), "inhomogeneous"),
    "nobody": (packed([*LINES[:-1], "1,2,3,4,5,6,0,8,9"]), "without households"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_table_is_an_error_with_the_reason_and_a_next_step(content, reason, offer, cache):
    offer(content)
    message = problem_of(data.public_folder, "houses", "full", cache)
    assert reason in message
    assert "grade with --profile mini" in message


def test_an_archive_that_unpacks_to_too_much_is_not_read(offer, cache, monkeypatch):
    monkeypatch.setattr(houses_full, "MOST_BYTES", 4096)
    offer(packed(LINES))
    assert "more than 4096 bytes" in problem_of(data.public_folder, "houses", "full", cache)


@pytest.mark.parametrize("text", ["", "MedInc,price\n1,2\n", ",".join(COLUMNS) + "\n1,2,3,4,5,6,7,8,x\n"])
def test_a_damaged_folder_is_an_authors_error(text, archive, cache):
    folder = data.public_folder("houses", "full", cache)
    (folder / "validation.csv").write_text(text)
    assert "changed after it was made" in problem_of(data.validation, "houses", "full", cache)


@needs_mirror
def test_the_real_districts_are_the_published_ones(tmp_path):
    folder = data.public_folder("houses", "full", tmp_path)
    hidden = data.hidden("houses", "full", SECRET, tmp_path)
    assert len(pd.read_csv(folder / "train.csv")) == 12_000
    assert len(data.validation("houses", "full", tmp_path)) == 3_640
    assert hidden.inputs["features"].shape == (5_000, 8)
    assert hidden.targets["prices"].max() == pytest.approx(5.00001)
    assert 2.0 < hidden.targets["prices"].mean() < 2.15
