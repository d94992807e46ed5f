import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

from graders import data
from graders.data.houses_mini import COLUMNS, HIDDEN, TRAIN, VALIDATION, draw
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return data.public_folder("houses", "mini", tmp_path_factory.mktemp("cache"))


def test_pandas_reads_the_tables(folder):
    for name, count in (("train", TRAIN), ("validation", VALIDATION)):
        table = pd.read_csv(folder / f"{name}.csv")
        assert tuple(table.columns) == COLUMNS
        assert len(table) == count
        assert (table["price"] > 0).all()
        assert table["floor"].between(1, 25).all()


def test_validation_is_what_students_see(folder):
    split = data.validation("houses", "mini", folder.parent.parent)
    table = pd.read_csv(folder / "validation.csv")
    np.testing.assert_allclose(split.inputs["features"], table.to_numpy()[:, :-1], rtol=1e-6)
    np.testing.assert_allclose(split.targets["prices"], table["price"])
    assert split.inputs["features"].dtype == np.float32


def test_the_same_secret_draws_the_same_flats_and_another_one_others(tmp_path):
    one, again, other = (
        data.hidden("houses", "mini", secret, tmp_path) for secret in (SECRET, SECRET, b"another")
    )
    np.testing.assert_array_equal(one.inputs["features"], again.inputs["features"])
    np.testing.assert_array_equal(one.targets["prices"], again.targets["prices"])
    assert one.inputs["features"].shape == (HIDDEN, 4)
    assert (one.targets["prices"] != other.targets["prices"]).mean() > 0.9
    assert one.variant == {}


def test_hidden_flats_are_none_of_the_public_ones(folder, tmp_path):
    hidden = data.hidden("houses", "mini", SECRET, tmp_path)
    public = pd.concat(pd.read_csv(folder / f"{name}.csv") for name in ("train", "validation"))
    rows = set(map(tuple, np.round(public.to_numpy(), 2)))
    mine = np.column_stack([hidden.inputs["features"], hidden.targets["prices"]])
    assert not rows & set(map(tuple, np.round(mine.astype(np.float64), 2)))


def test_a_sum_of_columns_explains_much_and_not_all():
    train, test = draw(random_stream(b"one"), 4000), draw(random_stream(b"two"), 4000)
    predicted = Ridge().fit(train[:, :-1], train[:, -1]).predict(test[:, :-1])
    assert 0.6 < r2_score(test[:, -1], predicted) < 0.85


@pytest.mark.parametrize(
    "text", ["", "rooms,floor\n1,2\n", "rooms,floor,area,distance,price\n" + "1,2,3,4,x\n" * VALIDATION]
)
def test_a_damaged_folder_is_an_authors_error(folder, tmp_path, text):
    mine = data.public_folder("houses", "mini", tmp_path)
    (mine / "validation.csv").write_text(text)
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("houses", "mini", tmp_path)
