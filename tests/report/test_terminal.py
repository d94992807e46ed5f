import re

import builders
import pytest
from rich.console import Console, RenderableType

from graders.model import Language, say
from graders.report.terminal import check_report, class_table, marks_table

ASSIGNMENT = builders.assignment()


def printed(renderable: RenderableType, width: int = 100) -> str:
    console = Console(width=width, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


def test_the_marks_table_says_points_value_status_reason_and_hint() -> None:
    shown = printed(marks_table(builders.record(builders.metric_mark(0.874)), ASSIGNMENT, "en"), 120)
    assert "Accuracy on hidden pictures" in shown
    assert "3.7 / 4" in shown
    assert "0.863 … 0.885" in shown
    assert "◐ partly" in shown
    assert "0.874: between 0.7" in shown
    assert "Next: Points grow in a straight line up to 0.9." in shown
    assert "Total 3.7 of 4 points" in shown


def test_a_long_address_is_shown_whole() -> None:
    address = "https://fashion-mnist.example.org/" + "/".join(map(str, range(40)))
    mark = builders.metric_mark(0.874).model_copy(update={"reason": say("refused.task.url", what=address)})
    shown = printed(marks_table(builders.record(mark), ASSIGNMENT, "en"))
    assert address in re.sub(r"[│ \n]", "", shown)


def test_provisional_points_are_told_apart() -> None:
    assert "1.375 of these provisional" in printed(marks_table(builders.record(), ASSIGNMENT, "en"))


def test_a_check_says_what_would_fail_and_how_to_mend_it() -> None:
    shown = printed(check_report(builders.broken_record(), ASSIGNMENT, "en"), 200)
    assert shown.splitlines()[0] == "A self-check, not a mark."
    assert "Code cell 5: NameError: name 'train_loader' is not defined" in shown
    assert "1 task would fail:\n✗ Accuracy on hidden pictures" in shown
    assert "Next: Cell 5 of the code failed" in shown
    assert shown.index("1 task would fail") < shown.index("1 task would not earn full points")


def test_a_check_of_good_work_lists_no_failure() -> None:
    shown = printed(check_report(builders.record(builders.metric_mark(0.95)), ASSIGNMENT, "en"))
    assert "would" not in shown
    assert "1 task passes." in shown


def test_the_class_table_has_a_row_for_each_student() -> None:
    records = [builders.ungradable_record(), builders.record(), builders.record(assignment="gone")]
    shown = printed(class_table(records, [ASSIGNMENT], "en"), 160)
    assert "student42" in shown
    assert "7.875 / 10" in shown
    assert "— / 4" in shown
    assert "could not be graded" in shown
    assert "gone" in shown


def test_names_of_students_stay_whole_in_a_narrow_terminal() -> None:
    records = [builders.record(student="student0042"), builders.record(student="Ёжикова-Щукина Ю.")]
    shown = printed(class_table(records, [ASSIGNMENT], "en"), 60)
    assert "student0042" in shown
    assert "Ёжикова-Щукина Ю." in shown


@pytest.mark.parametrize("width", range(78, 150, 6))
def test_no_word_is_broken_in_a_terminal_of_the_usual_width_and_above(width: int) -> None:
    record = builders.record(earned=2.203, possible=10, status="needs_review")
    shown = printed(class_table([record], [ASSIGNMENT], "en"), width).split()
    titles = [task.title.en for task in ASSIGNMENT.tasks]
    assert {word for title in titles for word in title.split()} | {"awaits", "person"} <= set(shown)
    assert max(map(len, printed(class_table([record], [ASSIGNMENT], "en"), width).splitlines())) <= width


def test_tasks_are_numbered_where_their_titles_would_be_broken() -> None:
    titles = [task.title.en for task in ASSIGNMENT.tasks]
    wide, narrow = (printed(class_table([builders.record()], [ASSIGNMENT], "en"), n) for n in (200, 60))
    assert all(title in wide for title in titles)
    assert "1 Accuracy" not in wide
    below = narrow.splitlines()[-len(titles) :]
    assert below == [f"{number} {title}" for number, title in enumerate(titles, start=1)]


def test_a_name_as_long_as_the_terminal_leaves_room_for_points() -> None:
    shown = printed(class_table([builders.record(student="x" * 200)], [ASSIGNMENT], "en"), 80)
    assert "7.875 / 10" in shown
    assert shown.count("x") >= 200


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_students_text_is_neither_markup_nor_an_escape(language: Language) -> None:
    record = builders.hostile_record()
    for renderable in (
        marks_table(record, ASSIGNMENT, language),
        check_report(record, ASSIGNMENT, language),
        class_table([record], [ASSIGNMENT], language),
    ):
        shown = printed(renderable, 400)
        assert "[bold]markup[/bold]" in shown.replace("\n", "") or "[bold" in shown
        assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(shown)


def test_weights_that_were_scored_without_the_training_are_told_everywhere() -> None:
    weighed = builders.record(student="ann", run=builders.run(mode="checkpoint"))
    table = printed(class_table([weighed, builders.record(student="bob")], [ASSIGNMENT], "en"), 160)
    assert table.count("weights scored") == 2, "in the student's row, and under the table"
    assert "the training of 1 submission was not repeated" in table
    for shown in (marks_table(weighed, ASSIGNMENT, "en"), check_report(weighed, ASSIGNMENT, "en")):
        assert "Weights scored, training not repeated." in printed(shown, 160)
    assert "eights scored" not in printed(marks_table(builders.record(), ASSIGNMENT, "en"), 160)
