from dataclasses import replace

import numpy as np
import pytest

from graders.theory.learning.course import (
    FEWEST_MARKS,
    CourseModel,
    expected_before,
    fit_course,
    inputs_of,
)
from graders.theory.learning.grades import LEFT
from graders.theory.learning.prior import load_prior

PRIOR = load_prior()


def with_points(case, points):
    return type(case)(case.question, case.profile, case.features, points, case.blank)


def test_expected_shares_are_shares(made_class):
    found = expected_before(PRIOR, made_class[0])
    assert ((found >= 0) & (found <= 1)).all()


def test_without_answers_nothing_is_expected():
    assert expected_before(PRIOR, []).shape == CourseModel(PRIOR).expected([]).shape == (0,)


def test_who_says_more_of_the_reference_is_expected_to_get_more(made_class):
    cases, shares = made_class
    assert np.corrcoef(expected_before(PRIOR, cases), shares)[0, 1] > 0.7


def test_what_a_rubric_found_counts(made_class):
    case = made_class[0][0]
    nothing, everything = with_points(case, (0.0, 0.0, 0.1)), with_points(case, (1.0, 0.0, 2.7))
    low, high = expected_before(PRIOR, [nothing, everything])
    assert low < high


def test_an_answer_with_a_rubric_changes_no_other(made_class):
    cases = made_class[0][:3]
    mixed = [cases[0], with_points(cases[1], (1.0, 0.0, 2.7)), cases[2]]
    np.testing.assert_allclose(expected_before(PRIOR, mixed)[[0, 2]], expected_before(PRIOR, cases)[[0, 2]])


def test_too_few_marks_teach_no_forest(made_class):
    cases, shares = made_class[0][: FEWEST_MARKS - 1], made_class[1][: FEWEST_MARKS - 1]
    assert fit_course(PRIOR, cases, shares) == CourseModel(PRIOR)


def test_marks_of_too_few_questions_teach_no_forest(made_class):
    assert fit_course(PRIOR, made_class[0][:90], made_class[1][:90]) == CourseModel(PRIOR)


@pytest.fixture(scope="module")
def taught(made_class):
    return fit_course(PRIOR, made_class[0][:210], made_class[1][:210])


def test_a_forest_helps_on_a_question_that_it_has_not_seen(made_class, taught):
    cases, shares = made_class[0][210:], made_class[1][210:]
    before = np.mean((expected_before(PRIOR, cases) - shares) ** 2)
    assert np.mean((taught.expected(cases) - shares) ** 2) < before


def test_a_forest_without_a_say_changes_nothing(made_class, taught):
    cases = made_class[0][210:]
    np.testing.assert_allclose(replace(taught, say=0.0).expected(cases), expected_before(PRIOR, cases))


def test_its_say_grows_with_the_marks(made_class, taught):
    fewer = fit_course(PRIOR, made_class[0][:120], made_class[1][:120])
    assert 0.5 < fewer.say < taught.say < 1


def test_what_is_expected_stays_a_share(made_class, taught):
    found = taught.expected(made_class[0])
    assert ((found >= 0) & (found <= 1)).all()


def test_what_the_curves_see_has_a_row_an_answer(made_class):
    cases = made_class[0][:4]
    rows = inputs_of(cases, np.full(4, 0.5), np.array([1.0, 0.9, 0.8, 0.7]))
    assert rows.shape == (4, len(PRIOR.grading.curves[0].mean))
    assert rows[:, LEFT].tolist() == [1.0, 0.9, 0.8, 0.7]


def test_what_the_curves_see_of_no_answers_is_empty():
    assert inputs_of([], np.zeros(0), np.zeros(0)).shape == (0, len(PRIOR.grading.curves[0].mean))
