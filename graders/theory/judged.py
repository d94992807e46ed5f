"""What becomes of a judge's verdict: a line in the report and, where it disagrees, a person.

A verdict moves no points and settles nothing; where the machine was about to settle against it, a person
decides. An endpoint that fails says nothing about an answer, so that only the line tells of it.
Not covered: who is right.
"""

from collections import Counter
from collections.abc import Iterable

from graders.model import AnswerScore, Message, Question, Refusal, Verdict, say
from graders.theory.judges import Judge
from graders.theory.judges.reply import share_of
from graders.theory.routing import differ

NOTHING_TO_JUDGE = ("theory.blank", "theory.missing", "theory.refused", "theory.only_question")
"""Reasons for the points of an answer that answers nothing."""
PERSONS_OWN = "route.repeat"
"""Why an answer is settled that a person has marked word for word."""


def judged_by(judge: Judge | None, question: Question, score: AnswerScore) -> AnswerScore:
    """The score with what `judge` says, where there is an answer and nobody stands behind its points yet."""
    if judge is None or score.settled or not score.text.strip() or score.reason.code in NOTHING_TO_JUDGE:
        return score
    return with_verdict(score, judge.judge(question, score.text), question)


def with_verdict(score: AnswerScore, found: Verdict | Refusal | None, question: Question) -> AnswerScore:
    """The score with a verdict on this very text, in front of a person where the two do not agree.

    Args:
        score: of the scorer.
        found: what a judge said, perhaps in an earlier run; None where none was asked.
        question: as the rubric has it now; a verdict on other key points is dropped.
    """
    if isinstance(found, Verdict):
        if [point.id for point in found.points] != [point.id for point in question.key_points]:
            return score
        found = found.model_copy(update={"share": share_of(question, found.points)})
    if found is None:
        return score
    why = _why(score, found)
    decided = score.why is not None and score.why.code == PERSONS_OWN
    if why is None or decided or score.route == "review":
        return score.model_copy(update={"judged": found})
    return score.model_copy(update={"judged": found, "route": "review", "settled": False, "why": why})


def troubles(scores: Iterable[AnswerScore]) -> tuple[tuple[Message, int], ...]:
    """What kept a judge from answering, for whoever runs it: each reason with how many answers it cost."""
    reasons: dict[str, Message] = {}
    counts: Counter[str] = Counter()
    for score in scores:
        found = score.judged
        if isinstance(found, Refusal) and not found.about_answer:
            reasons.setdefault(found.reason.code, found.reason)
            counts[found.reason.code] += 1
    return tuple((reasons[code], count) for code, count in counts.items())


def _why(score: AnswerScore, found: Verdict | Refusal) -> Message | None:
    """Why a person should decide; None where the judge agrees or says nothing about the answer."""
    if isinstance(found, Refusal):
        if found.reason.code == "theory_judge.instruction":
            return say("route.judge_addressed")
        if found.reason.code == "theory_judge.no_quote_occurs":
            return say("route.judge_unfounded")
        return None
    if differ(score.earned / score.possible, found.share):
        points = round(found.share * score.possible, 3)
        return say("route.judge_disagrees", points=score.earned, judged=points, possible=score.possible)
    if found.review:
        return say("route.judge_doubts", n=len(found.review))
    return None
