import numpy as np
import pytest
from pydantic import ValidationError
from sklearn.linear_model import LogisticRegression, Ridge

from graders.theory.learning.linear import Linear, fit_linear, fit_logistic

RANDOM = np.random.default_rng(3)
ROWS = RANDOM.normal(size=(80, 4)) * [1, 10, 0.1, 3] + [0, 5, -2, 1]
TARGETS = ROWS @ [0.5, -0.02, 3, 0.1] + RANDOM.normal(size=80) * 0.1
CLASSES = np.greater(TARGETS, np.median(TARGETS))
WEIGHTS = RANDOM.uniform(0.1, 2, size=80)


def standard(rows, weights=None):
    mean = np.average(rows, axis=0, weights=weights)
    return (rows - mean) / np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weights))


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_ridge_predicts_what_scikit_learn_predicts(weights):
    oracle = Ridge(alpha=7.0).fit(standard(ROWS, weights), TARGETS, sample_weight=weights)
    found = fit_linear(ROWS, TARGETS, weights=weights, shrink=7.0)(ROWS)
    np.testing.assert_allclose(found, oracle.predict(standard(ROWS, weights)), atol=1e-4)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_logistic_predicts_what_scikit_learn_predicts(weights):
    oracle = LogisticRegression(C=0.5).fit(standard(ROWS, weights), CLASSES, sample_weight=weights)
    found = fit_logistic(ROWS, CLASSES, weights=weights, shrink=2.0)(ROWS)
    np.testing.assert_allclose(found, oracle.predict_proba(standard(ROWS, weights))[:, 1], atol=1e-3)


def test_a_case_of_weight_0_changes_nothing():
    rows, targets = np.vstack([ROWS, [[9e3, 9e3, 9e3, 9e3]]]), np.append(TARGETS, 1e6)
    weights = np.append(np.ones(80), 0.0)
    assert fit_linear(rows, targets, weights=weights, shrink=1.0) == fit_linear(
        ROWS, TARGETS, weights=np.ones(80), shrink=1.0
    )


def test_an_input_that_never_varies_says_nothing():
    rows = np.column_stack([ROWS, np.full(80, 4.0)])
    model = fit_linear(rows, TARGETS, shrink=1.0)
    assert (model.weights[-1], model.spread[-1]) == (0, 1)


@pytest.mark.parametrize(("target", "beyond"), [(True, 0.95), (False, 0.0)])
def test_with_targets_all_the_same_the_curve_is_constant(target, beyond):
    found = fit_logistic(ROWS, np.full(80, target), shrink=1.0)(ROWS)
    assert np.ptp(found) == 0
    assert beyond < found[0] < beyond + 0.05


@pytest.mark.parametrize("size", [1e6, -1e6, 1e300])
def test_a_curve_stays_within_0_and_1_for_absurd_inputs(size):
    found = fit_logistic(ROWS, CLASSES, shrink=1.0)(np.full((2, 4), size))
    assert ((found >= 0) & (found <= 1)).all()


def test_a_model_is_the_same_after_json():
    model = fit_logistic(ROWS, CLASSES, shrink=1.0)
    assert Linear.model_validate_json(model.model_dump_json()) == model


def test_a_file_with_nan_is_refused():
    with pytest.raises(ValidationError):
        Linear(mean=(0.0,), spread=(1.0,), weights=(float("nan"),), intercept=0.0)
