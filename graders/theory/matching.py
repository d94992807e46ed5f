"""Which headings do begin an answer, and to which question.

A number and the wording beside it are both looked at. The wording wins only where it clearly puts another
question; a contradiction is said in the match's note. Items of numbered lists inside an answer are not
headings (`items.py`); one that might have been is reported as doubtful: its question gets no settled zero.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from graders.model import Message, Question, Rubric, say
from graders.theory.headings import ALIKE, CLEARLY_ALIKE, Heading, headings
from graders.theory.items import Items

CLEARLY_BETTER = 20
"""By how much a wording must beat the question that the number names."""

MatchedBy = Literal["number_and_text", "number", "text"]


@dataclass(frozen=True, slots=True)
class Match:
    """A heading that was believed, and the question that it means."""

    heading: Heading
    question: Question | None
    """None where the number is unknown."""
    matched_by: MatchedBy
    note: Message | None


@dataclass(slots=True)
class Found:
    """What was found in one document."""

    matches: list[Match] = field(default_factory=list)
    """In the order of the text."""
    doubtful: set[str | None] = field(default_factory=set)
    """Numbers of items of lists that may have been answers."""


def match_headings(
    rubric: Rubric,
    text: str,
    answered: Callable[[Match, int], bool],
    *,
    notebook: bool,
    awaited: AbstractSet[str | None] = frozenset(),
) -> Found:
    """The headings of a document that begin an answer, each with its question.

    Args:
        rubric: the questions.
        text: the document's Markdown.
        answered: whether there is more than the question between a match and an offset.
        notebook: whether the document is a notebook's cell, in which many a number is not a question's.
        awaited: questions that the cell before only put; their numbers are believed in this one.
    """
    candidates = list(headings(rubric, text))
    ids = {question.id for question in rubric.questions}
    labelled = {one.number for one in candidates if one.kind == "label" or one.level}
    elsewhere = labelled | _put_again(rubric, candidates, answered)
    result = Found()
    seen: set[str | None] = set()
    items = Items()
    current: Match | None = None
    for index, heading in enumerate(candidates):
        known = heading.best[1] >= ALIKE or heading.number in awaited
        if notebook and not known and (heading.kind != "label" or heading.task):
            continue
        if heading.kind == "words" and not _is_question(heading, current, labelled):
            continue
        name = _name(current)
        told = current is not None and answered(current, heading.start)
        if heading.kind == "bare" and not heading.level and not heading.asks:
            free = ids - elsewhere - seen - ({name} if told else set())
            following = candidates[index + 1] if index + 1 < len(candidates) else None
            if items.take(heading, following, free, told=told):
                result.doubtful |= {heading.number} & ids if items.doubtful else set()
                continue
        if told:
            seen.add(name)  # a question that is only put may be answered further down
        items.put |= {name} if name and not told else set()
        current = _decide(rubric, heading)
        items.begin(current.heading, known=current.question is not None)
        result.matches.append(current)
    return result


def _name(match: Match | None) -> str | None:
    """The question that a match means, or the unknown number."""
    if match is None:
        return None
    return match.question.id if match.question else match.heading.number


def _put_again(
    rubric: Rubric, candidates: Sequence[Heading], answered: Callable[[Match, int], bool]
) -> set[str | None]:
    """Questions that are answered under their own words."""
    found = set()
    for heading, following in pairwise(candidates):
        if heading.asks:
            match = _decide(rubric, heading)
            found |= {_name(match)} if answered(match, following.start) else set()
    if candidates and candidates[-1].asks:
        found.add(_name(_decide(rubric, candidates[-1])))
    return found


def _is_question(heading: Heading, current: Match | None, numbered: set[str | None]) -> bool:
    """Whether a line without a number, which is like a question, begins its answer."""
    best = heading.best[0]
    if current is not None and current.question is not None:
        if best == current.question.id:
            return False
        below = heading.level > current.heading.level > 0 or current.heading.kind == "label"
        if below and not heading.asks:
            return False
    return best not in numbered and (heading.asks or heading.level > 0)


def _decide(rubric: Rubric, heading: Heading) -> Match:
    """The question that a heading means, by its number and by its wording."""
    questions = {question.id: question for question in rubric.questions}
    numbered = questions.get(heading.number or "")
    best, score = heading.best
    own = heading.alike.get(numbered.id, 0.0) if numbered else 0.0
    clear = score >= (CLEARLY_ALIKE if numbered else ALIKE) and score - own >= CLEARLY_BETTER
    if best is not None and clear and (heading.asks or heading.level or not heading.number):
        note = (
            say("theory.number_and_text_differ", number=heading.number, question=best)
            if heading.number
            else None
        )
        return Match(heading, questions[best], "text", note)
    return Match(heading, numbered, "number_and_text" if own >= ALIKE else "number", None)
