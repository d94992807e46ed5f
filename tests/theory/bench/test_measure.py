import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from graders.theory.bench import cases_of, measure, measure_set, read_graded
from graders.theory.learning.grades import NEVER
from graders.theory.learning.prior import load_prior

PRIOR = load_prior()


@pytest.fixture
def report(write_set):
    """What is measured on some lines, as it goes through JSON; NaN is an error there."""

    def run(lines, **options):
        graded = read_graded(write_set(lines))
        found = asdict(measure_set(graded, list(cases_of(graded)), **options))
        return json.loads(json.dumps(found, allow_nan=False))

    return run


@pytest.fixture(scope="module")
def whole(made_class):
    return measure(PRIOR, *made_class)


def test_all_answers_and_questions_are_counted(whole):
    assert (whole.n, whole.questions, whole.marks) == (240, 8, 0)


def test_figures_lie_within_their_bounds(whole):
    assert -1 <= whole.qwk <= 1
    assert 0 <= whole.coverage95 <= 1
    assert 0 <= whole.agreement <= 1
    assert 0 <= whole.rmse5 <= 5


def test_learning_from_other_questions_helps(made_class, whole):
    alone = measure(PRIOR, *made_class, learn=False)
    assert whole.r > alone.r
    assert whole.rmse5 < alone.rmse5


def test_what_would_be_settled_agrees_with_the_person(whole):
    assert whole.precision95 is None or whole.precision95 >= 0.95


def test_answers_whose_marks_are_given_are_not_counted(made_class):
    assert measure(PRIOR, *made_class, marks=5, learn=False).n == 240 - 8 * 5


def test_without_any_mark_of_the_question_the_prior_alone_settles_nothing(made_class):
    found = measure(PRIOR, *made_class, learn=False)
    assert (found.coverage95, found.precision95) == (0, None)


def test_blanks_are_settled_as_zeros(made_class):
    cases = [replace(case, blank=at % 3 == 0) for at, case in enumerate(made_class[0])]
    shares = np.where([case.blank for case in cases], 0.0, made_class[1])
    never = PRIOR.model_copy(update={"grading": PRIOR.grading.model_copy(update={"bound": NEVER})})
    found = measure(never, cases, shares, learn=False)
    assert (found.coverage95, found.precision95) == (pytest.approx(1 / 3), 1)


def test_two_people_are_compared_where_there_are_two(made_class):
    second = made_class[1].copy()
    second[100:] = np.nan
    found = measure(PRIOR, *made_class, second=second, learn=False).second_rater
    assert (found["n"], found["r"], found["agreement"], found["rmse5"]) == (100, pytest.approx(1), 1, 0)


def test_without_a_second_person_nothing_is_said_of_one(report, made_lines):
    assert report(made_lines(2, 5))["second_rater"] == {}


def test_a_second_person_whose_answers_are_all_given_away_is_no_error(report, made_lines):
    lines = made_lines(1, 6)
    lines[0]["score2"] = 1
    assert report(lines, marks=6)["second_rater"] == {
        "n": 0, "r": None, "rho": None, "qwk": None, "rmse5": None, "agreement": None
    }  # fmt: skip


def test_shares_do_not_depend_on_the_scale(report, made_lines):
    assert report(made_lines(2, 8, top=100)) == report(made_lines(2, 8, top=5))


def test_one_question_is_no_error(report, made_lines):
    found = report(made_lines(1, 12))
    assert (found["n"], found["questions"]) == (12, 1)
    assert found["r"] > 0


def test_one_answer_is_no_error(report, made_lines):
    found = report(made_lines(1, 1))
    assert (found["n"], found["r"], found["rho"]) == (1, None, None)
    assert found["rmse5"] >= 0


@pytest.mark.parametrize("score", [0, 2.5, 5])
def test_where_all_scores_are_the_same_there_is_no_correlation(report, made_lines, score):
    found = report([{**line, "score": score} for line in made_lines(2, 8)])
    assert (found["r"], found["rho"]) == (None, None)


def test_the_same_answer_over_and_over_has_no_correlation(report, made_lines):
    lines = made_lines(1, 12)
    found = report([{**line, "answer": "The gate is a cell."} for line in lines])
    assert (found["r"], found["rho"]) == (None, None)


@pytest.mark.parametrize("learn", [True, False])
@pytest.mark.parametrize("answer", ["", "не знаю", "..."])
def test_a_set_of_blanks_is_settled(report, made_lines, answer, learn):
    lines = [{**line, "answer": answer, "score": 0} for line in made_lines(5, 14)]
    found = report(lines, marks=3, learn=learn)
    assert (found["n"], found["coverage95"], found["precision95"], found["r"]) == (70, 1, 1, None)


def test_more_marks_than_answers_leave_nothing_to_measure(report, made_lines):
    found = report(made_lines(3, 4), marks=50)
    assert (found["n"], found["questions"], found["coverage95"]) == (0, 3, 0)
    assert {found[name] for name in ("r", "rho", "qwk", "rmse5", "precision95", "agreement")} == {None}


def test_answers_without_a_word_of_the_language_are_no_error(report, made_lines):
    odd = ["🙂", "\u200b", "²", "((((", "漢字", "\x00", "$$"]
    lines = [{**line, "answer": odd[at % 7]} for at, line in enumerate(made_lines(2, 7))]
    assert report(lines, marks=2)["n"] > 0
