"""Essays are found under their heading, wherever they stand, and do not spill into answers."""

from pathlib import Path

import pytest

from graders.model import Essay, KeyPoint, Question, Rubric, Text
from graders.theory import Document, check_rubric, count_words, find_answers, score_answer, take_essays
from graders.theory.answers import LONGEST_TEXT

BOTH = Text(
    ru="Модель стала лучше. Но обучается дольше.", en="The model got better. But training takes longer."
)
ESSAY = Essay(
    id="analysis",
    points=1,
    heading=Text(ru="Анализ", en="Analysis"),
    words=20,
    text=Text(ru="Что помогло и чего это стоило?", en="What helped, and what did it cost?"),
    answer=BOTH,
    key_points=(
        KeyPoint(id="gain", weight=0.5, title=Text(ru="польза", en="gain"), any=("better", "лучше")),
        KeyPoint(id="cost", weight=0.5, title=Text(ru="цена", en="cost"), any=("longer", "дольше")),
    ),
)
QUESTION = Question(
    id="1",
    points=1,
    text=Text(ru="Зачем нужен пулинг в сети?", en="What is pooling in a network for?"),
    answer=Text(ru="Он уменьшает карту.", en="It makes the map smaller."),
    key_points=(KeyPoint(id="small", weight=1, title=Text(ru="а", en="a"), any=("smaller", "уменьшает")),),
)

RUBRIC = Rubric(questions=(QUESTION,), essays=(ESSAY,))


def taken(*documents: Document) -> tuple[str | None, list[str]]:
    found, rest = take_essays(RUBRIC, documents)
    return found["analysis"].text if found else None, [document.text for document in rest]


@pytest.mark.parametrize(
    "heading",
    [
        "# Анализ",
        "## Analysis",
        "### Анализ результатов",
        "**Анализ**",
        "## АНАЛИЗ:",
        "  ## Анализ\r",
        "## Мой анализ",
        "## 2. Анализ",
        "## Анализ: что я изменил в сети и что из этого помогло больше всего",
        "Анализ\n======",
        "Анализ:",
    ],
)
def test_a_heading_in_either_language_begins_it(heading: str) -> None:
    text, (rest,) = taken(Document("a.md", f"Вступление.\n\n{heading}\nСтало лучше.\n"))
    assert text == "Стало лучше."
    assert rest == "Вступление.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "Анализ показал, что стало лучше.",
        "## Вопрос 3. Проведите анализ того, как скорость обучения влияет на сходимость\nТак.",
        "## Вопрос 1. Анализ пулинга\nТак.",
        "## 1. Анализ пулинга\nТак.",
        "## Вопрос 1\n\n### Анализ пулинга\nТак.",
        "Анализ показал:\nТак.",
        "```\n# Analysis\n```\n",
        "",
    ],
)
def test_what_is_no_heading_of_it_begins_nothing(text: str) -> None:
    assert taken(Document("a.md", text)) == (None, [text])


def test_it_ends_at_a_heading_of_its_level_and_not_at_one_below() -> None:
    text, (rest,) = taken(
        Document("a.md", "## Вопрос 1\nДа.\n## Анализ\nЛучше.\n### Цена\nДольше.\n## Вопрос 2\nНет.\n")
    )
    assert text is not None
    assert "Лучше" in text
    assert "Дольше" in text
    assert "Нет" not in text
    assert rest == "## Вопрос 1\nДа.\n## Вопрос 2\nНет.\n"


def test_it_ends_where_an_answer_begins_by_its_label() -> None:
    text, (rest,) = taken(Document("a.md", "## Анализ\nЛучше.\n\nВопрос 1. Он уменьшает карту.\n"))
    assert text is not None
    assert "карту" not in text
    assert rest == "Вопрос 1. Он уменьшает карту.\n"


def test_lines_in_bold_within_it_end_nothing() -> None:
    text, (rest,) = taken(Document("a.md", "## Анализ\n\n**Что помогло**\n\nЛучше.\n## Теория\n1. Нет."))
    assert text is not None
    assert "Лучше" in text
    assert rest == "## Теория\n1. Нет."


def test_one_under_a_line_in_bold_ends_at_any_heading() -> None:
    text, (rest,) = taken(Document("a.md", "**Анализ**\nЛучше.\n**Цена**\nДольше.\n### Теория\n1. Нет."))
    assert text is not None
    assert "Дольше" in text
    assert rest == "### Теория\n1. Нет."


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    assert taken(Document("a.md", "```python\nx = 1\n\n## Анализ\n\nЛучше."))[0] == "\nЛучше.".strip("\n")


def test_what_is_too_long_to_be_read_stays_and_is_told_as_such() -> None:
    text = "![](data:image/png;base64," + "A" * LONGEST_TEXT + ")\n\nВопрос 1. Он уменьшает карту."
    _, rest = taken(Document("a.md", text))
    assert rest == [text]


def test_an_answer_before_it_does_not_take_it_up() -> None:
    document = Document(
        "a.md", "## 1. Зачем нужен пулинг в сети?\nНе знаю.\n\n## Анализ\nСеть уменьшает ошибку.\n"
    )
    _, rest = take_essays(RUBRIC, [document])
    (answer,) = find_answers(RUBRIC, rest)
    assert answer.text == "Не знаю."
    (spilt,) = find_answers(RUBRIC, [document])
    assert "уменьшает" in spilt.text, "without taking it out the essay would earn the answer's point"


def test_in_a_notebook_it_goes_on_through_the_markdown_cells_that_follow() -> None:
    cells = [
        Document("cell 3", "## Анализ", cell=2),
        Document("cell 4", "Стало лучше.", cell=3),
        Document("cell 5", "Но дольше.", cell=4),
        Document("cell 8", "После кода.", cell=7),
    ]
    text, rest = taken(*cells)
    assert text == "Стало лучше.\n\nНо дольше."
    assert rest == ["", "", "", "После кода."]


def test_in_a_notebook_code_may_stand_between_a_heading_and_its_text() -> None:
    cells = [Document("cell 3", "## Анализ", cell=2), Document("cell 5", "Стало лучше.", cell=4)]
    assert taken(*cells) == ("Стало лучше.", ["", ""])


def test_a_file_is_not_continued_in_the_notebook() -> None:
    text, rest = taken(Document("a.md", "## Анализ\nЛучше."), Document("cell 1", "Дольше.", cell=0))
    assert text == "Лучше."
    assert rest[1] == "Дольше."


def test_its_elements_are_its_points() -> None:
    found, _ = take_essays(RUBRIC, [Document("a.md", "## Анализ\nСеть стала лучше.")])
    score = score_answer(ESSAY, found["analysis"])
    assert (score.earned, score.settled) == (0.5, False)
    assert score_answer(ESSAY, None).settled


def test_thousands_of_open_fences_and_headings_take_no_time() -> None:
    text, _ = taken(Document("a.md", "```\n## Анализ\n" * 20_000))
    assert text is None or count_words(text) >= 0


def test_an_essay_is_checked_like_a_question() -> None:
    broken = ESSAY.model_copy(update={"answer": QUESTION.answer})
    rubric = Rubric(questions=(QUESTION,), essays=(broken, broken))
    keys = {problem.key for problem in check_rubric(rubric, Path("theory.toml"))}
    assert {"essays", "essays[0].answer.ru", "essays[1].answer.en"} <= keys
    assert check_rubric(Rubric(questions=(QUESTION,), essays=(ESSAY,)), Path("theory.toml")) == []
