import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.i18n import sentence
from graders.model import Answer, KeyPoint, Question, Text
from graders.theory import score_answer
from graders.theory.learning.cases import LONGEST_ANSWER
from graders.theory.patterns import parse
from graders.theory.points import find_point
from graders.theory.reading import read


def point(name, *patterns, weight=0.25, required=False):
    return KeyPoint(id=name, weight=weight, title=Text(ru="", en=""), any=patterns, required=required)


QUESTION = Question(
    id="1",
    points=2,
    step=0.5,
    text=Text(ru="Зачем свёртке общие веса и локальность?", en="Why does a convolution share weights?"),
    answer=Text(ru="", en=""),
    key_points=(
        point("shared", "общий ~3 вес", "share ~4 weight", weight=0.5, required=True),
        point("local", "локальн*", "neighbour*"),
        point("few", "мало|меньше параметр", "few parameter"),
    ),
)


def score(text, question=QUESTION):
    return score_answer(question, Answer(question="1", text=text, source="a.md", matched_by="number"))


@pytest.mark.parametrize(
    ("text", "earned", "code"),
    [
        (
            "Веса общие, связи локальные, параметров мало; то есть меньше параметров.",
            2.0,
            "theory.all_points",
        ),
        ("Веса общие.", 1.0, "theory.some_points"),
        ("Связи локальные.", 0.5, "theory.some_points"),
        ("Ничего не понятно.", 0.0, "theory.no_points"),
    ],
)
def test_points_are_the_weights_of_the_points_made(text, earned, code):
    result = score(text)
    assert (result.earned, result.reason.code, result.settled) == (earned, code, False)


def test_without_a_required_point_at_most_half_is_earned():
    heavy = QUESTION.model_copy(
        update={
            "key_points": (point("a", "альфа", weight=0.2, required=True), point("b", "бета", weight=0.8))
        }
    )
    result = score("Бета.", heavy)
    assert (result.earned, result.reason.code) == (1.0, "theory.required_missing")


@pytest.mark.parametrize(
    "text",
    [
        "Веса не общие.",
        "Здесь нет общих весов.",
        "Веса тут никогда не бывают общими.",
        "Weights are not shared.",
        "The layer doesn't share its weights.",
        "Сеть работает без общих весов.",
        "Неверно, что веса общие.",
        "Weight sharing is not used.",
    ],
)
def test_a_denied_point_is_not_made(text):
    assert score(text).findings[0].probability < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Веса не только общие, но и малые.",
        "Это не магия, просто веса общие.",
        "Нейроны не видят всё, а веса общие.",
        "Weights are not only shared but small.",
        "It is not dense, because the weights are shared.",
    ],
)
def test_a_negation_elsewhere_denies_nothing(text):
    assert score(text).findings[0].made


def test_a_pattern_with_its_own_negation_is_not_denied():
    assert find_point(point("p", "не зависит ~3 место"), read("Ответ не зависит от места.")).made


@pytest.mark.parametrize(
    "text",
    [
        QUESTION.text.ru,
        QUESTION.text.en,
        f"**{QUESTION.text.ru}**",
        f"Вопрос: {QUESTION.text.ru}\n\n{QUESTION.text.en}",
    ],
)
def test_repeating_the_question_earns_nothing_and_a_person_looks(text):
    result = score(text)
    assert (result.earned, result.settled, result.reason.code) == (0.0, False, "theory.only_question")


@pytest.mark.parametrize(
    "text", ["", " \n\t", "---", "...", "\u200b\u202e", "~~веса общие~~", "<!-- веса общие -->"]
)
def test_a_blank_answer_is_a_settled_zero(text):
    result = score(text)
    assert (result.earned, result.settled, result.reason.code) == (0.0, True, "theory.blank")


def test_a_missing_answer_is_a_settled_zero():
    result = score_answer(QUESTION, None)
    assert (result.earned, result.settled, result.reason.code) == (0.0, True, "theory.missing")


def test_struck_out_words_earn_nothing():
    assert not score("~~Веса общие~~, связи локальные.").findings[0].made


def test_disguised_letters_are_found_at_their_place():
    text = "Тут вe\u200bсa oбщиe."
    span = score(text).findings[0].spans[0]
    assert text[span.start : span.end] == "вe\u200bсa oбщиe"


def test_scoring_is_deterministic():
    assert score("Веса общие, связи локальные.") == score("Веса общие, связи локальные.")


def test_a_long_answer_is_cut_and_says_so():
    result = score("слово " * LONGEST_ANSWER + "Веса общие.")
    assert result.note.code == "theory.too_long"
    assert result.earned == 0


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("text", ["Веса общие.", "", "Не знаю.", QUESTION.text.ru, "слово " * LONGEST_ANSWER])
def test_every_reason_and_note_has_a_sentence(text, language):
    result = score(text)
    assert sentence(result.reason, language)
    assert result.note is None or sentence(result.note, language)


def test_an_answer_behind_a_wall_of_invisible_characters_is_not_settled():
    assert not score("\u200b" * LONGEST_ANSWER + "Веса общие.").settled


WORDS = st.sampled_from(
    [
        "веса",
        "общие",
        "обЩих",
        "вe\u200bсов",
        "~~",
        "не",
        "локальность",
        "мало",
        "параметров",
        ".",
        ",",
        "\n",
        "$\\frac{1}{2}$",
        "**",
        "й\u0306",
        "\U0001d429",
        "½",
        "-",
    ]
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_every_span_holds_the_words_it_was_found_by(text):
    result = score(text)
    for key_point, finding in zip(QUESTION.key_points, result.findings, strict=True):
        prefixes = {word[:4] for pattern in key_point.any for word in parse(pattern).words}
        for span in finding.spans:
            assert 0 <= span.start < span.end <= len(text)
            said = [word.text for word in read(text[span.start : span.end]).words]
            assert said
            assert any(word.startswith(tuple(prefixes)) for word in (said[0], said[-1]))
