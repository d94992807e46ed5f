"""Answers of a class that are nearly the same: for the instructor's page, never a student's."""

from collections.abc import Mapping, Sequence

from graders.edits import answers_of
from graders.model import Assignment, Record, Span
from graders.report.alike import AlikeGroup
from graders.theory.guards.alike import Alike, find_alike

LONGEST = 300
"""Characters that are shown of what two answers share."""


def alike_answers(records: Sequence[Record], assignment: Assignment) -> tuple[AlikeGroup, ...]:
    """Groups of near-identical answers in the records of one lesson, by question and students.

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
    return tuple(_group(pairs, texts) for pairs in _connected(found))


def _connected(pairs: Sequence[Alike]) -> list[list[Alike]]:
    """Pairs that share a student, together; a class that hands in one text is one group."""
    group_of: dict[tuple[str, str], list[Alike]] = {}
    for pair in pairs:
        ends = [(pair.question, student) for student in pair.students]
        first, second = (group_of.get(end) for end in ends)
        joined = first if first is not None else second if second is not None else []
        if first is not None and second is not None and first is not second:
            first.extend(second)
            for other in second:
                group_of.update({(other.question, student): first for student in other.students})
        joined.append(pair)
        group_of.update(dict.fromkeys(ends, joined))
    return list({id(group): group for group in group_of.values()}.values())


def _group(pairs: Sequence[Alike], texts: Mapping[tuple[str, str], str]) -> AlikeGroup:
    closest = max(pairs, key=lambda pair: pair.words)
    first, second = (
        _longest(texts[student, closest.question], spans)
        for student, spans in zip(closest.students, closest.spans, strict=True)
    )
    students = sorted({student for pair in pairs for student in pair.students})
    return AlikeGroup(closest.question, tuple(students), closest.words, (first, second))


def _longest(text: str, spans: Sequence[Span]) -> str:
    longest = max(spans, key=lambda span: (span.end - span.start, -span.start), default=Span(start=0, end=0))
    told = " ".join(text[longest.start : longest.end].split())
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"
