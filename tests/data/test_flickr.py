"""A folder that the instructor brings: read as it is, and every fault of it named."""

import hashlib
import io
import shutil

import numpy as np
import pytest
from PIL import Image

from graders.data import flickr
from graders.errors import DataMissingError

PICTURES = 96
_file = io.BytesIO()
Image.new("RGB", (60, 60), "red").save(_file, "png")
PNG = _file.getvalue()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Pictures with two captions each, in the two spellings of the published table."""
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path))
    images = tmp_path / "flickr8k" / "Images"
    images.mkdir(parents=True)
    rows = ["image,caption"]
    for number in range(PICTURES):
        Image.fromarray(np.full((8, 9, 3), number, np.uint8)).save(images / f"{number}.jpg")
        rows += [f"{number}.jpg,A dog 's ball .", f'{number}.jpg,"A man , in Black, runs{number} ."']
    (tmp_path / "flickr8k" / "captions.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "flickr8k"


def problem(call) -> str:
    with pytest.raises(DataMissingError) as caught:
        call()
    return str(caught.value)


def test_captions_become_words_and_pictures_fall_into_three_parts(folder):
    parts = flickr.read()
    sizes = [len(part.names) for part in (parts.train, parts.validation, parts.hidden)]
    assert sizes == [PICTURES * 6 // 8, PICTURES // 8, PICTURES // 8]
    names = {name for part in (parts.train, parts.validation, parts.hidden) for name in part.names}
    assert len(names) == PICTURES
    number = parts.hidden.names[0].removesuffix(".jpg")
    assert parts.hidden.captions[0] == (
        ("a", "dog", "s", "ball"),
        ("a", "man", "in", "black", f"runs{number}"),
    )


def test_the_parts_do_not_depend_on_the_order_of_the_table(folder):
    before = flickr.read()
    header, *rows = (folder / "captions.txt").read_text().splitlines()
    (folder / "captions.txt").write_text("\n".join([header, *reversed(rows)]) + "\n")
    assert flickr.read().hidden.names == before.hidden.names


def test_rare_words_are_not_of_the_vocabulary(folder):
    words = flickr.vocabulary(flickr.read().train)
    assert words == ("<pad>", "<start>", "<end>", "<unk>", "a", "ball", "black", "dog", "in", "man", "s")


def test_without_a_mirror_the_layout_is_explained(tmp_path, monkeypatch):
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    said = problem(flickr.read)
    assert "set GRADE_MIRROR" in said
    assert "flickr8k/captions.txt" in said
    assert flickr.fingerprint() == hashlib.sha256().hexdigest()


def test_a_home_folder_of_nobody_is_told(monkeypatch):
    monkeypatch.setenv("GRADE_MIRROR", "~nobody-at-all/data")
    assert "GRADE_MIRROR" in problem(flickr.read)
    assert flickr.fingerprint() == hashlib.sha256().hexdigest()


def test_the_fingerprint_changes_with_captions_and_pictures(folder):
    prints = [flickr.fingerprint()]
    Image.new("RGB", (80, 90)).save(folder / "Images" / "7.jpg")
    prints.append(flickr.fingerprint())
    (folder / "captions.txt").write_text("image,caption\n")
    prints.append(flickr.fingerprint())
    assert len(set(prints)) == 3


@pytest.mark.parametrize("content", [b"", b"no picture", PNG[:60], PNG[:45] + b"x" * 9 + PNG[54:]])
def test_what_is_no_picture_is_named(folder, content):
    (folder / "Images" / "7.jpg").write_bytes(content)
    assert "7.jpg cannot be read as a picture" in problem(lambda: flickr.opened(folder / "Images" / "7.jpg"))


def test_a_picture_that_is_far_too_large_is_named(folder, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 30)
    assert "cannot be read as a picture" in problem(lambda: flickr.opened(folder / "Images" / "7.jpg"))


def test_without_pictures_the_folder_is_named(folder):
    shutil.rmtree(folder / "Images")
    assert "Images cannot be read" in problem(flickr.read)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "captions of 0 pictures under ''"),
        (b"name;text\n0.jpg;a dog\n", "under 'name;text'"),
        (b"image,caption\n0.jpg,a dog\n", "captions of 1 pictures"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_another_table_is_told(folder, content, said):
    (folder / "captions.txt").write_bytes(content)
    assert said in problem(flickr.read)


def test_a_picture_that_is_not_there_is_named(folder):
    (folder / "Images" / "7.jpg").unlink()
    assert "'7.jpg' and 0 more" in problem(flickr.read)


@pytest.mark.parametrize(
    "name", ["../captions.txt", "/etc/passwd.jpg", "", "a dog.jpg", "собака.jpg", ".jpg"]
)
def test_an_odd_name_or_one_that_leads_out_of_the_folder_is_refused(folder, name):
    with (folder / "captions.txt").open("a", encoding="utf-8") as file:
        file.write(f"{name},a dog\n")
    assert repr(name) in problem(flickr.read)
