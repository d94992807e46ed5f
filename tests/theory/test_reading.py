import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.theory.reading import MOST_STRANGE, fold, read, sentences, stems

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


ANY = st.text(st.characters(), max_size=120)  # surrogates included
SCRIPTS = st.text(
    alphabet="аеёйиоcepx\u0301\u0306\u0308\u0336\u20d7\u200b\u200d\u202e\u2066\ufe0f\u115f\u3164אבעربΣσςοıİß🙂👩‍🔬½²1_^{}\\$",
    max_size=80,
)


@given(MIXED | ANY | SCRIPTS)
def test_every_word_is_where_it_says(text):
    for word in read(text).words:
        assert 0 <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.text


@given(MIXED | ANY | SCRIPTS)
def test_words_stand_in_order_and_apart(text):
    words = read(text).words
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert all(
        one.sentence <= other.sentence and one.clause <= other.clause for one, other in pairwise(words)
    )


@given(MIXED | ANY | SCRIPTS)
def test_no_word_is_empty_or_has_characters_that_are_not_drawn(text):
    assert all(
        word.text and not set(word.text) & set("\u200b\u202e\u115f\u3164\ufe0f") for word in read(text).words
    )


@given(ANY | SCRIPTS)
def test_what_is_folded_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяёАЙЁ ,.", max_size=80))
def test_decomposed_text_reads_like_composed_text(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert [word.text for word in read(composed).words] == [word.text for word in read(decomposed).words]


@given(MIXED | ANY)
def test_the_index_holds_every_word_under_each_of_its_keys(text):
    reading = read(text)
    for positions in reading.index.values():
        assert list(positions) == sorted(set(positions))
    for at, word in enumerate(reading.words):
        assert all(at in reading.index[key] for key in (*word.keys, f"^{word.text[:2]}"))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (r"$\frac{\partial c_{n+1}}{\partial c_k}$", "frac partial c n 1 partial c k"),
        (
            r"\(\dfrac{\partial c_{n+1}}{\partial c_{k}} = \prod_{i=k}^{n} f_{i+1}\)",
            "dfrac partial c n 1 partial c k prod i k n f i 1",
        ),
        ("LSTMки и CNNов", "lstm и cnn"),
        ("dropout'а и loss’ом", "dropout и loss"),
        ("gate-ы", "gate ы"),
        ("softmaxслой", "softmax слой"),
        ("LSTMа", "lstm"),
        ("lossа", "lossa"),  # unclear, so it stays
        ("ста\u0301рый за\u0301мок", "старый замок"),
        ("наи\u0308вный", "наивный"),
        ("na\u00efve", "naive"),
        ("שלום \u202eслой\u202c", "שלום слой"),
        ("🙂слой👩‍🔬", "слой"),
        ("1️⃣ слой", "1 слой"),
        ("нейр\u00adон", "нейрон"),
        ("l\u03bfss", "loss"),  # a Greek omicron
        ("ѕgd", "sgd"),  # a Cyrillic dze
        ("\ud83d слой \udc00", "слой"),
    ],
)
def test_words_of(written, words):
    assert " ".join(word.text for word in read(written).words) == words


def test_a_greek_word_stays_greek():
    assert [word.text for word in read("λόγος").words] == ["λογοσ"]


def test_the_text_is_kept_as_it_was_written():
    assert read("~~а~~ Слой").text == "~~а~~ Слой"


def test_strange_words_are_named():
    reading = read("Градеинт и dropout, gradeint и weight")
    assert [reading.words[at].text for at in reading.strange] == ["градеинт", "gradeint"]


def test_of_gibberish_only_the_first_words_are_called_strange():
    assert len(read("щъщъщъщъ " * 5000).strange) == MOST_STRANGE
