from pathlib import Path

import pytest

from graders.model import Answer, Rubric
from graders.theory import check_rubric, score_answer

PATH = Path("theory.toml")


def rubric_of(**changes):
    question = {
        "id": "1",
        "points": 1,
        "step": 0.5,
        "text": {"ru": "Зачем?", "en": "Why?"},
        "answer": {"ru": "Альфа и бета.", "en": "Alpha and beta."},
        "key_points": [
            {
                "id": "a",
                "weight": 0.5,
                "title": {"ru": "", "en": ""},
                "any": ["альфа", "alpha"],
                "yes": ["Альфа!"],
                "no": ["Гамма."],
            },
            {"id": "b", "weight": 0.5, "title": {"ru": "", "en": ""}, "any": ["бета", "beta"]},
        ],
    }
    question["key_points"][0] |= changes.pop("point", {})
    return Rubric.model_validate({"questions": [question | changes]})


def problems(**changes):
    return {problem.key: problem.message for problem in check_rubric(rubric_of(**changes), PATH)}


def test_a_sound_rubric_has_no_problems():
    assert problems() == {}


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"point": {"weight": 0.4}}, "questions[0].key_points", "0.9, expected 1"),
        ({"point": {"id": "b"}}, "questions[0].key_points", "`b` stands 2 times"),
        ({"point": {"any": ["alpha", "альфа ~"]}}, "questions[0].key_points[0].any[1]", "`альфа ~`"),
        ({"point": {"yes": ["Альфа.", "Гамма."]}}, "questions[0].key_points[0].yes[1]", "Гамма"),
        ({"point": {"no": ["Альфа."]}}, "questions[0].key_points[0].no[0]", "`альфа` finds"),
        ({"answer": {"ru": "Альфа.", "en": "Alpha and beta."}}, "questions[0].answer.ru", "0.5 of 1"),
        ({"answer": {"ru": "Альфа и бета.", "en": "Beta."}}, "questions[0].answer.en", "does not make a"),
        ({"points": 1.1}, "questions[0].step", "not a multiple"),
    ],
)
def test_a_mistake_is_named_with_its_place(changes, key, said):
    found = problems(**changes)
    assert list(found) == [key]
    assert said in found[key]


def test_mistakes_are_reported_together():
    found = problems(points=1.1, point={"weight": 0.4, "no": ["Альфа."]})
    assert len(found) == 3


def test_a_repeated_question_is_a_problem():
    one = rubric_of()
    twice = Rubric(questions=one.questions * 2)
    assert any(problem.key == "questions" for problem in check_rubric(twice, PATH))


def test_the_lesson_rubric_is_sound(rubric):
    assert [str(problem) for problem in check_rubric(rubric, PATH)] == []


def test_the_lesson_has_examples_in_both_languages(rubric):
    for question in rubric.questions:
        for key_point in question.key_points:
            for examples in (key_point.yes, key_point.no):
                cyrillic = [any("а" <= letter <= "я" for letter in text.lower()) for text in examples]
                assert sum(cyrillic) >= 2, (question.id, key_point.id)
                assert len(cyrillic) - sum(cyrillic) >= 2, (question.id, key_point.id)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_answer_to_another_question_earns_little(rubric, language):
    for asked in rubric.questions:
        for other in rubric.questions:
            if other is not asked:
                answer = Answer(
                    question=asked.id, text=other.answer.to(language), source="", matched_by="number"
                )
                assert score_answer(asked, answer).earned <= asked.points / 2, (asked.id, other.id)
