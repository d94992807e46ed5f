"""Answers out of records, and other scores after people's marks."""

from classmates import (
    after,
    answer_of,
    changes,
    classmates,
    graded,
    lesson,
    marked,
    people,
    rubric,
    written,
)

from graders.edits import effective
from graders.review.answers import answered, rescored, taught_by

CLASS = classmates("2")


def test_every_answer_with_text_is_found_with_its_student() -> None:
    found = [one for one in answered(CLASS, lesson()) if one.score.text]
    assert [one.student for one in found] == [f"s{at:02}" for at in range(20)]
    assert {one.question.id for one in found} == {"2"}


def test_blanks_are_there_to_be_marked_and_teach_nothing() -> None:
    blank = graded("ann", {"2": " \n"})
    assert len(list(answered([blank], lesson()))) == len(rubric().questions)
    now = marked((blank,), ("ann", "2", 0.5))
    assert not taught_by(now, lesson()).questions


def test_other_lessons_and_self_checks_are_left_out() -> None:
    other = CLASS[0].model_copy(update={"assignment": "l05_lstm"})
    public = CLASS[1].model_copy(update={"public": True})
    assert {one.student for one in answered([other, public, CLASS[2]], lesson())} == {"s02"}


def test_answers_to_questions_that_the_lesson_has_no_more_are_left_out() -> None:
    fewer = lesson().model_copy(
        update={"rubric": rubric().model_copy(update={"questions": rubric().questions[:1]})}
    )
    assert {one.question.id for one in answered(CLASS, fewer)} == {"1"}
    assert rescored(CLASS[0], fewer, taught_by(CLASS, fewer)) == CLASS[0]


def test_a_lesson_without_theory_has_no_answers() -> None:
    assert not list(answered(CLASS, lesson().model_copy(update={"rubric": None})))


def test_without_marks_scoring_again_changes_nothing() -> None:
    taught = taught_by(CLASS, lesson())
    assert [rescored(one, lesson(), taught) for one in CLASS] == list(CLASS)


def test_only_marks_that_still_hold_teach() -> None:
    first = marked(CLASS, *people("2", 1))
    changed = graded("s00", {"2": written("2")[7][0]}).model_copy(update={"edits": first[0].edits})
    taught = taught_by([changed, *CLASS[1:]], lesson())
    assert not taught.questions


def test_tasks_of_other_kinds_are_not_scored_again() -> None:
    marks = people("2", 5)
    record = CLASS[19]
    essay = record.marks[0].model_copy(update={"kind": "essay", "task": "essay"})
    both = record.model_copy(update={"marks": (*record.marks, essay)})
    changed = after((*CLASS[:19], both), changes((*CLASS[:19], both), *marks))
    assert changed[19].marks[1] == essay


def test_the_machines_score_of_a_marked_answer_stays_what_it_was() -> None:
    before = answer_of(CLASS[3], "2")
    now = marked(CLASS, *people("2", 10))
    assert answer_of(now[3], "2") == before
    assert answer_of(effective(now[3]), "2").why != before.why


def test_two_runs_are_the_same_to_a_byte() -> None:
    taught = [taught_by(marked(CLASS, *people("2", 10)), lesson()) for _ in range(2)]
    first, second = (rescored(CLASS[15], lesson(), one).model_dump_json() for one in taught)
    assert first == second
