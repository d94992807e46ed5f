"""A person's marks lie on top of the machine's: they hold for one text, and nothing is overwritten."""

import pytest
from classmates import answer_of, graded, score, written

from graders.edits import answer_hash, answers_of, edit_of, effective, with_edits, with_marks
from graders.model import Edit, Record

TEXT = written("2")[0][0]
OTHER = written("2")[1][0]


def edit(earned: float, text: str = TEXT, **changes: object) -> Edit:
    values = {
        "task": "theory",
        "question": "2",
        "answer": answer_hash(text),
        "machine": 0.25,
        "earned": earned,
        "author": "a.b.",
        "at": "2026-03-02T08:00:00.000001Z",
        "reason": "",
    }
    return Edit.model_validate({**values, **changes})


@pytest.fixture
def record() -> Record:
    return graded("ann", {"2": TEXT})


def test_an_edit_stands_in_place_of_the_machines_points(record: Record) -> None:
    shown = answer_of(effective(with_edits(record, [edit(0.375)])), "2")
    assert (shown.earned, shown.settled, shown.route) == (0.375, True, "settled")


def test_an_edit_says_who_and_when(record: Record) -> None:
    why = answer_of(effective(with_edits(record, [edit(0.375)])), "2").why
    assert why is not None
    assert why.params == {"author": "a.b.", "at": "2026-03-02 08:00"}


def test_the_machines_interval_is_not_shown_beside_a_persons_points(record: Record) -> None:
    shown = answer_of(effective(with_edits(record, [edit(0.375)])), "2")
    assert (shown.low, shown.high, shown.sureness) == (None, None, None)


def test_the_record_keeps_the_machines_marks(record: Record) -> None:
    assert with_edits(record, [edit(0.5)]).marks == record.marks


def test_the_latest_edit_wins(record: Record) -> None:
    edited = with_edits(with_edits(record, [edit(0.5)]), [edit(0.125, at="2026-03-03T08:00:00Z")])
    assert answer_of(effective(edited), "2").earned == 0.125
    assert [one.earned for one in edited.edits] == [0.5, 0.125]


@pytest.mark.parametrize(
    "other",
    [
        {"answer": answer_hash(TEXT + " ")},
        {"answer": answer_hash("")},
        {"answer": ""},
        {"question": "3"},
        {"question": ""},
        {"task": "theory_two"},
    ],
)
def test_an_edit_of_something_else_does_not_apply(record: Record, other: dict[str, str]) -> None:
    edited = with_edits(record, [edit(0.5, **other)])
    assert effective(edited).marks == record.marks
    assert edited.earned == record.earned


def test_after_another_answer_the_edit_stays_in_the_record_and_does_not_apply() -> None:
    again = with_edits(graded("ann", {"2": OTHER}), [edit(0.5)])
    assert answer_of(effective(again), "2") == score("2", OTHER)
    assert [one.answer for one in again.edits] == [answer_hash(TEXT)]


def test_an_edit_holds_again_when_the_old_answer_comes_back() -> None:
    there = with_edits(graded("ann", {"2": OTHER}), [edit(0.5)])
    back = with_edits(graded("ann", {"2": TEXT}), there.edits)
    assert answer_of(effective(back), "2").earned == 0.5


def test_sums_follow_the_edits(record: Record) -> None:
    before = answer_of(record, "2").earned
    edited = with_edits(record, [edit(0.375)])
    assert edited.earned == pytest.approx(record.earned - before + 0.375)
    assert edited.possible == record.possible


def test_nothing_is_provisional_once_a_person_marked_every_answer(record: Record) -> None:
    assert record.status == "needs_review"
    edited = with_edits(record, [edit(0.375)])
    assert (edited.provisional, edited.status) == (0.0, "graded")


def test_points_of_other_answers_stay_provisional() -> None:
    two = graded("ann", {"2": TEXT, "5": written("5")[0][0]})
    edited = with_edits(two, [edit(0.5)])
    assert edited.status == "needs_review"
    assert edited.provisional == edited.earned - 0.5 > 0


@pytest.mark.parametrize(("earned", "status"), [(0.0, "failed"), (0.25, "partial")])
def test_the_status_of_a_settled_task_follows_the_points(record: Record, earned: float, status: str) -> None:
    assert effective(with_edits(record, [edit(earned)])).marks[0].status == status


def test_an_ungradable_record_stays_ungradable(record: Record) -> None:
    ungradable = record.model_copy(update={"status": "ungradable"})
    assert with_edits(ungradable, [edit(0.5)]).status == "ungradable"


def test_a_record_without_edits_is_shown_as_it_is(record: Record) -> None:
    assert effective(record) is record


def test_showing_twice_changes_nothing(record: Record) -> None:
    once = effective(with_edits(record, [edit(0.375)]))
    assert effective(once) == once


def test_an_edited_record_comes_back_from_its_file(record: Record) -> None:
    edited = with_edits(record, [edit(0.375)])
    assert Record.model_validate_json(edited.model_dump_json()) == edited


def test_other_marks_of_the_machine_leave_the_edits() -> None:
    edited = with_edits(graded("ann", {"2": TEXT}), [edit(0.5)])
    other = with_marks(edited, graded("ann", {"2": TEXT, "5": written("5")[0][0]}).marks)
    assert other.edits == edited.edits
    assert answer_of(effective(other), "2").earned == 0.5


def test_only_theory_has_answers() -> None:
    record = graded("ann", {"2": TEXT})
    as_essay = record.model_copy(
        update={"marks": tuple(mark.model_copy(update={"kind": "essay"}) for mark in record.marks)}
    )
    assert len(answers_of(record)) == 6
    assert answers_of(as_essay) == []


def test_half_a_letter_can_be_hashed() -> None:
    assert answer_hash("\ud83d") == answer_hash("?")


def test_an_answer_without_an_edit_has_none(record: Record) -> None:
    assert edit_of(record, "theory", answer_of(record, "2")) is None
