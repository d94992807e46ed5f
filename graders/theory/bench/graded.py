"""Graded sets as JSON lines: `question_id, question, reference, answer, score, max`, and `score2` if any."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graders.errors import AuthorError, Problem

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
    rubric: str = ""
    """The question's rubric, `theory.toml#2`: a path from the set's folder and the id; empty for none."""

    @model_validator(mode="after")
    def _within(self) -> "Graded":
        for name, score in (("score", self.score), ("score2", self.score2)):
            if score is not None and score > self.max:
                raise ValueError(f"{name} is {score:g}, above max {self.max:g}")
        return self


@dataclass(frozen=True, slots=True)
class GradedSet:
    """All of a file."""

    path: Path
    rows: tuple[Graded, ...]


def read_graded(path: Path) -> GradedSet:
    """Read a graded set.

    Raises:
        AuthorError: the file is missing, too large, not UTF-8 or empty, or lines of it are not as expected;
            all of them are named.
    """
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8-sig") if size <= LARGEST else ""
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
    return GradedSet(path, tuple(rows))


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        where = ".".join(str(part) for part in found["loc"])
        said = found["msg"].removeprefix("Value error, ")
        return f"{where}: {said}" if where else said
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON ({error.msg} at character {error.pos + 1})"
    return f"is not a JSON object of a graded answer ({type(error).__name__})"
