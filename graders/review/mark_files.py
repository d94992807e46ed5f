"""Files of marks, CSV or JSON: read whole, or refused with the mistakes named; their content is untrusted."""

import csv
import io
import json
import unicodedata
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from graders.errors import AuthorError, Problem

LARGEST = 16 * 1024 * 1024
"""Bytes of a file of marks."""
MOST_PROBLEMS = 20
"""Lines whose mistakes are listed; the rest are counted."""
NEEDED = ("student", "question", "points")
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
        raise AuthorError(first_of(path, problems))
    return given


def first_of(path: Path, problems: list[Problem]) -> list[Problem]:
    """As many problems as a person reads, and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], Problem(path, "", f"and {more} more lines")]


def _csv_rows(text: str) -> list[tuple[str, dict[str, object]]]:
    table = text.lstrip()
    above = text[: len(text) - len(table)].count("\n")
    first = table.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # as spreadsheets in Russian write it
    reader = csv.DictReader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True)
    _check_header([name.strip().lower() for name in reader.fieldnames or ()])
    rows = []
    for row in reader:
        cells: dict[str, object] = {
            key.strip().lower(): value for key, value in row.items() if isinstance(key, str) and value
        }
        place = f"line {above + reader.line_num}"
        if any(cell.strip() for cell in row.get(None, ())):
            message = (
                "more cells than the header has columns; put a decimal comma or a text with commas in quotes"
            )
            raise ValueError(f"{place} has {message}")
        if isinstance(cells.get("points"), str):
            cells["points"] = str(cells["points"]).replace(",", ".")
        if cells:
            rows.append((place, cells))
    return rows


def _check_header(names: list[str]) -> None:
    """A column that is missing or there twice would make each line wrong, or a mark another one.

    Raises:
        ValueError: there is one.
    """
    missing = [name for name in NEEDED if name not in names]
    if names and missing:
        shown = ", ".join(names)[:100]
        raise ValueError(f'its first line, "{shown}", names no column {", ".join(missing)}')
    twice = [name for name in (*NEEDED, "reason", "author") if names.count(name) > 1]
    if twice:
        raise ValueError(f"its first line has the column {', '.join(twice)} twice")


def _json_rows(text: str) -> list[tuple[str, object]]:
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("it is no list")
    return [(f"[{number}]", row) for number, row in enumerate(found)]
