import pytest

from graders.theory import Document, find_answers, score_answer


def found(rubric, text, *cells):
    documents = [Document("l04_cnn.md", text)] if text else []
    documents += [Document(f"cell {number}", cell, number) for number, cell in enumerate(cells, 1)]
    return {answer.question: answer for answer in find_answers(rubric, documents)}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    "form",
    [
        "**Вопрос 3**: {ask}\nмаксимум по окну",
        "**Вопрос 3**: {ask} максимум по окну",
        "**Вопрос 3: {ask}**\nмаксимум по окну",
        "**Вопрос 3.**\nмаксимум по окну",
        "## 3. {ask}\nмаксимум по окну",
        "## 3. {ask}\n\n### Ответ\n\nмаксимум по окну",
        "3. {ask}\nмаксимум по окну",
        "3. {ask}\n\nОтвет: максимум по окну",
        "3. максимум по окну",
        "3) максимум по окну",
        "**3.** максимум по окну",
        "3 — максимум по окну",
        "№3 максимум по окну",
        "№ 3. максимум по окну",
        "Q3: максимум по окну",
        "q3 максимум по окну",
        "### Question 3\nмаксимум по окну",
        "Question 3. {ask}\n**Answer:** максимум по окну",
        "Вопрос №3.\nмаксимум по окну",
        "Вопрос №3.\n{ask}\n\nмаксимум по окну",
        "Ответ на вопрос 3: максимум по окну",
        "> Вопрос 3. {ask}\n\nмаксимум по окну",
        "- Вопрос 3: максимум по окну",
        "Вопрос 3\n========\nмаксимум по окну",
        "### {ask}\nмаксимум по окну",
        "**{ask}**\n\nмаксимум по окну",
        "{ask}\nмаксимум по окну",
        "Вопрос: {ask}\nОтвет: максимум по окну",
        "3. Что делает пулинг, что он даёт сети и чем приходится платить?\nмаксимум по окну",
    ],
)
def test_every_form_of_an_answer_is_found_without_the_question(rubric, ask, form, language):
    answers = found(rubric, form.format(ask=ask(3, language)))
    assert list(answers) == ["3"]
    assert answers["3"].text == "максимум по окну"
    assert answers["3"].note is None


def test_forms_may_be_mixed_in_one_file(rubric, ask):
    text = (
        f"# Теория\n**Вопрос 1**: {ask(1)} раз\n\n## 2. {ask(2)}\nдва\n\n3. {ask(3)}\nтри\n\n"
        "### Question 4\nfour\n\n5) пять\n\n№6 шесть"
    )
    answers = found(rubric, text)
    assert [answers[str(number)].text for number in range(1, 7)] == [
        "раз",
        "два",
        "три",
        "four",
        "пять",
        "шесть",
    ]


def test_windows_line_ends_change_nothing(rubric, ask):
    answers = found(rubric, f"## 1. {ask(1)}\r\n\r\nраз\r\n\r\n2) два\r\n")
    assert {key: answer.text for key, answer in answers.items()} == {"1": "раз", "2": "два"}


def test_skipped_and_reordered_answers_keep_their_numbers(rubric):
    answers = found(rubric, "5. пять\n\n2. два")
    assert {key: answer.text for key, answer in answers.items()} == {"5": "пять", "2": "два"}


def test_the_wording_overrules_a_wrong_number_and_says_so(rubric, ask):
    answers = found(rubric, f"1. {ask(1)}\nраз\n\n2. {ask(5)}\nпять")
    assert answers["5"].text == "пять"
    assert answers["5"].matched_by == "text"
    assert answers["5"].note.code == "theory.number_and_text_differ"
    assert answers["5"].note.params == {"number": "2", "question": "5"}
    assert "2" not in answers


def test_a_number_and_its_wording_agree(rubric, ask):
    assert found(rubric, f"2. {ask(2)}\nдва")["2"].matched_by == "number_and_text"
    assert found(rubric, "2. два")["2"].matched_by == "number"


def test_an_answer_that_reads_like_another_question_is_marked_by_number_and_noted(rubric):
    text = rubric.questions[4].answer.ru
    answer = found(rubric, f"2. {text}")["2"]
    assert (answer.text, answer.matched_by) == (text, "number")
    assert answer.note.code == "theory.reads_like_another"


def test_a_numbered_list_inside_an_answer_stays_inside(rubric):
    answers = found(rubric, "## 1\nПричины:\n1. локальность\n2. общие веса\n3. мало параметров\n\n## 2\nдва")
    assert list(answers) == ["1", "2"]
    assert answers["1"].text.endswith("3. мало параметров")


def test_a_list_after_bare_numbers_does_not_swallow_the_next_answer(rubric):
    answers = found(rubric, "1. Причины:\n1) локальность\n2) веса\n3) параметры\n\n2. Поле это область входа")
    assert answers["2"].text == "Поле это область входа"


def test_code_and_formulas_are_not_headings(rubric):
    text = "## 1\n```python\n# 2. not a heading\n2. no\n```\n$$\n3. x\n$$\nконец\n\n## 4\nчетыре"
    answers = found(rubric, text)
    assert list(answers) == ["1", "4"]
    assert answers["1"].text.endswith("конец")


def test_an_unclosed_fence_hides_no_later_answer(rubric):
    answers = found(rubric, "## 1\n```python\nx = 1\n\n## 2\nдва\n\n```python\ny\n```\n\n## 3\nтри")
    assert list(answers) == ["1", "2", "3"]


def test_a_sentence_about_a_question_is_not_a_heading(rubric):
    answers = found(rubric, "## 1\nраз\n\nВопрос 2 похож на этот, но проще.")
    assert list(answers) == ["1"]


def test_two_answers_to_one_question_are_kept_and_counted(rubric):
    answer = found(rubric, "## 1\nраз\n\n## 1\nещё раз")["1"]
    assert answer.text == "раз\n\nещё раз"
    assert answer.note.code == "theory.several_answers"
    assert answer.note.params == {"n": 2}


def test_a_list_of_questions_before_the_answers_is_not_an_answer(rubric, ask):
    text = (
        "\n".join(f"{number}. {ask(number)}" for number in range(1, 7))
        + "\n\n## Ответы\n\n"
        + "\n\n".join(f"Вопрос {number}: ответ {number}" for number in range(1, 7))
    )
    answers = found(rubric, text)
    assert answers["2"].text == "ответ 2"
    assert answers["2"].note is None


def test_a_cell_with_the_question_is_answered_by_the_next_one(rubric, ask):
    answers = found(rubric, "", f"**Вопрос 1.** {ask(1)}", "раз", f"### {ask(2)}", "Ответ: два", "## Выводы")
    assert {key: (answer.text, answer.source) for key, answer in answers.items()} == {
        "1": ("раз", "cell 2"),
        "2": ("два", "cell 4"),
    }


def test_a_cell_after_a_complete_answer_is_not_part_of_it(rubric, ask):
    answers = found(rubric, "", f"**Вопрос 1.** {ask(1)}\n\nраз", "## Данные\nЗагрузим набор.")
    assert answers["1"].text == "раз"


def test_an_unanswered_question_cell_is_blank(rubric, ask):
    answers = found(rubric, "", f"**Вопрос 1.** {ask(1)}", f"**Вопрос 2.** {ask(2)}", "два")
    assert answers["1"].text == ""
    assert answers["2"].text == "два"


def test_numbered_headings_of_a_notebook_are_not_answers(rubric):
    cells = [
        "## 1. Данные\nЗагрузим.",
        "## 2. Модель",
        "1. Обучите сеть\n2. Сравните ширины",
        "Задание 3. Глубина",
    ]
    assert found(rubric, "", *cells) == {}


def test_text_without_numbers_is_not_a_settled_zero(rubric):
    text = "Свёртка смотрит на окрестность и использует общие веса. " * 5
    answers = found(rubric, text)
    assert answers["1"].note.code == "theory.unmatched_text"
    assert not score_answer(rubric.questions[0], answers["1"]).settled


def test_an_answer_with_an_unknown_number_is_not_lost_silently(rubric):
    answers = found(rubric, "## 1\nраз\n\n## 9\n" + "слово " * 20)
    assert answers["1"].text == "раз"
    assert answers["2"].note.code == "theory.unmatched_text"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t\r\n",
        "# Теория\n## Ответы\n###",
        "```python\nprint(1)\n```",
        "```",
        "\x00\x01\xff\ufffd" * 50,
        "\u202e\u200f\u200b" * 100,
        "\u05d0\u05d1 \u202e1. \u202c",
        "$$", "\\[", "**", "~~~",
    ],
)  # fmt: skip
def test_a_file_without_answers_has_none(rubric, text):
    assert all(not answer.text for answer in found(rubric, text).values())


def test_no_documents_no_answers(rubric):
    assert find_answers(rubric, []) == ()


def test_answers_all_numbered_one_are_noted_or_kept(rubric, ask):
    text = "\n\n".join(f"1. {ask(number)}\nвот {number}" for number in range(1, 7))
    answers = found(rubric, text)
    assert [answers[str(number)].text for number in range(1, 7)] == [
        f"вот {number}" for number in range(1, 7)
    ]


def test_headings_alone_are_blank_answers(rubric):
    answers = found(rubric, "## 1\n\n## 2\n\n**Вопрос 3**\n")
    assert [answer.text for answer in answers.values()] == ["", "", ""]


def test_an_answer_beyond_what_is_read_is_not_a_settled_zero(rubric):
    answers = found(rubric, "## 1\n" + "слово " * 60_000 + "\n\n## 2\nдва")
    assert answers["1"].note.code == "theory.too_long"
    assert not score_answer(rubric.questions[1], answers["2"]).settled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Вопрос:** {ru3} **Ответ:** сжимает", {"3": "сжимает"}),
        ("**{ru3}** сжимает\n\n**{en2}** окно", {"3": "сжимает", "2": "окно"}),
        ("3. Что делает слой пулинга? Сжимает.", {"3": "Сжимает."}),
        (
            "2. Зачем вместо одного ядра 5×5 ставят два слоя с ядрами 3×3? Меньше весов.",
            {"2": "Меньше весов."},
        ),
        ("1. {en3}\nсжимает\n\n2. {en1}\nвеса", {"1": "веса", "3": "сжимает"}),
        ("3. {ru3} / {en3}\nсжимает", {"3": "сжимает"}),
        ("> 3. {ru3}\n\nсжимает", {"3": "сжимает"}),
        ("3. {ru3} - сжимает", {"3": "сжимает"}),
    ],
)
def test_a_restated_question_is_not_part_of_the_answer(rubric, ask, text, expected):
    words = {f"{language}{n}": ask(n, language) for n in range(1, 7) for language in ("ru", "en")}
    answers = found(rubric, text.format(**words))
    assert {key: answer.text for key, answer in answers.items()} == expected


def test_a_sentence_that_takes_up_the_question_and_goes_on_is_the_answer(rubric, ask):
    text = ask(6).removeprefix("Почему ").rstrip("?") + ", потому что так устойчивее."
    assert found(rubric, f"6. {text}")["6"].text == text


def test_a_paragraph_in_a_question_s_words_stays_in_the_answer_it_stands_in(rubric):
    answers = found(rubric, "1. Общие веса.\n\nДва слоя с ядрами 3×3 вместо одного 5×5.\n\n2. Окно")
    assert answers["1"].text.endswith("вместо одного 5×5.")
    assert answers["2"].text == "Окно"


@pytest.mark.parametrize(
    "text",
    [
        "3. Сжимает:\n1. раз\n2. два\n3. три\n\n4. размер",
        "Вопрос 3. Сжимает\n1. раз\n2. два\n\nВопрос 4. размер",
        "Вопрос 3\n\n1. раз\n\n2. два\n\nВопрос 4\n\nразмер",
        "3. Сжимает:\n\n1) раз\n\n2) два\n\n4. размер",
        "- **3.** Сжимает\n  1. раз\n  2. два\n- **4.** размер",
    ],
)
def test_a_list_is_not_taken_for_answers(rubric, text):
    answers = {key: answer.text for key, answer in found(rubric, text).items() if answer.text}
    assert list(answers) == ["3", "4"]
    assert "два" in answers["3"]
    assert answers["4"] == "размер"


@pytest.mark.parametrize(
    "text",
    [
        "Вопросы 1, 2. Веса общие, окно видно.",
        "Вопрос 1 и 2: веса общие, окно видно.",
        "3. Сжимает\n\n2.1 Окно входа.",
        "```\n## 2\nокно\n```\n\n## 3\nсжимает",
        "I. Веса\n\nII. Окно\n\nIII. Пулинг",
        "5. Плюсы\n1. раз\n2. два\n\n6. логиты",
    ],
)
def test_an_answer_in_a_form_that_is_not_understood_is_doubtful_and_not_missing(rubric, text):
    assert found(rubric, text)["2"].note.code == "theory.unmatched_text"


def test_text_below_a_list_of_questions_may_answer_all_of_them(rubric, ask):
    text = "\n".join(f"{number}. {ask(number)}" for number in range(1, 7)) + "\n\nВеса общие. Окно. Сжимает."
    assert found(rubric, text)["2"].note.code == "theory.unmatched_text"


def test_questions_left_blank_in_a_form_are_blank_and_not_doubtful(rubric, ask):
    text = "\n\n".join(f"## {number}. {ask(number)}" for number in range(1, 7)) + "\n\nлогиты точнее"
    answers = found(rubric, text)
    assert [answers[str(number)].note for number in range(1, 6)] == [None] * 5


def test_a_cell_that_puts_several_questions_is_answered_by_number_in_the_next_one(rubric, ask):
    answers = found(rubric, "", f"3. {ask(3)}\n4. {ask(4)}", "3. сжимает\n\n4. размер", "3. Обучение")
    assert {key: answer.text for key, answer in answers.items()} == {"3": "сжимает", "4": "размер"}
