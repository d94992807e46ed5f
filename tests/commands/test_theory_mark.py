"""`grade theory mark` as it is typed: what is kept, printed and refused."""

import errno
import json
from pathlib import Path

import nbformat
import pytest
from classmates import SLUG, answer_of, classmates, files, graded, of, people, put, said, written
from nbformat.v4 import new_code_cell, new_notebook

from graders.cli import run
from graders.edits import effective
from graders.model import Record

NOTEBOOK = new_notebook(cells=[new_code_cell("def predict(images):\n    return images.flatten(1)[:, :10]")])
HOSTILE = "\x1b[31mred\x1b]0;title\x07 [red]markup[/red] \u202egnp.exe [link=file:///etc/passwd]x[/link]"

pytestmark = pytest.mark.usefixtures("wide")


def test_a_mark_may_have_a_decimal_comma(reports: Path) -> None:
    assert run(["theory", "mark", SLUG, "s04", "2", "0,375", "--author", "a.b."]) == 0
    (edit,) = of(reports, "s04").edits
    assert edit.earned == 0.375


def test_a_mark_is_kept_in_record_report_and_class_page(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["theory", "mark", SLUG, "s04", "2", "0.375", "--reason", "as <b>told</b>", "--author", "a.b."]
    assert run([*words, "--language", "en"]) == 0
    (edit,) = of(reports, "s04").edits
    assert (edit.earned, edit.author, edit.reason) == (0.375, "a.b.", "as <b>told</b>")
    page = (reports / "s04" / f"{SLUG}.html").read_text(encoding="utf-8")
    assert "marked by a.b." in page
    assert "as &lt;b&gt;told&lt;/b&gt;" in page
    assert (reports / "class/index.html").is_file()
    assert "1 mark kept" in capsys.readouterr().out


def test_whoever_is_logged_in_is_the_author(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "c.d.")
    assert run(["theory", "mark", SLUG, "s04", "2", "0.5"]) == 0
    assert of(reports, "s04").edits[0].author == "c.d."


def test_a_login_without_a_name_has_to_be_said(
    reports: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4242")

    monkeypatch.setattr("getpass.getuser", nobody)
    before = files(reports)
    assert run(["theory", "mark", SLUG, "s04", "2", "0.5"]) == 2
    assert "--author NAME" in said(capsys)
    assert files(reports) == before
    assert run(["theory", "mark", SLUG, "s04", "2", "0.5", "--author", "a.b."]) == 0


def test_marks_come_from_a_file_with_the_names_of_who_gave_them(reports: Path, tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("student;question;points;author\ns00;2;0,5;c.d.\ns01;2;0,25;\n", encoding="utf-8")
    assert run(["theory", "mark", SLUG, "--from", str(path), "--author", "a.b."]) == 0
    assert [of(reports, name).edits[0].author for name in ("s00", "s01")] == ["c.d.", "a.b."]


def test_five_marks_in_a_file_score_the_others_anew(reports: Path, tmp_path: Path) -> None:
    path = tmp_path / "marks.json"
    marks = [{"student": who, "question": number, "points": points} for who, number, points in people("2", 5)]
    path.write_text(json.dumps(marks), encoding="utf-8")
    assert answer_of(of(reports, "s05"), "2").reason.code != "theory.learned"
    assert run(["theory", "mark", SLUG, "--from", str(path)]) == 0
    assert answer_of(of(reports, "s05"), "2").reason.code == "theory.learned"
    assert of(reports, "s05").edits == ()
    assert (reports / "s05" / f"{SLUG}.html").is_file()


def test_marking_twice_keeps_both(reports: Path) -> None:
    for points in ("0.5", "0.125"):
        assert run(["theory", "mark", SLUG, "s04", "2", points]) == 0
    record = of(reports, "s04")
    assert [edit.earned for edit in record.edits] == [0.5, 0.125]
    assert record.earned == 0.125
    assert record.marks == classmates("2", count=6)[4].marks


def test_a_repeated_mark_is_said_and_not_kept_again(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert run(["theory", "mark", SLUG, "s04", "2", "0.5", "--language", "en"]) == 0
    assert len(of(reports, "s04").edits) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "0 marks kept. Students with other points than before: 0. 1 mark stood there already" in told


def test_a_reason_beside_a_file_is_refused(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("student,question,points\ns00,2,0.5\n", encoding="utf-8")
    before = files(reports)
    assert run(["theory", "mark", SLUG, "--from", str(path), "--reason", "clear"]) == 2
    assert "both --from and --reason were given" in said(capsys)
    assert files(reports) == before


def test_a_folder_that_may_not_be_written_is_said_without_a_traceback(
    reports: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:  # whoever runs the tests may be root, who may write anywhere
        raise PermissionError(errno.EACCES, "Permission denied", "reports/s04/x")

    monkeypatch.setattr("graders.store.tempfile.mkstemp", refuse)
    assert run(["theory", "mark", SLUG, "s04", "2", "0.5"]) == 2
    told = said(capsys)
    assert "grade: reports/s04/x: Permission denied; let yourself read and write there" in told
    assert "Traceback" not in told


def test_a_report_that_is_made_again_shows_the_mark(reports: Path) -> None:
    assert run(["theory", "mark", SLUG, "s04", "2", "0.375", "--author", "a.b."]) == 0
    (reports / "s04" / f"{SLUG}.html").unlink()
    assert run(["report", "--language", "en"]) == 0
    assert "marked by a.b." in (reports / "s04" / f"{SLUG}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([SLUG], "expected STUDENT QUESTION POINTS after the assignment, or --from FILE"),
        ([SLUG, "s04"], "expected STUDENT QUESTION POINTS"),
        ([SLUG, "s04", "2"], "expected STUDENT QUESTION POINTS"),
        ([SLUG, " ", "2", "0.5"], "expected STUDENT QUESTION POINTS"),
        ([SLUG, "s04", "2", "half"], ""),
        ([SLUG, "s04", "2", "nan"], "nan points: expected a number, 0 or more"),
        ([SLUG, "s04", "2", "inf"], "inf points: expected a number, 0 or more"),
        ([SLUG, "s04", "2", "-0.5"], "-0.5 points: expected a number, 0 or more"),
        ([SLUG, "s04", "2", "7"], "command line: 7 points, but question 2 has 0.5"),
        ([SLUG, "zoe", "2", "0.5"], "no answers of zoe; there are answers of s00, s01"),
        ([SLUG, "s04", "9", "0.5"], "s04 was asked no question 9; there are 1, 2"),
        ([SLUG, "s04", "--from", "marks.csv"], "both a student and --from were given"),
        ([SLUG, "--from", "none.csv"], "none.csv: cannot be read"),
        ([SLUG, "--from", "assignments"], "assignments: cannot be read"),
        (["l99", "s04", "2", "0.5"], "unknown assignment 'l99'; this course has: l01_perceptron, l04_cnn"),
        (["l05_lstm", "s04", "2", "0.5"], "no records of l05_lstm in reports; grade submissions of it first"),
        ([SLUG, "s04", "2", "0.5", "--out", "nowhere"], "expected the folder that `grade` wrote records to"),
        ([SLUG, "s04", "2", "0.5", "--colour"], ""),
    ],
)
def test_a_wrong_mark_is_explained_and_nothing_is_written(
    reports: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    before = files(reports)
    assert run(["theory", "mark", *words]) == 2
    told = said(capsys)
    assert message in told
    assert "Traceback" not in told
    assert files(reports) == before


def test_one_wrong_line_keeps_a_whole_file_from_being_taken(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("student,question,points\ns00,2,0.5\nzoe,2,0.5\ns01,2,9\n", encoding="utf-8")
    before = files(reports)
    assert run(["theory", "mark", SLUG, "--from", str(path)]) == 2
    told = capsys.readouterr().err
    assert f"{path}: line 3: no answers of zoe" in told
    assert f"{path}: line 4: 9 points" in told
    assert files(reports) == before


def test_a_hostile_name_is_shown_as_text_among_the_changes(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(course / "reports", graded("[red]ann\x1b[2J", {"2": HOSTILE}))
    assert run(["theory", "mark", SLUG, "[red]ann\x1b[2J", "2", "0"]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "[red]ann⟨U+001B⟩[2J" in printed


@pytest.mark.slow
def test_grading_again_keeps_marks_and_a_new_student_profits_from_them(course: Path) -> None:
    def submit(student: str, answer: str) -> None:
        folder = course / "submissions" / student
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(NOTEBOOK, folder / f"{SLUG}.ipynb")
        (folder / f"{SLUG}.md").write_text(f"## 2. \n\n{answer}\n", encoding="utf-8")

    def ours(student: str) -> Record:
        return of(course / "reports", student)

    submit("ann", written("2")[0][0])
    submit("bob", written("2")[1][0])
    assert run(["submissions"]) == 0
    for student, points in (("ann", "0.375"), ("bob", "0.125")):
        assert run(["theory", "mark", SLUG, student, "2", points]) == 0
    submit("bob", written("2")[2][0])
    submit("cid", written("2")[0][0])
    assert run(["submissions", "--force"]) == 0
    assert answer_of(effective(ours("ann")), "2").earned == 0.375
    assert len(ours("bob").edits) == 1
    assert answer_of(effective(ours("bob")), "2") == answer_of(ours("bob"), "2")
    assert (answer_of(ours("cid"), "2").earned, answer_of(ours("cid"), "2").route) == (0.375, "settled")
