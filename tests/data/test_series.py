import hashlib
import shutil

import numpy as np
import pandas as pd
import pytest

from graders import data
from graders.data.seeds import random_stream
from graders.data.series import HIDDEN, HORIZON, LONGEST, SHORTEST, TRAIN, VALIDATION, draw, split
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return data.public_folder("series", "mini", tmp_path_factory.mktemp("cache"))


def test_pandas_reads_the_series(folder):
    for name, count in (("train", TRAIN), ("validation", VALIDATION)):
        lengths = pd.read_csv(folder / "series" / f"{name}.csv").groupby("series")["value"].size()
        assert len(lengths) == count
        assert lengths.between(SHORTEST, LONGEST).all()
        assert lengths.nunique() > 20


def test_validation_is_the_last_year_of_what_students_see(folder):
    found = data.validation("series", "mini", folder.parent.parent)
    table = pd.read_csv(folder / "series" / "validation.csv")
    for number, values in table.groupby("series")["value"]:
        history = found.inputs["history"][number]
        np.testing.assert_allclose(found.targets["future"][number], values.to_numpy()[-HORIZON:])
        np.testing.assert_allclose(history[~np.isnan(history)], values.to_numpy()[:-HORIZON])


def test_the_same_secret_draws_the_same_series_and_another_one_others(tmp_path):
    one, again, other = (
        data.hidden("series", "mini", secret, tmp_path) for secret in (SECRET, SECRET, b"another")
    )
    np.testing.assert_array_equal(one.inputs["history"], again.inputs["history"])
    np.testing.assert_array_equal(one.targets["future"], again.targets["future"])
    assert one.targets["future"].shape == (HIDDEN, HORIZON)
    assert one.targets["counts"].all()
    assert (one.targets["future"] != other.targets["future"]).mean() > 0.9


def test_what_is_to_be_forecast_is_not_handed_over():
    found = split(draw(random_stream(b"one"), 20))
    assert "future" not in found.inputs
    for history, future in zip(found.inputs["history"], found.targets["future"], strict=True):
        assert not np.isin(future, history).all()


def test_every_series_is_above_zero_and_has_a_season():
    for values in draw(random_stream(b"two"), 60):
        assert values.min() > 0
        logs = np.log(values[: len(values) // 12 * 12]).reshape(-1, 12)
        season = (logs - logs.mean(axis=1, keepdims=True)).mean(axis=0)
        assert np.ptp(season) > 0.03


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "series,month,value\n0,0,1.0\n", "series,month,value\nx\n"]
)
def test_a_damaged_folder_is_an_authors_error(folder, tmp_path, text):
    shutil.copytree(folder.parent.parent, tmp_path, dirs_exist_ok=True)
    mine = data.public_folder("series", "mini", tmp_path)
    (mine / "series" / "validation.csv").write_text(text)
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("series", "mini", tmp_path)


def test_without_a_mirror_the_airline_passengers_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    with pytest.raises(DataMissingError, match="GRADE_MIRROR"):
        data.hidden("series", "full", SECRET, tmp_path)


def test_of_the_airline_passengers_the_last_year_is_to_be_forecast(tmp_path, monkeypatch):
    lines = ["Month,Passengers", *(f"month-{month},{100 + month}" for month in range(144))]
    text = ("\n".join(lines) + "\n").encode()
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "airline-passengers.csv").write_bytes(text)
    monkeypatch.setenv("GRADE_MIRROR", str(mirror))
    monkeypatch.setattr(
        "graders.data.series_full.FILES", {"airline-passengers.csv": hashlib.sha256(text).hexdigest()}
    )
    found = data.hidden("series", "full", SECRET, tmp_path)
    assert found.targets["counts"].tolist() == [True] * HIDDEN + [False]
    assert found.targets["future"][-1].tolist() == list(range(232, 244))
    assert not np.isnan(found.inputs["history"][-1]).any()
    table = pd.read_csv(data.public_folder("series", "full", tmp_path) / "series" / "airline.csv")
    assert table["value"].tolist() == list(range(100, 244))
