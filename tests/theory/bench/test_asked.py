from pathlib import Path

import pytest

from graders.errors import AuthorError
from graders.theory.bench import cases_of, read_graded

RUBRIC = Path(__file__).parents[3] / "assignments" / "l05_lstm" / "theory.toml"
GOOD = {
    "question_id": "1",
    "question": "Which gate forgets?",
    "reference": "The forget gate.",
    "answer": "It is the forget gate.",
    "score": 1,
    "max": 1,
}


def cases(write_set, *lines, rubric=None):
    return list(cases_of(read_graded(write_set([{**GOOD, **line} for line in lines])), rubric))


def message(write_set, *lines, rubric=None):
    with pytest.raises(AuthorError) as caught:
        cases(write_set, *lines, rubric=rubric)
    return str(caught.value)


def test_without_a_rubric_an_answer_has_no_points(write_set):
    assert cases(write_set, {})[0].points is None


@pytest.mark.parametrize("answer", ["", "   ", "...", "No submission.", "не знаю"])
def test_blanks_are_known_as_such(write_set, answer):
    assert cases(write_set, {"answer": answer})[0].blank


def test_an_answer_that_is_one_of_the_questions_choices_is_read(write_set):
    asked = "Does the forget gate or the input gate or the output gate clear the memory?"
    (found,) = cases(write_set, {"question": asked, "answer": "the output gate clear the memory"})
    assert not found.blank
    assert found.profile.content


def test_the_same_id_with_another_reference_is_compared_with_its_own(write_set):
    one, other = cases(write_set, {}, {"reference": "None of them."})
    assert one.features[0] > other.features[0]


def test_a_rubric_that_is_given_finds_points(write_set):
    found = cases(write_set, {}, {"answer": "No."}, rubric=RUBRIC)
    assert all(len(case.points) == 3 for case in found)


def test_a_line_may_name_its_rubric_from_the_folder_of_the_set(write_set, tmp_path_factory):
    path = write_set([{**GOOD, "rubric": "theory.toml#2"}, GOOD])
    (path.parent / "theory.toml").write_bytes(RUBRIC.read_bytes())
    ruled, plain = cases_of(read_graded(path))
    assert (len(ruled.points), plain.points, ruled.question) == (3, None, "1")


def test_a_rubric_without_the_question_is_said_with_those_it_has(write_set):
    said = message(write_set, {"question_id": "99"}, rubric=RUBRIC)
    assert f"{RUBRIC} has no question 99; it has 1, 2, 3" in said


@pytest.mark.parametrize("name", ["missing.toml#1", "#1", "missing.toml"])
def test_a_rubric_that_a_line_names_and_is_not_there_is_said(write_set, name):
    assert message(write_set, {"rubric": name})


def test_a_wrong_rubric_is_said(write_set, tmp_path):
    path = tmp_path / "theory.toml"
    path.write_text(
        RUBRIC.read_text(encoding="utf-8").replace("weight = ", "weight = 1", 1), encoding="utf-8"
    )
    assert "weights add up to" in message(write_set, {}, rubric=path)


def test_a_file_that_is_no_toml_is_said(write_set, tmp_path):
    path = tmp_path / "theory.toml"
    path.write_text("{", encoding="utf-8")
    assert "theory.toml" in message(write_set, {}, rubric=path)


@pytest.mark.parametrize("answer", ["\ud800", "\x00", "\u202e\u200b", "[" * 5000, "~~" * 5000])
def test_an_odd_answer_is_no_error(write_set, answer):
    assert len(cases(write_set, {"answer": answer})) == 1


def test_a_huge_answer_is_read_in_part(write_set):
    (found,) = cases(write_set, {"answer": "gate " * 200_000})
    assert not found.blank
