"""Marks that a person gives: read from the command line or a file, kept as edits, learned from at once."""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from graders.edits import answer_hash, edits_of, with_edits
from graders.errors import AuthorError, Problem
from graders.model import Assignment, Edit, Record
from graders.review.answers import Answered, answered, rescored, taught_by

LARGEST = 16 * 1024 * 1024
"""Bytes of a file of marks."""
COLUMNS = "student, question, points and, if wanted, reason and author"


def composed(name: str) -> str:
    """A name with `й` as one letter, as files of marks have it and folders that come from a Mac have not."""
    return unicodedata.normalize("NFC", name)


class Given(BaseModel):
    """One mark of a person."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
    )

    student: Annotated[str, Field(min_length=1), AfterValidator(composed)]
    question: Annotated[str, Field(min_length=1)]
    points: Annotated[float, Field(ge=0)]
    reason: str = ""
    author: str = ""
    """Empty for whoever gives the command."""

    @field_validator("points", mode="before")
    @classmethod
    def _number(cls, points: object) -> object:
        if isinstance(points, bool):
            raise ValueError("true and false are no number of points")
        return points


@dataclass(frozen=True, slots=True)
class Change:
    """A record that marks changed, as it was and as it is; answers of others may have been scored anew."""

    before: Record
    after: Record


def read_marks(path: Path) -> list[tuple[str, Given]]:
    """The marks in a CSV file with a header or a JSON list of objects, each with its place in the file.

    Raises:
        AuthorError: the file cannot be read, or lines of it are not as expected; all of them are named.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise AuthorError([Problem(path, "", f"is larger than {LARGEST} bytes; give a file of marks")])
        text = content.decode("utf-8-sig")
        rows = _json_rows(text) if path.suffix.lower() == ".json" else _csv_rows(text)
    except (OSError, UnicodeDecodeError, ValueError, csv.Error, RecursionError) as error:
        message = f"cannot be read ({error}); expected UTF-8 CSV with a header, or a JSON list: {COLUMNS}"
        raise AuthorError([Problem(path, "", message)]) from error
    given: list[tuple[str, Given]] = []
    problems: list[Problem] = []
    for place, row in rows:
        try:
            given.append((place, Given.model_validate(row)))
        except ValidationError as error:
            found = error.errors()[0]
            key = "".join(f"{part}: " for part in found["loc"])
            problems.append(Problem(path, place, f"{key}{found['msg']}; expected {COLUMNS}"))
    if not rows:
        problems.append(Problem(path, "", f"has no marks; expected {COLUMNS}"))
    if problems:
        raise AuthorError(problems)
    return given


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
        raise AuthorError(problems)
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


def _csv_rows(text: str) -> list[tuple[str, dict[str, object]]]:
    table = text.lstrip()
    above = text[: len(text) - len(table)].count("\n")
    first = table.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # as spreadsheets in Russian write it
    reader = csv.DictReader(io.StringIO(table, newline=""), delimiter=delimiter)
    rows = []
    for row in reader:
        cells: dict[str, object] = {
            key.strip().lower(): value for key, value in row.items() if isinstance(key, str) and value
        }
        if isinstance(cells.get("points"), str):
            cells["points"] = str(cells["points"]).replace(",", ".")
        if cells:
            rows.append((f"line {above + reader.line_num}", cells))
    return rows


def _json_rows(text: str) -> list[tuple[str, object]]:
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("it is no list")
    return [(f"[{number}]", row) for number, row in enumerate(found)]
