"""Marks that a person gives: from the command line or a file, kept as edits, learned from at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from graders.edits import answer_hash, edits_of, with_edits
from graders.errors import AuthorError, Problem
from graders.model import Assignment, Edit, Record
from graders.review.answers import Answered, answered, rescored, taught_by
from graders.review.mark_files import Given, composed, first_of


@dataclass(frozen=True, slots=True)
class Change:
    """A record that marks changed, as it was and as it is; answers of others may have been scored anew."""

    before: Record
    after: Record


def give(
    records: Sequence[Record],
    assignment: Assignment,
    given: Sequence[tuple[str, Given]],
    *,
    source: Path,
    author: str,
) -> list[Change]:
    """Put marks on top of records, and score all other answers of the lesson with what they taught.

    Args:
        records: of the whole class; those of other lessons are left alone.
        assignment: the lesson.
        given: marks, each with its place in `source`.
        source: what a message about a mark names.
        author: who gave them, where a mark does not say.

    Returns:
        The records that changed. A mark that stands already, with the same author and reason, is not kept
        again, so that a command that was killed may be given once more.

    Raises:
        AuthorError: a mark is for an answer that is not there, or is more than there is to earn; nothing
            is changed then.
    """
    there = {(composed(one.student), one.question.id): one for one in answered(records, assignment)}
    problems = [
        Problem(source, place, message)
        for place, mark in given
        if (message := _mistake(mark, there.get((mark.student, mark.question)), there))
    ]
    if problems:
        raise AuthorError(first_of(source, problems))
    at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    mine = [record for record in records if record.assignment == assignment.slug and not record.public]
    by_answer: dict[tuple[str, str], list[Given]] = {}
    for _, mark in given:
        by_answer.setdefault((mark.student, mark.question), []).append(
            mark.model_copy(update={"author": mark.author or author})
        )
    of = {record.student: record for record in mine}
    edits: dict[str, list[Edit]] = {}
    for key, marks in by_answer.items():
        one = there[key]
        new = _new(edits_of(of[one.student], one.task, one.score), marks)
        edits.setdefault(one.student, []).extend(_edit(one, mark, at) for mark in new)
    edited = [with_edits(record, edits.get(record.student, ())) for record in mine]
    taught = taught_by(edited, assignment)
    after = [rescored(record, assignment, taught) for record in edited]
    return [Change(before, now) for before, now in zip(mine, after, strict=True) if before != now]


def _mistake(mark: Given, one: Answered | None, there: Mapping[tuple[str, str], Answered]) -> str:
    """What is wrong with a mark; empty where nothing is."""
    if one is None:
        questions = sorted({question for student, question in there if student == mark.student})
        if questions:
            return f"{mark.student} was asked no question {mark.question}; there are {', '.join(questions)}"
        students = sorted({student for student, _ in there})
        known = ", ".join(students[:10]) + (" …" if len(students) > 10 else "")
        return f"no answers of {mark.student}; there are answers of {known or 'nobody'}"
    if mark.points > one.question.points:
        return f"{mark.points:g} points, but question {mark.question} has {one.question.points:g}"
    return ""


def _new(standing: Sequence[Edit], marks: Sequence[Given]) -> list[Given]:
    """The marks of one answer without repeats in a row; none where the record ends with just these."""
    new = [mark for mark, before in zip(marks, (None, *marks), strict=False) if mark != before]
    end = [(edit.author, edit.earned, edit.reason) for edit in standing[-len(new) :]]
    told = [(mark.author, mark.points, mark.reason) for mark in new]
    if end == told:
        return []
    return new[1:] if end[-1:] == told[:1] else new


def _edit(one: Answered, mark: Given, at: str) -> Edit:
    return Edit(
        task=one.task,
        question=one.question.id,
        answer=answer_hash(one.score.text),
        machine=one.edit.machine if one.edit else one.score.earned,
        earned=mark.points,
        author=mark.author,
        at=at,
        reason=mark.reason,
    )
