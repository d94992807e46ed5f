import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import cohen_kappa_score, confusion_matrix, root_mean_squared_error

from graders.theory.bench.agreement import (
    GRADES,
    agreement,
    confusion,
    pearson,
    quadratic_kappa,
    rmse,
    spearman,
)

RANDOM = np.random.default_rng(2)
ONE = RANDOM.integers(0, 11, size=200) / 10
OTHER = np.clip(ONE + RANDOM.integers(-3, 4, size=200) / 10, 0, 1)
NONE = np.zeros(0)


def levels(marks):
    return [int(mark * GRADES + 0.5) for mark in marks]


def test_correlations_are_scipys():
    assert pearson(ONE, OTHER) == pytest.approx(stats.pearsonr(ONE, OTHER).statistic)
    assert spearman(ONE, OTHER) == pytest.approx(stats.spearmanr(ONE, OTHER).statistic)


def test_kappa_is_scikit_learns():
    oracle = cohen_kappa_score(levels(ONE), levels(OTHER), weights="quadratic")
    assert quadratic_kappa(ONE, OTHER) == pytest.approx(oracle)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=2, max_size=30))
def test_kappa_is_scikit_learns_for_any_marks(pairs):
    one, other = np.array(pairs, dtype=float).T / 10
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = cohen_kappa_score(levels(one), levels(other), weights="quadratic", labels=range(GRADES + 1))
    found = quadratic_kappa(one, other)
    assert (found is None and np.isnan(oracle)) or found == pytest.approx(oracle)


def test_confusion_is_scikit_learns():
    oracle = confusion_matrix(levels(ONE), levels(OTHER), labels=range(GRADES + 1))
    np.testing.assert_array_equal(confusion(ONE, OTHER), oracle)


def test_the_error_is_on_a_scale_to_5():
    assert rmse(ONE, OTHER) == pytest.approx(root_mean_squared_error(5 * ONE, 5 * OTHER))


def test_half_a_level_is_rounded_up():
    assert confusion(np.array([0.1, 0.3, 0.5, 0.7, 0.9]), np.zeros(5))[:, 0].tolist() == [0, 1, 1, 1, 1, 1]


def test_marks_outside_the_scale_count_as_its_ends():
    assert confusion(np.array([-2.0]), np.array([9.0]))[0, GRADES] == 1


@pytest.mark.parametrize("metric", [pearson, spearman])
@pytest.mark.parametrize("constant", [[0.3, 0.3, 0.3], [0.3, 0.3 + 1e-16, 0.3 - 1e-16]])
def test_marks_all_the_same_correlate_with_nothing(metric, constant):
    assert metric(np.array(constant), ONE[:3]) is None
    assert metric(ONE[:3], np.array(constant)) is None


def test_kappa_of_one_mark_given_by_both_is_none():
    assert quadratic_kappa(np.ones(5), np.ones(5)) is None


@pytest.mark.parametrize("metric", [pearson, spearman, quadratic_kappa, rmse, agreement])
def test_of_no_answers_nothing_is_said(metric):
    assert metric(NONE, NONE) is None


@pytest.mark.parametrize("metric", [pearson, spearman])
def test_one_answer_has_no_correlation(metric):
    assert metric(ONE[:1], OTHER[:1]) is None


def test_agreement_is_the_share_within_a_fifth():
    assert agreement(np.array([0.0, 0.2, 1.0, 0.5]), np.array([0.2, 0.5, 0.8, 0.5])) == 0.75


def test_marks_agree_wholly_with_themselves():
    found = (pearson(ONE, ONE), spearman(ONE, ONE), quadratic_kappa(ONE, ONE), agreement(ONE, ONE))
    assert found == pytest.approx((1, 1, 1, 1))
    assert rmse(ONE, ONE) == 0
