"""What is said of person and machine, question by question."""

import json
from dataclasses import asdict

import pytest
from classmates import (
    answer_of,
    changes,
    classmates,
    graded,
    graded_again,
    lesson,
    marked,
    people,
    question,
    written,
)

from graders.model import Record
from graders.review.agreement import QuestionReport, lesson_report

CLASS = classmates("2")
POINTS = question("2").points


def report(records: tuple[Record, ...]) -> QuestionReport:
    (found,) = lesson_report(records, lesson())
    return found


def test_without_marks_there_is_nothing_to_compare() -> None:
    found = report(CLASS)
    assert (found.question, found.answers, found.marked) == ("2", 20, 0)
    assert (found.qwk, found.exact, found.near, found.learned, found.before) == (None,) * 5
    assert sum(map(sum, found.confusion)) == 0


def test_a_person_who_gives_what_the_machine_gave_agrees_wholly() -> None:
    same = [(one.student, "2", answer_of(one, "2").earned) for one in CLASS]
    found = report(marked(CLASS, *same))
    assert (found.exact, found.near, found.qwk) == (1.0, 1.0, 1.0)
    assert sum(found.confusion[at][at] for at in range(5)) == 20


def test_a_person_who_gives_the_opposite_does_not() -> None:
    odd = [(one.student, "2", POINTS if answer_of(one, "2").earned < POINTS / 2 else 0.0) for one in CLASS]
    found = report(marked(CLASS, *odd))
    assert found.exact == 0.0
    assert found.qwk is not None
    assert found.qwk < 0


def test_the_machines_points_are_those_before_the_person_marked() -> None:
    before = [(one.student, "2", answer_of(one, "2").earned) for one in CLASS[:10]]
    once = marked(CLASS, *before)
    other = [(student, number, POINTS - points) for student, number, points in before]
    twice = marked(once, *other)
    assert report(once).exact == 1.0
    halves = sum(points == POINTS / 2 for *_, points in before)
    assert report(twice).exact == pytest.approx(halves / 10)


def test_grading_again_does_not_make_person_and_machine_agree() -> None:
    machine = answer_of(CLASS[4], "2").earned
    now = marked(CLASS, ("s04", "2", POINTS - machine if machine != POINTS / 2 else POINTS))
    assert report(now).exact == report(graded_again(now, "s04")).exact == 0.0


def test_marked_and_settled_answers_are_counted() -> None:
    there = (*CLASS, graded("twin", {"2": written("2")[4][0]}))
    found = report(marked(there, ("s04", "2", 0.5)))
    assert (found.answers, found.marked, found.settled) == (21, 1, 2)


def test_answers_for_a_person_are_counted_until_somebody_marked_them() -> None:
    first = next(one for one in CLASS if answer_of(one, "2").route == "review")
    before = report(CLASS).review
    assert report(marked(CLASS, (first.student, "2", 0.0))).review == before - 1


@pytest.mark.parametrize(("marks", "told"), [(4, False), (5, True), (20, True)])
def test_what_was_learned_is_told_from_five_marks_on(marks: int, told: bool) -> None:
    found = report(marked(CLASS, *people("2", marks)))
    assert (found.learned is not None, found.before is not None) == (told, told)


def test_errors_are_in_points() -> None:
    found = report(marked(CLASS, *people("2", 20)))
    assert found.learned is not None
    assert found.before is not None
    assert 0 < found.learned < POINTS
    assert 0 < found.before < POINTS


@pytest.mark.parametrize(
    "marks", [[], people("2", 1), people("2", 20), [(f"s{at:02}", "2", 0.5) for at in range(7)]]
)
def test_a_report_is_json_without_nan(marks: list[tuple[str, str, float]]) -> None:
    found = lesson_report(marked(CLASS, *marks) if marks else CLASS, lesson())
    json.dumps([asdict(one) for one in found], allow_nan=False)


def test_every_question_with_answers_has_a_line() -> None:
    assert [one.question for one in lesson_report(classmates("2", "5"), lesson())] == ["2", "5"]
    assert lesson_report((), lesson()) == []


def test_a_question_is_counted_once_a_student() -> None:
    twice = changes(CLASS, ("s04", "2", 0.5), ("s04", "2", 0.25))
    assert report((*CLASS[:4], twice[0].after, *CLASS[5:])).marked == 1
