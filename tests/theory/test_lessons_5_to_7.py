"""Whole answers to the theory questions of lessons 5 to 7: what a reader would give them, within bounds.

Most of what must and must not earn stands in the rubrics' own `yes` and `no`; these answers got points
by the sum of their words, or lost them.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from graders.model import Answer, Rubric
from graders.theory import score_answer

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"


@cache
def questions(lesson):
    rubric = Rubric.model_validate(
        tomllib.loads((ASSIGNMENTS / lesson / "theory.toml").read_text(encoding="utf-8"))
    )
    return {asked.id: asked for asked in (*rubric.questions, *rubric.essays)}


def share(lesson, number, text):
    asked = questions(lesson)[number]
    answer = Answer(question=asked.id, text=text, source="", matched_by="number")
    return score_answer(asked, answer).earned / asked.points


WRONG = [
    ("l05_lstm", "3", "Произведение входных вентилей; затухает, когда вентили забывания близки к единице."),
    (
        "l05_lstm",
        "3",
        "Сумма вентилей забывания. Никогда не затухает, а взрывается, когда вентили меньше единицы.",
    ),
    (
        "l05_lstm",
        "3",
        "The product of the output gates; it never vanishes, and it explodes when the forget gate is closed.",
    ),
    (
        "l05_lstm",
        "4",
        "Скрытое состояние обнуляют на каждом шаге, память растёт, зато учатся длинные зависимости.",
    ),
    (
        "l05_lstm",
        "4",
        "The gradient is propagated through the whole sequence. It needs more memory but learns "
        "long dependencies.",
    ),
    ("l05_lstm", "5", "Размер вектора после пулинга растёт с длиной текста. Веса для каждого слова разные."),
    (
        "l05_lstm",
        "6",
        "LSTM извлекает локальные признаки картинки, а свёрточная сеть потом учитывает порядок "
        "слов. Например, речь.",
    ),
    (
        "l05_lstm",
        "6",
        "The recurrent net finds local patterns and the convolutions remember the long context.",
    ),
    (
        "l05_lstm",
        "7",
        "Слишком маленький переобучается, слишком большой недообучается. От словаря не зависит.",
    ),
    ("l05_lstm", "analysis", "Я ничего не сравнивал. Ошибка 5. Ничего не помогло. Было трудно."),
    ("l05_lstm", "analysis", "I compared nothing. The error was 5. Nothing helped. It was hard."),
    (
        "l06_unet",
        "3",
        "3 — размер ядра, 16 — размер входа, 5 — число каналов. stride=2 добавляет нули по краям, "
        "padding=2 — шаг.",
    ),
    (
        "l06_unet",
        "5",
        "Сжимающая часть восстанавливает разрешение, расширяющая собирает контекст, skip "
        "connections уменьшают карту.",
    ),
    (
        "l06_unet",
        "5",
        "The contracting part restores the resolution, the expanding part gathers context, skips "
        "blur the borders.",
    ),
    (
        "l06_unet",
        "6",
        "Accuracy is a fine measure: if all is background it is 92 %. I take plain cross-entropy, "
        "Dice loss is useless.",
    ),
    (
        "l06_unet",
        "6",
        "Точность не обманывает, IoU и Dice завышены из-за фона. Функцию потерь возьму обычную.",
    ),
    ("l06_unet", "analysis", "Сеть обучилась. IoU хороший. Помогло. Не помогло. Ошибается иногда. Источник."),
    (
        "l07_detection",
        "1",
        "ResNet ухудшил обучение, градиенты стали затухать. MobileNet увеличил число параметров. "
        "Трансформеры бесполезны.",
    ),
    ("l07_detection", "1", "ResNet, MobileNet, ViT."),
    (
        "l07_detection",
        "3",
        "Одностадийные сначала предлагают области, а потом классифицируют. Двухстадийные — за один "
        "проход. NMS оставляет все.",
    ),
    (
        "l07_detection",
        "3",
        "YOLO first proposes regions. Faster R-CNN does it all in a single pass. NMS drops the "
        "most confident box.",
    ),
    (
        "l07_detection",
        "4",
        "IoU must be below 0.5. NMS keeps all neighbours. A cell predicts as many objects as there are.",
    ),
    (
        "l07_detection",
        "survey",
        "В отличие от других статей, достоинства: быстро. Недостатки: медленно. Трудно. 2019.",
    ),
]
RIGHT = [
    (
        "l05_lstm",
        "1",
        "RNN хранит память в векторе h, веса везде одни. В LSTM есть ещё вектор c и 3 гейта: "
        "забыть, записать, выдать.",
    ),
    (
        "l05_lstm",
        "2",
        "LSTM дольше помнит: у неё отдельная ячейка с гейтами, значения складываются, а не "
        "перемножаются. Весов в 4 раза больше.",
    ),
    (
        "l05_lstm",
        "4",
        "Режем на куски, h передаём дальше через detach(). Иначе не хватит видеопамяти. Что дальше "
        "куска, не выучится.",
    ),
    (
        "l05_lstm",
        "4",
        "You go back k steps, the state is carried over. It won't fit in memory otherwise. "
        "Anything further apart is not learned.",
    ),
    (
        "l05_lstm",
        "5",
        "Фильтр смотрит на 3 соседних слова, он один на весь текст, потом берём максимум по всему тексту.",
    ),
    (
        "l05_lstm",
        "6",
        "Put conv layers before an LSTM: they pick up local stuff, the LSTM handles long context. "
        "Speech recognition.",
    ),
    (
        "l05_lstm",
        "7",
        "Try a few sizes. If it's small words can't be told apart, if it's large you overfit. For "
        "a 40-word vocabulary 16 is plenty.",
    ),
    (
        "l06_unet",
        "3",
        '3 канала на входе, 16 фильтров, ядро 5, сдвиг 2; border_mode="same" добавляет столько '
        "нулей, чтобы из 64 вышло 32.",
    ),
    (
        "l06_unet",
        "5",
        "Encoder: what is there. Decoder: where it is, a label per pixel. Skips: fine detail for "
        "the decoder.",
    ),
    (
        "l06_unet",
        "6",
        "Если всё закрасить фоном, будет 92 %, а клеток ни одной не нашли. IoU тогда 0. Беру Dice + BCE.",
    ),
    (
        "l07_detection",
        "1",
        "Резнет: скипы, градиент доходит, можно 1000 слоёв. Мобайлнет: весов меньше. Трансформеры "
        "видят всю картинку.",
    ),
    (
        "l07_detection",
        "3",
        "Одна сеть выделяет места, похожие на объект, вторая решает, что там. YOLO делает всё "
        "сразу. NMS выкидывает повторы.",
    ),
    (
        "l07_detection",
        "4",
        "Пересекается с истинной рамкой наполовину (IoU). NMS выкинет рамку соседа, а в клетку "
        "попадёт сразу пять кружков.",
    ),
    (
        "l07_detection",
        "survey",
        "Redmon и др. (2016). Раньше искали области, тут одна сеть, и быстро: 45 кадров в секунду. "
        "Мелких птичек сеть путает. Нужен большой датасет, долго подбирать веса.",
    ),
]


@pytest.mark.parametrize(("lesson", "number", "text"), WRONG)
def test_wrong_words_do_not_add_up_to_points(lesson, number, text):
    assert share(lesson, number, text) <= 0.25


@pytest.mark.parametrize(("lesson", "number", "text"), RIGHT)
def test_ordinary_words_earn_what_they_say(lesson, number, text):
    assert share(lesson, number, text) >= 0.75
