"""`grade rubric`: how a rubric fares with its own references and examples."""

import pytest
from classmates import lesson, rubric

from graders.review.rubric import Examples, try_rubric


def test_a_reference_earns_all_of_its_own_question_in_both_languages() -> None:
    tried = try_rubric(lesson())
    for table in tried.confusion.values():
        assert [table[at][at] for at in range(len(tried.questions))] == [1.0] * len(tried.questions)


def test_a_reference_is_no_answer_to_another_question() -> None:
    tried = try_rubric(lesson())
    count = range(len(tried.questions))
    for table in tried.confusion.values():
        assert max(table[row][column] for row in count for column in count if row != column) < 1


def test_every_part_of_every_question_has_its_examples_counted() -> None:
    parts = [
        (one.id, part.id)
        for one in rubric().questions
        for part in (*one.key_points, *one.misconceptions, *one.relations)
    ]
    tried = try_rubric(lesson())
    assert [(one.question, one.part) for one in tried.examples] == parts
    assert all(one.yes[0] == one.yes[1] and one.no[0] == 0 for one in tried.examples)


def test_an_example_that_fails_is_counted_as_missing() -> None:
    first = rubric().questions[0]
    point = first.key_points[0].model_copy(update={"yes": ("Совсем о другом.",), "no": ()})
    broken = first.model_copy(update={"key_points": (point, *first.key_points[1:])})
    tried = try_rubric(
        lesson().model_copy(update={"rubric": rubric().model_copy(update={"questions": (broken,)})})
    )
    assert tried.examples[0] == Examples("1", point.id, "key_points", (0, 1), (0, 0))


def test_a_lesson_without_theory_cannot_be_tried() -> None:
    with pytest.raises(ValueError, match=r"has no theory\.toml"):
        try_rubric(lesson().model_copy(update={"rubric": None}))
