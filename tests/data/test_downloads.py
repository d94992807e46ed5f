import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from threading import Thread

import pytest

from graders.data.downloads import Official, obtain
from graders.errors import DataMissingError

CONTENT = b"a table"
SHA256 = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a publisher with the files `5976036` and `set/table.csv`, and with a false `other`."""
    (tmp_path / "served/set").mkdir(parents=True)
    for name, content in (("5976036", CONTENT), ("set/table.csv", CONTENT), ("other", b"<html>")):
        (tmp_path / "served" / name).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "served")) as found:
        thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


def fetch(url: str, folder: Path) -> None:
    file = Official("table.csv", url, SHA256)
    obtain([file], folder, dataset="tables", below=PurePosixPath("set"), progress=False)


def test_without_a_mirror_the_official_address_serves_under_whatever_name_it_has(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    fetch(f"{server}/5976036", tmp_path / "cache")
    assert (tmp_path / "cache/table.csv").read_bytes() == CONTENT


def test_a_mirror_may_be_an_address(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADE_MIRROR", f"{server}/")
    fetch("http://127.0.0.1:1/nobody", tmp_path / "cache")
    assert (tmp_path / "cache/table.csv").read_bytes() == CONTENT


def test_where_a_mirror_fails_the_official_address_is_tried(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADE_MIRROR", str(tmp_path / "nowhere"))
    fetch(f"{server}/5976036", tmp_path / "cache")
    assert (tmp_path / "cache/table.csv").read_bytes() == CONTENT


@pytest.mark.parametrize(("name", "reason"), [("other", "hash"), ("nothing", "404")])
def test_a_page_in_place_of_the_file_is_refused_and_not_kept(
    name: str, reason: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRADE_MIRROR", raising=False)
    with pytest.raises(
        DataMissingError, match=rf"{reason}.* set GRADE_MIRROR to a folder with set/table.csv"
    ):
        fetch(f"{server}/{name}", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
