import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.theory.learning.question import QuestionPrior, first_to_mark, fit_question, likenesses
from graders.theory.similarity import profile_of

PRIOR = QuestionPrior(offset=0.05, words=0.2, noise=0.01)
TEXTS = (
    "The forget gate keeps the memory of the cell",
    "The forget gate keeps the memory of a cell state",
    "A gate keeps memory",
    "Gradients vanish in long sequences",
    "Padding adds zeros around the picture",
    "The king lives in a castle",
)
PROFILES = [profile_of(text) for text in TEXTS]
SHARES = np.array([1.0, 0.8, 0.6, 0.2, 0.1, 0.0])
MARKS = SHARES - 0.5
"""What the marks leave over where a half was expected."""


def test_without_marks_it_says_nothing_and_knows_nothing():
    more, left = fit_question(PRIOR, [], np.zeros(0))(PROFILES)
    assert (more.tolist(), left.tolist()) == ([0] * 6, [1] * 6)


def test_the_twin_of_a_marked_answer_gets_nearly_its_mark():
    more, _ = fit_question(PRIOR, PROFILES[:4], MARKS[:4])([profile_of(TEXTS[3])])
    assert more[0] == pytest.approx(MARKS[3], abs=0.05)


def test_a_mark_as_noisy_as_answers_differ_is_believed_by_half():
    noisy = QuestionPrior(offset=0.05, words=0.2, noise=0.25)
    more, left = fit_question(noisy, PROFILES[:1], np.array([0.4]))(PROFILES[:1])
    assert (more[0], left[0]) == pytest.approx((0.2, 0.5))


def test_an_answer_in_no_known_words_gets_what_the_question_is_like():
    strict = fit_question(PRIOR, PROFILES[:3], np.full(3, -0.4))
    more, left = strict([profile_of("something else entirely")])
    assert -0.4 < more[0] < -0.1
    assert left[0] > 0.5


def test_each_mark_leaves_less_unexplained():
    left = [fit_question(PRIOR, PROFILES[:n], MARKS[:n])(PROFILES)[1] for n in range(len(PROFILES) + 1)]
    steps = np.diff(left, axis=0)
    assert (steps <= 1e-12).all()
    assert (steps.sum(axis=1) < 0).all()


def test_what_is_left_does_not_depend_on_the_marks_given():
    one, other = (fit_question(PRIOR, PROFILES[:3], marks)(PROFILES)[1] for marks in (MARKS[:3], -MARKS[:3]))
    np.testing.assert_array_equal(one, other)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(alphabet="абв ab1", max_size=12), max_size=8), st.integers(0, 8))
def test_what_is_left_is_a_share_for_any_texts(texts, marked):
    profiles = [profile_of(text) for text in texts]
    model = fit_question(PRIOR, profiles[:marked], np.ones(len(profiles[:marked])))
    more, left = model(profiles)
    assert np.isfinite(more).all()
    assert ((left >= 0) & (left <= 1)).all()


def test_the_same_answer_marked_twice_gets_the_mean():
    more, _ = fit_question(PRIOR, [PROFILES[0]] * 2, np.array([0.4, 0.2]))([PROFILES[0]])
    assert more[0] == pytest.approx(0.3, abs=0.02)


def test_no_answers_are_no_error():
    more, left = fit_question(PRIOR, PROFILES, MARKS)([])
    assert (more.shape, left.shape) == ((0,), (0,))


def test_a_text_is_wholly_like_itself_and_likeness_goes_both_ways():
    alike = likenesses(PROFILES, PROFILES)
    np.testing.assert_allclose(np.diag(alike), 1)
    np.testing.assert_allclose(alike, alike.T)
    assert ((alike >= 0) & (alike <= 1 + 1e-12)).all()


def test_likeness_is_that_of_a_plain_cosine():
    one, other = profile_of("forget gate"), profile_of("input gate opens")
    words, pairs = 1 / np.sqrt(2 * 3), 0
    letters = len(one.fourgrams & other.fourgrams) / np.sqrt(len(one.fourgrams) * len(other.fourgrams))
    assert likenesses([one], [other])[0, 0] == pytest.approx((words + pairs + 2 * letters) / 4)


def test_blank_texts_are_like_nothing():
    assert likenesses([profile_of("")], [profile_of(""), PROFILES[0]]).tolist() == [[0, 0]]


def test_the_most_usual_answer_is_marked_first():
    alike = likenesses(PROFILES, PROFILES)
    assert first_to_mark(PROFILES, 1) == [int(alike.sum(axis=1).argmax())] != [3]


def test_the_next_is_the_least_like_those_before():
    order = first_to_mark(PROFILES, 3)
    alike = likenesses(PROFILES, PROFILES)
    for turn in (1, 2):
        closest = alike[order[:turn]].max(axis=0)
        closest[order[:turn]] = 2
        assert closest[order[turn]] == closest.min()


def test_known_answers_come_first_in_their_order():
    order = first_to_mark(PROFILES, 6, known=[4, 1])
    assert order[:2] == [4, 1]
    assert sorted(order) == list(range(6))


def test_answers_like_a_known_one_are_asked_for_last():
    assert first_to_mark(PROFILES, 6, known=[0])[-1] == 1


def test_duplicates_come_last():
    profiles = [PROFILES[0], PROFILES[0], PROFILES[0], *PROFILES[3:]]
    assert set(first_to_mark(profiles, 6)[:4]) & {1, 2} in (set(), {1}, {2})
    assert set(first_to_mark(profiles, 6)[-2:]) <= {0, 1, 2}


def test_of_two_that_are_equally_far_the_first_is_asked_for():
    profiles = [profile_of(text) for text in ("gate gate", "king", "queen", "bishop")]
    assert first_to_mark(profiles, 4, known=[0]) == [0, 1, 2, 3]


@pytest.mark.parametrize(("count", "known"), [(0, []), (0, [3]), (2, [3, 1]), (1, [5, 0])])
def test_no_more_are_named_than_asked_for_but_those_known(count, known):
    assert first_to_mark(PROFILES, count, known) == known


def test_no_answer_is_named_twice_though_blanks_are_unlike_themselves():
    profiles = [profile_of(text) for text in ("", "", "a gate", "")]
    assert sorted(first_to_mark(profiles, 4)) == [0, 1, 2, 3]


def test_more_than_there_are_is_all_of_them():
    assert sorted(first_to_mark(PROFILES, 100)) == list(range(6))
    assert first_to_mark([], 3) == []
