"""Finds a student's answers: which stretches of which documents answer which question.

Text that belongs to no question is reported on the questions that have no answer, and so is a numbered line
that was taken for an item of a list but may have been an answer, so that nobody gets a settled zero for an
unusual layout. Each answer knows where every part of its text stands (`documents.place`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from graders.model import Answer, Message, Question, Rubric, say
from graders.theory.documents import Document, Stretch, joined
from graders.theory.doubts import doubtful_numbers, listed_questions
from graders.theory.learning.cases import LONGEST_ANSWER, read_answer
from graders.theory.matching import Match, MatchedBy, match_headings
from graders.theory.ruling import rule
from graders.theory.trimming import trim

LONGEST_TEXT = 200_000
"""Characters that are read of all documents together."""
UNMATCHED_WORDS = 15
"""So many words outside all answers are worth a person's look."""
FEWEST_WORDS = 3
"""So many are where there is no answer at all."""

_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class _Section:
    """One stretch of a document that answers a question."""

    question: Question
    matched_by: MatchedBy
    note: Message | None
    stretch: Stretch
    """The answer: the student's Markdown without label, number and restated question."""


@dataclass(slots=True)
class _Found:
    """What the documents that were read so far hold."""

    sections: list[_Section] = field(default_factory=list)
    unmatched: int = 0
    """Words that belong to no question."""
    doubtful: set[str | None] = field(default_factory=set)
    """Numbers that may have begun an answer."""
    awaited: frozenset[str] = frozenset()
    """Questions of a notebook's cell that only puts several; the next cell may answer them by number."""
    open: Match | None = None
    """A question that stands alone in a notebook's cell; the next cell answers it."""


def find_answers(rubric: Rubric, documents: Sequence[Document]) -> tuple[Answer, ...]:
    """The answers in `documents`, in the order of the rubric; a question without one is left out.

    `documents` are the student's file and the Markdown cells of the notebook, in order. Where text was left
    over that belongs to no question, the questions without an answer get an empty one whose note says so.
    """
    found = _Found()
    left = LONGEST_TEXT
    for document in documents:
        _read(rubric, document, min(left, len(document.text)), found)
        left -= min(left, len(document.text))
    enough = UNMATCHED_WORDS if found.sections else FEWEST_WORDS
    answers = []
    for asked in rubric.questions:
        answer = _joined([section for section in found.sections if section.question is asked])
        answer = _doubted(rubric, asked, answer)
        lost = asked.id in found.doubtful and not (answer and answer.text)
        if lost or (answer is None and found.unmatched >= enough):
            answer = _unmatched(asked)
        if answer is not None:
            answers.append(answer)
    return tuple(answers)


def _read(rubric: Rubric, document: Document, length: int, found: _Found) -> None:
    """Adds what stands in the first `length` characters of a document."""
    text, notebook = document.text[:length], document.cell is not None
    cut = say("theory.too_long", read=LONGEST_TEXT) if length < len(document.text) else None
    if cut:
        found.unmatched += UNMATCHED_WORDS  # an answer may stand in what was not read

    def section(match: Match, question: Question, start: int, end: int, *, below: bool = True) -> _Section:
        begins, ends = trim(question, match.heading if below else None, text, start, end)
        stretch = Stretch(document, begins, ends)
        return _Section(question, match.matched_by, match.note or cut, stretch)

    def answered(match: Match, end: int) -> bool:
        return match.question is None or bool(
            section(match, match.question, match.heading.text, end).stretch.text
        )

    matched = match_headings(rubric, text, answered, notebook=notebook, awaited=found.awaited)
    matches = matched.matches
    starts = [*(match.heading.start for match in matches), len(text)]
    if found.open and found.open.question and notebook:
        found.sections.append(section(found.open, found.open.question, 0, starts[0], below=False))
    elif not notebook:
        found.unmatched += len(_WORD.findall(text[: starts[0]]))
    for match, end in zip(matches, starts[1:], strict=True):
        if match.question:
            found.sections.append(section(match, match.question, match.heading.text, end))
        else:
            found.unmatched += len(_WORD.findall(text[match.heading.text : end]))
    last = matches[-1] if matches and notebook else None
    found.open = last if last and last.question and not found.sections[-1].stretch.text else None
    found.doubtful |= matched.doubtful
    known = [match for match in matches if match.question]
    own = found.sections[len(found.sections) - len(known) :]
    told = [(match, bool(one.stretch.text)) for match, one in zip(known, own, strict=True)]
    found.doubtful |= listed_questions(told)
    several = notebook and len(told) > 1 and not any(has_text for _, has_text in told)
    found.awaited = frozenset(one.question.id for one in own if several)
    if not notebook and len(known) < len(rubric.questions):
        found.doubtful |= doubtful_numbers(rubric, text)


def _joined(sections: Sequence[_Section]) -> Answer | None:
    """One answer from all that was found for a question; empty repeats of the heading don't count."""
    if not sections:
        return None
    told = [section for section in sections if section.stretch.text] or list(sections[:1])
    note = next((section.note for section in told if section.note), None)
    if len(told) > 1:
        note = say("theory.several_answers", n=len(told))
    text, pieces = joined(section.stretch for section in told)
    return Answer(
        question=told[0].question.id,
        text=text,
        source=", ".join(dict.fromkeys(section.stretch.document.source for section in told)),
        matched_by=told[0].matched_by,
        note=note,
        pieces=pieces,
    )


def _doubted(rubric: Rubric, asked: Question, answer: Answer | None) -> Answer | None:
    """The answer, with a note where its number says one question and its words another."""
    if answer is None or answer.note or answer.matched_by != "number" or not answer.text:
        return answer
    if _share(asked, answer):
        return answer
    for other in rubric.questions:
        if other is not asked and _share(other, answer) >= 0.5:
            note = say("theory.reads_like_another", number=asked.id, question=other.id)
            return answer.model_copy(update={"note": note})
    return answer


def _share(question: Question, answer: Answer) -> float:
    """What the rubric of a question gives for an answer."""
    return rule(question, read_answer(question, answer.text[:LONGEST_ANSWER])[0]).share


def _unmatched(question: Question) -> Answer:
    return Answer(
        question=question.id, text="", source="", matched_by="number", note=say("theory.unmatched_text")
    )
