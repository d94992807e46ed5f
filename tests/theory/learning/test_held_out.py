from dataclasses import replace

import numpy as np
import pytest

from graders.theory.learning.course import CourseModel, expected_before
from graders.theory.learning.grades import question_folds
from graders.theory.learning.held_out import FOLDS, grading_of, leave_one_out, predict
from graders.theory.learning.prior import load_prior
from graders.theory.learning.question import fit_question

PRIOR = load_prior()


@pytest.fixture(scope="module")
def learned(made_class):
    return predict(PRIOR, *made_class, marks=0, learn=True)


def questions_of(cases):
    return np.array([case.question for case in cases])


def test_without_given_marks_every_answer_is_predicted_once(made_class, learned):
    assert learned.rows.tolist() == list(range(len(made_class[0])))
    assert (learned.left == 1).all()


@pytest.mark.parametrize("marks", [1, 7])
def test_marks_that_are_given_are_not_predicted(made_class, marks):
    found = predict(PRIOR, *made_class, marks=marks, learn=False)
    kept = questions_of(made_class[0])[found.rows]
    assert set(np.unique(kept, return_counts=True)[1].tolist()) == {30 - marks}
    assert (found.left < 1).all()


def test_a_question_is_predicted_without_its_own_marks(made_class, learned):
    cases, shares = made_class
    own = questions_of(cases) == "q3"
    again = predict(PRIOR, cases, np.where(own, 1 - shares, shares), marks=0, learn=True)
    np.testing.assert_array_equal(again.expected[own], learned.expected[own])
    assert not np.array_equal(again.expected[~own], learned.expected[~own])


def test_without_learning_no_mark_matters(made_class):
    cases, shares = made_class
    one, other = (predict(PRIOR, cases, marks, marks=0, learn=False) for marks in (shares, 1 - shares))
    np.testing.assert_array_equal(one.expected, other.expected)
    np.testing.assert_allclose(one.expected, expected_before(PRIOR, cases))


def test_marks_of_the_question_bring_predictions_nearer(made_class):
    cases, shares = made_class
    hard = shares**2
    off = {}
    for marks in (0, 10):
        found = predict(PRIOR, cases, hard, marks=marks, learn=False)
        off[marks] = np.abs(found.expected - hard[found.rows]).mean()
    assert off[10] < 0.9 * off[0]


def test_with_more_marks_than_answers_nothing_is_left_to_predict(made_class):
    found = predict(PRIOR, made_class[0][:40], made_class[1][:40], marks=30, learn=False)
    assert found.rows.size == found.expected.size == found.left.size == found.blank.size == 0


def test_a_blank_is_expected_to_get_nothing_and_nobody_is_asked_to_mark_it(made_class):
    cases = [replace(case, blank=at % 2 == 0) for at, case in enumerate(made_class[0][:30])]
    found = predict(PRIOR, cases, made_class[1][:30], marks=10, learn=False)
    assert found.blank.sum() == 15
    assert (found.expected[found.blank] == 0).all()
    assert len(found.rows) == 20


def test_a_set_of_blanks_alone_is_no_error(made_class):
    cases = [replace(case, blank=True) for case in made_class[0][:3]]
    assert predict(PRIOR, cases, np.zeros(3), marks=2, learn=True).expected.tolist() == [0, 0, 0]


def test_predictions_do_not_depend_on_the_order_of_the_set(made_class):
    cases, shares = made_class[0][:90], made_class[1][:90]
    turned = predict(PRIOR, cases[::-1], shares[::-1], marks=0, learn=False)
    found = predict(PRIOR, cases, shares, marks=0, learn=False)
    np.testing.assert_allclose(turned.expected[::-1], found.expected)


def test_leaving_one_out_is_refitting_without_it(made_class):
    cases, shares = made_class[0][:12], made_class[1][:12]
    before = expected_before(PRIOR, cases)
    refitted, unexplained = [], []
    for at in range(len(cases)):
        rest = np.delete(np.arange(len(cases)), at)
        profiles = [cases[other].profile for other in rest.tolist()]
        more, alone = fit_question(PRIOR.question, profiles, (shares - before)[rest])([cases[at].profile])
        unexplained.append(alone[0])
        refitted.append(np.clip(before[at] + more[0], 0, 1))
    expected, left = leave_one_out(CourseModel(PRIOR), cases, shares)
    np.testing.assert_allclose(expected, refitted, atol=1e-12)
    np.testing.assert_allclose(left, unexplained, atol=1e-9)


def test_leaving_out_the_only_mark_leaves_the_prior(made_class):
    found, left = leave_one_out(CourseModel(PRIOR), made_class[0][:1], made_class[1][:1])
    np.testing.assert_allclose(found, expected_before(PRIOR, made_class[0][:1]))
    np.testing.assert_allclose(left, 1)


def test_few_predictions_bend_no_curves(made_class, learned):
    few = np.arange(len(learned.rows)) < 190
    assert grading_of(PRIOR, *made_class, learned, few) == PRIOR.grading


def test_predictions_of_few_questions_bend_no_curves(made_class, learned):
    cases = [replace(case, question=f"q{at % 4}") for at, case in enumerate(made_class[0])]
    everything = np.ones(len(learned.rows), dtype=bool)
    assert grading_of(PRIOR, cases, made_class[1], learned, everything) == PRIOR.grading


def test_blanks_bend_no_curves(made_class, learned):
    blank = replace(learned, blank=np.ones(len(learned.rows), dtype=bool))
    everything = np.ones(len(learned.rows), dtype=bool)
    assert grading_of(PRIOR, *made_class, blank, everything) == PRIOR.grading


def test_enough_predictions_give_the_course_curves_of_its_own(made_class, learned):
    found = grading_of(PRIOR, *made_class, learned, np.ones(len(learned.rows), dtype=bool))
    assert found.own
    assert found.curves != PRIOR.grading.curves


def test_questions_are_held_out_whole(made_class):
    groups = question_folds(questions_of(made_class[0]), FOLDS)
    assert len({name for group in groups for name in group}) == sum(map(len, groups)) == 8
