"""The error tree: whose fault it is decides the type, and the type decides the exit code.

GradeError
├── UsageError       the command was asked for something impossible              exit 2
├── AuthorError      a course, an assignment or a rubric is wrong; has `problems`  exit 2
│   └── DataMissingError  a data set that was asked for is not here and cannot be had   exit 2
└── SandboxError     untrusted code cannot be run safely on this machine           exit 2

A student's fault is never an exception: it is data in the record. Anything else that escapes is a fault of
the toolkit: a traceback and exit code 3, and no mark is written.
"""

from dataclasses import dataclass
from pathlib import Path


class GradeError(Exception):
    """A problem that a person can mend; its text says what was found, what was expected and what to do."""


class UsageError(GradeError):
    """The command line asks for something that cannot be done."""


class SandboxError(GradeError):
    """This machine cannot isolate untrusted code in the way that was asked for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of an author, with the place to mend it."""

    file: Path
    key: str
    """Dotted path inside the file, such as `tasks[2].points`; empty for the file as a whole."""
    message: str
    """What was found, what was expected, what to do."""

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else str(self.file)
        return f"{place}: {self.message}"


class AuthorError(GradeError):
    """One or more mistakes in a course's own files, collected so that they can be mended in one go."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class DataMissingError(AuthorError):
    """A data set is not in the cache, not in the mirror, and could not be fetched."""
