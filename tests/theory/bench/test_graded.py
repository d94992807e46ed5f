import json

import pytest

from graders.errors import AuthorError
from graders.theory.bench import graded
from graders.theory.bench.graded import MOST_PROBLEMS, read_graded

GOOD = {"question_id": "1", "question": "Why?", "reference": "So.", "answer": "So.", "score": 1, "max": 2}


def line(**changes):
    return json.dumps({**GOOD, **changes}) + "\n"


def without(key):
    return json.dumps({name: value for name, value in GOOD.items() if name != key}) + "\n"


def problems(path):
    with pytest.raises(AuthorError) as caught:
        read_graded(path)
    return caught.value.problems


def test_lines_are_read_in_order(write_set):
    found = read_graded(write_set([GOOD, {**GOOD, "answer": "Never."}]))
    assert [row.answer for row in found.rows] == ["So.", "Never."]


def test_other_keys_are_left_alone(write_set):
    assert read_graded(write_set(line(student="x", nested={"a": [1]}))).rows[0].max == 2


@pytest.mark.parametrize("name", ["question_id", "answer"])
def test_numbers_are_read_as_text(write_set, name):
    assert getattr(read_graded(write_set(line(**{name: 12}))).rows[0], name) == "12"


def test_blank_lines_windows_line_ends_and_a_mark_of_byte_order_are_no_mistakes(write_set):
    assert len(read_graded(write_set("\ufeff" + line() + "\r\n \n" + line().strip() + "\r\n")).rows) == 2


def test_a_line_separator_inside_an_answer_ends_no_line(write_set):
    text = json.dumps({**GOOD, "answer": "a\u2028b\u0085c"}, ensure_ascii=False)
    assert read_graded(write_set(text)).rows[0].answer == "a\u2028b\u0085c"


def test_a_second_score_may_be_missing_on_some_lines(write_set):
    found = read_graded(write_set(line(score2=0.5) + line(score2=None) + line()))
    assert [row.score2 for row in found.rows] == [0.5, None, None]


BAD = {
    "no JSON": ("{oops}\n", "is not JSON"),
    "half a line": (line()[:30] + "\n", "is not JSON"),
    "a list": ("[1, 2]\n", "valid dictionary"),
    "a number": ("5\n", "valid dictionary"),
    "null": ("null\n", "valid dictionary"),
    "no score": (without("score"), "score: Field required"),
    "no answer": (without("answer"), "answer: Field required"),
    "null answer": (line(answer=None), "answer: "),
    "an empty id": (line(question_id=""), "question_id: "),
    "NaN": (line(score=float("nan")), "score: Input should be a finite number"),
    "infinity": (line(max=float("inf")), "max: Input should be a finite number"),
    "a float beyond floats": (line().replace("1,", "1e999,"), "finite number"),
    "a whole number beyond floats": (line(max=10**400), "max: "),
    "more digits than are read": (line().replace("2}", "9" * 5000 + "}"), "not a JSON object"),
    "a negative score": (line(score=-1), "score: "),
    "a negative second score": (line(score2=-1), "score2: "),
    "no points": (line(max=0, score=0), "max: "),
    "a score above max": (line(score=3), "score is 3, above max 2"),
    "a second score above max": (line(score2=2.5), "score2 is 2.5, above max 2"),
    "a score in words": (line(score="good"), "score: "),
    "deep nesting": ("[" * 100_000 + "\n", "not a JSON object"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_line_is_named_with_what_is_wrong(write_set, name):
    text, said = BAD[name]
    path = write_set(line() + "\n" + text + line())
    (found,) = problems(path)
    assert (found.file, found.key) == (path, "line 3")
    assert said in found.message
    assert len(found.message) < 300


def test_all_wrong_lines_are_named_at_once(write_set):
    found = problems(write_set(line(score=9) + line() + "?\n" + line(max=-1)))
    assert [problem.key for problem in found] == ["line 1", "line 3", "line 4"]


def test_of_very_many_wrong_lines_the_rest_are_counted(write_set):
    found = problems(write_set("?\n" * 5000))
    assert len(found) == MOST_PROBLEMS + 1
    assert "4980 more" in found[-1].message


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\t\n"])
def test_an_empty_file_is_said_to_be_empty(write_set, text):
    (found,) = problems(write_set(text))
    assert "is empty" in found.message


def test_a_missing_file_is_said(tmp_path):
    (found,) = problems(tmp_path / "no.jsonl")
    assert "cannot be read" in found.message


def test_a_folder_is_no_set(tmp_path):
    (found,) = problems(tmp_path)
    assert "cannot be read" in found.message


def test_a_file_in_another_encoding_is_said(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(json.dumps({**GOOD, "answer": "веса"}, ensure_ascii=False).encode("cp1251"))
    (found,) = problems(path)
    assert "UTF-8" in found.message


def test_a_file_that_is_too_large_is_not_read(write_set, monkeypatch):
    monkeypatch.setattr(graded, "LARGEST", 10)
    (found,) = problems(write_set(line()))
    assert "split it" in found.message
