"""People's marks on top of a record's own: kept beside them, never in their place."""

import hashlib
from collections.abc import Sequence

from graders.model import AnswerScore, Edit, Mark, OwnData, Record, say
from graders.score import by_points, standing, totals


def answer_hash(text: str) -> str:
    """What an edit of an answer is tied to: SHA-256 of the student's Markdown."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def answers_of(record: Record) -> list[tuple[Mark, AnswerScore]]:
    """The answers to theory questions, each with the mark that it belongs to."""
    return [
        (mark, evidence)
        for mark in record.marks
        if mark.kind == "theory"
        for evidence in mark.evidence
        if isinstance(evidence, AnswerScore)
    ]


def edits_of(record: Record, task: str, score: AnswerScore) -> list[Edit]:
    """All edits of this very text of an answer, in the order in which they were given."""
    of = answer_hash(score.text)
    return [
        edit
        for edit in record.edits
        if edit.task == task and edit.question == score.question and edit.answer == of
    ]


def edit_of(record: Record, task: str, score: AnswerScore) -> Edit | None:
    """The latest edit of an answer; None where nobody has marked this very text."""
    return next(iter(edits_of(record, task, score)[-1:]), None)


def own_data_of(record: Record) -> list[tuple[Mark, OwnData]]:
    """The students' own data that could be read, each with the mark that it belongs to."""
    return [
        (mark, evidence)
        for mark in record.marks
        if mark.kind == "own_data"
        for evidence in mark.evidence
        if isinstance(evidence, OwnData)
    ]


def approval_of(record: Record, mark: Mark, found: OwnData) -> Edit | None:
    """The latest word of a person on this very data; None where nobody has seen it."""
    given = [edit for edit in record.edits if edit.task == mark.task and edit.answer == found.sha256]
    return next(iter(given[-1:]), None)


def effective(record: Record) -> Record:
    """The record as people see it: the latest edit of each answer stands in place of the machine's mark."""
    if not record.edits:
        return record
    marks = tuple(_edited(record, mark) for mark in record.marks)
    return record.model_copy(update={"marks": marks, **_sums(marks, record)})


def with_edits(record: Record, edits: Sequence[Edit]) -> Record:
    """The record with more edits; its sums and status follow them, its marks stay the machine's."""
    edited = record.model_copy(update={"edits": (*record.edits, *edits)})
    return edited.model_copy(update=_sums(effective(edited).marks, record))


def with_marks(record: Record, marks: Sequence[Mark]) -> Record:
    """The record with other marks of the machine's and the same edits."""
    return with_edits(record.model_copy(update={"marks": tuple(marks)}), ())


def _edited(record: Record, mark: Mark) -> Mark:
    if mark.kind == "own_data":
        return _approved(record, mark)
    if mark.kind != "theory":
        return mark
    evidence = tuple(
        _marked(record, mark, one) if isinstance(one, AnswerScore) else one for one in mark.evidence
    )
    scores = [one for one in evidence if isinstance(one, AnswerScore)]
    if evidence == mark.evidence:
        return mark
    earned = round(sum(score.earned for score in scores), 9)
    settled = all(score.settled for score in scores)
    status = by_points(earned, mark.possible) if settled else "needs_review"
    return mark.model_copy(
        update={"evidence": evidence, "earned": earned, "settled": settled, "status": status}
    )


def _approved(record: Record, mark: Mark) -> Mark:
    """A mark on own data that a person has seen: with its own points, or the person's where they differ."""
    found = next((item for item in mark.evidence if isinstance(item, OwnData)), None)
    edit = approval_of(record, mark, found) if found is not None else None
    if edit is None:
        return mark
    agreed = mark.earned is not None and edit.earned == edit.machine
    earned = mark.earned if agreed and mark.earned is not None else edit.earned
    measured = mark.reason.code == "own.compared"
    params = {**(mark.reason.params if measured else {}), "author": edit.author, "at": edit.at[:10]}
    return mark.model_copy(
        update={
            "earned": earned,
            "settled": True,
            "status": standing(mark, earned),
            "reason": say("own.approved" if measured else "own.decided", **params),
        }
    )


def _marked(record: Record, mark: Mark, score: AnswerScore) -> AnswerScore:
    edit = edit_of(record, mark.task, score)
    if edit is None:
        return score
    return score.model_copy(
        update={
            "earned": edit.earned,
            "settled": True,
            "route": "settled",
            "why": say("route.person", author=edit.author, at=edit.at[:16].replace("T", " ")),
            "low": None,
            "high": None,
            "sureness": None,
        }
    )


def _sums(marks: tuple[Mark, ...], record: Record) -> dict[str, object]:
    earned, provisional, _ = totals(marks)
    status = record.status
    if status != "ungradable":
        waits = any(mark.status in ("not_run", "needs_review") for mark in marks)
        status = "needs_review" if waits else "graded"
    return {"earned": earned, "provisional": provisional, "status": status}
