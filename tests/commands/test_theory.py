"""`grade theory queue` and `report`, and `grade rubric`, as they are typed: what is printed and refused."""

import json
from pathlib import Path

import pytest
from classmates import SLUG, classmates, graded, people, put, said, written
from nbformat.v4 import new_code_cell, new_notebook

from graders.cli import run

NOTEBOOK = new_notebook(cells=[new_code_cell("def predict(images):\n    return images.flatten(1)[:, :10]")])
HOSTILE = "\x1b[31mred\x1b]0;title\x07 [red]markup[/red] \u202egnp.exe [link=file:///etc/passwd]x[/link]"

pytestmark = pytest.mark.usefixtures("wide")


def test_reports_may_lie_outside_of_the_course(
    reports: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(reports.parent)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "reports"
    reports.rename(elsewhere)
    assert run(["theory", "report", SLUG, "--out", str(elsewhere)]) == 0
    assert run(["report", "--out", str(elsewhere)]) == 0


def test_an_empty_queue_is_said_in_a_sentence(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(course / "reports", graded("ann", {}))
    assert run(["theory", "queue", SLUG, "--language", "en"]) == 0
    assert capsys.readouterr().out == "No answer waits for a mark: all are marked or settled.\n"


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_more_marks_than_answers_leave_nothing_to_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    line = {
        "question_id": "1",
        "question": "?",
        "reference": "a loss",
        "answer": "loss",
        "score": 1,
        "max": 2,
    }
    path = tmp_path / "set.jsonl"
    path.write_text(f"{json.dumps(line)}\n" * 3, encoding="utf-8")
    assert run(["theory", "bench", str(path), "--marks", "3", *words]) == 2
    assert "none is left to measure" in said(capsys)


@pytest.mark.parametrize("command", [["queue"], ["report"], ["mark"]])
def test_a_lesson_without_theory_is_said(
    reports: Path, course: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (course / "assignments" / SLUG / "theory.toml").unlink()
    plan = course / "assignments" / SLUG / "assignment.toml"
    text = plan.read_text(encoding="utf-8").replace("possible = 10", "possible = 7")
    plan.write_text(text[: text.index("# Theory: the questions")], encoding="utf-8")
    rest = ["s04", "2", "0.5"] if command == ["mark"] else []
    assert run(["theory", *command, SLUG, *rest]) == 2
    assert f"{SLUG} has no theory.toml, so no theory questions" in said(capsys)
    assert reports.is_dir()


@pytest.mark.parametrize("command", ["queue", "report"])
def test_without_records_the_way_there_is_said(
    course: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run(["theory", command, SLUG]) == 2
    assert "expected the folder that `grade` wrote records to" in said(capsys)
    (course / "reports").mkdir()
    assert run(["theory", command, SLUG]) == 2
    assert f"no records of {SLUG} in reports; grade submissions of it first" in said(capsys)


def test_outside_a_course_the_way_back_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "reports", *classmates("2", count=1))
    assert run(["theory", "queue", SLUG]) == 2
    assert "course.toml" in said(capsys)


def test_a_file_that_is_no_record_is_named_and_the_others_count(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (reports / "odd").mkdir()
    (reports / "odd" / f"{SLUG}.json").write_text("{}", encoding="utf-8")
    assert run(["theory", "queue", SLUG, "--json"]) == 0
    printed = capsys.readouterr()
    assert "not a record of this version" in printed.err
    assert len(json.loads(printed.out)) == 6


def test_the_queue_shows_answers_as_a_whole(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["theory", "queue", SLUG, "--language", "en"]) == 0
    printed = "".join(capsys.readouterr().out.split())
    for text, _ in written("2")[:6]:
        assert "".join(text.split()) in printed
    assert "6of6answers" in printed


@pytest.mark.parametrize(("limit", "shown"), [("2", 2), ("0", 6), ("-1", 6), ("99", 6)])
def test_the_queue_is_cut_where_asked(
    reports: Path, capsys: pytest.CaptureFixture[str], limit: str, shown: int
) -> None:
    assert run(["theory", "queue", SLUG, "--json", "-n", limit]) == 0
    assert len(json.loads(capsys.readouterr().out)) == shown


def test_the_queue_of_one_question_is_one_json_document(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(reports, graded("both", {"2": written("2")[9][0], "5": written("5")[0][0]}))
    assert run(["theory", "queue", SLUG, "--question", "5", "--json"]) == 0
    printed = capsys.readouterr()
    (line,) = json.loads(printed.out)
    assert printed.err == ""
    assert set(line) == {"place", "student", "question", "points", "possible", "route", "marks", "text"}
    assert (line["student"], line["question"], line["text"]) == ("both", "5", written("5")[0][0])


def test_an_unknown_question_is_said(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["theory", "queue", SLUG, "--question", "9"]) == 2
    assert f"--question 9: unknown; {SLUG} has 1, 2, 3, 4, 5, 6" in said(capsys)
    assert reports.is_dir()


def test_a_queue_with_nobody_in_it_is_an_empty_list(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(course / "reports", graded("ann", {}))
    assert run(["theory", "queue", SLUG, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["theory", "queue", SLUG]) == 0


@pytest.mark.parametrize("command", ["queue", "report"])
def test_hostile_text_is_shown_as_text(
    course: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    put(course / "reports", graded("[red]ann", {"2": HOSTILE}), graded("bob", {"2": "огор\u202eошт " * 9}))
    assert run(["theory", command, SLUG]) == 0
    printed = capsys.readouterr().out
    assert not [found for found in printed if found in "\x1b\x07\u202e"]
    if command == "queue":
        assert "⟨U+001B⟩[31mred" in printed
        assert "[red]markup[/red]" in printed
        assert "[red]ann" in printed


def test_a_megabyte_is_cut_on_the_terminal_and_whole_in_json(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    huge = "свёртка [red] " * 75_000
    put(course / "reports", graded("ann", {"2": huge}))
    assert run(["theory", "queue", SLUG]) == 0
    assert len(capsys.readouterr().out) < 5000
    assert run(["theory", "queue", SLUG, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["text"] == huge


@pytest.mark.parametrize("marks", [0, 1, 6])
def test_the_report_is_json_without_nan(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], marks: int
) -> None:
    if marks:
        lines = [f"{who},{number},{points}" for who, number, points in people("2", marks)]
        (tmp_path / "m.csv").write_text("\n".join(["student,question,points", *lines]), encoding="utf-8")
        assert run(["theory", "mark", SLUG, "--from", str(tmp_path / "m.csv")]) == 0
        capsys.readouterr()
    assert run(["theory", "report", SLUG, "--json"]) == 0
    printed = capsys.readouterr()
    (line,) = json.loads(printed.out, parse_constant=pytest.fail)
    assert (line["question"], line["answers"], line["marked"]) == ("2", 6, marks)
    assert (line["learned"] is None) == (marks < 5)
    assert printed.err == ""
    assert reports.is_dir()


@pytest.mark.parametrize(("language", "title"), [("ru", "Вопрос 2"), ("en", "Question 2")])
def test_the_report_has_a_table_of_disagreements(
    reports: Path, capsys: pytest.CaptureFixture[str], language: str, title: str
) -> None:
    assert run(["theory", "mark", SLUG, "s04", "2", "0.5"]) == 0
    capsys.readouterr()
    assert run(["theory", "report", SLUG, "--language", language]) == 0
    assert title in capsys.readouterr().out
    assert reports.is_dir()


@pytest.mark.parametrize("words", [["theory", "rubric", SLUG], ["rubric", SLUG]])
def test_a_rubric_is_tried(course: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert run([*words, "--language", "en"]) == 0
    printed = capsys.readouterr().out
    assert "locality" in printed
    assert "100%" in printed
    assert course.is_dir()


def test_an_unknown_lesson_has_no_rubric(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rubric", "l99"]) == 2
    assert "unknown assignment 'l99'" in said(capsys)
    assert course.is_dir()
