from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.theory.reading import fold, read, sentences, stems

MIXED = st.text(alphabet="абвеёсoapcx .,!?~*_`$\\{}#-\n\r\u200b\u0306\u0308\u202eй²½1", max_size=200)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Свёртка", "свертка"),
        ("све\u0308ртка", "свертка"),
        ("сло\u0438\u0306", "слой"),
        ("cвёpткa", "свертка"),  # c, p, a are Latin
        ("рооling", "pooling"),  # р, о, о are Cyrillic
        ("ｐｏｏｌｉｎｇ", "pooling"),
        ("\U0001d429\U0001d428\U0001d428\U0001d425", "pool"),
        ("ﬁlter", "filter"),
        ("ker\u200bnel", "kernel"),
        ("don’t", "don't"),
    ],
)
def test_disguised_letters_are_folded(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(("one", "other"), [("ядер", "ядро"), ("слоёв", "слой"), ("weights", "weight")])
def test_forms_of_a_word_share_a_key(one, other):
    assert read(one).words[0].keys & read(other).words[0].keys


def test_latex_commands_and_raised_digits_are_words():
    assert stems(r"$\frac{n + 2p}{s}$ k²") == ["frac", "n", "2", "p", "s", "k", "2"]


@pytest.mark.parametrize("hidden", ["~~общие~~", "<del>общие</del>", "<!-- общие -->"])
def test_struck_out_and_commented_words_are_not_read(hidden):
    assert [word.text for word in read(f"веса {hidden} разные").words] == ["веса", "разные"]


def test_an_abbreviation_does_not_end_a_sentence():
    assert len(sentences("Веса общие, т.е. ядро одно. И всё.")) == 2


def test_list_items_are_sentences():
    assert len(sentences("Плюсы:\n- быстро\n- дёшево\n")) == 3


@given(MIXED)
def test_every_word_is_where_it_says(text):
    for word in read(text).words:
        assert 0 <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.text


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    words = read(text).words
    assert all(one.end <= other.start for one, other in pairwise(words))
