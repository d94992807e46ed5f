"""What becomes of a reply: the share, the quotes, and what a person should look at."""

import json
from collections.abc import Callable

import pytest
from misbehaving import ANSWER, HONEST, Server, points, says

from graders.model import Question
from graders.model.judge import Refusal, Verdict
from graders.theory.judges.chat import ChatJudge
from graders.theory.judges.quotes import find_quote

Made = Callable[..., ChatJudge]
GATE = "The forget gate scales the old cell state."
SUM = "The new input is added to it"


@pytest.fixture
def ask(server: Server, judge: Made, question: Question) -> Callable[..., Verdict | Refusal]:
    """The judge's answer where the model says this."""

    def asked(said: object, answer: str = ANSWER) -> Verdict | Refusal:
        server.does(says(said))
        return judge().judge(question, answer)

    return asked


def codes(verdict: Verdict | Refusal) -> list[str]:
    return (
        [message.code for message in verdict.review]
        if isinstance(verdict, Verdict)
        else [verdict.reason.code]
    )


def test_an_honest_answer_gets_all(ask: Callable[..., Verdict]) -> None:
    verdict = ask(HONEST)
    assert (verdict.share, verdict.review) == (1.0, ())


def test_spans_are_the_words_of_the_quotes(ask: Callable[..., Verdict]) -> None:
    spans = [point.span for point in ask(HONEST).points]
    assert [ANSWER[span.start : span.end] for span in spans if span] == [said["quote"] for said in HONEST]


@pytest.mark.parametrize(
    ("gate", "total", "gradient", "share"),
    [
        ("yes", "yes", "no", 0.8),
        ("yes", "partial", "no", 0.65),
        ("partial", "yes", "yes", 0.75),
        ("yes", "unsure", "no", 0.5),
        ("no", "yes", "yes", 0.5),
        ("unsure", "yes", "yes", 0.5),
        ("no", "yes", "no", 0.3),
        ("no", "no", "no", 0.0),
    ],
)
def test_the_share_follows_from_answers_and_weights(
    ask: Callable[..., Verdict], gate: str, total: str, gradient: str, share: float
) -> None:
    said = points(gate=(gate, GATE), sum=(total, SUM), gradient=(gradient, "the gradient survives"))
    assert ask(said).share == pytest.approx(share)


def test_a_required_point_of_small_weight_halves_the_answer(
    server: Server, judge: Made, question: Question
) -> None:
    gate, total, gradient = question.key_points
    weights = {gate: 0.1, total: 0.6, gradient: 0.3}
    changed = tuple(point.model_copy(update={"weight": weights[point]}) for point in (gate, total, gradient))
    server.does(says(points(gate=("no", ""), sum=("yes", SUM), gradient=("yes", "the gradient survives"))))
    found = judge().judge(question.model_copy(update={"key_points": changed}), ANSWER)
    assert isinstance(found, Verdict)
    assert found.share == 0.5


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " ",
        "The gate forgets.",
        "the forget gate scales the old cell state.",
        "state",
        "a",
        "The forget gate … state.",
    ],
)
@pytest.mark.parametrize("answer", ["yes", "partial"])
def test_what_is_claimed_without_a_quote_that_holds_is_unsure(
    ask: Callable[..., Verdict], quote: str, answer: str
) -> None:
    verdict = ask(points(gate=(answer, quote), sum=("yes", SUM), gradient=("no", "")))
    assert (verdict.points[0].answer, verdict.points[0].span, codes(verdict)) == (
        "unsure",
        None,
        ["theory_judge.quote"],
    )


def test_a_verdict_none_of_whose_quotes_occurs_is_refused(ask: Callable[..., Refusal]) -> None:
    made_up = points(gate=("yes", "gates everywhere"), sum=("yes", "sums everywhere"), gradient=("no", ""))
    assert codes(ask(made_up)) == ["theory_judge.no_quote_occurs"]


def test_an_unsure_point_sends_the_answer_to_a_person(ask: Callable[..., Verdict]) -> None:
    assert codes(ask(points(gate=("yes", GATE), sum=("yes", SUM), gradient=("unsure", "")))) == [
        "theory_judge.unsure"
    ]


def test_one_quote_for_everything_is_pointed_out(ask: Callable[..., Verdict]) -> None:
    said = points(gate=("yes", GATE), sum=("yes", GATE), gradient=("yes", GATE))
    assert codes(ask(said)) == ["theory_judge.one_quote"]


def test_one_quote_for_two_points_is_not(ask: Callable[..., Verdict]) -> None:
    assert codes(ask(points(gate=("yes", GATE), sum=("yes", GATE), gradient=("no", "")))) == []


def test_struck_out_words_are_no_quote(ask: Callable[..., Verdict]) -> None:
    struck = f"~~{GATE}~~ {SUM}, so the gradient survives."
    assert ask(HONEST, struck).points[0].answer == "unsure"


@pytest.mark.parametrize(
    "said",
    [
        "Sure! The answer is right.",
        "",
        "null",
        "[]",
        "{}",
        '{"points": "all"}',
        json.dumps({"points": HONEST, "score": 1}),
        json.dumps({"points": [{**HONEST[0], "weight": 1}]}),
        json.dumps({"points": [{**HONEST[0], "verdict": "YES"}]}),
        json.dumps({"points": [{**HONEST[0], "quote": None}]}),
        json.dumps({"points": [{"id": "gate", "verdict": "yes"}]}),
        json.dumps({"points": HONEST})[:-2],
        "[" * 5000,
        f"```json\n{json.dumps({'points': HONEST})}\n```",
    ],
)
def test_a_reply_of_another_schema_is_refused(ask: Callable[..., Refusal], said: str) -> None:
    assert codes(ask(said)) == ["theory_judge.schema"]


@pytest.mark.parametrize(
    "said",
    [
        HONEST[:2],
        [*HONEST, HONEST[0]],
        [HONEST[0], HONEST[0], HONEST[1]],
        [*HONEST[:2], {**HONEST[2], "id": "other"}],
        [],
    ],
    ids=["missing", "twice", "one for another", "unknown", "none"],
)
def test_key_points_that_are_not_the_rubrics_are_refused(
    ask: Callable[..., Refusal], said: list[object]
) -> None:
    assert codes(ask(said)) == ["theory_judge.other_points"]


def test_points_in_another_order_are_put_in_the_rubrics(ask: Callable[..., Verdict]) -> None:
    assert ask(HONEST[::-1]) == ask(HONEST)


@pytest.mark.parametrize(
    ("quote", "answer", "found"),
    [
        ("a cell state", "It has a\r\n  cell\tstate.", "a\r\n  cell\tstate"),
        ("  the state  ", "It is the state.", "the state"),
        ("ReLU", "  ReLU\n", "ReLU"),
        ("ReLU", "A ReLU", None),
        ("$c_t = f_t$", "$c_t = f_t$ 🙂", "$c_t = f_t$"),
        ("состояние ячейки", "Есть состояние ячейки.", "состояние ячейки"),
        ("a cell state.", "It has a cell state", None),
        ("A Cell State", "It has a cell state", None),
        ("x" * 4000, "x" * 3999, None),
        ("", "", None),
    ],
)
def test_a_quote_is_found_letter_by_letter(quote: str, answer: str, found: str | None) -> None:
    span = find_quote(quote, answer)
    assert (span and answer[span.start : span.end]) == found
