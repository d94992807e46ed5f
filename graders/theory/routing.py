"""Who looks at an answer: nobody any more, whoever wants to, or a person first; always with a reason.

Settled are blanks, answers that a person has marked word for word, and marks that agree with a person's in
95 of 100 cases by the calibrated bound. Whatever stands out goes to a person first, and settles nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graders.model import GuardFlag, Message, PointEvidence, Question, Route, say
from graders.theory.learning.grades import TOLERANCE
from graders.theory.learning.lesson import Prediction
from graders.theory.ruling import Ruling

EXACT = 1e-9
DOUBTFUL: Mapping[PointEvidence, str] = {"denied": "route.denied", "unread": "route.unread_formula"}
"""Evidence for a key point that only a person can judge, and how that is said."""
CERTAIN = 99
"""Cases of 100 at most that are spoken of: nothing here is certain."""


@dataclass(frozen=True, slots=True)
class Scored:
    """An answer with text, when its route is chosen."""

    question: Question
    ruling: Ruling
    """What its rubric says."""
    prediction: Prediction | None
    """What the models expect; None where none were asked."""
    share: float
    """What the answer gets, as a share of the points."""
    guards: Sequence[GuardFlag] = ()
    """What stands out about the text."""
    note: Message | None = None
    """What is doubtful about where the text was found."""
    garbled: str = ""
    """A word that nobody knows; empty where there is none."""


def route(scored: Scored) -> tuple[Route, Message]:
    """The route of an answer with text, and why."""
    looked_at = _review(scored)
    if looked_at:
        return "review", looked_at
    prediction = scored.prediction
    if prediction is None:
        return "provisional", say("route.rubric_alone")
    percent = min(CERTAIN, round(100 * prediction.sureness(scored.share)))
    if prediction.is_sure(scored.share):
        learned = say("route.sure", percent=percent, n=prediction.marks)
        return "settled", learned if prediction.marks else say("route.sure_by_others", percent=percent)
    if not prediction.marks:
        return "provisional", say("route.nobody_marked", percent=percent)
    return "provisional", say("route.unsure", percent=percent, n=prediction.marks)


def _review(scored: Scored) -> Message | None:
    """Why a person should look first; None where nothing stands out."""
    ruling, prediction = scored.ruling, scored.prediction
    if scored.note is not None:
        return say("route.note")
    if scored.guards:
        return say("route.guard", n=len(scored.guards))
    if ruling.wrong:
        return say("route.wrong", n=len(ruling.wrong))
    for finding in ruling.findings:
        if finding.evidence in DOUBTFUL:
            return say(DOUBTFUL[finding.evidence])
    if scored.garbled and scored.share < 1:
        return say("route.garbled", word=scored.garbled)
    if scored.share <= EXACT or not ruling.whole:
        return say("route.nothing_found")
    if prediction is not None and not prediction.marks and differ(ruling.share, prediction.median):
        possible = scored.question.points
        points, likely = round(ruling.share * possible, 3), round(prediction.median * possible, 3)
        return say("route.disagree", points=points, likely=likely)
    return None


def differ(one: float, other: float) -> bool:
    """Whether two shares of the points are different judgements."""
    return abs(one - other) > TOLERANCE + EXACT
