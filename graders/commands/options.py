"""Options that several commands share, and how their values are understood."""

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from graders.errors import UsageError

if TYPE_CHECKING:
    from graders.model import Course, Language

Profiles = Literal["mini", "full"]
Sandboxes = Literal["auto", "namespaces", "bubblewrap", "landlock", "none"]
Languages = Literal["ru", "en"]
Modes = Literal["rerun", "checkpoint", "auto"]

ProfileOption = Annotated[
    Profiles | None,
    Parameter(help="Data to grade on: drawn by the toolkit, or the real set.", show_default=False),
]
DeviceOption = Annotated[
    str, Parameter(help="Where notebooks run: auto, cpu, cuda or cuda:N; auto takes a GPU if there is one.")
]
SandboxOption = Annotated[
    Sandboxes, Parameter(help="How notebooks are sealed off; none runs them with your own rights.")
]
LanguageOption = Annotated[
    Languages | None, Parameter(help="Language of reports; the course's own by default.", show_default=False)
]
ModeOption = Annotated[
    Modes | None,
    Parameter(
        help="Train again, score the weights that were handed in, or whichever fits the time; the "
        "assignment's own by default.",
        show_default=False,
    ),
]
LimitOption = Annotated[
    list[str] | None,
    Parameter(
        name="--limit", help="Override a limit: KEY=VALUE, such as cell_seconds=60. Repeatable.", negative=()
    ),
]
JsonOption = Annotated[
    bool, Parameter(help="Print one JSON document on standard output and nothing else.", negative=())
]
OutOption = Annotated[Path, Parameter(help="Folder for records and reports.")]


def read_limits(limits: Sequence[str] | None) -> dict[str, float]:
    """Limits from `KEY=VALUE` words.

    Raises:
        UsageError: a word has another form, names no limit, or has no positive number.
    """
    from graders.model import Limits

    read: dict[str, float] = {}
    for word in limits or ():
        key, _, value = word.partition("=")
        if key not in Limits.model_fields:
            known = ", ".join(Limits.model_fields)
            raise UsageError(f"--limit {word}: unknown limit {key!r}; known: {known}")
        try:
            read[key] = float(value)
        except ValueError:
            raise UsageError(f"--limit {word}: expected a number, as in {key}=60") from None
        if not 0 < read[key] < float("inf"):
            raise UsageError(f"--limit {word}: expected a positive number")
        if Limits.model_fields[key].annotation is int and read[key] != int(read[key]):
            raise UsageError(f"--limit {word}: expected a whole number")
    return read


def language_of(course: "Course", language: Languages | None) -> "Language":
    """The language asked for, or the course's own."""
    return language or course.language


def login() -> str:
    """Who gives the command.

    Raises:
        UsageError: a container's user may have no name.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("your login has no name here; say who marks with --author NAME") from None
