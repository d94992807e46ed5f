"""What a verdict does to an answer: never a point, never settled, and a person where the two disagree."""

from pathlib import Path
from typing import Any

import pytest

from graders.course import open_course
from graders.i18n import sentence
from graders.model import (
    AnswerScore,
    KeyPoint,
    Language,
    PointVerdict,
    Question,
    Refusal,
    Text,
    Verdict,
    say,
)
from graders.report.student import answer_view
from graders.theory.judged import judged_by, with_verdict

TEXT = "The forget gate scales the old cell state."
QUESTION = Question(
    id="1",
    points=0.5,
    text=Text(ru="?", en="?"),
    answer=Text(ru=".", en="."),
    key_points=tuple(
        KeyPoint(id=name, weight=weight, title=Text(ru=name, en=name), any=(name,))
        for name, weight in (("gate", 0.5), ("sum", 0.3), ("gradient", 0.2))
    ),
)


def score(**changes: Any) -> AnswerScore:
    values: dict[str, Any] = {
        "question": "1",
        "text": TEXT,
        "source": "a.md",
        "earned": 0.25,
        "possible": 0.5,
        "settled": False,
        "route": "provisional",
        "why": say("route.rubric_alone"),
        "reason": say("theory.some_points", n=1, total=3),
    }
    return AnswerScore(**{**values, **changes})


def verdict(*answers: str, **changes: Any) -> Verdict:
    names = ("gate", "sum", "gradient")
    points = tuple(
        PointVerdict.model_validate({"id": name, "answer": answer})
        for name, answer in zip(names, answers, strict=False)
    )
    return Verdict(model="small", points=points, share=0.0, **changes)


def refusal(code: str) -> Refusal:
    return Refusal(reason=say(f"theory_judge.{code}", host="h", n=1, seconds=1, status=500, kb=1))


def why(found: AnswerScore) -> str:
    return found.why.code if found.why else ""


class Says:
    """A judge that says one thing and counts how often it is asked."""

    def __init__(self, said: Verdict | Refusal) -> None:
        self.said = said
        self.asked: list[str] = []

    def judge(self, question: Question, answer: str) -> Verdict | Refusal:
        self.asked.append(answer)
        return self.said


EVERY = [
    verdict("yes", "yes", "yes"),
    verdict("no", "no", "no"),
    verdict("yes", "no", "unsure", review=(say("theory_judge.unsure", n=1),)),
    refusal("instruction"),
    refusal("no_quote_occurs"),
    refusal("slow"),
]


@pytest.mark.parametrize("found", EVERY, ids=str)
@pytest.mark.parametrize("earned", [0.0, 0.25, 0.5])
def test_no_verdict_moves_points_or_settles(found: Verdict | Refusal, earned: float) -> None:
    after = with_verdict(score(earned=earned), found, QUESTION)
    assert (after.earned, after.settled, after.route == "settled") == (earned, False, False)


@pytest.mark.parametrize("answers", [("yes", "no", "no"), ("yes", "no", "yes"), ("yes", "partial", "no")])
def test_a_verdict_within_a_fifth_changes_nothing_but_the_line(answers: tuple[str, ...]) -> None:
    found = verdict(*answers)
    after = with_verdict(score(), found, QUESTION)
    assert after.judged is not None
    assert after.model_copy(update={"judged": None}) == score()


def test_a_verdict_further_away_is_for_a_person_and_both_values_are_named() -> None:
    after = with_verdict(score(), verdict("yes", "yes", "no"), QUESTION)
    assert (after.route, why(after)) == ("review", "route.judge_disagrees")
    assert after.why is not None
    assert after.why.params == {"points": 0.25, "judged": 0.4, "possible": 0.5}


def test_what_a_verdict_leaves_open_is_for_a_person() -> None:
    found = verdict("yes", "no", "unsure", review=(say("theory_judge.unsure", n=1),))
    after = with_verdict(score(), found, QUESTION)
    assert (after.route, why(after)) == ("review", "route.judge_doubts")


@pytest.mark.parametrize(
    ("code", "reason"), [("instruction", "judge_addressed"), ("no_quote_occurs", "judge_unfounded")]
)
def test_a_refusal_about_the_answer_is_for_a_person(code: str, reason: str) -> None:
    after = with_verdict(score(), refusal(code), QUESTION)
    assert (after.route, why(after)) == ("review", f"route.{reason}")


@pytest.mark.parametrize(
    "code", ["unreachable", "slow", "status", "key", "redirect", "too_large", "not_json", "schema", "off"]
)
def test_a_refusal_about_the_endpoint_is_nothing_but_a_line(code: str) -> None:
    assert with_verdict(score(), refusal(code), QUESTION) == score(judged=refusal(code))


def test_an_answer_that_is_for_a_person_anyway_keeps_its_reason() -> None:
    before = score(route="review", why=say("route.nothing_found"), earned=0.0)
    after = with_verdict(before, verdict("yes", "yes", "yes"), QUESTION)
    assert (after.route, why(after)) == ("review", "route.nothing_found")
    assert after.judged is not None


def test_a_settled_mark_that_a_judge_contradicts_is_no_longer_settled() -> None:
    before = score(route="settled", settled=True, why=say("route.sure", percent=97, n=20))
    after = with_verdict(before, verdict("no", "no", "no"), QUESTION)
    assert (after.route, after.settled, after.earned) == ("review", False, 0.25)


def test_a_settled_mark_that_a_judge_agrees_with_stays_settled() -> None:
    before = score(route="settled", settled=True, why=say("route.sure", percent=97, n=20))
    assert with_verdict(before, verdict("yes", "no", "no"), QUESTION).settled


@pytest.mark.parametrize("found", EVERY, ids=str)
def test_what_a_person_has_marked_word_for_word_stays(found: Verdict | Refusal) -> None:
    before = score(route="settled", settled=True, why=say("route.repeat"))
    after = with_verdict(before, found, QUESTION)
    assert (after.route, after.settled, why(after)) == ("settled", True, "route.repeat")


def test_an_old_verdict_counts_with_todays_weights() -> None:
    stale = verdict("no", "no", "no").model_copy(update={"share": 1.0})
    after = with_verdict(score(earned=0.0), stale, QUESTION)
    assert isinstance(after.judged, Verdict)
    assert (after.judged.share, after.route) == (0.0, "provisional")


def test_an_old_verdict_on_other_key_points_is_dropped() -> None:
    other = QUESTION.model_copy(update={"key_points": QUESTION.key_points[:2]})
    assert with_verdict(score(), verdict("no", "no", "no"), other) == score()


def test_an_answer_that_waits_is_judged_word_for_word() -> None:
    judge = Says(verdict("yes", "no", "no"))
    assert judged_by(judge, QUESTION, score()).judged is not None
    assert judge.asked == [TEXT]


@pytest.mark.parametrize(
    "unasked",
    [
        {"settled": True, "route": "settled"},
        {"text": " \n"},
        {"text": "", "source": "", "route": "review", "reason": say("theory.missing")},
        {"text": "-", "route": "review", "reason": say("theory.blank")},
        {"text": "не знаю", "route": "review", "reason": say("theory.refused")},
        {"text": "Why?", "route": "review", "reason": say("theory.only_question")},
    ],
    ids=str,
)
def test_a_judge_is_not_asked_about(unasked: dict[str, Any]) -> None:
    judge = Says(verdict("yes", "yes", "yes"))
    before = score(**unasked)
    assert judged_by(judge, QUESTION, before) == before
    assert judge.asked == []


def test_without_a_judge_nothing_is_judged() -> None:
    assert judged_by(None, QUESTION, score()) == score()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A model (small) read it too: 1 of 3 key points and 1 in part, 0.325 of 0.5."),
        ("ru", "Ответ прочла и модель (small): ключевых мыслей 1 из 3 и ещё 1 отчасти, 0,325 из 0,5 балла."),
    ],
)
def test_the_line_of_a_report_counts_points_made_in_part_and_says_what_is_open(
    language: Language, said: str
) -> None:
    found = verdict("yes", "partial", "unsure", review=(say("theory_judge.unsure", n=1),))
    judged = with_verdict(score(), found, QUESTION)
    lesson = open_course(Path(__file__).parents[2], public=True, calibrated=False).assignments[0]
    line, left_open = answer_view(judged, lesson, language, public=False).judged
    assert sentence(line, language) == said
    assert left_open == found.review[0]
