import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.theory.glossary import glossary
from graders.theory.patterns import parse, search
from graders.theory.reading import read
from graders.theory.typos import corrections, garbled, misspells
from graders.theory.vocabulary import is_known, is_strange

ROOT = Path(__file__).parents[2]


def holds(pattern, text):
    return bool(search(parse(pattern), read(text)))


def garbled_words(text):
    reading = read(text)
    return [reading.words[at].text for at in garbled(reading)]


def rubric_texts():
    for path in sorted((ROOT / "assignments").glob("*/theory.toml")):
        rubric = tomllib.loads(path.read_text(encoding="utf-8"))
        for question in (*rubric["questions"], *rubric.get("essays", ())):
            yield from (question["answer"]["ru"], question["answer"]["en"], *question["text"].values())
            for point in question["key_points"]:
                yield from (*point.get("yes", ()), *point.get("no", ()))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("градиент", "градеинт"),
        ("градиент", "градеинтом"),
        ("свертка", "свёртк"),
        ("dropout", "dropuot"),
        ("gradient", "gradeints"),
        ("overfitting", "overfiting"),
        ("learning", "lerning"),
        ("weight", "weigths"),
        ("регуляриз*", "регулряизация"),
        ("нейрон*", "нейрноов"),
        ("gradient* vanish*", "graidents vanish"),
        ("@dropout", "дропуатом"),
        ("@gradient_clipping", "gradient cliping"),
    ],
)
def test_one_slip_is_read_over(pattern, text):
    assert holds(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("weight", "height"),
        ("pooling", "cooling"),
        ("pooling", "polling"),
        ("encoder", "decoder"),
        ("convergence", "divergence"),
        ("interior", "exterior"),
        ("explicit", "implicit"),
        ("underfitting", "overfitting"),
        ("forward", "backward"),
        ("precision", "recision"),
        ("обучение", "обличение"),
        ("переобучение", "недообучение"),
        ("точность", "тучность"),
        ("градиент", "ингредиент"),
        ("максимум", "минимум"),
        ("recall*", "recalculated"),
        ("simpl*", "similiar"),
        ("separat*", "several"),
        ("слои", "слон"),
        ("layer", "lqyer"),  # five letters
        ("градиент", "гарденит"),  # two slips
        ('"gradient"', "gradeint"),  # literal
        ("resnet", "renet"),  # five letters
        ("word", "world"),
    ],
)
def test_another_word_is_not_taken_for_a_slip(pattern, text):
    assert not holds(pattern, text)


def test_a_term_is_never_a_slip_of_another_term():
    assert not [word for word in sorted(glossary().words) if is_strange(word)]


def test_the_rubrics_own_words_are_known_so_that_none_is_a_slip_of_another():
    strange = {
        reading.words[at].text
        for text in rubric_texts()
        for reading in (read(text),)
        for at in reading.strange
        if corrections(reading.words[at].text)
    }
    assert not strange  # name such words in `names` of glossary.toml


@pytest.mark.parametrize("word", ["огорошт", "dropoutizzle", "kjflkgjg", "фывапролд"])
def test_a_garbled_word_is_named(word):
    assert word in garbled_words(f"Это {word} и слой")


@pytest.mark.parametrize(
    "text",
    [
        "Это градеинт и dropuot.",  # understood
        "Метод Хохрайтера и Krizhevskogo.",  # names
        "В `foobarbaz(qwertyzz)` и $\\qwertyzz x_{qwertyz}$.",
        "Вызов model.fooobar и https://qwertyzz.example/abcdefgh",
        "dropout'а, LSTMки, maxpooling, minibatch, trainset, timeout, precomputed",
        "Свёртка недифференцируема, постобработка, переинициализация.",
        "Θεσσαλονίκη 東京 שלום עולם",
        "",
    ],
)
def test_honest_words_are_not_garbled(text):
    assert garbled_words(text) == []


def test_no_example_of_the_rubrics_has_more_than_one_garbled_word():
    assert all(len(garbled_words(text)) <= 1 for text in rubric_texts())


@given(st.text(max_size=200))
def test_any_text_has_its_garbled_words_inside(text):
    reading = read(text)
    assert all(0 <= at < len(reading.words) for at in garbled(reading))


@given(
    st.text(alphabet="абвdefoлс", min_size=1, max_size=12),
    st.text(alphabet="абвdefoлс", min_size=1, max_size=12),
)
def test_any_two_words_can_be_compared(word, wanted):
    assert not misspells(word, wanted) or abs(len(word) - len(wanted)) <= 5


def test_a_long_word_is_no_typo():
    assert is_known("я" * 100_000)


def test_gibberish_costs_little_time():
    text = " ".join(f"щ{'абвгдежзик'[n % 10] * 3}{'лмнопрст'[n % 8] * 3}ы{n % 7 * 'ъ'}" for n in range(2000))
    patterns = [
        parse(source) for source in ("градиент* ~6 @cell|@gate", "щабвгд*|щелкунчик*", "@loss щапвгды")
    ]
    started = time.process_time()
    reading = read(text)
    for pattern in patterns * 5:
        search(pattern, reading)
    garbled(reading)
    assert time.process_time() - started < 2


def test_four_hundred_answers_a_second_with_forty_patterns():
    sources = (
        "@gate ~12 @cell|память",
        "градиент* ~6 затух*|исчеза*",
        "learning rate",
        "dropout|дропаут* ~4 нейрон*",
    )
    patterns = [parse(source) for source in sources] * 10
    texts = [
        f"В LSTM градеинт не затухает: вентиль забывания {n} раз держит ячейку памяти." for n in range(300)
    ]
    read(texts[0])
    started = time.process_time()
    for text in texts:
        reading = read(text)
        for pattern in patterns:
            search(pattern, reading)
    assert len(texts) / (time.process_time() - started) >= 400
