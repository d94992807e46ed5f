"""What holds for every file: each answer under its own question, whole and alone, each span on its place."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graders.model import Rubric, Span
from graders.theory import Document, find_answers, place, take_essays

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
RUBRICS = [
    Rubric.model_validate(tomllib.loads(path.read_text("utf-8")))
    for path in sorted(ASSIGNMENTS.glob("*/theory.toml"))
]
CNN, LSTM = RUBRICS[1], RUBRICS[2]
STEADY = settings(
    deadline=None, derandomize=True, max_examples=100, suppress_health_check=list(HealthCheck), database=None
)

FORMS = [
    "**Вопрос {n}**: {ask} {answer}",
    "**Вопрос {n}**: {ask}\n{answer}",
    "**Вопрос {n}.** {answer}",
    "**Вопрос {n}: {ask}**\n\n{answer}",
    "## {n}. {ask}\n\n{answer}",
    "## {n}. {ask}\n\n### Ответ\n\n{answer}",
    "## {n}\n{answer}",
    "### Question {n}\n{answer}",
    "### Question {n}\n\n{ask}\n\n**Answer:** {answer}",
    "{n}. {ask}\n{answer}",
    "{n}. {ask}\n\nОтвет: {answer}",
    "{n}. {answer}",
    "{n}) {answer}",
    "**{n}.** {answer}",
    "**{n}. {ask}** {answer}",
    "№{n} {answer}",
    "№ {n}. {ask}\n{answer}",
    "Q{n}: {answer}",
    "Q{n}. {ask}\nA{n}: {answer}",
    "Вопрос №{n}.\n{ask}\n\n{answer}",
    "Вопрос {n}: {ask} Ответ: {answer}",
    "Ответ на вопрос {n}: {answer}",
    "> {n}. {ask}\n\n{answer}",
    "> **Вопрос {n}.** {ask}\n\n{answer}",
    "- Вопрос {n}: {answer}",
    "- **{n}.** {ask}\n\n  {answer}",
    "  {n}. {ask}\n\n  {answer}",
    "Вопрос {n}\n========\n{answer}",
    "### {ask}\n{answer}",
    "**{ask}**\n\n{answer}",
    "**Вопрос:** {ask}\n**Ответ:** {answer}",
    "{n}.\u00a0{ask}\u200b\n{answer}",
    "\u200b**Вопрос\u00a0{n}**\u200b: {answer}",
    "{n}\\. {ask}\n{answer}",
    "{n}-й вопрос. {ask}\n{answer}",
    "<b>{n}.</b> {ask}\n\n{answer}",
]
ANSWERS = [
    "Тут всё просто.",
    "Потому что $\\frac{\\partial c_{t+1}}{\\partial c_t} = f_t$, и $2 + 2 = 4$.",
    "Причины:\n1. память\n2. время\n3. лень",
    "Причины:\n\n1) память\n\n2) время\n\n3) лень\n\nИ всё.",
    "- память\n- время\n  1. раз\n  2. два",
    "$$\n1. + 2. = 3\n$$\nгде 1. это единица",
    "Код:\n```python\n# 2. шаг\nx = 1\n## 3\n```\nи вывод",
    "~~Вопрос 2 проще~~ Ладно, отвечу.",
    "Шутка: заходят как-то тензоры в бар 🙃",
    "#### Подробнее\n\nДва абзаца.\n\nВторой.",
    "В 2015 году сделали иначе.\n2015 год был давно.\n3.14 раза быстрее.",
    "**Кратко**: да.\n\n*Подробно*: смотря как (см. вопрос 2).",
    "хз",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "<!-- 5. дописать -->\nДопишу.",
    "Вопрос 2 похож на этот. Ответ 3 тоже.",
    "-5 градусов, *примерно*",
    "> цитата из лекции\n\nи моё мнение",
    "It depends:\n* memory\n* time",
    "",
]


@st.composite
def written(draw):
    """Number of a rubric, a file that answers some of it, and the answers that are in the file."""
    lesson = draw(st.integers(0, len(RUBRICS) - 1))
    asked = draw(st.permutations(RUBRICS[lesson].questions).map(list))
    parts, expected = [draw(st.sampled_from(["", "# Теория", "Привет!"]))], {}
    for question in asked[: draw(st.integers(1, len(asked)))]:
        answer = draw(st.sampled_from(ANSWERS))
        ask = question.text.to(draw(st.sampled_from(["ru", "en"])))
        parts.append(draw(st.sampled_from(FORMS)).format(n=question.id, ask=ask, answer=answer))
        expected[question.id] = answer
    text = draw(st.sampled_from(["\n\n", "\n\n\n", "\n\n---\n\n"])).join(parts)
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n", "  \n", "\u00a0\n"])))
    return lesson, draw(st.sampled_from(["", "\ufeff"])) + text, expected


def plain(text):
    """Without what the file's line ends changed."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def assert_placed(answers, originals):
    """Every character of every answer stands where the answer says, but for blank lines between its parts."""
    for answer in answers:
        joins = list(answer.text)
        for piece in answer.pieces:
            length = piece.end - piece.start
            assert (
                answer.text[piece.at : piece.at + length] == originals[piece.source][piece.start : piece.end]
            )
            joins[piece.at : piece.at + length] = [""] * length
        assert set("".join(joins)) <= {"\n"}


@STEADY
@given(written())
def test_every_answer_is_found_under_its_own_question_whole_and_alone(file):
    lesson, text, expected = file
    answers = find_answers(RUBRICS[lesson], [Document("a.md", text)])
    assert {one.question: plain(one.text) for one in answers if one.text} == {
        question: answer for question, answer in expected.items() if answer
    }


@STEADY
@given(written())
def test_in_a_notebook_answers_stand_in_the_cells_after_their_questions(file):
    lesson, _, expected = file
    questions = {question.id: question for question in RUBRICS[lesson].questions}
    cells = [f"**Вопрос {n}.** {questions[n].text.ru}\n{said}" for n, said in expected.items() if not said]
    cells += [
        cell for n, said in expected.items() if said for cell in (f"### {n}. {questions[n].text.en}", said)
    ]
    documents = [Document(f"cell {number}", cell, number) for number, cell in enumerate(["# Теория", *cells])]
    answers = find_answers(RUBRICS[lesson], documents)
    assert {one.question: one.text for one in answers if one.text} == {
        question: answer for question, answer in expected.items() if answer
    }


@STEADY
@given(written(), st.integers(0, 400), st.integers(0, 400))
def test_a_span_stands_at_the_same_characters_in_the_student_s_text(file, start, length):
    lesson, text, _ = file
    cells = text.split("\n\n---\n\n")
    documents = [Document("a.md", text), *(Document(f"cell {n}", cell, n) for n, cell in enumerate(cells))]
    originals = {document.source: document.text for document in documents}
    answers = find_answers(RUBRICS[lesson], documents)
    assert_placed(answers, originals)
    for answer in answers:
        end = min(start + length, len(answer.text))
        said = [
            originals[one.source][one.start : one.end] for one in place(answer, Span(start=start, end=end))
        ]
        characters = "".join(answer.text[start:end].split())
        assert "".join("".join(said).split()) == characters


@STEADY
@given(
    written(),
    st.sampled_from(["## Анализ\n\nСеть лучше.\n\n", "**Analysis**\n\nIt is better.\n\n## Конец\n\n"]),
)
def test_where_an_essay_was_cut_out_spans_still_stand_in_the_student_s_text(file, essay):
    _, text, _ = file
    parts = text.split("\n\n")
    whole = (
        essay + "\n\n".join(parts[: len(parts) // 2]) + "\n\n" + essay + "\n\n".join(parts[len(parts) // 2 :])
    )
    document = Document("a.md", whole)
    essays, rest = take_essays(LSTM, [document])
    assert_placed([*essays.values(), *find_answers(LSTM, rest)], {"a.md": whole})


MARKUP = st.lists(
    st.sampled_from(
        [*"#*_>-+=|~`$<\\/[](){}.:)1234567890 \t\n\r",
         "```", "$$", "~~", "\n\n", "Вопрос", "Ответ", "Question ",
         "№", "Q1", "\n1. ", "\n2) ", "\n## 3", "слово ", "<b>", "</details>",
         "<!--", "-->", "\u200b", "\ufeff",
         "\u00a0", "\u2028", "\x0c", "\x85", "1\ufe0f\u20e3", "пулинг ", "что делает слой пулинга? "]
    ),
    max_size=120,
).map("".join)  # fmt: skip


@STEADY
@given(st.one_of(st.text(max_size=400), MARKUP), st.one_of(st.none(), MARKUP))
@example("1" * 50, None)
@example("Вопрос ² \n² . x", None)
def test_any_text_is_read_and_its_answers_stand_in_it(text, cell):
    documents = [Document("a.md", text), *([Document("cell 1", cell, 1)] if cell is not None else [])]
    answers = find_answers(CNN, documents)
    assert {one.question for one in answers} <= {question.id for question in CNN.questions}
    assert_placed(answers, {document.source: document.text for document in documents})


HUGE = {
    "a hundred thousand headings": "## 1. Что делает слой пулинга?\n" * 100_000,
    "a hundred thousand questions": "".join(f"Вопрос {n % 6 + 1}: да\n\n" for n in range(100_000)),
    "a hundred thousand items": "Вопрос 1: такие\n" + "".join(f"{n % 90 + 1}. да\n" for n in range(100_000)),
    "unclosed fences": "```\n2. да\n~~~~\n" * 80_000,
    "a line of a megabyte": "1. " + "слой пулинга? " * 75_000,
    "a line of blanks": "> " + "\u00a0\u200b" * 500_000 + "1.",
    "tags": "<b><div>" * 130_000 + "1. да",
    "rows": "| № | ответ |\n" + "| 1 | да |\n" * 100_000,
    "stops": "1. " + "Да.** " * 170_000,
    "rules": "## 1\nда\n" + "---\n" * 250_000,
    "struck out": "~~а" * 330_000,
    "comments": "<!-- 1. " * 125_000,
    "pictures": "\U0001f600" * 250_000 + "1. да",
    "dashes": "1. **" + " -" * 500_000,
    "brackets": "- [x] " * 170_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_megabyte_is_read_in_time(name):
    started = time.process_time()
    answers = find_answers(CNN, [Document("a.md", HUGE[name])])
    assert time.process_time() - started < 2.0
    assert_placed(answers, {"a.md": HUGE[name]})
