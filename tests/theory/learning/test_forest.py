import numpy as np

from graders.theory.learning import forest
from graders.theory.learning.forest import fit_forest

RANDOM = np.random.default_rng(5)
ROWS = RANDOM.uniform(size=(120, 3))
TARGETS = (ROWS[:, 0] > 0.5) * 0.8 + 0.1


def test_the_same_rows_give_the_same_predictions():
    np.testing.assert_array_equal(fit_forest(ROWS, TARGETS)(ROWS), fit_forest(ROWS, TARGETS)(ROWS))


def test_it_learns_a_step_that_no_line_follows():
    found = fit_forest(ROWS, TARGETS)(np.array([[0.1, 0.5, 0.5], [0.9, 0.5, 0.5]]))
    assert found[0] < 0.35
    assert found[1] > 0.65


def test_predictions_lie_within_the_marks_seen():
    found = fit_forest(ROWS, TARGETS)(np.array([[99.0, -99.0, 0.0]]))
    assert 0.1 <= found[0] <= 0.9


def test_of_very_many_marks_evenly_spaced_ones_are_learned_from(monkeypatch):
    monkeypatch.setattr(forest, "MOST_ROWS", 40)
    kept = np.linspace(0, 119, 40).astype(int)
    np.testing.assert_array_equal(
        fit_forest(ROWS, TARGETS)(ROWS), fit_forest(ROWS[kept], TARGETS[kept])(ROWS)
    )
