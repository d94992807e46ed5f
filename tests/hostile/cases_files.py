"""Submissions that are broken before anything runs."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from battery import Case

NAME = "l04_cnn.ipynb"
UNREADABLE = ("unreadable",)
Change = Callable[[dict[str, Any]], None]


def raw(data: bytes) -> Callable[[Path], None]:
    """Replaces the notebook by bytes."""
    return lambda folder: (folder / NAME).write_bytes(data) and None


def edited(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Changes the notebook's bytes."""
    return lambda folder: (folder / NAME).write_bytes(change((folder / NAME).read_bytes())) and None


def changed(change: Change) -> Callable[[Path], None]:
    """Changes the notebook's JSON."""

    def apply(folder: Path) -> None:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        change(found)
        (folder / NAME).write_text(json.dumps(found), encoding="utf-8")

    return apply


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Puts something else where the notebook was."""

    def apply(folder: Path) -> None:
        (folder / NAME).unlink()
        make(folder / NAME)

    return apply


def beside(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Puts something into the student's folder."""
    return lambda folder: make(folder) and None


def third_format(found: dict[str, Any]) -> None:
    cells = [
        {
            "cell_type": "code",
            "input": cell["source"],
            "outputs": [],
            "language": "python",
            "metadata": {},
            "collapsed": False,
        }
        for cell in found.pop("cells")
    ]
    found.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells, "metadata": {}}])


def many_cells(found: dict[str, Any]) -> None:
    found["cells"] += [{**found["cells"][-1], "id": f"m{n}", "source": ""} for n in range(3_000)]


def huge_claims(found: dict[str, Any]) -> None:
    text = "acc" + "acc accuracy точность " * 400 + "\n"
    output = {"output_type": "stream", "name": "stdout", "text": text * 40}
    found["cells"][-1]["outputs"] = [output] * 40


def long_markdown(found: dict[str, Any]) -> None:
    text = (
        "1. " * 30_000 + "**Question 1** " * 5_000 + "\n" + "not not no значимого прироста нет, but " * 20_000
    )
    found["cells"].append({"cell_type": "markdown", "id": "long", "metadata": {}, "source": text})


def deep_folders(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(30):  # longer together than a path may be
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def holes(folder: Path) -> None:
    with (folder / "holes.bin").open("wb") as file:
        file.truncate(2**36)


def unix_socket(path: Path) -> None:
    made = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        made.bind(path.name)
    finally:
        os.chdir(here)
        made.close()


def nested(depth: int) -> bytes:
    return (
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + b"[" * depth + b"]" * depth + b"}"
    )


def put(cell: str, key: str) -> Change:
    return lambda found: found["cells"][0].__setitem__(key, cell)


def file_case(name: str, files: Callable[[Path], None], **how: Any) -> Case:
    given = {"statuses": UNREADABLE, "rule": "none", **how}
    return Case(name, "files", files=files, **given)


CASES = (
    file_case("not_json", raw(b"this is no notebook")),
    file_case("empty", raw(b"")),
    file_case("spaces_only", raw(b" \n\t")),
    file_case("truncated", edited(lambda data: data[: len(data) // 2])),
    file_case("format_two", changed(lambda found: found.update(nbformat=2))),
    file_case("format_five", changed(lambda found: found.update(nbformat=5))),
    file_case("format_in_words", changed(lambda found: found.update(nbformat="4"))),
    file_case("format_true", changed(lambda found: found.update(nbformat=True))),
    file_case("format_three", changed(third_format), statuses=("completed",), rule="same"),
    file_case("of_60_mb", edited(lambda data: data + b" " * (60 * 2**20))),
    file_case("deeply_nested", raw(nested(100_000))),
    file_case("nested", raw(nested(800))),
    file_case("binary", raw(bytes(range(256)) * 100)),
    file_case("nul_bytes", edited(lambda data: data[:100] + b"\0" + data[100:])),
    file_case(
        "byte_order_mark", edited(lambda data: b"\xef\xbb\xbf" + data), statuses=("completed",), rule="same"
    ),
    file_case("utf_16", edited(lambda data: data.decode().encode("utf-16"))),
    file_case("folder_instead", instead(Path.mkdir), statuses=("not_run",)),
    file_case(
        "link_to_passwd",
        instead(lambda path: path.symlink_to("/etc/passwd")),
        statuses=("not_run",),
        traces=("root:x:0",),
    ),
    file_case("link_to_itself", instead(lambda path: path.symlink_to(path.name)), statuses=("not_run",)),
    file_case("pipe_instead", instead(os.mkfifo), statuses=("not_run",)),
    file_case("socket_instead", instead(unix_socket), statuses=("not_run",)),
    file_case("device_instead", instead(lambda path: path.symlink_to("/dev/zero")), statuses=("not_run",)),
    file_case(
        "nobody_may_read",
        lambda folder: (folder / NAME).chmod(0),
        statuses=("not_run",) if os.geteuid() else ("completed",),
        rule="none" if os.geteuid() else "same",
    ),
    file_case("cells_are_words", changed(lambda found: found.update(cells="abc"))),
    file_case("cells_are_missing", changed(lambda found: found.pop("cells"))),
    file_case("cell_is_a_number", changed(lambda found: found["cells"].append(5))),
    file_case("source_is_a_number", changed(put(5, "source"))),
    file_case("source_is_missing", changed(lambda found: found["cells"][0].pop("source"))),
    file_case(
        "metadata_is_a_list",
        changed(lambda found: found.update(metadata=[1])),
        statuses=("completed", "unreadable"),
        rule="no_more",
    ),
    file_case(
        "outputs_are_words",
        changed(put("x", "outputs")),
        statuses=("completed", "unreadable"),
        rule="no_more",
    ),
    file_case(
        "another_language",
        changed(
            lambda found: found.update(
                metadata={"kernelspec": {"language": "R", "name": "ir", "display_name": "<script>@"}}
            )
        ),
        statuses=("unsupported",),
    ),
    file_case(
        "key_twice",
        edited(lambda data: data.replace(b'"nbformat": 4', b'"nbformat": 9, "nbformat": 4')),
        statuses=("completed",),
        rule="same",
    ),
    file_case(
        "three_thousand_cells",
        changed(many_cells),
        statuses=("completed", "timed_out"),
        rule="no_more",
        seconds=300,
    ),
    file_case(
        "not_a_number",
        edited(lambda data: data.replace(b'"metadata": {}', b'"metadata": {"x": NaN, "y": -Infinity}')),
        statuses=("completed",),
        rule="same",
    ),
    file_case(
        "huge_number",
        edited(lambda data: data.replace(b'"metadata": {}', b'"metadata": {"x": 1' + b"0" * 5000 + b"}")),
    ),
    file_case(
        "large_number",
        edited(lambda data: data.replace(b'"nbformat_minor": 5', b'"nbformat_minor": 1' + b"0" * 400)),
        statuses=("completed", "unreadable"),
        rule="no_more",
    ),
    file_case(
        "half_surrogates",
        changed(
            lambda found: found["cells"].append(
                {
                    "cell_type": "code",
                    "id": "s",
                    "metadata": {},
                    "source": "x = '\ud800'",
                    "outputs": [],
                    "execution_count": None,
                }
            )
        ),
        statuses=("completed", "cell_error"),
        rule="same",
    ),
    file_case("huge_claims", changed(huge_claims), statuses=("completed",), rule="same"),
    file_case("long_markdown", changed(long_markdown), statuses=("completed",), rule="same"),
    file_case(
        "names_that_are_no_text",
        beside(lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/\xea\xee\xf2.txt")).write_text("x")),
        statuses=("completed",),
        rule="same",
    ),
    file_case(
        "names_with_line_ends",
        beside(lambda folder: (folder / "a\nb\x1b[31m.txt").write_text("x")),
        statuses=("completed",),
        rule="same",
    ),
    file_case("deep_folders", beside(deep_folders), statuses=("completed",), rule="same"),
    file_case(
        "folder_nobody_may_enter",
        beside(lambda folder: (folder / "closed").mkdir(0o000)),
        statuses=("completed",),
        rule="same",
    ),
    file_case(
        "file_nobody_may_read",
        beside(lambda folder: (folder / "closed.txt").touch(0o000)),
        statuses=("completed",),
        rule="same",
    ),
    file_case(
        "pipe_beside",
        beside(lambda folder: os.mkfifo(folder / "pipe.txt")),
        statuses=("completed",),
        rule="same",
    ),
    file_case(
        "link_beside",
        beside(lambda folder: (folder / "passwd.txt").symlink_to("/etc/shadow")),
        statuses=("completed",),
        rule="same",
    ),
    file_case("file_of_holes_beside", beside(holes), statuses=("completed",), rule="same"),
)
