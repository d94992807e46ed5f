"""What to mark first: the usual answer, then whatever is least like those before it."""

from classmates import classmates, graded, lesson, marked, people, written

from graders.model import Record
from graders.review.answers import answered
from graders.review.queue import Waiting, queue

CLASS = classmates("2")


def waiting(records: tuple[Record, ...], question: str | None = None) -> list[Waiting]:
    return queue(list(answered(records, lesson())), question)


def students(found: list[Waiting]) -> list[str]:
    return [one.answered.student for one in found]


def test_every_open_answer_waits_once() -> None:
    found = waiting(CLASS)
    assert sorted(students(found)) == [one.student for one in CLASS]
    assert [one.place for one in found] == list(range(1, 21))


def test_near_repeats_come_last() -> None:
    texts = [written("2")[at][0] for at in (0, 5, 9)]
    there = tuple(
        graded(f"{name}{at}", {"2": text + ending})
        for at, text in enumerate(texts)
        for name, ending in (("a", ""), ("b", " Вот так."))
    )
    found = students(waiting(there))
    assert {name[1] for name in found[:3]} == {"0", "1", "2"}


def test_what_was_marked_counts_as_known() -> None:
    near = graded("near", {"2": written("2")[0][0] + " Вот так."})
    far = graded("far", {"2": written("2")[9][0]})
    there = (graded("known", {"2": written("2")[0][0]}), near, far)
    assert students(waiting(marked(there, ("known", "2", 0.5)))) == ["far", "near"]


def test_near_repeats_of_what_was_marked_come_last() -> None:
    endings = ("", " Вот так.", " Вот как-то так.")
    near = [graded(f"near{at}", {"2": written("2")[0][0] + ending}) for at, ending in enumerate(endings)]
    there = (*near, graded("far1", {"2": written("2")[5][0]}), graded("far2", {"2": written("2")[9][0]}))
    first = waiting(there)[0].answered.student
    other = next(one.student for one in near if one.student != first)
    assert set(students(waiting(marked(there, (other, "2", 0.5))))[:2]) == {"far1", "far2"}


def test_marked_answers_wait_no_more() -> None:
    found = waiting(marked(CLASS, *people("2", 3)))
    assert {"s00", "s01", "s02"}.isdisjoint(students(found))
    assert {one.marks for one in found} == {3}


def test_an_answer_that_was_changed_after_its_mark_waits_again() -> None:
    now = marked(CLASS, ("s00", "2", 0.5))
    changed = graded("s00", {"2": written("2")[0][0] + " Иначе."}).model_copy(update={"edits": now[0].edits})
    assert "s00" in students(waiting((changed, *now[1:])))


def test_settled_answers_do_not_wait() -> None:
    there = (*CLASS, graded("twin", {"2": written("2")[4][0]}))
    assert "twin" not in students(waiting(marked(there, ("s04", "2", 0.5))))


def test_only_the_question_that_is_asked_for() -> None:
    found = waiting(classmates("2", "5"), "5")
    assert {one.answered.question.id for one in found} == {"5"}
    assert len(found) == 20


def test_questions_take_turns() -> None:
    found = waiting(classmates("2", "5"))
    assert [one.answered.question.id for one in found[:4]] == ["2", "5", "2", "5"]


def test_the_question_with_the_fewest_marks_comes_first() -> None:
    found = waiting(marked(classmates("2", "5"), *people("2", 3)))
    assert [one.answered.question.id for one in found[:4]] == ["5", "5", "5", "2"]


def test_nobody_waits_in_an_empty_class() -> None:
    assert waiting(()) == []


def test_the_order_is_always_the_same() -> None:
    assert students(waiting(CLASS)) == students(waiting(CLASS))
