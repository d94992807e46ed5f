"""Nothing that a student writes may make the reading slow. CPU time is measured: a busy machine passes."""

import time

import pytest

from graders.theory import Document, find_answers, read_conclusion, score_answer

MEGABYTE = 1_000_000
SECONDS = 2.0


def letters(number):
    """A word of its own for each number, in letters that both scripts' stemmers must work on."""
    return "слов" + "".join("абвгдежзик"[int(digit)] for digit in str(number))


HOSTILE = {
    "words": "свёртка общие веса пулинг " * (MEGABYTE // 26),
    "one word": "а" * MEGABYTE,
    "spaces": "1." + " " * MEGABYTE,
    "newlines": "1. да" + "\n" * MEGABYTE,
    "list": "1. веса\n" * (MEGABYTE // 8),
    "headings": "## 1\n" * (MEGABYTE // 5),
    "labels": "Вопрос 1: веса общие для ядра\n" * (MEGABYTE // 30),
    "fences": "```\n````\n" * (MEGABYTE // 9),
    "formulas": "$$ \\[ " * (MEGABYTE // 6),
    "strikes": "## 1\n" + "~~a ~~<del><!--" * (MEGABYTE // 15),
    "marks": "## 1\n" + "!?" * (MEGABYTE // 2) + "x",
    "stars": "## 1\n" + "*_" * (MEGABYTE // 2),
    "quotes": ">" * MEGABYTE,
    "invisible": "## 1\nа" + "\u200b" * MEGABYTE + "б",
    "accents": "## 1\n" + "и\u0306" * (MEGABYTE // 2),
    "how": "как ширина " * (MEGABYTE // 11),
    "different words": "## 1\n" + " ".join(map(letters, range(MEGABYTE // 9))),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_is_found_and_scored_in_time(rubric, name):
    started = time.process_time()
    answers = {answer.question: answer for answer in find_answers(rubric, [Document("a.md", HOSTILE[name])])}
    for question in rubric.questions:
        score_answer(question, answers.get(question.id))
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_is_read_for_a_conclusion_in_time(name):
    started = time.process_time()
    read_conclusion([HOSTILE[name]], "width")
    assert time.process_time() - started < SECONDS


def test_a_restated_question_repeated_for_ever_is_stripped_in_time(rubric, ask):
    started = time.process_time()
    find_answers(rubric, [Document("a.md", "## 1\n" + f"{ask(1)}\n" * 10_000)])
    assert time.process_time() - started < SECONDS


def test_fifty_answers_a_second(rubric):
    documents = [
        Document(
            "a.md",
            "\n\n".join(
                f"## {question.id}\n{question.answer.ru} Студент {number}." for question in rubric.questions
            ),
        )
        for number in range(20)
    ]
    started = time.process_time()
    for document in documents:
        answers = {answer.question: answer for answer in find_answers(rubric, [document])}
        for question in rubric.questions:
            assert score_answer(question, answers[question.id]).earned == question.points
    assert len(documents) * 6 / (time.process_time() - started) >= 50
