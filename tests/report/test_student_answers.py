"""What a student's report says of theory answers: points, route, interval, what is wrong, a person's mark."""

import builders
import pytest
from parts import ANSWER
from reading import Page, read

from graders.edits import answer_hash, effective, with_edits
from graders.model import (
    AnswerScore,
    Assignment,
    Edit,
    KeyPointFinding,
    Language,
    Misconception,
    Question,
    Record,
    Relation,
    Span,
    Text,
    say,
)
from graders.report import student_report
from graders.report.student import answer_view

WRONG = Misconception(
    id="more", title=Text(ru="весов больше", en="more weights"), any=("more weight",), penalty=0.25
)
SWAPPED = Relation(
    id="cheap", title=Text(ru="что дешевле", en="which is cheaper"), agent="a", relation="b", than="c",
    penalty=0.25,
)  # fmt: skip


def lesson() -> Assignment:
    """Lesson 4 whose first question knows of a wrong statement and a comparison."""
    made = builders.assignment()
    assert made.rubric is not None
    first: Question = made.rubric.questions[0].model_copy(
        update={"misconceptions": (WRONG,), "relations": (SWAPPED,)}
    )
    questions = (first, *made.rubric.questions[1:])
    return made.model_copy(update={"rubric": made.rubric.model_copy(update={"questions": questions})})


def answered(**changes: object) -> AnswerScore:
    return builders.answers()[0].model_copy(update=changes)


def record(answer: AnswerScore, **changes: object) -> Record:
    return builders.record(builders.theory_mark(evidence=(answer,)), **changes)


def page(shown: Record, language: Language = "en") -> Page:
    return read(student_report(shown, lesson(), builders.course(lesson()), language))


def words(shown: Record, language: Language = "en") -> str:
    return " ".join(page(shown, language).text.split())


def wrong(name: str) -> tuple[KeyPointFinding, ...]:
    return (KeyPointFinding(id=name, probability=0.9, spans=(Span(start=0, end=5),), evidence="pattern"),)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "на этот вопрос ещё никто не оценивал"),
        ("en", "nobody has marked an answer to this question yet"),
    ],
)
def test_an_answer_says_who_looks_at_it_and_why(language: Language, sentence: str) -> None:
    shown = record(answered(why=say("route.nobody_marked", percent=62)))
    assert sentence.lower() in words(shown, language).lower()


@pytest.mark.parametrize("route", ["settled", "provisional", "review"])
def test_routes_are_told_apart(route: str) -> None:
    shown = page(record(answered(route=route, why=say("route.rubric_alone"))))
    assert f"route {route}" in [found.get("class") for found in shown.all("p")]


def test_an_answer_without_a_reason_has_no_line_for_it() -> None:
    assert not [found for found in page(record(answered())).all("p") if "route" in found.get("class", "")]


def test_an_interval_says_what_a_person_would_give() -> None:
    shown = record(answered(why=say("route.rubric_alone"), low=0.125, high=0.375))
    assert "A person would give from 0.125 to 0.375 points in 95 of 100 such cases." in words(shown)


@pytest.mark.parametrize(("low", "high"), [(None, None), (0.25, 0.25)])
def test_no_interval_is_shown_where_there_is_none(low: float | None, high: float | None) -> None:
    shown = record(answered(why=say("route.rubric_alone"), low=low, high=high))
    assert "A person would give" not in words(shown)


@pytest.mark.parametrize(("name", "title"), [("more", "more weights"), ("cheap", "which is cheaper")])
def test_a_wrong_statement_is_named_and_marked_as_wrong(name: str, title: str) -> None:
    view = answer_view(answered(misconceptions=wrong(name)), lesson(), "en", public=False)
    assert [(point.number, point.title, point.wrong) for point in view.points] == [
        (1, "the same weights everywhere", False),
        (2, "only neighbouring pixels are connected", False),
        (3, title, True),
    ]
    assert view.pieces[0].points == (3,)


def test_a_wrong_statement_looks_unlike_a_missing_point() -> None:
    shown = page(record(answered(misconceptions=wrong("more"))))
    assert any("is-wrong" in found.get("class", "") for _, found in shown.elements)


def test_a_self_check_names_nothing_wrong() -> None:
    shown = record(answered(misconceptions=wrong("more")), public=True)
    assert "more weights" not in words(shown)


def test_a_wrong_statement_that_the_rubric_has_no_more_keeps_its_id() -> None:
    view = answer_view(answered(misconceptions=wrong("older")), lesson(), "en", public=False)
    assert view.points[-1].title == "older"


def test_a_persons_mark_stands_in_place_of_the_machines() -> None:
    edit = Edit(
        task="theory", question="1", answer=answer_hash(ANSWER), machine=0.25, earned=0.5,
        author="<b>a.b.</b>", at="2026-03-02T08:00:00.000001Z", reason="",
    )  # fmt: skip
    shown = effective(with_edits(record(answered(why=say("route.rubric_alone"), low=0.0, high=0.5)), [edit]))
    text = words(shown)
    assert "Settled: marked by <b>a.b.</b>, 2026-03-02 08:00." in text
    assert "A person would give" not in text
    assert "the rubric's alone" not in text


def test_a_word_that_nobody_knows_is_shown_as_text() -> None:
    shown = record(answered(why=say("route.garbled", word="<i>огор\u202eошт")))
    html = student_report(shown, lesson(), builders.course(lesson()), "en")
    assert "&lt;i&gt;огор⟨U+202E⟩ошт" in html
