import time

import pytest

from graders.theory.paraphrases import find_paraphrase
from graders.theory.reading import read

SAYS = ("the same kernel is used at every position",)


def found(text, paraphrases=SAYS):
    return [text[span.start : span.end] for span in find_paraphrase(paraphrases, read(text))]


@pytest.mark.parametrize(
    "text",
    [
        "The same kernel is used at every position",
        "At every position the same kernels are used",
        "Every position uses the same kernel",
    ],
)
def test_a_sentence_in_nearly_the_same_words_says_it(text):
    assert found(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The kernel",
        "Another filter works everywhere",
        "The same kernel is not used at every position",
        "The same kernel isn't used at every position",
    ],
)
def test_fewer_words_or_a_denial_do_not(text):
    assert found(text) == []


def test_a_paraphrase_with_a_denial_wants_one():
    says = ("веса не зависят от места картинки",)
    assert found("Веса не зависят от места картинки", says)
    assert not found("Веса зависят от места картинки", says)


def test_the_sentence_is_found_among_others():
    text = "There are filters. The same kernel is used at every position. That is all."
    assert found(text) == ["The same kernel is used at every position"]


def test_words_spread_over_sentences_say_nothing():
    assert found("The same kernel. It is used. At every position.") == []


def test_a_heap_of_words_that_has_them_all_says_nothing():
    assert (
        found("same kernel used every position " + " ".join(f"word{chr(97 + at)}" for at in range(20))) == []
    )


@pytest.mark.parametrize("paraphrase", ["", "the of and", "..."])
def test_a_paraphrase_without_content_is_said_by_nothing(paraphrase):
    assert found("The same kernel of it and of that", (paraphrase,)) == []


def test_a_sentence_is_found_once_however_many_paraphrases_it_is():
    assert len(found(SAYS[0], SAYS * 3)) == 1


def test_many_sentences_and_paraphrases_take_no_time():
    reading = read("The kernel slides. " * 500)
    started = time.process_time()
    find_paraphrase([f"kernel slides number {at}" for at in range(30)], reading)
    assert time.process_time() - started < 1
