"""The sample students' answers, end to end: marks that a person would find fair."""

from pathlib import Path

import pytest

from graders.theory import Document, find_answers, score_answer

SUBMISSIONS = Path(__file__).parents[2] / "submissions"


def marks(rubric, student):
    text = (SUBMISSIONS / student / "l04_cnn.md").read_text(encoding="utf-8")
    answers = {answer.question: answer for answer in find_answers(rubric, [Document("l04_cnn.md", text)])}
    return [score_answer(question, answers.get(question.id)) for question in rubric.questions]


@pytest.mark.parametrize(
    ("student", "low", "high"),
    [("student42", 2.5, 3.0), ("student23", 2.5, 3.0), ("student07", 0.75, 1.5), ("student99", 0.5, 1.0)],
)
def test_marks_are_fair(rubric, student, low, high):
    assert low <= sum(score.earned for score in marks(rubric, student)) <= high


def test_student99_answered_three_of_six(rubric):
    scores = marks(rubric, "student99")
    assert [bool(score.text) for score in scores] == [True, False, True, False, True, False]
    assert [score.settled for score in scores] == [False, True, False, True, False, True]
