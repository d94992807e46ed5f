"""Answers of a class that are nearly the same: for the instructor's page, never a student's."""

from collections.abc import Sequence

from graders.edits import answers_of
from graders.model import Assignment, Record, Span
from graders.report.pairs import Pair
from graders.theory.guards.alike import find_alike

STATEMENT = "statement.md"
LONGEST = 300
"""Characters that are shown of what two answers share."""


def alike_answers(records: Sequence[Record], assignment: Assignment) -> tuple[Pair, ...]:
    """Pairs of near-identical answers in the records of one lesson, by question and students.

    What stands in the question, its reference or a statement may be quoted by anybody.
    """
    if assignment.rubric is None:
        return ()
    statements = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(assignment.folder.glob("statement*.md"))
    ]
    known = {
        question.id: [
            *statements,
            question.text.ru,
            question.text.en,
            question.answer.ru,
            question.answer.en,
        ]
        for question in assignment.rubric.questions
    }
    texts = {
        (record.student, score.question): score.text
        for record in records
        if record.assignment == assignment.slug and not record.public
        for _, score in answers_of(record)
        if score.question in known and score.text.strip()
    }
    found = find_alike([(student, question, text) for (student, question), text in texts.items()], known)
    return tuple(
        Pair(
            one.question,
            one.students,
            one.words,
            (
                _longest(texts[one.students[0], one.question], one.spans[0]),
                _longest(texts[one.students[1], one.question], one.spans[1]),
            ),
        )
        for one in found
    )


def _longest(text: str, spans: Sequence[Span]) -> str:
    longest = max(spans, key=lambda span: (span.end - span.start, -span.start), default=Span(start=0, end=0))
    told = " ".join(text[longest.start : longest.end].split())
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"
