import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.theory.learning.grades import (
    BOUND_FOLDS,
    LEVELS,
    NEVER,
    Grades,
    Grading,
    agrees,
    fit_grading,
    inputs,
    question_folds,
    safe_bound,
    settles,
    with_bound,
)
from graders.theory.learning.linear import Linear

RANDOM = np.random.default_rng(1)
COUNT = 240
EXPECTED = RANDOM.uniform(size=COUNT)
SHARES = np.round(np.clip(EXPECTED + RANDOM.normal(size=COUNT) * 0.05, 0, 1), 1)
QUESTIONS = [f"q{at % 8}" for at in range(COUNT)]


def seen(expected, left=1.0):
    expected = np.asarray(expected, dtype=float)
    count = len(expected)
    return inputs(expected, np.full(count, left), np.zeros(count, dtype=bool), np.ones((count, 4)))


@pytest.fixture(scope="module")
def fitted():
    return fit_grading(seen(EXPECTED, 0.5), SHARES, QUESTIONS)


def test_grades_of_an_answer_add_up_to_1(fitted):
    found = fitted(seen(np.linspace(-1, 2, 50))).probabilities
    assert found.shape == (50, len(LEVELS))
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_a_higher_expectation_gives_no_lower_mark(fitted):
    median = fitted(seen(np.linspace(0, 1, 30), 0.5)).median
    assert (np.diff(median) >= 0).all()
    assert median[-1] - median[0] > 0.7


def test_curves_that_cross_still_give_a_distribution(fitted):
    crossed = fitted.model_copy(update={"curves": fitted.curves[::-1]})
    found = crossed(seen(EXPECTED)).probabilities
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_the_mark_is_about_what_is_expected(fitted):
    assert np.abs(fitted(seen(EXPECTED, 0.5)).median - SHARES).mean() < 0.08


@pytest.fixture
def known():
    """Grades of three answers: sure, split in two, and flat."""
    table = np.zeros((3, len(LEVELS)))
    table[0, 7] = 1
    table[1, [0, 10]] = 0.5
    table[2] = 1 / len(LEVELS)
    return Grades(table)


def test_the_median_is_the_level_that_half_do_not_pass(known):
    assert known.median.tolist() == pytest.approx([0.7, 0.0, 0.5])


def test_the_mean_weighs_the_levels(known):
    assert known.mean.tolist() == pytest.approx([0.7, 0.5, 0.5])


@pytest.mark.parametrize(("share", "levels"), [(0, [0, 0, 0]), (0.975, [0.7, 1, 1]), (1, [0.7, 1, 1])])
def test_quantiles_are_levels(known, share, levels):
    assert known.quantile(share).tolist() == pytest.approx(levels)


def test_quantiles_grow_with_their_share(fitted):
    found = fitted(seen(EXPECTED))
    steps = np.diff([found.quantile(share) for share in np.linspace(0, 1, 9)], axis=0)
    assert (steps >= 0).all()


def test_sureness_is_the_probability_near_a_mark(known):
    assert known.sureness(np.array([0.5, 0.0, 0.5])).tolist() == pytest.approx([1, 0.5, 5 / 11])
    assert known.sureness(np.array([0.4, 0.5, 1.0])).tolist() == pytest.approx([0, 0, 3 / 11])


@given(st.floats(0, 1))
def test_sureness_lies_within_0_and_1(share):
    found = Grades(np.full((1, len(LEVELS)), 1 / len(LEVELS))).sureness(np.array([share]))
    assert 0 <= found[0] <= 1 + 1e-12


@pytest.mark.parametrize(("one", "other", "same"), [(0.3, 0.5, True), (0.8, 1.0, True), (0.0, 0.21, False)])
def test_marks_a_fifth_apart_are_the_same_judgement(one, other, same):
    assert bool(agrees(np.array(one), np.array(other))) is same


def test_with_all_marks_right_the_bound_lets_nearly_all_through():
    sure = np.linspace(0.3, 1, 600)
    bound = safe_bound(sure, np.ones(600, dtype=bool), [f"q{at % 30}" for at in range(600)])
    assert bound < 0.35


def test_with_all_marks_wrong_nothing_is_ever_sure():
    sure = np.linspace(0, 1, 600)
    assert safe_bound(sure, np.zeros(600, dtype=bool), [f"q{at % 30}" for at in range(600)]) == NEVER


def test_too_few_marks_are_not_believed():
    names = [f"q{at}" for at in range(49)]
    assert safe_bound(np.ones(49), np.ones(49, dtype=bool), names) == NEVER


def test_one_question_alone_is_not_believed():
    assert safe_bound(np.ones(600), np.ones(600, dtype=bool), ["q"] * 600) == NEVER


def test_one_bad_question_raises_the_bound():
    sure = np.tile(np.linspace(0.3, 1, 30), 30)
    names = [f"q{at // 30}" for at in range(900)]
    right = np.random.default_rng(2).uniform(size=900) < 0.985
    without = safe_bound(sure, right, names)
    right[:25] = False
    assert safe_bound(sure, right, names) > without


def test_the_bound_does_not_depend_on_the_order_of_answers():
    random = np.random.default_rng(2)
    sure, right = random.uniform(size=600), random.uniform(size=600) < 0.97
    names = np.array([f"q{at % 30}" for at in range(600)])
    order = random.permutation(600)
    again = safe_bound(sure[order], right[order], names[order].tolist())
    assert again == safe_bound(sure, right, names.tolist())


def test_every_question_is_in_one_group():
    groups = question_folds(np.array(QUESTIONS), BOUND_FOLDS)
    assert len(groups) == BOUND_FOLDS
    assert sorted(name for group in groups for name in group) == sorted(set(QUESTIONS))


@pytest.mark.parametrize("names", [[], ["a"], ["b", "a", "b"]])
def test_there_are_no_empty_groups(names):
    groups = question_folds(np.array(names, dtype=str), 10)
    assert [group for group in groups if not group] == []
    assert len(groups) == len(set(names))


def judge(sureness, mark, left, **changes):
    grading = Grading(curves=(), bound=0.9).model_copy(update=changes)
    return bool(settles(grading, np.array([sureness]), np.array([mark]), np.array([left]))[0])


def test_a_sure_mark_of_a_known_question_settles():
    assert judge(0.95, 0.0, 0.7)
    assert judge(0.95, 1.0, 0.7)


def test_an_unsure_mark_does_not():
    assert not judge(0.89, 1.0, 0.7)


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("bound", [0.9, 0.0])
def test_nothing_low_settles_before_anybody_marked_the_question(own, bound):
    assert not judge(1.0, 0.4, 1.0, own=own, bound=bound)


def test_curves_of_other_courses_settle_nothing_before_anybody_marked_the_question():
    assert not judge(1.0, 1.0, 1.0)


def test_curves_of_the_course_itself_settle_a_high_mark_to_a_question_without_any():
    assert judge(1.0, 1.0, 1.0, own=True)


def test_never_is_never():
    assert not judge(1.0, 1.0, 0.0, own=True, bound=NEVER)


def test_the_same_answers_give_the_same_grading(fitted):
    assert fit_grading(seen(EXPECTED, 0.5), SHARES, QUESTIONS) == fitted


def test_other_answers_can_only_raise_the_bound(fitted):
    worse = with_bound(fitted, seen(EXPECTED, 0.5), 1 - SHARES, QUESTIONS)
    assert worse.bound == NEVER
    assert with_bound(fitted, seen(EXPECTED, 0.5), SHARES, QUESTIONS).bound >= fitted.bound
    assert worse.curves == fitted.curves


def test_marks_without_weight_bend_no_curve():
    rows = np.concatenate([seen(EXPECTED), seen(EXPECTED)])
    shares = np.concatenate([SHARES, 1 - SHARES])
    names = [*QUESTIONS, *QUESTIONS]
    weights = np.repeat([1.0, 0.0], COUNT)
    found = fit_grading(rows, shares, names, weights=weights)(seen(EXPECTED)).median
    np.testing.assert_allclose(found, fit_grading(seen(EXPECTED), SHARES, QUESTIONS)(seen(EXPECTED)).median)


def test_a_class_where_all_get_full_marks_is_no_error():
    found = fit_grading(seen(EXPECTED), np.ones(COUNT), QUESTIONS)(seen(EXPECTED))
    assert (found.median == 1).all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=5))
def test_absurd_expectations_still_give_marks_within_the_points(expected):
    found = Grading(curves=_curves(), bound=NEVER)(seen(expected))
    assert ((found.median >= 0) & (found.median <= 1)).all()


def _curves():
    weights = (8.0, *(0.0,) * 9)
    return tuple(
        Linear(mean=(0.0,) * 10, spread=(1.0,) * 10, weights=weights, intercept=-8 * level, logistic=True)
        for level in LEVELS[1:].tolist()
    )
