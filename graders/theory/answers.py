"""Finds a student's answers: which stretch of which document answers which question.

A number and the wording beside it are both looked at. The wording wins only where it is clearly another
question's; whatever does not fit is said in the answer's note. Text that belongs to no question is reported
on the questions that have no answer, so that nobody gets a settled zero for an unusual layout.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from graders.model import Answer, Message, Question, Rubric, say
from graders.theory.headings import ALIKE, CLEARLY_ALIKE, CLEARLY_BETTER, Heading, headings
from graders.theory.likeness import restates
from graders.theory.reading import sentences
from graders.theory.scoring import score_answer

LONGEST_TEXT = 200_000
"""Characters that are read of all documents together."""
UNMATCHED_WORDS = 15
"""So many words outside all answers are worth a person's look."""

MatchedBy = Literal["number_and_text", "number", "text"]

_DECORATION = re.compile(r"(?:[*_]{1,3}(?=[\s:.)—–-]|$)|[\s:.)—–=]|-(?=\s|-))*")
_LABEL = re.compile(
    r"\#{0,6}[ \t]*[*_]{0,3}(?:мой\s+)?(?:ответ|answer)[ \t]*[*_]{0,3}[ \t]*(?:[:.—–-]|\r?$)", re.I | re.M
)
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Document:
    """Something that a student wrote answers in."""

    source: str
    """How a person would call it: `l04_cnn.md`, `cell 7`."""
    text: str
    """Its Markdown."""
    cell: int | None = None
    """Number of the notebook's cell; None for a file."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A heading that was believed, and the question that it means."""

    heading: Heading
    question: Question | None
    """None where the number is unknown."""
    matched_by: MatchedBy
    note: Message | None


@dataclass(frozen=True, slots=True)
class _Section:
    """One stretch of a document that answers a question."""

    question: Question
    matched_by: MatchedBy
    note: Message | None
    text: str
    """The answer: the student's Markdown without label, number and restated question."""
    source: str


def find_answers(rubric: Rubric, documents: Sequence[Document]) -> tuple[Answer, ...]:
    """The answers in `documents`, in the order of the rubric; a question without one is left out.

    `documents` are the student's file and the Markdown cells of the notebook, in order. Where text was left
    over that belongs to no question, the questions without an answer get an empty one whose note says so.
    """
    sections: list[_Section] = []
    unmatched = 0
    left = LONGEST_TEXT
    open_question: _Match | None = None  # stands alone in a notebook's cell; the next cell answers it
    for document in documents:
        text, notebook = document.text[:left], document.cell is not None
        left -= len(text)
        cut = say("theory.too_long", read=LONGEST_TEXT) if len(document.text) > len(text) else None
        if cut:
            unmatched += UNMATCHED_WORDS  # an answer may stand in what was not read
        matches = list(_believed(rubric, text, notebook=notebook))
        starts = [*(match.heading.start for match in matches), len(text)]
        if open_question and open_question.question and notebook:
            sections.append(
                _section(
                    open_question.question, open_question, text, 0, starts[0], source=document.source, cut=cut
                )
            )
        elif not notebook:
            unmatched += len(_WORD.findall(text[: starts[0]]))
        for match, end in zip(matches, starts[1:], strict=True):
            if match.question:
                begins = _after_title(match.heading, text, end)
                sections.append(
                    _section(match.question, match, text, begins, end, source=document.source, cut=cut)
                )
            else:
                unmatched += len(_WORD.findall(text[match.heading.text : end]))
        last = matches[-1] if matches and notebook else None
        open_question = last if last and last.question and not sections[-1].text else None
    found = [
        _doubted(rubric, asked, _joined([section for section in sections if section.question is asked]))
        for asked in rubric.questions
    ]
    if unmatched < UNMATCHED_WORDS:
        return tuple(answer for answer in found if answer)
    return tuple(answer or _unmatched(asked) for asked, answer in zip(rubric.questions, found, strict=True))


def _section(
    question: Question,
    match: _Match,
    text: str,
    start: int,
    end: int,
    *,
    source: str,
    cut: Message | None,
) -> _Section:
    """The answer in `text[start:end]`, without what repeats the question."""
    begins = _strip(question, text, start, end)
    return _Section(question, match.matched_by, match.note or cut, text[begins:end].strip(), source)


def _believed(rubric: Rubric, text: str, *, notebook: bool) -> Iterator[_Match]:
    """The headings that do begin an answer, each with its question."""
    candidates = list(headings(rubric, text))
    ids = {question.id for question in rubric.questions}
    strong = {found.number for found in candidates if found.kind == "label" or found.hashes}
    seen: set[str | None] = set()
    listed: int | None = None  # the latest number of a list inside an answer
    current: str | None = None
    for heading in candidates:
        alike = heading.best[1] >= ALIKE
        if notebook and not alike and (heading.kind != "label" or heading.task):
            continue
        if heading.kind == "bare" and not heading.hashes and not alike:
            number = int(heading.number or 0)
            continues = listed is not None and number == listed + 1
            if continues or heading.number not in ids or heading.number in strong | seen:
                listed = number
                continue
        if heading.kind == "words" and heading.best[0] == current:
            continue
        match = _decide(rubric, heading)
        listed, current = None, match.question.id if match.question else None
        seen.add(heading.number)
        yield match


def _decide(rubric: Rubric, heading: Heading) -> _Match:
    """The question that a heading means, by its number and by its wording."""
    questions = {question.id: question for question in rubric.questions}
    numbered = questions.get(heading.number or "")
    best, score = heading.best
    own = heading.alike.get(numbered.id, 0.0) if numbered else 0.0
    if best is not None and score >= (CLEARLY_ALIKE if numbered else ALIKE) and score - own >= CLEARLY_BETTER:
        note = (
            say("theory.number_and_text_differ", number=heading.number, question=best)
            if heading.number
            else None
        )
        return _Match(heading, questions[best], "text", note)
    return _Match(heading, numbered, "number_and_text" if own >= ALIKE else "number", None)


def _after_title(heading: Heading, text: str, end: int) -> int:
    """Offset after the heading's line, where that line is the question retold and more follows."""
    line_end = text.find("\n", heading.text, end) + 1
    if not line_end or not text[line_end:end].strip() or heading.best[1] < ALIKE:
        return heading.text
    line = text[heading.text : line_end]
    title = heading.hashes or line.rstrip().rstrip("*_").endswith("?")
    return line_end if title and _WORD.search(line) else heading.text


def _strip(question: Question, text: str, start: int, end: int) -> int:
    """Offset where the answer proper begins: after labels and restatements of the question."""
    while True:
        decoration = _DECORATION.match(text, start, end)
        at = decoration.end() if decoration else start
        label = _LABEL.match(text, at, end)
        at = label.end() if label else at
        unit = next(_units(question, text[at : min(end, at + 4000)]), 0)
        if at + unit == start:
            return start
        start = at + unit


def _units(question: Question, text: str) -> Iterator[int]:
    """Lengths of the first sentence and the first line of `text`, where they restate the question."""
    line = text.find("\n") + 1 or len(text)
    for _, length in [*sentences(text)[:1], (0, line)]:
        if restates(question, text[:length]):
            yield length


def _joined(sections: Sequence[_Section]) -> Answer | None:
    """One answer from all that was found for a question; empty repeats of the heading don't count."""
    if not sections:
        return None
    told = [section for section in sections if section.text] or list(sections[:1])
    note = next((section.note for section in told if section.note), None)
    if len(told) > 1:
        note = say("theory.several_answers", n=len(told))
    return Answer(
        question=told[0].question.id,
        text="\n\n".join(section.text for section in told),
        source=", ".join(dict.fromkeys(section.source for section in told)),
        matched_by=told[0].matched_by,
        note=note,
    )


def _doubted(rubric: Rubric, asked: Question, answer: Answer | None) -> Answer | None:
    """The answer, with a note where its number says one question and its words another."""
    if answer is None or answer.note or answer.matched_by != "number" or not answer.text:
        return answer
    if score_answer(asked, answer).earned:
        return answer
    for other in rubric.questions:
        if other is not asked and 2 * score_answer(other, answer).earned >= other.points:
            note = say("theory.reads_like_another", number=asked.id, question=other.id)
            return answer.model_copy(update={"note": note})
    return answer


def _unmatched(question: Question) -> Answer:
    return Answer(
        question=question.id, text="", source="", matched_by="number", note=say("theory.unmatched_text")
    )
