import hashlib
import shutil

import numpy as np
import pytest

from graders import data
from graders.data.passages import cut
from graders.data.poem import ALPHABET, HIDDEN, LEAST, PASSAGE, verse
from graders.data.poem_full import BLOCK
from graders.data.seeds import random_stream
from graders.errors import DataMissingError

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return data.public_folder("poem", "mini", tmp_path_factory.mktemp("cache"))


def test_students_find_texts_of_the_letters_of_the_alphabet(folder):
    alphabet = (folder / "poem" / "alphabet.txt").read_bytes().decode()
    assert len(set(alphabet)) == len(alphabet)
    for name in ("train", "validation"):
        assert set((folder / "poem" / f"{name}.txt").read_bytes().decode()) <= set(alphabet)


def test_a_passage_is_asked_for_once_and_holds_no_other_answer():
    text = verse(random_stream(b"one"), 40 * PASSAGE)
    found = cut(text, ALPHABET, PASSAGE, LEAST, random_stream(b"cut"))
    for number, (prefix, following) in enumerate(
        zip(found.inputs["prefixes"], found.targets["next"], strict=True)
    ):
        start = number * PASSAGE
        assert LEAST <= len(prefix) < PASSAGE
        assert text[start : start + len(prefix)] == prefix
        assert following.sum() == 1
        assert ALPHABET[int(following.argmax())] == text[start + len(prefix)]


def test_validation_is_cut_from_what_students_see(folder):
    found = data.validation("poem", "mini", folder.parent.parent)
    text = (folder / "poem" / "validation.txt").read_bytes().decode()
    assert all(prefix in text for prefix in found.inputs["prefixes"])


def test_the_same_secret_draws_the_same_prefixes_and_another_one_others(tmp_path):
    one, again, other = (
        data.hidden("poem", "mini", secret, tmp_path) for secret in (SECRET, SECRET, b"another")
    )
    np.testing.assert_array_equal(one.inputs["prefixes"], again.inputs["prefixes"])
    np.testing.assert_array_equal(one.targets["next"], again.targets["next"])
    assert len(one) >= HIDDEN
    assert not set(one.inputs["prefixes"]) & set(other.inputs["prefixes"])


def test_the_noun_of_a_stanza_comes_back_in_its_last_line():
    stanzas = verse(random_stream(b"two"), 5000).split("\n\n")[:-1]
    for stanza in stanzas:
        first, *_, last = stanza.splitlines()
        assert first.split()[1] == last.split()[2]


@pytest.mark.parametrize("text", ["", "slova", "а" * 100])
def test_a_damaged_folder_is_an_authors_error(folder, tmp_path, text):
    shutil.copytree(folder.parent.parent, tmp_path, dirs_exist_ok=True)
    mine = data.public_folder("poem", "mini", tmp_path)
    (mine / "poem" / "validation.txt").write_text(text)
    with pytest.raises(DataMissingError, match="changed after it was made"):
        data.validation("poem", "mini", tmp_path)


@pytest.fixture
def novel(tmp_path, monkeypatch):
    """A mirror with a text of another novel; returns its words in order."""
    words = [f"слово{'абвгдежзик'[n % 10]}{'абвгдежзик'[n // 10 % 10]}{n % 7 * 'я'}" for n in range(6000)]
    text = "XIV\n\n\n\n\t" + "\n\t".join(words)
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "onegin.txt").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / "mirror"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    monkeypatch.setattr("graders.data.poem_full.FILES", {"onegin.txt": digest})
    return "\n".join(words) + "\n"


def test_hidden_parts_of_the_novel_are_in_no_public_file(novel, tmp_path):
    folder = data.public_folder("poem", "full", tmp_path)
    train, validation = (
        (folder / "poem" / f"{name}.txt").read_bytes().decode() for name in ("train", "validation")
    )
    blocks = [novel[start : start + BLOCK] for start in range(0, len(novel), BLOCK)]
    hidden = "".join(blocks[3::10] + blocks[8::10])
    assert len(train) + len(validation) + len(hidden) == len(novel)
    assert "".join(blocks[6::10]) == validation
    found = data.hidden("poem", "full", SECRET, tmp_path)
    assert all(prefix in hidden for prefix in found.inputs["prefixes"])
    other = data.hidden("poem", "full", b"another", tmp_path)
    assert (found.inputs["prefixes"][:50] != other.inputs["prefixes"][:50]).mean() > 0.8


def test_without_a_mirror_the_novel_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    with pytest.raises(DataMissingError, match="GRADE_MIRROR"):
        data.public_folder("poem", "full", tmp_path)
