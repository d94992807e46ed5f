import pytest

from graders.theory.learning.cases import case_of
from graders.theory.learning.lesson import Marked, fingerprint, refit_at, teach, untaught
from graders.theory.learning.prior import load_prior
from graders.theory.reading import read

PRIOR = load_prior()
GATES = "forget input output update reset first second third fourth fifth sixth"
TEXTS = [f"The {word} gate keeps what the cell had {at} steps ago" for at, word in enumerate(GATES.split())]


@pytest.fixture(scope="module")
def ask(make_question):
    """A case of the question with an id, and its text."""

    def make(text, name="1"):
        question = make_question("What does a gate do?", "It decides what the cell forgets.", id=name)
        return case_of(question, read(text))

    return make


@pytest.fixture(scope="module")
def marked(ask):
    def make(text, share, name="1"):
        return Marked(ask(text, name), text, share)

    return make


@pytest.mark.parametrize(
    ("marks", "fitted"),
    [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10), (19, 10), (20, 20), (29, 20), (30, 30), (39, 30), (100, 100)],
)
def test_a_model_is_fitted_anew_after_5_10_20_and_every_ten_more(marks, fitted):
    assert refit_at(marks) == fitted


@pytest.mark.parametrize(
    "other",
    ["the Forget gate", "  the forget\n gate ", "THE FORGET\u00a0GATE", "the\tforget  gate\r\n"],
)
def test_case_and_white_space_make_no_other_answer(other):
    assert fingerprint(other) == fingerprint("the forget gate")


def test_an_accent_written_in_two_characters_is_the_same():
    assert fingerprint("и\u0306") == fingerprint("й")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$a + b$", "$a - b$"),
        ("$x^2$", "$x_2$"),
        ("$x²$", "$x2$"),
        ("не хранит", "хранит"),
        ("1 0", "10"),
        ("все", "всё"),
        ("~~общие~~", "общие"),
        ("a.", "a"),
        ("", "."),
    ],
)
def test_another_sign_makes_another_answer(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_half_a_character_is_no_error():
    assert fingerprint("\ud800") != fingerprint("\ud801")


def test_without_marks_nothing_is_known_by_heart(ask):
    taught = untaught(PRIOR)
    assert taught.marks_of("1", TEXTS[0]) == ()
    prediction = taught.predict(ask(TEXTS[0]))
    assert (prediction.marks, prediction.left) == (0, 1)


def test_teaching_nothing_is_the_prior():
    assert teach(PRIOR, []) == untaught(PRIOR)


def test_a_mark_is_known_by_heart_from_the_first_on(marked):
    taught = teach(PRIOR, [marked(TEXTS[0], 0.75)])
    assert taught.marks_of("1", TEXTS[0].upper() + "\n") == (0.75,)


def test_a_mark_says_nothing_of_another_text_or_question(marked):
    taught = teach(PRIOR, [marked(TEXTS[0], 0.75)])
    assert taught.marks_of("1", TEXTS[1]) == ()
    assert taught.marks_of("2", TEXTS[0]) == ()


def test_the_same_mark_given_twice_is_one(marked):
    taught = teach(PRIOR, [marked(TEXTS[0], 0.1 + 0.2), marked(TEXTS[0].lower(), 0.3)])
    assert len(taught.marks_of("1", TEXTS[0])) == 1


def test_different_marks_of_the_same_text_are_all_kept(marked):
    taught = teach(PRIOR, [marked(TEXTS[0], 1.0), marked(TEXTS[0], 0.5), marked(TEXTS[0], 1.0)])
    assert taught.marks_of("1", TEXTS[0]) == (1.0, 0.5)


def test_four_marks_change_no_prediction(ask, marked):
    case = ask(TEXTS[10])
    taught = teach(PRIOR, [marked(text, 0.0) for text in TEXTS[:4]]).predict(case)
    before = untaught(PRIOR).predict(case)
    assert (taught.marks, taught.left, taught.median) == (0, 1, before.median)


def test_five_marks_move_what_is_expected_of_the_others(ask, marked):
    case = ask(TEXTS[10])
    low, high = (
        teach(PRIOR, [marked(text, share) for text in TEXTS[:5]]).predict(case) for share in (0.0, 1.0)
    )
    assert low.median < high.median
    assert low.marks == high.marks == 5
    assert low.left < 1


def test_between_refits_new_marks_wait(ask, marked):
    five = [marked(text, 1.0) for text in TEXTS[:5]]
    more = [marked(text, 0.0) for text in TEXTS[5:9]]
    one, other = (teach(PRIOR, marks).predict(ask(TEXTS[10])) for marks in (five, five + more))
    assert one.median == other.median
    assert other.marks == 5


def test_marks_of_one_question_are_no_marks_of_another(ask, marked):
    taught = teach(PRIOR, [marked(text, 0.0) for text in TEXTS[:5]])
    before = untaught(PRIOR)
    other = ask(TEXTS[10], "2")
    assert taught.predict(other).median == before.predict(other).median
    assert taught.predict(other).marks == 0


def test_marks_of_a_whole_class_give_it_curves_of_its_own(made_class):
    cases, shares = made_class[0][:214], made_class[1][:214].tolist()
    pairs = zip(cases, shares, strict=True)
    taught = teach(PRIOR, [Marked(case, f"answer {at}", share) for at, (case, share) in enumerate(pairs)])
    assert taught.grading.own
    assert taught.course.forest is not None
    assert taught.predict(cases[0]).marks == 30


def test_a_prediction_is_as_sure_as_its_grades(ask):
    prediction = untaught(PRIOR).predict(ask(TEXTS[0]))
    assert 0 <= prediction.sureness(0.0) <= 1
    assert prediction.sureness(prediction.median) >= max(prediction.sureness(share) for share in (0.0, 1.0))


def test_nothing_is_sure_before_anybody_marked(ask):
    prediction = untaught(PRIOR).predict(ask("It decides what the cell forgets."))
    assert not any(prediction.is_sure(share) for share in (0.0, 0.5, 1.0))
