"""Records that a command works on: those of one assignment in the folder of reports."""

from pathlib import Path

from rich.console import Console

from graders.course import open_course
from graders.errors import UsageError
from graders.model import Assignment, Course, Record
from graders.spec import find_root
from graders.store import read_records


def open_records(slug: str, out: Path) -> tuple[Course, Assignment, list[Record]]:
    """The course, one of its assignments and all records of it; says which files are no records.

    Raises:
        UsageError: there is no such folder or assignment, or no record of it.
        AuthorError: the course has mistakes.
    """
    if not out.is_dir():
        raise UsageError(f"{out} not found; expected the folder that `grade` wrote records to")
    course = open_course(find_root(out, Path.cwd()), public=True, calibrated=False)
    assignment = known_assignment(course, slug)
    records, unreadable = read_records(out)
    for path in unreadable:
        message = f"{path}: not a record of this version; grade the submission again"
        Console(stderr=True).print(message, markup=False, soft_wrap=True)
    mine = [record for record in records if record.assignment == slug]
    if not mine:
        raise UsageError(f"no records of {slug} in {out}; grade submissions of it first")
    return course, assignment, mine


def known_assignment(course: Course, slug: str) -> Assignment:
    """The assignment called `slug`.

    Raises:
        UsageError: the course has none of that name.
    """
    assignment = course.assignment(slug)
    if assignment is None:
        known = ", ".join(known.slug for known in course.assignments)
        raise UsageError(f"unknown assignment {slug!r}; this course has: {known}")
    return assignment
