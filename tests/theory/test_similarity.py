import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.theory.reading import read
from graders.theory.similarity import FEATURES, LONGEST, features, profile, profile_of

QUESTION = "Why does a convolution share its weights?"
REFERENCE = "The same kernel slides over every position, so fewer parameters are learned."
UNBOUNDED = {
    "words",
    "length_ratio",
    "content_words",
    "new_words",
    "negations",
    "reference_words",
}


def seen(answer, question=QUESTION, reference=REFERENCE):
    return dict(zip(FEATURES, features(question, reference, profile_of(answer)).tolist(), strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "precision",
        "recall",
        "jaccard",
        "new_recall",
        "soft_recall",
        "token_set",
        "token_sort",
        "trigram_cosine",
        "bigram_recall",
        "clause_mean",
        "clause_worst",
    ],
)
def test_the_reference_itself_is_wholly_alike(name):
    assert seen(REFERENCE)[name] == pytest.approx(1)


def test_the_reference_is_as_long_as_itself():
    assert seen(REFERENCE)["length_ratio"] == 0


@pytest.mark.parametrize("name", ["precision", "recall", "jaccard", "soft_recall", "trigram_cosine", "words"])
def test_an_empty_answer_is_like_nothing(name):
    assert seen("")[name] == 0


@pytest.mark.parametrize("name", ["recall", "token_set", "trigram_cosine", "clause_mean"])
def test_an_answer_about_it_is_more_alike_than_one_about_something_else(name):
    assert seen("One kernel for every position.")[name] > seen("The king lives in a castle.")[name]


def test_the_order_of_words_changes_pairs_and_not_recall():
    mixed = seen("learned are parameters fewer so position every over slides kernel same the")
    assert mixed["recall"] == 1
    assert mixed["bigram_recall"] < 0.5


def test_the_questions_own_words_are_nothing_new():
    copied = seen("A convolution shares weights.")
    assert (copied["from_question"], copied["new_precision"], copied["new_words"]) == (1, 0, 0)


def test_inflected_words_are_the_same():
    assert seen("фильтрами градиента", "Что это?", "фильтры и градиенты")["recall"] == 1


def test_a_misspelt_word_counts_in_part():
    found = seen("parametres of kernal")
    assert found["recall"] < found["soft_recall"] < 1


def test_short_words_are_never_partly_the_same():
    found = seen("cat", "What?", "car")
    assert found["soft_recall"] == 0


def test_a_negation_more_than_the_reference_shows():
    assert seen("It is not shared.")["negations"] == 1


def test_numbers_of_the_reference_are_looked_for():
    asked = ("How many?", "It is 12 of 40.")
    assert [seen(text, *asked)["numbers"] for text in ("12", "12 or 40", "13")] == [0.5, 1, 0]


def test_without_numbers_in_the_reference_none_can_be_missing():
    assert seen("13")["numbers"] == seen("kernel")["numbers"] == 0.5


def test_an_empty_reference_and_question_are_no_error():
    assert np.isfinite(list(seen("kernel", "", "").values())).all()


def test_of_a_long_text_only_the_beginning_is_compared():
    assert len(profile(read("kernel " * (LONGEST + 50))).stems) == LONGEST


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*REFERENCE.split(), "не", "12", "\u200b", "²", "'s"]), max_size=20).map(
            " ".join
        ),
    )
)
def test_features_are_finite_and_shares_lie_between_0_and_1(text):
    found = seen(text)
    assert np.isfinite(list(found.values())).all()
    assert all(0 <= value <= 1 + 1e-9 for name, value in found.items() if name not in UNBOUNDED)
