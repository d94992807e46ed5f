"""`grade theory bench` as it is typed: figures, their JSON, and what is said of bad input."""

import json
from pathlib import Path

import pytest

from graders.cli import run
from graders.theory.learning import forest

ROOT = Path(__file__).parents[2]
RUBRIC = ROOT / "assignments" / "l05_lstm" / "theory.toml"
FIGURES = ["n", "questions", "marks", "r", "rho", "qwk", "rmse5", "coverage95", "precision95"]
WORDS = ["gate", "cell", "forget", "memory", "kernel", "channel", "padding", "stride", "momentum", "learning"]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wide terminal outside of any course, and small forests."""
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(forest, "TREES", 15)


def line(question: int, said: int, **changes: object) -> dict[str, object]:
    words = WORDS[2 * question : 2 * question + 2]
    return {
        "question_id": question,
        "question": f"What belongs to part {question}?",
        "reference": " and ".join(words),
        "answer": " ".join([*words[:said], "it", "is"]),
        "score": said,
        "max": 2,
        **changes,
    }


LINES = [line(question, said % 3) for question in range(2) for said in range(7)]


def write(lines: list[dict[str, object]] | str, name: str = "set.jsonl") -> str:
    text = lines if isinstance(lines, str) else "\n".join(json.dumps(one) for one in lines)
    Path(name).write_text(text, encoding="utf-8")
    return name


def measured(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, float | None]:
    assert run(["theory", "bench", *arguments, "--json"]) == 0

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found: dict[str, float | None] = json.loads(capsys.readouterr().out, parse_constant=refuse)
    return found


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of a command that ends with exit code 2, and prints no figures."""
    assert run(["theory", "bench", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return " ".join(said.err.split())


def test_the_figures_are_json_with_all_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    found = measured(capsys, write(LINES))
    assert list(found)[:9] == FIGURES
    assert (found["n"], found["questions"], found["marks"]) == (14, 2, 0)


def test_marks_of_each_question_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    found = measured(capsys, write(LINES), "--marks", "3")
    assert (found["n"], found["marks"]) == (8, 3)


def test_scores_all_the_same_have_null_for_a_correlation(capsys: pytest.CaptureFixture[str]) -> None:
    found = measured(capsys, write([{**one, "score": 1} for one in LINES]), "--alone")
    assert (found["r"], found["rho"]) == (None, None)


def test_two_runs_print_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    name = write([line(question, said % 3) for question in range(5) for said in range(16)])
    assert measured(capsys, name, "--marks", "2") == measured(capsys, name, "--marks", "2")


def test_a_rubric_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    name = write([{**one, "question_id": "1"} for one in LINES])
    assert measured(capsys, name, "--rubric", str(RUBRIC))["n"] == 14


def test_the_table_names_the_set_and_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["theory", "bench", write(LINES)]) == 0
    said = capsys.readouterr().out
    assert "set.jsonl: 14 answers, 2 questions, 0 marks each" in said
    for name in ("rho", "qwk", "rmse5", "agreement", "coverage95", "precision95"):
        assert name in said
    assert "second person" not in said


def test_the_table_compares_two_people_where_there_are_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["theory", "bench", write([{**one, "score2": 1} for one in LINES])]) == 0
    assert "second person" in capsys.readouterr().out


@pytest.mark.parametrize("lines", [LINES[:1], [{**one, "answer": "", "score": 0} for one in LINES]])
def test_a_table_without_figures_can_be_printed(
    capsys: pytest.CaptureFixture[str], lines: list[dict[str, object]]
) -> None:
    assert run(["theory", "bench", write(lines)]) == 0
    assert "nan" not in capsys.readouterr().out.lower()


def test_fewer_marks_than_none_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--marks -1: expected 0 or more" in refused(capsys, write(LINES), "--marks", "-1")


def test_a_missing_set_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no.jsonl: cannot be read" in refused(capsys, "no.jsonl")


def test_a_folder_is_no_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be read" in refused(capsys, ".")


def test_an_empty_set_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "set.jsonl: is empty" in refused(capsys, write(""))


def test_all_wrong_lines_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join([json.dumps(LINES[0]), "{", json.dumps({**LINES[1], "score": 7})])
    said = refused(capsys, write(text), "--json")
    assert "set.jsonl: line 2: is not JSON" in said
    assert "set.jsonl: line 3: score is 7, above max 2" in said


def test_a_rubric_that_lacks_a_question_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    name = write([{**one, "question_id": "99"} for one in LINES])
    assert "has no question 99" in refused(capsys, name, "--rubric", str(RUBRIC))


def test_a_missing_rubric_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no.toml" in refused(capsys, write(LINES), "--rubric", "no.toml")
