import numpy as np
import pytest

from graders.theory.learning.cases import (
    LONGEST_ANSWER,
    case_of,
    language_of,
    profile_for,
    read_answer,
    refuses,
)
from graders.theory.lexicon import REFUSALS
from graders.theory.reading import read
from graders.theory.similarity import FEATURES


@pytest.fixture
def both(make_question):
    return make_question(
        "Зачем свёртке общие веса для всех мест картинки?",
        "Один и тот же фильтр нужен в любом месте, поэтому параметров мало.",
        "Why does a convolution share its weights over all positions?",
        "The same filter is needed at every position, so there are few parameters.",
    )


@pytest.mark.parametrize(
    "text", ["не знаю", "Не знаю.", "НЕ ЗНАЮ!!!", "**I don't know**", "No submission.", "idk"]
)
def test_saying_that_there_is_no_answer_is_a_refusal(text):
    assert refuses(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "нет",
        "Нет.",
        "none",
        "None.",
        "no",
        "0",
        "Не знаю точно, но веса общие",
        "Не знаю, наверное 8",
        "не знаю не знаю",
        "без ответа модели не учатся",
        "I don't know the name, but the gate forgets",
        "",
        "не успел " * 50,
    ],
)
def test_an_answer_is_no_refusal(text):
    assert not refuses(read(text))


def test_every_refusal_is_written_as_it_is_compared():
    assert [line for line in sorted(REFUSALS) if not refuses(read(line))] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Веса общие", "ru"),
        ("Shared weights", "en"),
        ("", "ru"),
        ("LSTM забывает", "ru"),
        ("12 13", "ru"),
        ("the forget gate и всё", "en"),
    ],
)
def test_the_language_is_that_of_most_words(text, language):
    assert language_of(read(text)) == language


def test_what_repeats_the_question_is_not_part_of_the_answer(both):
    reading, copied = read_answer(both, f"{both.text.ru}\n\nФильтр один.")
    assert copied
    assert [word.text for word in reading.words] == ["фильтр", "один"]


def test_an_answer_that_repeats_nothing_is_read_whole(both):
    reading, copied = read_answer(both, "Фильтр один, параметров мало.")
    assert not copied
    assert len(reading.words) == 4


@pytest.mark.parametrize("text", ["", "...", "не знаю", "I don't know."])
def test_blanks_and_refusals_are_blank(both, text):
    assert case_of(both, read(text)).blank


@pytest.mark.parametrize("text", ["нет", "none", "8", "Фильтр один"])
def test_short_answers_are_not_blank(both, text):
    assert not case_of(both, read(text)).blank


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_answer_is_compared_with_the_reference_in_its_language(both, language):
    found = case_of(both, read(both.answer.to(language))).features
    assert found[FEATURES.index("recall")] == 1


def test_a_short_formula_is_compared_with_the_reference_that_has_it(make_question):
    asked = make_question("Чему равно?", "Это $c t$, произведение", "What is it?", "It is something else")
    found = case_of(asked, read("$c t$")).features
    assert found[FEATURES.index("recall")] > 0


def test_a_question_without_a_rubric_has_no_points(both):
    assert case_of(both, read("Фильтр")).points is None
    assert case_of(both, read("Фильтр"), [0.5, 0, 1]).points == (0.5, 0, 1)


def test_of_a_huge_answer_only_the_beginning_counts(both):
    text = "слово " * (LONGEST_ANSWER // 6)
    assert profile_for(both, text + "Фильтр " * 200_000) == profile_for(both, text)


def test_the_profile_is_that_of_the_case(both):
    text = f"{both.text.ru} Фильтр один."
    case = case_of(both, read_answer(both, text)[0])
    assert profile_for(both, text) == case.profile


@pytest.mark.parametrize("text", ["\x00", "\ud800", "🙂" * 500, "ъ", "\u200b", "$" * 3000, "²³", "'" * 99])
def test_odd_texts_have_finite_features(both, text):
    assert np.isfinite(case_of(both, read(text)).features).all()
