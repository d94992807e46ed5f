"""Graded sets as JSON lines: `question_id, question, reference, answer, score, max`, and `score2` if any."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graders.errors import AuthorError, Problem
from graders.model import KeyPoint, Question, Text
from graders.theory.learning.cases import case_of, read_answer
from graders.theory.learning.course import Case
from graders.theory.scoring import LONGEST_ANSWER

LARGEST = 256 * 1024 * 1024
"""Bytes of a file."""
MOST_PROBLEMS = 20
"""Lines whose mistakes are listed; the rest are counted."""


class Graded(BaseModel):
    """One line: an answer with a person's mark. Other keys are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, coerce_numbers_to_str=True)

    question_id: Annotated[str, Field(min_length=1)]
    question: str
    reference: str
    answer: str
    score: Annotated[float, Field(ge=0)]
    max: Annotated[float, Field(gt=0)]
    score2: Annotated[float, Field(ge=0)] | None = None
    """A second person's."""

    @model_validator(mode="after")
    def _within(self) -> "Graded":
        for name, score in (("score", self.score), ("score2", self.score2)):
            if score is not None and score > self.max:
                raise ValueError(f"{name} is {score:g}, above max {self.max:g}")
        return self


@dataclass(frozen=True, slots=True)
class GradedSet:
    """All of a file."""

    name: str
    rows: tuple[Graded, ...]


def read_graded(path: Path) -> GradedSet:
    """Read a graded set.

    Raises:
        AuthorError: the file is missing, too large, not UTF-8 or empty, or lines of it are not as expected;
            all of them are named.
    """
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8") if size <= LARGEST else ""
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorError(
            [Problem(path, "", f"cannot be read ({error}); give a UTF-8 file of JSON lines")]
        ) from error
    if size > LARGEST:
        raise AuthorError([Problem(path, "", f"has {size} bytes, more than {LARGEST}; split it")])
    rows: list[Graded] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(Graded.model_validate(json.loads(line)))
        except (ValueError, RecursionError) as error:
            problems.append(Problem(path, f"line {number}", _said(error)))
    if not rows and not problems:
        problems.append(Problem(path, "", "is empty; expected one JSON object a line"))
    if problems:
        more = len(problems) - MOST_PROBLEMS
        if more > 0:
            problems = [*problems[:MOST_PROBLEMS], Problem(path, "", f"and {more} more lines like these")]
        raise AuthorError(problems)
    return GradedSet(path.stem, tuple(rows))


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        where = ".".join(str(part) for part in found["loc"])
        return f"{where}: {found['msg']}" if where else str(found["msg"])
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON ({error.msg} at character {error.pos + 1})"
    return f"is not a JSON object of a graded answer ({type(error).__name__})"


def cases_of(graded: GradedSet) -> list[Case]:
    """The answers of a set as the models see them, each scored from its reference alone."""
    questions: dict[tuple[str, str, str], Question] = {}
    cases = []
    for row in graded.rows:
        key = (row.question_id, row.question, row.reference)
        question = questions.setdefault(key, _question(row))
        reading, _ = read_answer(question, row.answer[:LONGEST_ANSWER])
        cases.append(case_of(question, reading))
    return cases


def _question(row: Graded) -> Question:
    """A question whose only key point is its reference."""
    return Question(
        id=row.question_id,
        points=row.max,
        text=Text(ru=row.question, en=row.question),
        answer=Text(ru=row.reference, en=row.reference),
        key_points=(KeyPoint(id="reference", weight=1, title=Text(ru="эталон", en="the reference")),),
    )
