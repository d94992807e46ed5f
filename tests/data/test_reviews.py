import csv
import shutil

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from graders import data
from graders.data.reviews import CLASSES, HIDDEN, TRAIN, VALIDATION, draw
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return data.public_folder("reviews", "mini", tmp_path_factory.mktemp("cache"))


def test_the_tables_hold_texts_of_all_classes(folder):
    for name, count in (("train", TRAIN), ("validation", VALIDATION)):
        with (folder / "texts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == count
        assert np.bincount([int(row["label"]) for row in rows]).min() > count / CLASSES * 0.8
        assert all(row["text"].endswith(".") for row in rows)


def test_validation_is_what_students_see(folder):
    found = data.validation("reviews", "mini", folder.parent.parent)
    with (folder / "texts" / "validation.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert found.inputs["texts"].tolist() == [row["text"] for row in rows]
    assert found.targets["labels"].tolist() == [int(row["label"]) for row in rows]


def test_the_same_secret_draws_the_same_texts_and_another_one_others(tmp_path):
    one, again, other = (
        data.hidden("reviews", "mini", secret, tmp_path) for secret in (SECRET, SECRET, b"another")
    )
    np.testing.assert_array_equal(one.inputs["texts"], again.inputs["texts"])
    np.testing.assert_array_equal(one.targets["labels"], again.targets["labels"])
    assert len(one) == HIDDEN
    assert (one.inputs["texts"] != other.inputs["texts"]).mean() > 0.99
    assert one.inputs["texts"].dtype.kind == "U"


def test_words_without_their_order_are_at_a_loss():
    rows, hidden = draw(random_stream(b"one"), 2500), draw(random_stream(b"two"), 800)
    for longest, least, most in ((1, 0.35, 0.55), (2, 0.5, 0.75)):
        bag = CountVectorizer(ngram_range=(1, longest), binary=True)
        model = LogisticRegression(max_iter=200).fit(
            bag.fit_transform([text for text, _ in rows]), [label for _, label in rows]
        )
        score = model.score(bag.transform([text for text, _ in hidden]), [label for _, label in hidden])
        assert least < score < most


@pytest.mark.parametrize("text", ["", "text,label\n", "a,b\n" + "x,1\n" * VALIDATION, "text,label\nx\n"])
def test_a_damaged_folder_is_an_authors_error(folder, tmp_path, text):
    shutil.copytree(folder.parent.parent, tmp_path, dirs_exist_ok=True)
    mine = data.public_folder("reviews", "mini", tmp_path)
    (mine / "texts" / "validation.csv").write_text(text)
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("reviews", "mini", tmp_path)
