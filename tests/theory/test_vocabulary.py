import time

import pytest

from graders.theory.vocabulary import english_stems, is_known, is_misspelt_english, is_strange


@pytest.mark.parametrize(
    "word",
    [
        *(
            "weight",
            "weights",
            "colour",
            "color",
            "converging",
            "gaussian",
            "trainset",
            "timeout",
            "precomputed",
        ),
        *("слой", "свертками", "недифференцируема", "предобученную", "лоссом", "дропаутами", "лстм"),
        *("don't", "x2", "東京", "λογοσ", ""),
    ],
)
def test_words_of_both_languages_and_terms_are_known(word):
    assert is_known(word)


@pytest.mark.parametrize("word", ["wieght", "gradeint", "kjflkgjg", "градеинт", "огорошт", "лосслой"])
def test_other_letters_are_not(word):
    assert not is_known(word)


def test_short_words_are_never_strange():
    assert not is_strange("wgaet")


@pytest.mark.parametrize(
    ("word", "expected"), [("becuase", True), ("circut", True), ("qwrtzx", False), ("слйо", False)]
)
def test_a_misspelt_english_word_is_told_from_gibberish(word, expected):
    assert is_misspelt_english(word) is expected


def test_the_list_of_english_is_clean():
    assert len(english_stems()) > 30_000
    assert all(stem.isascii() and stem.isalpha() and stem == stem.lower() for stem in english_stems())


def test_two_thousand_words_of_gibberish_are_judged_in_time():
    words = [
        f"q{'bcdfghjk'[n % 8]}x{'lmnpqrst'[n // 8 % 8]}zw{'vbnmklpo'[n // 64 % 8]}{'ghjk'[n // 512]}"
        for n in range(2000)
    ]
    started = time.process_time()
    assert not any(is_misspelt_english(word) for word in words)
    assert time.process_time() - started < 2
