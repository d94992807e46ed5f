"""Who looks at an answer: nobody any more, whoever wants to, or a person first; always with a reason.

Settled are blanks, answers that a person has marked word for word, and marks that agree with a person's in
95 of 100 cases by the calibrated bound. Whatever stands out goes to a person first, and settles nothing.
"""

from collections.abc import Mapping, Sequence

from graders.model import GuardFlag, Message, PointEvidence, Question, Route, say
from graders.theory.learning.grades import TOLERANCE
from graders.theory.learning.lesson import Prediction
from graders.theory.ruling import Ruling

EXACT = 1e-9
DOUBTFUL: Mapping[PointEvidence, str] = {"denied": "route.denied", "unread": "route.unread_formula"}
"""Evidence for a key point that only a person can judge, and how that is said."""
CERTAIN = 99
"""Cases of 100 at most that are spoken of: nothing here is certain."""


def route(
    question: Question,
    ruling: Ruling,
    prediction: Prediction | None,
    *,
    share: float,
    guards: Sequence[GuardFlag],
    note: Message | None,
    garbled: str,
) -> tuple[Route, Message]:
    """The route of an answer with text, and why.

    Args:
        question: what was asked.
        ruling: what its rubric says.
        prediction: what the models expect; None where none were asked.
        share: what the answer gets, as a share of the points.
        guards: what stands out about the text.
        note: what is doubtful about where the text was found.
        garbled: a word that nobody knows; empty where there is none.
    """
    looked_at = _review(question, ruling, prediction, share=share, guards=guards, note=note, garbled=garbled)
    if looked_at:
        return "review", looked_at
    if prediction is None:
        return "provisional", say("route.rubric_alone")
    percent = min(CERTAIN, round(100 * prediction.sureness(share)))
    if prediction.is_sure(share):
        learned = say("route.sure", percent=percent, n=prediction.marks)
        return "settled", learned if prediction.marks else say("route.sure_by_others", percent=percent)
    if not prediction.marks:
        return "provisional", say("route.nobody_marked", percent=percent)
    return "provisional", say("route.unsure", percent=percent, n=prediction.marks)


def _review(
    question: Question,
    ruling: Ruling,
    prediction: Prediction | None,
    *,
    share: float,
    guards: Sequence[GuardFlag],
    note: Message | None,
    garbled: str,
) -> Message | None:
    """Why a person should look first; None where nothing stands out."""
    if note is not None:
        return say("route.note")
    if guards:
        return say("route.guard", n=len(guards))
    if ruling.wrong:
        return say("route.wrong", n=len(ruling.wrong))
    for finding in ruling.findings:
        if finding.evidence in DOUBTFUL:
            return say(DOUBTFUL[finding.evidence])
    if garbled and share < 1:
        return say("route.garbled", word=garbled)
    if share <= EXACT or not ruling.whole:
        return say("route.nothing_found")
    if prediction is not None and not prediction.marks and differ(ruling.share, prediction.median):
        points = round(ruling.share * question.points, 3)
        return say("route.disagree", points=points, likely=round(prediction.median * question.points, 3))
    return None


def differ(one: float, other: float) -> bool:
    """Whether two shares of the points are different judgements."""
    return abs(one - other) > TOLERANCE + EXACT
