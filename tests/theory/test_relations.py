"""Two tables of comparisons, written by hand in the words of students.

`FIRST` (64) was written before the rules, which read 63 of it at their first run. `SECOND` (30) was written
after the rules and scored once before anything was mended: 24, with one question called swapped; it is held
out no more. `HONEST` was written last, and none of it was called swapped at the first run. `MISSED` is
still read wrongly; with each stands what a reader would say.
"""

import time

import pytest

from graders.model import Relation, Text
from graders.theory.patterns import PatternError
from graders.theory.reading import read
from graders.theory.relations import find_relation


def relation(agent, words, than, opposite=""):
    title = Text(ru="", en="")
    return Relation(
        id="r", title=title, agent=agent, relation=words, than=than, opposite=opposite, penalty=0.25
    )


SLOWER = relation("lstm|лстм", "медленн*|дольше|slower", "rnn|рнн", "быстре*|faster|quicker")
MORE = relation("lstm|лстм", "больше|more", "rnn|рнн", "меньше|fewer|less")

FIRST_RIGHT = [
    (SLOWER, "LSTM медленнее RNN."),
    (SLOWER, "LSTM медленнее, чем RNN."),
    (SLOWER, "LSTM работает в четыре раза медленнее обычной RNN."),
    (SLOWER, "По сравнению с RNN LSTM медленнее."),
    (SLOWER, "В отличие от RNN, LSTM обучается дольше."),
    (SLOWER, "RNN быстрее LSTM."),
    (SLOWER, "RNN считается быстрее, чем LSTM."),
    (SLOWER, "Обучение LSTM идёт дольше, а RNN быстрее."),
    (SLOWER, "LSTM медленнее, RNN быстрее."),
    (SLOWER, "Медленнее RNN работает именно LSTM."),
    (SLOWER, "У LSTM есть вентили, поэтому она медленнее RNN."),
    (SLOWER, "LSTM хранит ячейку. Она медленнее RNN."),
    (SLOWER, "Лстм медленнее рнн."),
    (SLOWER, "LSTM is slower than RNN."),
    (SLOWER, "An LSTM is about four times slower than a vanilla RNN."),
    (SLOWER, "Compared to an RNN, an LSTM is slower."),
    (SLOWER, "Slower than an RNN, an LSTM still learns more."),
    (SLOWER, "LSTM is slower, RNN faster."),
    (SLOWER, "An RNN is faster than an LSTM."),
    (SLOWER, "Unlike an RNN, the LSTM has gates and is slower."),
    (SLOWER, "The LSTM has gates, so it is slower than the RNN."),
    (MORE, "У LSTM больше параметров, чем у RNN."),
    (MORE, "В LSTM больше весов, чем в RNN."),
    (MORE, "RNN has fewer parameters than LSTM."),
    (MORE, "The LSTM has more parameters than the RNN does."),
]
FIRST_SWAPPED = [
    (SLOWER, "RNN медленнее LSTM."),
    (SLOWER, "RNN медленнее, чем LSTM."),
    (SLOWER, "По сравнению с LSTM RNN медленнее."),
    (SLOWER, "RNN по сравнению с LSTM работает медленнее."),
    (SLOWER, "LSTM быстрее RNN."),
    (SLOWER, "LSTM обучается быстрее, чем обычная RNN."),
    (SLOWER, "Обучение RNN идёт дольше, а LSTM быстрее."),
    (SLOWER, "В отличие от LSTM, RNN медленнее."),
    (SLOWER, "RNN is slower than LSTM."),
    (SLOWER, "Compared with an LSTM, an RNN is slower."),
    (SLOWER, "The LSTM is much faster than the RNN."),
    (SLOWER, "RNN is slower, LSTM faster."),
    (SLOWER, "Relative to the LSTM the RNN is slower."),
    (SLOWER, "The RNN has no gates, so it is slower than the LSTM."),
    (SLOWER, "Slower than an LSTM, an RNN forgets a lot."),
    (MORE, "У RNN больше параметров, чем у LSTM."),
    (MORE, "LSTM has fewer parameters than RNN."),
    (MORE, "The RNN has more weights than the LSTM."),
    (MORE, "У LSTM меньше весов, чем у RNN."),
]
FIRST_NEITHER = [
    (SLOWER, "LSTM не медленнее RNN."),
    (SLOWER, "RNN не быстрее LSTM."),
    (SLOWER, "LSTM is not slower than RNN."),
    (SLOWER, "LSTM и RNN медленнее CNN."),
    (SLOWER, "Трансформер медленнее LSTM и RNN."),
    (SLOWER, "A transformer is slower than an LSTM or an RNN."),
    (SLOWER, "GRU быстрее LSTM, но медленнее RNN."),
    (SLOWER, "CNN is slower than RNN."),
    (SLOWER, "LSTM и RNN обучаются дольше."),
    (SLOWER, "Неверно, что LSTM медленнее RNN."),
    (SLOWER, "It is a myth that an RNN is slower than an LSTM."),
    (SLOWER, "Я думал, что RNN медленнее LSTM."),
    (SLOWER, "If the RNN were slower than the LSTM, nobody would use it."),
    (SLOWER, "LSTM лучше RNN, хотя она медленнее."),
    (SLOWER, "RNN сходится медленно."),
    (SLOWER, "An LSTM is as slow as an RNN."),
    (MORE, "Чем больше параметров у LSTM, тем дольше учится RNN."),
    (SLOWER, "Первая медленнее второй."),
    (SLOWER, ""),
    (MORE, "У LSTM столько же параметров, сколько у RNN."),
]

DEEPER = relation("resnet|резнет", "глубже|deeper", "vgg", "мельче|shallower")
CHEAPER = relation(
    "depthwise|dw-свертк*", "дешевле|cheaper", "обычн*|ordinary|standard|full", "дороже|costlier"
)

SECOND_RIGHT = [
    (SLOWER, "На практике LSTM учится заметно медленнее простой RNN, зато помнит больше."),
    (SLOWER, "Если сравнивать с RNN, то LSTM медленнее."),
    (SLOWER, "RNN быстрее, потому что в ней нет вентилей, а LSTM медленнее."),
    (DEEPER, "ResNet намного глубже, чем VGG."),
    (DEEPER, "VGG is shallower than ResNet."),
    (DEEPER, "Против VGG сеть ResNet глубже."),
    (CHEAPER, "Depthwise convolutions are cheaper than ordinary ones."),
    (CHEAPER, "A standard convolution is costlier than a depthwise one."),
    (MORE, "The number of weights in an LSTM is more than in an RNN."),
    (SLOWER, "Each step of an LSTM takes four products and is therefore slower than that of an RNN."),
    (SLOWER, "As an LSTM has four matrices, it is slower than an RNN."),
    (SLOWER, "The training of LSTM is slower in comparison with RNN."),
]
SECOND_SWAPPED = [
    (SLOWER, "Простая RNN всегда учится медленнее, чем LSTM с вентилями."),
    (DEEPER, "VGG глубже ResNet."),
    (DEEPER, "Unlike ResNet, VGG is deeper."),
    (CHEAPER, "Ordinary convolutions are cheaper than depthwise ones."),
    (MORE, "В простой RNN весов больше, чем в LSTM."),
    (SLOWER, "The vanilla RNN takes longer and is slower compared to LSTM."),
    (DEEPER, "ResNet is shallower in comparison to VGG."),
    (SLOWER, "RNN хранит одно состояние, поэтому она медленнее LSTM."),
]
SECOND_NEITHER = [
    (SLOWER, "RNN ничуть не медленнее LSTM."),
    (SLOWER, "LSTM и RNN обе медленнее трансформера."),
    (SLOWER, "RNN забывает быстрее, LSTM хранит дольше."),
    (DEEPER, "VGG and ResNet are deeper than AlexNet."),
    (SLOWER, "It would be wrong to say that RNNs are slower than LSTMs."),
    (SLOWER, "Сначала я ожидал, что RNN окажется медленнее LSTM."),
    (DEEPER, "Does VGG look deeper than ResNet? I doubt it."),
    (SLOWER, "Обе сети, RNN и LSTM, медленнее на длинных текстах."),
    (CHEAPER, "Both depthwise and ordinary convolutions are cheaper than attention."),
]

HONEST = [
    (SLOWER, "LSTM сходится быстрее, чем RNN."),
    (SLOWER, "У LSTM ошибка падает быстрее, чем у RNN."),
    (SLOWER, "The gradient of an LSTM vanishes slower than in an RNN, where it goes faster."),
    (SLOWER, "An LSTM learns long dependencies faster than an RNN."),
    (SLOWER, "Convergence of LSTM is faster than that of RNN."),
    (SLOWER, "RNN быстрее забывает начало, а LSTM медленнее."),
    (SLOWER, "LSTM на GPU с cuDNN быстрее самописной RNN на CPU."),
    (SLOWER, "Не RNN, а LSTM медленнее."),
    (SLOWER, "LSTM, а не RNN, медленнее."),
    (SLOWER, "Медленнее LSTM, а не RNN."),
    (SLOWER, "Медленнее всех LSTM, RNN быстрее."),
    (SLOWER, "RNN — это база. LSTM её дополняет. Она медленнее RNN."),
    (SLOWER, "Говорят, что RNN медленнее LSTM, но это не так."),
    (SLOWER, "RNN is old, but it is faster, and LSTM slower."),
    (SLOWER, "Which is slower, RNN or LSTM? The LSTM."),
    (SLOWER, "RNN vs LSTM: slower."),
    (SLOWER, "LSTM (в отличие от RNN) медленнее, но точнее."),
    (SLOWER, "The RNN is simpler than the LSTM, which is slower."),
    (SLOWER, "RNN проще, чем LSTM, которая медленнее."),
    (SLOWER, "An RNN is as accurate as an LSTM, only the LSTM is slower than the RNN."),
    (MORE, "У RNN меньше параметров, больше их у LSTM."),
    (MORE, "Параметров у LSTM в четыре раза больше, чем у RNN."),
    (MORE, "Больше параметров у LSTM, меньше у RNN."),
    (SLOWER, "Для RNN нужно меньше времени, LSTM медленнее."),
    (SLOWER, "I replaced the RNN by an LSTM and it became slower than the RNN."),
]
MISSED = [
    (SLOWER, "У RNN градиент затухает быстрее, чем у LSTM.", (False, False)),
    (SLOWER, "А RNN медленнее LSTM?", (False, False)),
]


def verdict(asked, text):
    found = find_relation(asked, read(text))
    return bool(found.right), bool(found.swapped)


@pytest.mark.parametrize(("asked", "text"), FIRST_RIGHT + SECOND_RIGHT)
def test_the_right_comparison_is_found(asked, text):
    assert verdict(asked, text) == (True, False)


@pytest.mark.parametrize(("asked", "text"), FIRST_SWAPPED + SECOND_SWAPPED)
def test_swapped_roles_are_found(asked, text):
    assert verdict(asked, text) == (False, True)


@pytest.mark.parametrize(("asked", "text"), FIRST_NEITHER + SECOND_NEITHER)
def test_what_compares_otherwise_or_not_at_all_is_neither(asked, text):
    assert verdict(asked, text) == (False, False)


@pytest.mark.parametrize(
    ("asked", "text", "meant"),
    [pytest.param(*row, marks=pytest.mark.xfail(strict=True, reason="known miss")) for row in MISSED],
)
def test_what_is_missed_is_known(asked, text, meant):
    assert verdict(asked, text) == meant


@pytest.mark.parametrize(("asked", "text"), HONEST)
def test_an_honest_answer_is_never_called_swapped(asked, text):
    assert not verdict(asked, text)[1]


def test_both_are_found_where_an_answer_contradicts_itself():
    assert verdict(SLOWER, "LSTM медленнее RNN. RNN медленнее LSTM.") == (True, True)


def test_a_hit_holds_the_subject_and_the_claim():
    found = find_relation(SLOWER, read("Сначала: RNN медленнее LSTM."))
    assert [(hit.first, hit.last) for hit in found.swapped] == [(1, 2)]


def test_a_relation_without_an_opposite_reads_only_its_own_words():
    plain = relation("lstm", "slower", "rnn")
    assert verdict(plain, "LSTM is slower than RNN. LSTM is faster than RNN.") == (True, False)


@pytest.mark.parametrize("part", ["agent", "relation", "than", "opposite"])
def test_words_that_are_no_pattern_are_refused(part):
    asked = SLOWER.model_copy(update={part: "lstm ~"})
    with pytest.raises(PatternError):
        find_relation(asked, read("LSTM is slower than RNN."))


@pytest.mark.parametrize(
    "text",
    [
        "LSTM медленнее RNN " * 600,
        "lstm rnn " * 1500,
        "медленнее " * 1200,
        "than " * 2000,
        "LSTM is slower, RNN faster. " * 400,
        ", ; ( " * 2000,
    ],
)
def test_a_hostile_answer_is_read_in_time(text):
    reading = read(text)
    started = time.process_time()
    find_relation(SLOWER, reading)
    assert time.process_time() - started < 1.0
