import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.i18n import sentence
from graders.model import Answer, KeyPoint, Question, Text, say
from graders.theory import Marked, case_for, load_prior, score_answer, teach
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


GATES = [
    f"Гейт номер {number} хранит память ячейки"
    for number in ("один", "два", "три", "четыре", "пять", "шесть")
]


@pytest.fixture(scope="module")
def lesson():
    """What marks taught: pairs of a text and a share."""

    def make(*marks):
        return teach(load_prior(), [Marked(case_for(QUESTION, text), text, share) for text, share in marks])

    return make


def taught_score(text, taught, note=None):
    answer = Answer(question="1", text=text, source="a.md", matched_by="number", note=note)
    return score_answer(QUESTION, answer, taught)


@pytest.mark.parametrize("text", ["", "...", "не знаю", "Не знаю.", "I don't know", "No submission"])
def test_blanks_and_refusals_are_settled_however_others_were_marked(lesson, text):
    result = taught_score(text, lesson((GATES[0], 1.0)))
    assert (result.earned, result.route, result.why.code) == (0, "settled", "route.blank")
    assert (result.low, result.high, result.sureness) == (None, None, None)


@pytest.mark.parametrize("text", ["нет", "none", "Не знаю, но веса общие", "0"])
def test_a_short_answer_is_no_refusal(text):
    result = score(text)
    assert (result.route == "settled", result.reason.code == "theory.refused") == (False, False)


def test_a_blank_with_text_left_unread_is_for_a_person():
    result = taught_score("не знаю", None, say("theory.unmatched_text"))
    assert (result.route, result.settled, result.why.code) == ("review", False, "route.note")


def test_a_copied_question_is_for_a_person(lesson):
    result = taught_score(QUESTION.text.ru, lesson())
    assert (result.earned, result.route, result.why.code) == (0, "review", "route.question_only")


def test_an_answer_below_its_question_is_an_answer():
    result = score(f"{QUESTION.text.ru}\n\nВеса общие.")
    assert (result.earned, result.why.code) == (1.0, "route.rubric_alone")


def test_what_a_person_marked_is_settled_for_whoever_wrote_the_same(lesson):
    result = taught_score(GATES[0].upper() + " \n", lesson((GATES[0], 0.75)))
    assert (result.earned, result.route, result.why.code) == (1.5, "settled", "route.repeat")
    assert result.low <= result.earned <= result.high


def test_a_sign_more_is_not_the_same_answer(lesson):
    assert taught_score(GATES[0] + " не", lesson((GATES[0], 0.75))).route != "settled"


def test_the_same_answer_marked_differently_is_for_a_person(lesson):
    result = taught_score(GATES[0], lesson((GATES[0], 0.75), (GATES[0], 0.25)))
    assert (result.route, result.settled, result.why.code) == ("review", False, "route.marked_differently")


@pytest.mark.parametrize("code", ["theory.unmatched_text", "theory.several_answers"])
def test_a_repeat_is_not_settled_where_more_may_have_been_written(lesson, code):
    result = taught_score(GATES[0], lesson((GATES[0], 0.0)), say(code, n=2))
    assert (result.route, result.settled, result.why.code) == ("review", False, "route.note")


def test_a_long_repeat_is_settled_though_only_its_beginning_is_read(lesson):
    text = "слово " * LONGEST_ANSWER
    result = taught_score(text, lesson((text, 0.5)))
    assert (result.earned, result.route) == (1.0, "settled")


def test_a_long_answer_with_another_end_is_no_repeat(lesson):
    text = "слово " * LONGEST_ANSWER
    assert taught_score(text + "Веса общие.", lesson((text, 0.5))).route == "review"


def test_without_marks_nothing_with_text_is_settled(lesson):
    texts = ["Веса общие, связи локальные, параметров мало.", "Ничего", GATES[0], "нет"]
    assert {taught_score(text, lesson()).route for text in texts} <= {"provisional", "review"}


def test_marks_of_the_question_stand_behind_the_points_from_five_on(lesson):
    marks = [(text, 1.0) for text in GATES[:5]]
    four, five = taught_score(GATES[5], lesson(*marks[:4])), taught_score(GATES[5], lesson(*marks))
    assert (four.reason.code, four.earned) == ("theory.no_points", 0)
    assert (five.reason.code, five.reason.params["n"]) == ("theory.learned", 5)
    assert five.earned >= 1.5


def test_points_are_within_their_interval_and_a_multiple_of_the_step(lesson):
    taught = lesson(*((text, 0.3) for text in GATES[:5]))
    for text in (GATES[5], "Веса общие.", "Связи локальные", "что-то ещё"):
        result = taught_score(text, taught)
        assert 0 <= result.low <= result.earned <= result.high <= result.possible
        assert result.earned % QUESTION.step == 0
        assert 0 <= result.sureness <= 1


def test_a_route_is_settled_exactly_where_the_score_is(lesson):
    taught = lesson((GATES[0], 1.0))
    for text in ("", GATES[0], GATES[1], QUESTION.text.ru, "не знаю"):
        result = taught_score(text, taught)
        assert (result.route == "settled") is result.settled


SCRIPT = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from graders.model import Answer, KeyPoint, Question, Text
from graders.theory import Marked, case_for, load_prior, score_answer, teach
from graders.theory.bench import cases_of, measure_set, read_graded

graded = read_graded(Path(sys.argv[1]))
print(json.dumps(asdict(measure_set(graded, list(cases_of(graded)), marks=3))))
point = KeyPoint(id="p", weight=1, title=Text(ru="", en=""), any=("gate ~3 memory",))
row = graded.rows[0]
asked = Question(id="q0", points=5, text=Text(ru=row.question, en=row.question),
                 answer=Text(ru=row.reference, en=row.reference), key_points=(point,))
marked = [Marked(case_for(asked, one.answer), one.answer, one.score / 5) for one in graded.rows[:6]]
taught = teach(load_prior(), marked)
for one in graded.rows[:12]:
    answer = Answer(question="q0", text=one.answer, source="a.md", matched_by="number")
    print(score_answer(asked, answer, taught).model_dump_json())
print([name for name in ("torch",) if name in sys.modules])
"""


def test_two_processes_say_the_same_to_the_last_byte(made_lines, write_set):
    path = write_set(made_lines(5, 16))
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in ("1", "2")
    ]
    one, other = (run.communicate()[0] for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert one == other
    assert one.count(b'"kind":"answer"') == 12
    assert one.endswith(b"[]\n")
