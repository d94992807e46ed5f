import pytest

from graders.model import Formula, KeyPoint, Misconception, Quantity, Question, Relation, Text
from graders.theory.learning.prior import load_prior
from graders.theory.points import (
    SPANS,
    find_misconception,
    find_point,
    find_swapped,
    find_wrong,
)
from graders.theory.reading import read

EMPTY = Text(ru="", en="")
POINT = KeyPoint(
    id="p",
    weight=1,
    title=EMPTY,
    any=("share ~3 weight", "same kernel"),
    paraphrases=("one filter slides over all positions",),
    formulas=(Formula(latex=r"a^2 + b"),),
    number=Quantity(value=8),
)
MISTAKE = Misconception(id="m", title=EMPTY, any=("more parameter",), penalty=0.5)
RELATION = Relation(
    id="r", title=EMPTY, agent="lstm", relation="slower", than="rnn", opposite="faster", penalty=0.5
)


def evidence(text, **changes):
    return find_point(POINT.model_copy(update=changes), read(text)).evidence


@pytest.mark.parametrize(
    ("text", "stands_on"),
    [
        ("Weights are learned", "nothing"),
        ("It shares the weights.", "pattern"),
        ("It shares the weights of the same kernel.", "patterns"),
        ("One filter slides over all the positions.", "paraphrase"),
        ("$b + a^2$", "formula"),
        ("It is 8.", "number"),
        ("It does not share weights.", "denied"),
        ("", "nothing"),
        ("Something else", "nothing"),
    ],
)
def test_a_finding_says_what_it_stands_on(text, stands_on):
    finding = find_point(POINT, read(text))
    assert (finding.evidence, finding.probability) == (stands_on, load_prior().evidence[stands_on])


def test_only_what_says_the_point_makes_it():
    assert {name for name, probability in load_prior().evidence.items() if probability < 0.5} == {
        "nothing",
        "denied",
        "unread",
    }


def test_a_pattern_goes_before_a_formula_and_a_number():
    assert evidence("It shares weights: $a^2 + b$, 8.") == "pattern"


def test_a_point_said_once_and_denied_once_is_said():
    assert evidence("An MLP does not share weights. A convolution shares weights.") == "pattern"


def test_a_denied_pattern_gives_way_to_a_formula():
    assert evidence("It does not share weights, $a^2 + b$") == "formula"


@pytest.mark.parametrize("text", ["Ответ не 8, а 9.", "It is not 8.", "Ответ: 8 нет.", "It isn't 8."])
def test_a_number_that_is_denied_earns_nothing(text):
    assert evidence(text) == "denied"


@pytest.mark.parametrize(
    "text",
    [
        "Не 9, а 8.",
        "8, а не 9",
        "Ответ 8 (не 9)",
        "Не меньше 8",
        "not less than 8",
        "Без паддинга 8.",
        "Паддинга нет: 8.",
        "Не знаю точно, но 8.",
        "When there is no padding the size is 8.",
        "It doesn't depend on the input: 8",
        "8 weights without bias",
        "$8$",
        "8",
    ],
)
def test_a_denial_of_something_else_denies_no_number(text):
    assert evidence(text) == "number"


def test_a_number_said_once_and_denied_once_is_said():
    assert evidence("It is not 8 at first. In the end it is 8.") == "number"


def test_a_number_counts_only_near_its_words():
    near = Quantity(value=8, near="channel")
    assert evidence("8 channels", number=near) == "number"
    assert evidence("8 layers", number=near) == "nothing"


def test_a_struck_out_formula_or_number_is_not_there():
    assert evidence("~~$a^2 + b$~~ ~~8~~") == "nothing"


def test_the_places_are_the_students_words():
    text = "At first: it **shares** the weights."
    span = find_point(POINT, read(text)).spans[0]
    assert text[span.start : span.end] == "shares** the weights"


def test_few_places_are_shown_and_in_order():
    spans = find_point(POINT, read("It shares weights. " * 50)).spans
    assert len(spans) == SPANS
    assert list(spans) == sorted(spans, key=lambda span: span.start)


def test_a_point_without_anything_to_look_for_is_never_made():
    empty = KeyPoint(id="p", weight=1, title=EMPTY)
    assert find_point(empty, read("It shares weights, 8.")).evidence == "nothing"


def test_a_misconception_is_found_and_its_denial_is_not():
    assert find_misconception(MISTAKE, read("It has more parameters.")).id == "m"
    assert find_misconception(MISTAKE, read("It does not have more parameters.")) is None
    assert find_misconception(MISTAKE, read("It has fewer parameters.")) is None


@pytest.mark.parametrize("text", ["An RNN is slower than an LSTM.", "An LSTM is faster than an RNN."])
def test_swapped_roles_are_found(text):
    assert find_swapped(RELATION, read(text)).id == "r"


@pytest.mark.parametrize(
    "text", ["An LSTM is slower than an RNN.", "An RNN is faster than an LSTM.", "lstm rnn", ""]
)
def test_right_roles_are_not_found(text):
    assert find_swapped(RELATION, read(text)) is None


def test_all_that_is_wrong_is_found_in_the_order_of_the_rubric():
    question = Question(
        id="1",
        points=1,
        text=EMPTY,
        answer=EMPTY,
        key_points=(POINT,),
        misconceptions=(MISTAKE,),
        relations=(RELATION,),
    )
    wrong = find_wrong(question, read("An RNN is slower than an LSTM. It has more parameters."))
    assert [finding.id for finding in wrong] == ["m", "r"]
    assert find_wrong(question, read("An LSTM is slower than an RNN.")) == ()
