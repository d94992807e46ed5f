"""Prefixes of hidden texts: none gives away what another is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.own import letters
from graders.own.examples import Examples


def texts(*some):
    return Examples("text", some, None, np.arange(len(some)))


@given(st.lists(st.text("abc ", min_size=0, max_size=900), min_size=1, max_size=6), st.integers(0, 5))
def test_prefixes_are_of_their_text_and_letters_come_next(some, seed):
    hidden, known = texts(*some), texts("xyz")
    asked = letters.ask(hidden, known, seed)
    alphabet = letters.alphabet(hidden, known)
    for prefix, place, example in zip(asked.inputs, asked.truth["next"], asked.truth["example"], strict=True):
        assert 1 <= len(prefix) < letters.PIECE
        assert prefix + alphabet[place] in some[example]


def test_no_prefix_of_a_long_text_shows_what_another_is_asked_for():
    random = np.random.RandomState(0)
    book = "".join(random.choice(list("abcdefgh"), 4000))
    asked = letters.ask(texts(book), texts("abc"), 2)
    alphabet = letters.alphabet(texts(book))
    assert len(asked.inputs) > 10
    for prefix, place in zip(asked.inputs, asked.truth["next"], strict=True):
        if len(prefix) >= 10:
            run = prefix[-10:] + alphabet[place]
            assert not any(run in other for other in asked.inputs)


def test_copies_of_a_text_do_not_give_each_other_away():
    random = np.random.RandomState(0)
    text = "".join(random.choice(list("abcdefgh"), 128))
    copies = texts(*[text] * 20)
    asked = letters.ask(copies, texts("a"), 1)
    alphabet = letters.alphabet(copies)
    given_away = [
        prefix
        for prefix, place in zip(asked.inputs, asked.truth["next"], strict=True)
        if sum(prefix[-letters.GIVEN_AWAY :] + alphabet[place] in other for other in asked.inputs)
    ]
    assert not given_away
    assert asked.inputs


def test_texts_that_are_all_the_same_letters_are_still_asked_for():
    asked = letters.ask(texts("ab" * 80, "ab" * 80), texts("ab"), 1)
    assert asked.inputs


def test_texts_without_a_second_letter_ask_for_nothing_and_are_worth_nothing():
    asked = letters.ask(texts("", "a"), texts("ab"), 1)
    assert asked.inputs == ()
    rows = letters.statistics(np.zeros((0, 2)), asked)
    assert rows.tolist() == [[0, 0], [0, 0]]


def test_the_alphabet_has_letters_of_both_parts_in_order():
    assert letters.alphabet(texts("ба"), texts("аz ")) == " zаб"


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        ([[0.25, 0.75], [0.5, 0.5]], "own.probabilities"),
        ([[3.0, 4.0], [900.0, 2.0]], "own.not_normalised"),
        ([[-np.inf, -np.inf], [-0.7, -0.7]], "own.not_normalised"),
        ([[-0.7, -0.7]], "own.length"),
        ([[0.0], [0.0]], "own.shape"),
    ],
)
def test_what_is_no_distribution_is_named(returned, code):
    random = np.random.RandomState(0)
    asked = letters.ask(texts(*("".join(random.choice(["a", "b"], 80)) for _ in range(2))), texts("ab"), 1)
    assert len(asked.inputs) == 2
    assert letters.read(np.array(returned), asked).code == code


def test_an_impossible_letter_costs_much_and_not_everything():
    asked = letters.ask(texts("ab" * 40), texts("ab"), 1)
    wrong = np.zeros((1, 2))
    wrong[0, asked.truth["next"][0]] = -np.inf
    rows = letters.statistics(letters.read(wrong, asked), asked)
    assert rows[0, 0] == pytest.approx(-np.log2(letters.LEAST))
