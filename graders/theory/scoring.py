"""Scores an answer: what its rubric finds, what the models expect of a person's mark, who should look.

The points are the rubric's, unless the models clearly expect others, until people have marked enough
answers to the question; from then on they are the median of what the models learned. Nothing is settled that
a person, a blank or a calibrated bound does not stand behind.
"""

import unicodedata
from typing import TypeGuard

from graders.model import Answer, AnswerScore, KeyPointFinding, Message, Question, Route, say
from graders.theory.guards import check
from graders.theory.hidden import hidden
from graders.theory.learning.cases import LONGEST_ANSWER, case_of, read_answer, refuses
from graders.theory.learning.lesson import Prediction, Taught
from graders.theory.reading import Reading
from graders.theory.routing import Scored, differ, route
from graders.theory.ruling import Ruling, points_of, rule
from graders.theory.typos import garbled

UNREAD = ("theory.unmatched_text", "theory.too_long", "essay.unread")
"""Notes that say that an answer may stand in what was not read as one."""
SIGNS = ("Sm", "So")
"""Unicode categories of mathematical and other symbols."""
WORDING_ALONE = 0.25
"""Share that an answer earns at most by being like the reference, where no key point was found in it."""
OUTSIDE = 0.025
"""Probability of a mark below, and above, the interval that is shown."""


def score_answer(question: Question, answer: Answer | None, taught: Taught | None = None) -> AnswerScore:
    """Score one answer; deterministic.

    Args:
        question: what was asked.
        answer: what was found; None where nothing was.
        taught: what people's marks of the lesson taught; None to go by the rubric alone.
    """
    text = answer.text if answer else ""
    note = answer.note if answer else None
    told = text[:LONGEST_ANSWER]
    if len(told) < len(text):
        note = note or say("theory.too_long", read=LONGEST_ANSWER)
    reading, copied = read_answer(question, told)
    if not reading.words or refuses(reading):
        return _blank(question, answer, reading, note, copied=copied)
    marks = taught.marks_of(question.id, text) if taught else ()
    ruling = rule(question, reading)
    case = case_of(question, reading, ruling.features)
    prediction = taught.predict(case) if taught else None
    share = _share(ruling, prediction)
    earned = points_of(question, share)
    guards = check(question, told, reading) if taught else ()
    way, why = route(
        Scored(
            question,
            ruling,
            prediction,
            share=earned / question.points,
            guards=guards,
            note=note,
            garbled=_garbled(reading),
        )
    )
    if len(marks) == 1:
        earned = points_of(question, marks[0])
        if answer is None or answer.note is None:
            way, why = "settled", say("route.repeat")
    elif marks:
        way, why = "review", say("route.marked_differently")
    low, high = _interval(question, prediction, earned)
    return AnswerScore(
        question=question.id,
        text=text,
        source=answer.source if answer else "",
        earned=earned,
        possible=question.points,
        settled=way == "settled",
        route=way,
        why=why,
        low=low,
        high=high,
        sureness=round(prediction.sureness(earned / question.points), 4) if prediction else None,
        findings=ruling.findings,
        misconceptions=ruling.wrong,
        guards=guards,
        reason=say("theory.learned", n=prediction.marks) if _learned(prediction) else ruling.reason,
        note=note,
    )


def _learned(prediction: Prediction | None) -> TypeGuard[Prediction]:
    """Whether people's marks of this very question stand behind a prediction."""
    return prediction is not None and prediction.marks > 0


def _share(ruling: Ruling, prediction: Prediction | None) -> float:
    """What an answer gets: the rubric's share, unless the models clearly expect another or know better."""
    if prediction is None:
        return ruling.share
    expected = prediction.median
    if _learned(prediction):
        return expected
    if not ruling.whole:
        expected = min(expected, WORDING_ALONE)
    return expected if differ(ruling.share, expected) else ruling.share


def _blank(
    question: Question,
    answer: Answer | None,
    reading: Reading,
    note: Message | None,
    *,
    copied: bool,
) -> AnswerScore:
    """Nothing was answered: settled, unless text was left unread or unmatched that may be the answer."""
    found = answer is not None and answer.source
    code = "theory.blank" if found else "theory.missing"
    if reading.words:
        code = "theory.refused"
    elif copied:
        code = "theory.only_question"
    unread = note is not None and note.code in UNREAD
    symbols = not reading.words and _has_symbols(reading)
    settled = not (copied or unread or symbols)
    way: Route = "settled" if settled else "review"
    why = "route.question_only" if copied else "route.note" if unread else "route.symbols"
    return AnswerScore(
        question=question.id,
        text=answer.text if answer else "",
        source=answer.source if answer else "",
        earned=0.0,
        possible=question.points,
        settled=settled,
        route=way,
        why=say("route.blank" if settled else why),
        findings=tuple(KeyPointFinding(id=point.id, probability=0.0) for point in question.key_points),
        reason=say(code),
        note=note,
    )


def _has_symbols(reading: Reading) -> bool:
    """Whether a text without words has signs that may be an answer: `∞`, `↑`, `✓`."""
    struck = hidden(reading.text)
    return any(
        unicodedata.category(sign) in SIGNS
        for at, sign in enumerate(reading.text)
        if not any(start <= at < end for start, end in struck)
    )


def _interval(
    question: Question, prediction: Prediction | None, earned: float
) -> tuple[float | None, float | None]:
    """Points that a person would give in 95 of 100 such cases; what is given lies within."""
    if prediction is None:
        return None, None
    low, high = (
        float(prediction.grades.quantile(share)[0]) * question.points for share in (OUTSIDE, 1 - OUTSIDE)
    )
    return round(min(low, earned), 6), round(max(high, earned), 6)


def _garbled(reading: Reading) -> str:
    """The first word that nobody knows, as the student wrote it."""
    for at in garbled(reading):
        word = reading.words[at]
        return reading.text[word.start : word.end]
    return ""
