import json
import os
import shutil
import tempfile
import warnings
from pathlib import Path

import pytest
from forked import become_ordinary, in_child
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

from graders.errors import UsageError
from graders.model import Limits
from graders.submissions import find, read, student_name

SLUG = "l04_cnn"
OLD_CELL = {
    "cell_type": "code",
    "input": ["x = 1\n", "y = 2"],
    "outputs": [],
    "language": "python",
    "metadata": {},
}
V3 = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "old"}, "worksheets": [{"cells": [OLD_CELL]}]}


def text(*sources: str, **metadata: object) -> str:
    return writes(new_notebook(cells=[new_code_cell(source) for source in sources], metadata=metadata))


@pytest.fixture
def student(tmp_path: Path) -> Path:
    folder = tmp_path / "student42"
    folder.mkdir()
    (folder / f"{SLUG}.ipynb").write_text(text("a = 1"))
    return folder


def unreadable(folder: Path, data: bytes | str, **limits: float) -> str:
    path = folder / f"{SLUG}.ipynb"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    submission = read(folder, SLUG, Limits(**limits))
    assert submission.unreadable is not None
    return submission.unreadable.code


def test_a_student_folder_a_notebook_and_a_folder_of_students_are_found(student):
    one, _ = find(student, [SLUG])
    assert [(found.folder, found.slug) for found in one] == [(student, SLUG)]
    assert find(student.parent, [SLUG]) == (one, [])
    assert find(student / f"{SLUG}.ipynb", [SLUG])[0][0].folder == student


@pytest.mark.parametrize("make", ["missing", "empty", "text"])
def test_nothing_to_grade_is_a_usage_error_that_says_what_was_expected(tmp_path, make):
    path = tmp_path / make
    if make == "empty":
        path.mkdir()
    elif make == "text":
        path.write_text("hello")
    with pytest.raises(UsageError, match="expected"):
        find(path, [SLUG])


def test_a_student_without_a_notebook_still_counts(student):
    (student.parent / "student99").mkdir()
    assert len(find(student.parent, [SLUG])[0]) == 2
    assert read(student.parent / "student99", SLUG, Limits()).notebook is None


def test_each_assignment_of_a_folder_is_found(student):
    (student / "l05_rnn.ipynb").write_text(text("b = 1"))
    assert [found.slug for found in find(student, [SLUG, "l05_rnn", "l06_gan"])[0]] == [SLUG, "l05_rnn"]


def test_a_notebook_that_could_be_anything_is_left_out_and_the_others_are_not(student):
    unclear = student.parent / "student99"
    unclear.mkdir()
    (unclear / "homework.ipynb").write_text(text("a = 1"))
    found, left_out = find(student.parent, [SLUG, "l05_rnn"])
    assert [one.folder for one in found] == [student]
    assert [message.params["folder"] for message in left_out] == [str(unclear)]
    assert find(unclear / "homework.ipynb", [SLUG, "l05_rnn"]) == ([], left_out)


@pytest.fixture
def closed():
    """A class of two, one of whom nobody but root may enter; in a place where all may."""
    folder = Path(tempfile.mkdtemp(prefix="closed-"))
    folder.chmod(0o755)
    for name in ("ann", "bob"):
        handed_in(folder / name)
    (folder / "bob").chmod(0o700 if os.geteuid() == 0 else 0)
    yield folder
    (folder / "bob").chmod(0o700)
    shutil.rmtree(folder)


def test_a_folder_that_may_not_be_entered_costs_the_others_nothing(closed):
    def look():
        found, left_out = find(closed, [SLUG])
        codes = [read(one.folder, one.slug, Limits()).unreadable for one in found]
        return [str(message and message.code) for message in codes], len(left_out)

    read(closed / "ann", SLUG, Limits())  # imports what the child may have no right to
    assert in_child(look, become_ordinary) == [["None", "submission.closed"], 0]


def test_a_folder_that_may_not_be_entered_is_named_where_it_could_be_anything(closed):
    def look():
        several, alone = find(closed, [SLUG, "l05_rnn"]), find(closed / "bob", [SLUG])
        return [[message.code for message in left_out] for _, left_out in (several, alone)]

    assert in_child(look, become_ordinary) == [["find.closed"], ["find.closed"]]


def test_saved_outputs_are_kept(student):
    cell = new_code_cell("print(1)", outputs=[new_output("stream", name="stdout", text="accuracy 0.95\n")])
    (student / f"{SLUG}.ipynb").write_text(writes(new_notebook(cells=[new_markdown_cell("# Hi"), cell])))
    notebook = read(student, SLUG, Limits()).notebook
    assert notebook.cells[1].outputs[0].text == "accuracy 0.95\n"


def test_the_only_other_notebook_is_taken_with_a_note(student):
    (student / f"{SLUG}.ipynb").rename(student / "homework.ipynb")
    submission = read(student, SLUG, Limits())
    assert submission.notebook_path.name == "homework.ipynb"
    assert [note.code for note in submission.notes] == ["submission.other_name"]


def test_of_several_the_one_that_mentions_the_assignment_is_taken(student):
    (student / f"{SLUG}.ipynb").unlink()
    (student / "a.ipynb").write_text(text("1"))
    (student / "b.ipynb").write_text(text(f"# {SLUG}"))
    assert read(student, SLUG, Limits()).notebook_path.name == "b.ipynb"


def test_a_link_out_of_the_folder_is_not_followed(student, tmp_path):
    other = tmp_path / "other.ipynb"
    other.write_text(text("secret = 1"))
    (student / f"{SLUG}.ipynb").unlink()
    (student / f"{SLUG}.ipynb").symlink_to(other)
    submission = read(student, SLUG, Limits())
    assert submission.notebook is None
    assert submission.notes[0].code == "submission.link"


def test_a_byte_order_mark_is_no_obstacle(student):
    (student / f"{SLUG}.ipynb").write_bytes(b"\xef\xbb\xbf" + text("a = 1").encode())
    assert read(student, SLUG, Limits()).notebook.cells[0].source == "a = 1"


def test_format_3_is_upgraded_with_a_note(student):
    (student / f"{SLUG}.ipynb").write_text(json.dumps(V3))
    submission = read(student, SLUG, Limits())
    assert submission.notebook.cells[0].source == "x = 1\ny = 2"
    assert submission.notes[0].code == "notebook.upgraded"


def test_no_kernelspec_is_fine_and_another_language_is_not(student):
    assert read(student, SLUG, Limits()).unreadable is None
    (student / f"{SLUG}.ipynb").write_text(
        text("x", kernelspec={"name": "ir", "language": "R", "display_name": "R"})
    )
    submission = read(student, SLUG, Limits())
    assert submission.unsupported
    assert submission.unreadable.params == {"language": "R"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "notebook.empty"),
        ("  \n", "notebook.empty"),
        ("[1, 2]", "notebook.not_notebook"),
        ("{}", "notebook.not_notebook"),
        ('{"nbformat": 4, "cells": 5}', "notebook.not_notebook"),
        ('{"nbformat": "4", "cells": []}', "notebook.not_notebook"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [5]}', "notebook.not_notebook"),
        (
            '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"source": 7}]}',
            None,
        ),
        ('{"nbformat": 9, "cells": []}', "notebook.version"),
        ("[" * 100_000, "notebook.not_notebook"),
        ('{"nbformat": ' + "9" * 10_000 + "}", "notebook.not_notebook"),
        ('{"cells": [nope]}', "notebook.not_json"),
        (b"\xff\xfe\x00\x00\x80", "notebook.encoding"),
        (b"PK\x03\x04\xff\xff", "notebook.encoding"),
    ],
)
def test_a_broken_file_is_told_in_words(student, data, code):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = unreadable(student, data)
    assert found == code or (code is None and found.startswith("notebook."))


def test_a_truncated_file_is_told_apart(student):
    assert unreadable(student, text("a = 1", "b = 2")[:-40]) == "notebook.truncated"


def test_too_large_a_file_is_not_even_read(student):
    path = student / f"{SLUG}.ipynb"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    submission = read(student, SLUG, Limits())
    assert submission.unreadable.code == "notebook.too_large"
    assert submission.unreadable.params["size"] == 200


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("cp1251", "theory_file.cp1251")],
)
def test_theory_is_read_in_the_usual_encodings(student, encoding, note):
    (student / f"{SLUG}.md").write_bytes("1. Свёртка\r\n".encode(encoding))
    submission = read(student, SLUG, Limits())
    assert submission.theory == "1. Свёртка\n"
    assert [found.code for found in submission.notes] == ([note] if note else [])


def test_too_long_a_theory_file_is_left_out(student):
    (student / f"{SLUG}.md").write_text("x" * (2**20 + 1))
    submission = read(student, SLUG, Limits())
    assert submission.theory == ""
    assert submission.notes[0].code == "theory_file.too_large"


def test_a_name_cannot_leave_the_reports(tmp_path):
    assert student_name(tmp_path / "a\nb\u202e") == "a_b_"
    assert student_name(Path("/")) == "_"
    assert student_name(tmp_path / "..." / "..." / "...x") == "x"
    assert student_name(tmp_path / "class") == "class_"


def handed_in(folder: Path, name: str = "l04_cnn.ipynb") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return folder / name


def test_several_notebooks_that_cannot_be_told_apart_are_said_and_are_no_missing_notebook(tmp_path: Path):
    handed_in(tmp_path, "homework.ipynb")
    handed_in(tmp_path, "draft.ipynb")
    found = read(tmp_path, "l04_cnn", Limits())
    assert found.unreadable.code == "submission.ambiguous"


def test_a_loose_notebook_does_not_turn_a_class_into_one_student(tmp_path: Path):
    handed_in(tmp_path / "ann")
    handed_in(tmp_path / "bob")
    handed_in(tmp_path, "starter.ipynb")
    assert [found.folder.name for found in find(tmp_path, ["l04_cnn"])[0]] == ["ann", "bob"]


def test_a_students_old_notebook_in_a_folder_does_not_turn_the_student_into_a_class(tmp_path: Path):
    handed_in(tmp_path / "ann")
    handed_in(tmp_path / "ann/old")
    ((found,), _) = find(tmp_path / "ann", ["l04_cnn"])
    assert found.folder.name == "ann"


def test_a_notebook_given_by_its_path_among_other_students_things_sees_none_of_them(tmp_path: Path):
    handed_in(tmp_path, "ann.ipynb")
    path = handed_in(tmp_path, "bob.ipynb")
    ((found,), _) = find(path, ["l04_cnn"])
    assert found.alone
    assert read(found.folder, found.slug, Limits(), found.notebook, alone=found.alone).folder is None


def test_a_notebook_given_by_its_path_in_the_students_own_folder_sees_the_rest(tmp_path: Path):
    path = handed_in(tmp_path / "ann")
    (tmp_path / "ann/helper.py").write_text("x = 1")
    ((found,), _) = find(path, ["l04_cnn"])
    assert not found.alone


def test_a_link_to_itself_is_noted_and_nothing_more(tmp_path: Path):
    (tmp_path / "l04_cnn.ipynb").symlink_to(tmp_path / "l04_cnn.ipynb")
    found = read(tmp_path, "l04_cnn", Limits())
    assert found.notebook is None
    assert found.notes


NAMES = ("googlenet", "resnet50")
TWO = "l09_captioning"


def parts(folder: Path, files: dict[str, str], **how: object) -> dict[str, str | None]:
    """Which file was read as which notebook; a note of doubt in place of the name."""
    for name, source in files.items():
        (folder / name).write_text(text(source))
    submission = read(folder, TWO, Limits(), names=NAMES, **how)
    return {
        part.name: part.unreadable.code if part.unreadable else part.notebook_path and part.notebook_path.name
        for part in submission.parts
    }


@pytest.mark.parametrize(
    "files",
    [
        {f"{TWO}.googlenet.ipynb": "", f"{TWO}.resnet50.ipynb": ""},
        {"captioning GoogLeNet.ipynb": "", "captioning_ResNet-50.ipynb": ""},
        {"a.ipynb": "encoder = 'googlenet'", "b.ipynb": "encoder = 'resnet50'"},
        {f"{TWO}.googlenet.ipynb": "# unlike resnet50", "second.ipynb": "resnet50"},
        {"hw_1.ipynb": f"{TWO}: googlenet, not resnet50", "hw_2.ipynb": f"{TWO}: resnet50"},
        {f"{TWO} (1).ipynb": "googlenet", f"{TWO} (2).ipynb": "resnet50", "l04_cnn.ipynb": "resnet50"},
    ],
)
def test_two_notebooks_are_told_apart_by_names_or_text(tmp_path, files):
    found = parts(tmp_path, files)
    assert list(found.values()) == list(files)[:2]


def test_another_lessons_notebook_is_not_taken_for_the_second_one(tmp_path):
    found = parts(tmp_path, {f"{TWO}.googlenet.ipynb": "", "l04_cnn.ipynb": ""})
    assert found == {"googlenet": f"{TWO}.googlenet.ipynb", "resnet50": None}


def test_a_file_that_is_another_lessons_by_name_is_not_read_for_this_one(tmp_path):
    files = {f"{TWO}.googlenet.ipynb": "", "l07_detection.ipynb": "fasterrcnn_resnet50_fpn"}
    (tmp_path / "l07_detection.md").write_text("1. Ответ на другой вопрос")
    others = ["l04_cnn", "l07_detection"]
    assert parts(tmp_path, files, others=others) == {
        "googlenet": f"{TWO}.googlenet.ipynb",
        "resnet50": None,
    }
    assert read(tmp_path, TWO, Limits(), names=NAMES, others=others).theory == ""
    assert "Ответ" in read(tmp_path, "l07_detection", Limits(), others=[TWO, "l04_cnn"]).theory


def test_a_file_that_may_be_misnamed_is_read_with_a_note(tmp_path):
    def folder(name: str, files: dict[str, str]) -> Path:
        (tmp_path / name).mkdir()
        for file, content in files.items():
            (tmp_path / name / file).write_text(content)
        return tmp_path / name

    own, other, others = text("1"), text("2"), ["l04_cnn"]
    alone = folder("alone", {"l05_lstm.ipynb": own, "l04_cnn.md": "1. Да"})
    assert read(alone, "l05_lstm", Limits(), others=others).theory == "1. Да"
    said = folder("said", {"l05_lstm.ipynb": own, "l04_cnn.ipynb": other, "l04_cnn.md": "l05_lstm: 1. Да"})
    found = read(said, "l05_lstm", Limits(), others=others)
    assert found.theory == "l05_lstm: 1. Да"
    assert [note.code for note in found.notes] == ["submission.other_name"]
    only = folder("only", {"l04_cnn.ipynb": other})
    assert read(only, "l05_lstm", Limits(), others=others).notebook_path == only / "l04_cnn.ipynb"


def test_a_notebook_that_is_not_there_is_missing_and_one_that_could_be_either_is_doubted(tmp_path):
    assert parts(tmp_path, {f"{TWO}.googlenet.ipynb": ""}) == {
        "googlenet": f"{TWO}.googlenet.ipynb",
        "resnet50": None,
    }
    both = "googlenet and resnet50"
    assert parts(tmp_path, {f"{TWO}.ipynb": both, f"{TWO} (2).ipynb": both}) == {
        "googlenet": f"{TWO}.googlenet.ipynb",
        "resnet50": "submission.ambiguous",
    }


def test_both_are_found_as_one_submission(tmp_path):
    for student in ("ann", "bob"):
        (tmp_path / student).mkdir()
        for name in NAMES:
            (tmp_path / student / f"{TWO}.{name}.ipynb").write_text(text("1"))
    found, left_out = find(tmp_path, ["l04_cnn", TWO], [TWO])
    assert [(one.folder.name, one.slug, one.notebook) for one in found] == [
        ("ann", TWO, None),
        ("bob", TWO, None),
    ]
    assert left_out == []
    assert find(tmp_path / "ann", ["l04_cnn", TWO], [TWO])[0] == found[:1]


def test_a_notebook_given_by_its_path_brings_the_other_one_beside_it(tmp_path):
    files = {f"{TWO}.googlenet.ipynb": "", f"{TWO}.resnet50.ipynb": "", "other students.ipynb": "resnet50"}
    for name, source in files.items():
        (tmp_path / name).write_text(text(source))
    ((one,), _) = find(tmp_path / f"{TWO}.resnet50.ipynb", ["l04_cnn", TWO], [TWO])
    assert find(tmp_path / f"{TWO}.googlenet.ipynb", ["l04_cnn", TWO], [TWO])[0] == [one], "and not twice"
    assert one.alone
    submission = read(one.folder, TWO, Limits(), one.notebook, alone=True, names=NAMES)
    assert [part.notebook_path.name for part in submission.parts] == list(files)[:2]
    assert submission.folder is None
    assert all(part.folder is None for part in submission.parts)


def test_the_hash_of_two_notebooks_changes_with_each(tmp_path):
    parts(tmp_path, {f"{TWO}.googlenet.ipynb": "a", f"{TWO}.resnet50.ipynb": "b"})
    one = read(tmp_path, TWO, Limits(), names=NAMES).notebook_sha256
    parts(tmp_path, {f"{TWO}.resnet50.ipynb": "c"})
    assert read(tmp_path, TWO, Limits(), names=NAMES).notebook_sha256 != one
