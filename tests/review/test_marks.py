"""Marks as people give them: read from files, refused as a whole if one is wrong, kept and learned from."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from classmates import (
    HERE,
    after,
    answer_of,
    changes,
    classmates,
    graded,
    graded_again,
    lesson,
    marked,
    people,
    written,
)

from graders.edits import answer_hash, effective
from graders.errors import AuthorError
from graders.model import Record
from graders.review.mark_files import LARGEST, MOST_PROBLEMS, Given, read_marks
from graders.review.marks import give

Read = Callable[..., list[tuple[str, Given]]]
CLASS = classmates("2")
TWO = [("ann", "2", 0.5), ("bob", "3", 0.25)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes a file of marks and reads it."""

    def of(content: str | bytes, name: str = "marks.csv") -> list[tuple[str, Given]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_marks(path)

    return of


def plain(given: list[tuple[str, Given]]) -> list[tuple[str, str, float]]:
    return [(mark.student, mark.question, mark.points) for _, mark in given]


@pytest.mark.parametrize(
    "text",
    [
        "student,question,points\nann,2,0.5\nbob,3,0.25\n",
        "student,question,points\r\nann,2,0.5\r\nbob,3,0.25\r\n",
        "student,question,points\rann,2,0.5\rbob,3,0.25\r",
        "student;question;points\nann;2;0.5\nbob;3;0.25",
        "student;question;points\nann;2;0,5\nbob;3;0,25",
        'student,question,points\nann,2,"0,5"\nbob,3,"0,25"',
        "\ufeffstudent,question,points\nann,2,0.5\nbob,3,0.25",
        "Student,QUESTION, Points \nann,2,0.5\nbob,3,0.25",
        "points,question,student\n0.5,2,ann\n0.25,3,bob",
        "student,question,points\n\nann,2,0.5\n\n,,\nbob,3,0.25\n\n",
        "\n\nstudent,question,points\nann,2,0.5\nbob,3,0.25\n",
        "group,student,question,points,seen\nA,ann,2,0.5,yes\nB,bob,3,0.25,",
        "student,question,points\nann,2,0.5,,\nbob,3,0.25, ",
        "student,question,points\n ann , 2 , 0.5 \nbob,3, 0.25",
    ],
)
def test_csv_is_read_as_spreadsheets_write_it(read: Read, text: str) -> None:
    assert plain(read(text)) == TWO


@pytest.mark.parametrize(
    "rows",
    [
        [
            {"student": "ann", "question": "2", "points": 0.5},
            {"student": "bob", "question": 3, "points": 0.25},
        ],
        [
            {"student": "ann", "question": "2", "points": "0.5", "seen": True},
            {"student": "bob", "question": "3", "points": 0.25, "reason": "unclear"},
        ],
    ],
)
def test_json_is_read(read: Read, rows: list[dict[str, object]]) -> None:
    assert plain(read(json.dumps(rows), "marks.json")) == TWO


def test_json_with_a_byte_order_mark_and_a_large_suffix_is_read(read: Read) -> None:
    rows = [{"student": "ann", "question": "2", "points": 0.5}]
    assert plain(read("\ufeff" + json.dumps(rows), "marks.JSON")) == TWO[:1]


def test_reasons_and_authors_are_read(read: Read) -> None:
    text = 'student,question,points,reason,author\nann,2,0.5,"two\nlines, one comma",c.d.\n'
    mark = read(text)[0][1]
    assert (mark.reason, mark.author) == ("two\nlines, one comma", "c.d.")


def test_places_are_lines_of_the_file(read: Read) -> None:
    given = read("\nstudent,question,points\nann,2,0.5\n\nbob,3,0.25\n")
    assert [place for place, _ in given] == ["line 3", "line 5"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,points\nann,0.5\n", "names no column question"),
        ("student,question,points\nann,2,\n", "line 2: points: Field required"),
        ("student,question,points\nann,2,half\n", "line 2: points: Input should be a valid number"),
        ("student,question,points\nann,2,-0.5\n", "line 2: points: Input should be greater"),
        ("student,question,points\nann,2,nan\n", "line 2: points: Input should be a finite number"),
        ("student,question,points\nann,2,inf\n", "line 2: points: Input should be a finite number"),
        ("student,question,points\nann,2,1e999\n", "line 2: points: Input should be a finite number"),
        ("student,question,points\n  ,2,0.5\n", "line 2: student: String should have"),
        ("ann,2,0.5\n", 'its first line, "ann, 2, 0.5", names no column student, question, points'),
        ("sep=;\nstudent;question;points\nann;2;0.5\n", "names no column student, question, points"),
        ("student\tquestion\tpoints\nann\t2\t0.5\n", "names no column student, question, points"),
        ("student,question,points,Points\nann,2,0.5,0.25\n", "has the column points twice"),
        ("student,question,points\nann,2,0,5\n", "line 2 has more cells than the header has columns"),
        ('student,question,points,reason\nann,2,0.5,"open\nbob,2,0.5,x\n', "unexpected end of data"),
        ("student,question,points\n", "has no marks"),
        ("", "has no marks"),
        (" \n\n", "has no marks"),
        (b"\xff\xfes\x00t\x00", "cannot be read"),
        ("студент;вопрос\n".encode("cp1251"), "cannot be read"),
        ("student,question,points\nann,2,0.5," + "x" * 200_000, "cannot be read"),
    ],
)
def test_a_wrong_csv_is_explained(read: Read, text: str | bytes, said: str) -> None:
    with pytest.raises(AuthorError) as caught:
        read(text)
    assert said in str(caught.value)
    assert "expected" in str(caught.value)
    assert "marks.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "it is no list"),
        ('{"student": "ann", "question": "2", "points": 0.5}', "it is no list"),
        ("[]", "has no marks"),
        ("[1]", "[0]: Input should be a valid dictionary"),
        ("[null]", "[0]: Input should be a valid dictionary"),
        ('[{"student": "ann", "question": "2", "points": NaN}]', "[0]: points: Input should be a finite"),
        ('[{"student": "ann", "question": "2", "points": -1}]', "[0]: points: Input should be greater"),
        ('[{"student": "ann", "question": "2", "points": true}]', "[0]: points: Value error"),
        ('[{"student": "ann", "question": "2", "points": [1]}]', "[0]: points: Input should be a valid"),
        ('[{"student": null, "question": "2", "points": 1}]', "[0]: student: Input should be a valid string"),
        ('[{"student": "ann", "question": "2"}]', "[0]: points: Field required"),
        ("[" * 100_000, "cannot be read"),
        ("[" + "9" * 10_000 + "]", "cannot be read"),
        ("", "cannot be read"),
        ("student,question,points\nann,2,0.5\n", "cannot be read"),
    ],
)
def test_a_wrong_json_is_explained(read: Read, text: str, said: str) -> None:
    with pytest.raises(AuthorError) as caught:
        read(text, "marks.json")
    assert said in str(caught.value)


def test_all_wrong_lines_are_told_at_once(read: Read) -> None:
    with pytest.raises(AuthorError) as caught:
        read("student,question,points\nann,2,x\nbob,3,0.5\n,1,1\ncid,1,-1\n")
    assert [problem.key for problem in caught.value.problems] == ["line 2", "line 4", "line 5"]


def test_of_very_many_wrong_lines_the_first_are_named_and_the_rest_counted(read: Read) -> None:
    with pytest.raises(AuthorError) as caught:
        read("student,question,points\n" + "ann,2,x\n" * 30_000)
    assert len(caught.value.problems) == MOST_PROBLEMS + 1
    assert str(caught.value).endswith(f"and {30_000 - MOST_PROBLEMS} more lines")


def test_of_very_many_marks_that_cannot_be_the_first_are_named() -> None:
    with pytest.raises(AuthorError) as caught:
        changes(CLASS, *[("zoe", "2", 0.5)] * 1000)
    assert len(caught.value.problems) == MOST_PROBLEMS + 1


def test_a_folder_is_no_file_of_marks(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="cannot be read"):
        read_marks(tmp_path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="cannot be read"):
        read_marks(tmp_path / "none.csv")


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(AuthorError, match="is larger than"):
        read_marks(path)


def test_a_mark_is_kept_as_an_edit_of_this_very_text() -> None:
    record = marked(CLASS, ("s04", "2", 0.375))[4]
    (edit,) = record.edits
    assert (edit.task, edit.question, edit.earned, edit.author) == ("theory", "2", 0.375, "a.b.")
    assert edit.answer == answer_hash(written("2")[4][0])
    assert edit.machine == answer_of(CLASS[4], "2").earned
    assert edit.at.endswith("Z")


def test_the_author_in_the_file_wins_over_whoever_gives_the_command() -> None:
    given = [("line 2", Given(student="s00", question="2", points=0.5, author="c.d.", reason="clear"))]
    (change, *_) = give(CLASS, lesson(), given, source=HERE, author="a.b.")
    assert (change.after.edits[0].author, change.after.edits[0].reason) == ("c.d.", "clear")


@pytest.mark.parametrize(("folder", "typed"), [("Андрей", "Андреи\u0306"), ("Андреи\u0306", "Андрей")])
def test_a_name_is_the_same_however_its_letters_are_composed(folder: str, typed: str) -> None:
    there = (graded(folder, {"2": written("2")[0][0]}),)
    assert marked(there, (typed, "2", 0.5))[0].edits[0].earned == 0.5


def test_only_what_changed_comes_back() -> None:
    changed = changes(CLASS, ("s04", "2", 0.375))
    assert [one.after.student for one in changed] == ["s04"]
    assert changed[0].before == CLASS[4]


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (("zoe", "2", 0.5), "line 2: no answers of zoe; there are answers of s00, s01"),
        (("s00", "9", 0.5), "line 2: s00 was asked no question 9; there are 1, 2, 3, 4, 5, 6"),
        (("s00", "2", 0.75), "line 2: 0.75 points, but question 2 has 0.5"),
    ],
)
def test_a_mark_that_cannot_be_is_explained(mark: tuple[str, str, float], said: str) -> None:
    with pytest.raises(AuthorError) as caught:
        changes(CLASS, mark)
    assert str(caught.value).startswith(f"marks.csv: {said}")


def test_all_marks_that_cannot_be_are_told_at_once() -> None:
    with pytest.raises(AuthorError) as caught:
        changes(CLASS, ("s00", "2", 0.5), ("zoe", "2", 0.5), ("s01", "2", 7.0))
    assert [problem.key for problem in caught.value.problems] == ["line 3", "line 4"]


def test_a_class_without_answers_is_said() -> None:
    with pytest.raises(AuthorError, match="there are answers of nobody"):
        changes((graded("ann", {}).model_copy(update={"marks": ()}),), ("ann", "2", 0.5))


def test_a_blank_can_be_marked_since_the_answer_may_have_been_overlooked() -> None:
    now = marked((graded("ann", {}),), ("ann", "2", 0.5))
    assert answer_of(effective(now[0]), "2").earned == 0.5


def test_full_points_and_none_are_marks() -> None:
    now = marked(CLASS, ("s00", "2", 0.5), ("s01", "2", 0.0))
    assert [answer_of(effective(one), "2").earned for one in now[:2]] == [0.5, 0.0]


def test_correcting_oneself_keeps_both_marks_and_the_machines_first() -> None:
    machine = answer_of(CLASS[4], "2").earned
    now = marked(marked(marked(CLASS, ("s04", "2", 0.5)), *people("2", 4)), ("s04", "2", 0.125))
    assert [edit.earned for edit in now[4].edits] == [0.5, 0.125]
    assert [edit.machine for edit in now[4].edits] == [machine, machine]
    assert answer_of(effective(now[4]), "2").earned == 0.125


def test_the_machines_first_points_outlast_grading_again() -> None:
    machine = answer_of(CLASS[4], "2").earned
    again = graded_again(marked(CLASS, ("s04", "2", 0.5)), "s04")
    assert answer_of(again[4], "2").earned == 0.5 != machine
    assert marked(again, ("s04", "2", 0.125))[4].edits[-1].machine == machine


def test_of_two_marks_in_one_file_the_last_holds() -> None:
    now = marked(CLASS, ("s04", "2", 0.5), ("s04", "2", 0.25))
    assert answer_of(effective(now[4]), "2").earned == 0.25


@pytest.mark.parametrize("points", [[0.5], [0.5, 0.25], [0.5, 0.5], [0.5, 0.25, 0.5]])
def test_the_same_marks_once_more_are_not_kept_again(points: list[float]) -> None:
    marks = [("s04", "2", one) for one in points]
    now = marked(CLASS, *marks)
    assert marked(now, *marks)[4].edits == now[4].edits


def test_a_command_that_was_killed_is_finished_by_giving_it_again() -> None:
    marks = people("2", 6)
    whole = marked(CLASS, *marks)
    half = (*whole[:3], *CLASS[3:])  # records are written one by one
    again = marked(half, *marks)
    assert [len(one.edits) for one in again] == [len(one.edits) for one in whole]
    assert [one.marks for one in again] == [one.marks for one in whole]


@pytest.mark.parametrize("author", ["a.b.", "c.d."])
def test_another_author_or_going_back_to_an_earlier_mark_is_no_repeat(author: str) -> None:
    now = marked(marked(CLASS, ("s04", "2", 0.5)), ("s04", "2", 0.25))
    again = marked(now, ("s04", "2", 0.5 if author == "a.b." else 0.25), author=author)
    assert len(again[4].edits) == 3


def test_the_same_points_with_another_reason_are_kept() -> None:
    given = [("", Given(student="s04", question="2", points=0.5, reason="clear"))]
    now = marked(CLASS, ("s04", "2", 0.5))
    (change, *_) = give(now, lesson(), given, source=HERE, author="a.b.")
    assert [edit.reason for edit in change.after.edits] == ["", "clear"]


@pytest.mark.parametrize("marks", [5, 10, 20])
def test_after_so_many_marks_the_others_are_scored_anew(marks: int) -> None:
    late = tuple(graded(f"t{at}", {"2": f"{written('2')[at][0]} Вот так."}) for at in (0, 7, 14))
    there = (*CLASS, *late)
    fewer = marked(there, *people("2", marks - 1))
    now = marked(fewer, people("2", marks)[-1])
    shown = [
        [(found.earned, found.low, found.high) for found in (answer_of(one, "2") for one in records[20:])]
        for records in (fewer, now)
    ]
    assert shown[0] != shown[1]


@pytest.mark.parametrize("marks", [1, 4, 6, 9, 11])
def test_between_refits_the_models_stay_as_they_are(marks: int) -> None:
    fewer = marked(CLASS, *people("2", marks))
    now = marked(fewer, people("2", marks + 1)[-1]) if marks not in (4, 9) else fewer
    for before, one in zip(fewer[12:], now[12:], strict=True):
        assert answer_of(before, "2").earned == answer_of(one, "2").earned


def test_a_person_who_is_stricter_than_the_rubric_is_followed() -> None:
    def error(records: Sequence[Record]) -> float:
        return sum(
            abs(answer_of(now, "5").earned - answer_of(first, "5").earned / 2)
            for now, first in zip(records[10:], five[10:], strict=True)
        )

    five = classmates("5")
    strict = [(one.student, "5", answer_of(one, "5").earned / 2) for one in five[:10]]
    assert error(marked(five, *strict)) < 0.5 * error(five)


@pytest.mark.parametrize("change", [str.upper, lambda text: f"  {text} \n", lambda text: text])
def test_an_exact_repeat_of_a_marked_answer_is_settled_at_once(change: Callable[[str], str]) -> None:
    twin = graded("twin", {"2": change(written("2")[4][0])})
    now = marked((*CLASS, twin), ("s04", "2", 0.375))
    found = answer_of(now[-1], "2")
    assert (found.earned, found.route, found.settled) == (0.375, "settled", True)
    assert now[-1].edits == ()


def test_a_repeat_follows_when_the_person_corrects_the_mark() -> None:
    there = (*CLASS, graded("twin", {"2": written("2")[4][0]}))
    now = marked(marked(there, ("s04", "2", 0.375)), ("s04", "2", 0.125))
    assert answer_of(now[-1], "2").earned == 0.125


def test_a_text_that_people_marked_differently_goes_to_a_person() -> None:
    text = written("2")[4][0]
    there = tuple(graded(name, {"2": text}) for name in ("ann", "bob", "cid"))
    now = marked(there, ("ann", "2", 0.5), ("bob", "2", 0.125))
    assert answer_of(now[2], "2").route == "review"


def test_a_repeat_under_another_question_is_no_repeat() -> None:
    text = written("2")[4][0]
    there = (graded("ann", {"2": text}), graded("bob", {"5": text}))
    assert answer_of(marked(there, ("ann", "2", 0.5))[1], "5").route != "settled"


def test_marks_of_one_lesson_leave_other_lessons_alone() -> None:
    other = CLASS[0].model_copy(update={"assignment": "l05_lstm", "student": "zoe"})
    changed = changes((*CLASS, other), *people("2", 5))
    assert "zoe" not in {one.after.student for one in changed}


def test_a_megabyte_is_marked_like_any_answer() -> None:
    huge = graded("ann", {"2": "свёртка " * 130_000})
    now = after((huge,), changes((huge,), ("ann", "2", 0.125)))
    assert answer_of(effective(now[0]), "2").earned == 0.125
