"""Near-identical answers of two students, and answers that are alike by right."""

import time

import numpy as np
import pytest

from graders.i18n import sentence
from graders.theory.guards.alike import find_alike

ANSWER = (
    "Пулинг берёт из каждого окошка самый сильный отклик, поэтому карта сжимается, а следующие слои смотрят "
    "шире. Зато где именно был признак, уже не узнать, и мелкие предметы пропадают."
)
OTHER = (
    "После пулинга разрешение падает вдвое. Это экономит вычисления и делает сеть терпимой к малым сдвигам, "
    "но точность границ страдает, поэтому для масок её приходится чем-то возмещать."
)
REFERENCE = (
    "Слой заменяет каждое окно карты его максимумом; карта становится меньше, малые сдвиги почти не меняют "
    "выход, но точное место признака теряется, и сегментации это вредит."
)


def pairs(*texts, known=None):
    handed = [(f"student{number:02}", "1", text) for number, text in enumerate(texts)]
    return [alike.students for alike in find_alike(handed, known)]


def test_the_same_answer_of_two_students_is_found():
    assert pairs(ANSWER, OTHER, ANSWER) == [("student00", "student02")]


@pytest.mark.parametrize(
    "copy",
    [
        ANSWER.replace("самый", "наиболее").replace("мелкие", "маленькие"),
        " ".join(reversed(ANSWER.split(". "))),
        f"Думаю, дело вот в чём. {ANSWER}",
        ANSWER.replace("а", "a"),
        ANSWER.replace("кн", "к\u200bн").upper(),
    ],
    ids=["words changed", "sentences moved", "words before it", "Latin letters", "capitals and invisible"],
)
def test_a_disguised_copy_is_found(copy):
    assert pairs(ANSWER, copy) == [("student00", "student01")]


def test_different_answers_are_not_paired():
    assert pairs(ANSWER, OTHER) == []


def test_short_answers_are_not_paired():
    assert pairs("Карта становится вдвое меньше.", "Карта становится вдвое меньше.") == []


def test_what_stands_in_the_reference_is_nobodys():
    assert pairs(REFERENCE, REFERENCE, known={"1": [REFERENCE]}) == []


def test_a_copy_is_found_beside_what_stands_in_the_reference():
    both = f"{REFERENCE} {ANSWER}"
    assert pairs(both, both, known={"1": [REFERENCE]}) == [("student00", "student01")]


def test_answers_to_different_questions_are_not_compared():
    assert find_alike([("a", "1", ANSWER), ("b", "2", ANSWER)]) == ()


def test_a_student_is_not_paired_with_themselves():
    assert find_alike([("a", "1", ANSWER), ("a", "1", ANSWER)]) == ()


def test_spans_show_what_both_share():
    (alike,) = find_alike([("a", "1", f"Итак. {ANSWER}"), ("b", "1", f"{ANSWER} Вот и всё.")])
    first, second = (text[0] for text in alike.spans)
    assert f"Итак. {ANSWER}"[first.start : first.end] == f"{ANSWER} Вот и всё."[second.start : second.end]


def test_the_flag_names_the_other_student():
    (alike,) = find_alike([("anna", "1", ANSWER), ("boris", "1", ANSWER)])
    assert "boris" in sentence(alike.flag_for("anna").message, "ru")
    assert "anna" in sentence(alike.flag_for("boris").message, "en")


def test_the_order_of_hand_in_changes_nothing():
    handed = [(f"s{number}", "1", text) for number, text in enumerate([ANSWER, OTHER, ANSWER, OTHER, ANSWER])]
    assert find_alike(handed) == find_alike(handed[::-1])


def test_nothing_is_found_in_nothing():
    assert find_alike([]) == ()
    assert pairs("", " ", "\u200b", "~~", "$" * 100) == []


def test_a_class_that_hands_in_one_text_is_compared_in_time():
    started = time.process_time()
    found = find_alike([(f"s{number:03}", "1", ANSWER) for number in range(300)])
    assert time.process_time() - started < 3
    assert {student for alike in found for student in alike.students} == {
        f"s{number:03}" for number in range(300)
    }


def test_random_answers_of_a_large_class_are_not_alike():
    words = f"{ANSWER} {OTHER} {REFERENCE}".split()
    chance = np.random.default_rng(5)
    handed = [
        (f"s{student:03}", str(question), " ".join(chance.choice(words, 60)))
        for student in range(150)
        for question in range(4)
    ]
    assert find_alike(handed) == ()
