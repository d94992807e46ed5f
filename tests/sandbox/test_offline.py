import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from inside.offline import hooks, mirror, notes, packages
from inside.offline.arguments import read
from inside.offline.start import make_samples
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graders.sandbox.offline import MOST_FOLDERS, drive_folders, put_home
from graders.sandbox.refusals import MOST_CHARACTERS, MOST_NOTES, lacking, printable, read_refusals
from graders.sandbox.stage import SEALED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://Example.org/a", "https://example.org:443/a#part"),
        (
            "https://drive.google.com/open?id=1aB",
            "https://drive.usercontent.google.com/download?id=1aB&confirm=t",
        ),
        ("https://drive.google.com/file/d/1aB/edit", "https://docs.google.com/uc?export=download&id=1aB"),
        (" https://example.org ", "https://example.org/"),
    ],
)
def test_one_file_has_several_addresses(one: str, other: str) -> None:
    assert mirror.key(one) == mirror.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?v=1", "https://example.org/a?v=2"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a/../b", "https://example.org/b"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://drive.google.com/uc?id=1aB", "https://drive.google.com/uc?id=1ab"),
        ("https://drive.google.com/drive/d", "https://drive.google.com/drive/e"),
        ("https://example.org:port/a", "https://example.org/a"),
    ],
)
def test_other_files_have_other_addresses(one: str, other: str) -> None:
    assert mirror.key(one) != mirror.key(other)


def test_a_file_of_the_mirror_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").touch()
    kept = {f"e.org/{name}": mirror.Kept(tmp_path / name, name) for name in ("a.csv", "gone.csv")}
    monkeypatch.setattr(mirror, "_files", lambda: kept)
    assert mirror.find("https://e.org/a.csv") == kept["e.org/a.csv"]
    assert mirror.find("https://e.org/gone.csv") is None


def test_arguments_are_read_as_commands_read_them() -> None:
    assert read(["-sLo", "a", "b", "--retry=3", "--", "-c"], {"-o"}) == (
        {"-s": "", "-L": "", "-o": "a", "--retry": "3"},
        ["b", "-c"],
    )
    assert read(["-Ofile", "--output"], {"-O", "--output"}).options == {"-O": "file", "--output": ""}


@pytest.mark.parametrize("name", ["torch", "Torch", "scikit_learn", "sklearn", "pytorch", "google-colab"])
def test_a_package_is_known_by_its_names(name: str) -> None:
    assert packages.installed(name)


@pytest.mark.parametrize("name", ["torchvista", "a" * 5000, "..", "-"])
def test_what_is_not_installed_is_not(name: str) -> None:
    assert packages.installed(name) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "10.0.0.1", "fe80::1"])
def test_numbers_of_hosts_are_no_names(host: str) -> None:
    assert hooks._is_number(host)
    assert not hooks._is_number("example.org")


def test_what_the_hub_has_not_is_noted_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(hooks, "refused", lambda kind, what: found.append((kind, what)))
    offline = type("OfflineModeIsEnabled", (ConnectionError,), {})
    missing = type("LocalEntryNotFoundError", (FileNotFoundError,), {})
    errors = SimpleNamespace(OfflineModeIsEnabled=offline, LocalEntryNotFoundError=missing)
    hooks.CHANGES["huggingface_hub.errors"](errors)
    address = "https://huggingface.co/timm/resnet18/resolve/main/model.safetensors"
    assert "offline" in str(offline(f"Cannot reach {address}: offline mode is enabled."))
    assert found == []  # it may lie among the course's weights
    missing("not here")
    offline("Offline mode is enabled.")
    assert found == [("weights", address), ("url", "https://huggingface.co")]


def test_notes_stop_growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "refused.jsonl"
    monkeypatch.setattr(notes, "told", lambda: {"refused": str(path)})
    monkeypatch.setattr(notes, "_noted", set())
    for number in range(2000):
        notes.refused("url", f"{number}" + "ж" * 1000)
    assert path.stat().st_size < notes.MOST_BYTES + 4096


def test_notes_without_a_place_for_them_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "told", dict)
    notes.refused("url", "nowhere \ud800")


@pytest.mark.parametrize(
    ("cell", "folders"),
    [
        ("open('/content/drive/MyDrive/a.csv')", []),
        ("open('/content/drive/MyDrive/nn/a.csv')", ["MyDrive/nn"]),
        ('base = "/content/drive/My Drive/nn/hw 5"', ["MyDrive/nn/hw 5"]),
        ("%cd /content/drive/MyDrive/nn\nls", ["MyDrive/nn"]),
        ("!cp /content/gdrive/My\\ Drive/nn/a.csv .", ["MyDrive/nn"]),
        ("f'/content/drive/MyDrive/nn/{name}.pt'", ["MyDrive/nn"]),
        ("'drive/MyDrive/nn/helper'", ["MyDrive/nn"]),
        ("'/content/drive/MyDrive/../../x'", []),
        ("'/content/drive/MyDrive/" + "a/" * 50 + "'", []),
        ("'/content/drive/MyDrive'", []),
        ("'/content/drive/MyDrive/" + "a" * 100_000, ["MyDrive/" + "a" * 199]),
    ],
)
def test_folders_of_a_drive_are_found_in_the_notebook(cell: str, folders: list[str]) -> None:
    assert drive_folders([cell], ["helper"]) == folders


def test_a_notebook_full_of_folders_names_some() -> None:
    cells = ["\n".join(f"'drive/MyDrive/f{number}'" for number in range(1000))]
    assert len(drive_folders(cells, [])) == MOST_FOLDERS


@pytest.mark.parametrize(
    ("cell", "changed"),
    [
        ("open('/content/a.csv')", "open('/h/a.csv')"),
        ('base = "/content"', 'base = "/h"'),
        ("%cd /content", "%cd /h"),
        ("!unzip a.zip -d=/content/b>/content/log;ls /content", "!unzip a.zip -d=/h/b>/h/log;ls /h"),
        ("PATH=/usr/bin:/content/bin", "PATH=/usr/bin:/h/bin"),
        ("'https://host/content/a', '/contents', 'x/content', '/content-b', '</content>'", None),
    ],
)
def test_colabs_folder_is_the_working_folder_where_it_cannot_be_made(cell: str, changed: str | None) -> None:
    places = replace(SEALED, home=Path("/h"))
    notebook = new_notebook(cells=[new_code_cell(cell), new_markdown_cell("/content")])
    assert [one.source for one in put_home(notebook, places).cells] == [changed or cell, "/content"]
    assert put_home(notebook, replace(SEALED, home=Path("/h h"))).cells[0].source == (changed or cell)


def test_errors_tell_what_colab_has_and_this_machine_lacks() -> None:
    errors = [
        ("ModuleNotFoundError", "No module named 'cv2'"),
        ("ModuleNotFoundError", "No module named 'tensorflow.keras'; 'tensorflow' is not a package"),
        ("ModuleNotFoundError", "No module named 'my_helper'"),
        ("NameError", "No module named 'cv2'"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: '/content/x.csv'"),
    ]
    assert [one.what for one in lacking(errors, "namespaces")] == ["opencv-python", "tensorflow"]
    assert [one.what for one in lacking(errors, "landlock")][2:] == ["/content"]


def test_a_strangers_text_stays_on_its_line() -> None:
    assert printable("a\nb\u2028c\x1b[0m" + "d" * 1000).startswith("a?b?c?[0m")
    assert len(printable("d" * 1000)) == MOST_CHARACTERS


def test_a_long_list_of_one_kind_hides_no_other(tmp_path: Path) -> None:
    notes = [*(f'["version", "p{number}"]' for number in range(500)), '["url", "u"]', '["url", "u"]']
    (tmp_path / "refused.jsonl").write_text("\n".join(notes), encoding="utf-8")
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        found = read_refusals(handle)
    finally:
        os.close(handle)
    assert len(found) == MOST_NOTES + 1
    assert found[-1].what == "u"


def test_a_folder_of_samples_that_was_handed_in_stays_as_it_is(tmp_path: Path) -> None:
    make_samples(str(tmp_path))
    (tmp_path / "sample_data" / "README.md").write_text("mine", encoding="utf-8")
    make_samples(str(tmp_path))
    assert (tmp_path / "sample_data" / "README.md").read_text(encoding="utf-8") == "mine"


def test_no_notes_are_no_refusals(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        assert read_refusals(handle) == ()
        (tmp_path / "refused.jsonl").write_bytes(b"\xff\xfe\n\n[]\nnull\n" + b"[" * 90_000)
        assert read_refusals(handle) == ()
    finally:
        os.close(handle)
