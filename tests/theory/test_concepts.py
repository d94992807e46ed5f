from hypothesis import given
from hypothesis import strategies as st

from graders.theory.concepts import ConceptHit, concepts
from graders.theory.reading import read

ANSWERS = (
    "Дропаут отключает случайные нейроны, поэтому сеть меньше переобучается.",
    "The learning rate is too large, so the loss diverges; use gradient clipping.",
    "В LSTM три вентиля: забывания, входной и выходной; градеинт течёт через ячейку памяти.",
    "NMS removes boxes whose IoU with a better box is above the threshold.",
)


def test_the_longest_name_wins():
    assert concepts(read("vanishing gradients")) == (ConceptHit(0, 1, "vanishing_gradient"),)


def test_a_name_does_not_reach_into_the_next_sentence():
    assert [hit.id for hit in concepts(read("Learning. Rate"))] == []


def test_a_slip_counts_as_the_term():
    assert [hit.id for hit in concepts(read("dropuot"))] == ["dropout"]


def test_a_slip_inside_a_name_of_several_words_counts():
    assert concepts(read("затухание градеинта")) == (ConceptHit(0, 1, "vanishing_gradient"),)


def test_struck_out_terms_are_not_found():
    assert concepts(read("~~dropout~~ <!-- relu -->")) == ()


@given(st.text(max_size=200))
def test_hits_of_any_text_are_in_order_and_inside_it(text):
    reading = read(text)
    hits = concepts(reading)
    assert list(hits) == sorted(hits)
    assert all(0 <= hit.first <= hit.last < len(reading.words) for hit in hits)
