import hashlib
import os
from pathlib import Path

import pytest

from graders.mirror import LIST, MOST_FILES, Mirrored, hash_problems, list_hash, read_mirror

URL = "https://data.example.org/rain.csv"
HASH = hashlib.sha256(b"rain").hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mirror of one file, and something beside it."""
    (tmp_path / "secret.txt").write_text("beside")
    made = tmp_path / "mirror"
    (made / "sub").mkdir(parents=True)
    (made / "rain.csv").write_bytes(b"rain")
    (made / "rain.csv").chmod(0o644)
    return made


def write(folder: Path, url: str = URL, file: str = "rain.csv", sha256: str = HASH, times: int = 1) -> None:
    entry = f'[[files]]\nurl = "{url}"\nfile = "{file}"\nsha256 = "{sha256}"\n'
    (folder / LIST).write_text(entry * times, encoding="utf-8")


def said(folder: Path) -> dict[str, str]:
    files, problems = read_mirror(folder)
    found = problems or hash_problems(folder, files)
    assert all(problem.file == folder / LIST for problem in found)
    return {problem.key: problem.message for problem in found}


def test_a_file_is_there_by_its_address(folder: Path) -> None:
    write(folder)
    files, problems = read_mirror(folder)
    assert files == (Mirrored(URL, (folder / "rain.csv").resolve(), HASH),)
    assert problems == [] == hash_problems(folder, files)


def test_an_empty_list_is_a_mirror_of_nothing(folder: Path) -> None:
    (folder / LIST).write_text("")
    assert read_mirror(folder) == ((), [])


@pytest.mark.parametrize(
    ("entry", "key", "message"),
    [
        ({"file": "../secret.txt"}, "file", "leads out of the mirror"),
        ({"file": "sub/../../secret.txt"}, "file", "leads out of the mirror"),
        ({"file": "/etc/passwd"}, "file", "leads out of the mirror"),
        ({"file": "nothing.csv"}, "file", "not found"),
        ({"file": "a\\u0000b"}, "file", "not found"),
        ({"file": "sub"}, "file", "is no regular file"),
        ({"url": "rain.csv"}, "url", "is no address"),
        ({"url": "file:///etc/passwd"}, "url", "is no address"),
        ({"url": "https://[bad"}, "url", "is no address"),
        ({"sha256": "0" * 64}, "sha256", "has the hash"),
        ({"sha256": "abc"}, "sha256", "should match pattern"),
        ({"sha256": HASH.upper()}, "sha256", "should match pattern"),
    ],
)
def test_each_mistake_names_file_and_key(folder: Path, entry: dict[str, str], key: str, message: str) -> None:
    write(folder, **entry)
    assert message in said(folder)[f"files[0].{key}"]


def test_a_link_out_of_the_mirror_is_refused(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder.parent / "secret.txt")
    write(folder, file="link.csv")
    assert "is a link out of the mirror" in said(folder)["files[0].file"]


def test_a_file_for_its_owner_alone_is_refused(folder: Path) -> None:
    (folder / "rain.csv").chmod(0o600)
    write(folder)
    assert "chmod 644" in said(folder)["files[0].file"]


def test_an_address_listed_twice_is_refused(folder: Path) -> None:
    write(folder, times=2)
    assert "listed twice" in said(folder)["files[1].url"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not = [toml", "is not TOML"),
        ('files = "x"', "found 'x'"),
        ("[[files]]\nurl = 5", "found 5"),
        ("[[files]]\ncolour = 5", "found 5"),
    ],
)
def test_a_list_that_is_none_is_told(folder: Path, text: str, message: str) -> None:
    (folder / LIST).write_text(text, encoding="utf-8")
    assert any(message in problem for problem in said(folder).values())


def test_a_list_that_is_missing_or_endless_is_told(folder: Path) -> None:
    assert "cannot be read" in said(folder)[""]
    write(folder, times=MOST_FILES + 1)
    assert "at most 200" in said(folder)["files"]


def test_a_file_that_changes_after_it_was_checked_is_checked_again(folder: Path) -> None:
    write(folder)
    assert said(folder) == {}
    (folder / "rain.csv").write_bytes(b"snow")
    os.utime(folder / "rain.csv", (1, 1))
    assert "has the hash" in said(folder)["files[0].sha256"]


def test_records_depend_on_the_list(folder: Path) -> None:
    before = list_hash(folder)
    write(folder)
    assert before == "" != list_hash(folder)
