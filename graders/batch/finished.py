"""Which submissions need not be graded again: those whose record was made from the same inputs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from graders.errors import UsageError
from graders.grading import submission_hash
from graders.index import Index, Row
from graders.store import record_path
from graders.submissions import Found, student_name


def distinct(found: Sequence[Found]) -> tuple[Found, ...]:
    """The submissions without those that were named twice.

    Raises:
        UsageError: two submissions would be written to one record.
    """
    first: dict[tuple[str, str], Found] = {}
    for item in found:
        key = (student_name(item.folder), item.slug)
        other = first.setdefault(key, item)
        if (other.folder, other.notebook) != (item.folder, item.notebook):
            one, two = (path.notebook or path.folder for path in (other, item))
            raise UsageError(
                f"{one} and {two} are both {key[1]} of a student called {key[0]}, and one record would "
                "overwrite the other; rename a folder, or grade them apart with different --out"
            )
    return tuple(first.values())


def is_finished(
    found: Found, out: Path, row: Row | None, settings: Mapping[bool, str], *, rerun_borderline: bool
) -> bool:
    """Whether the record that is there is the one that grading now would make.

    Args:
        found: the submission.
        out: the reports folder.
        row: what the index knows of its record; None where there is none.
        settings: `setting_hash` without and with `--rerun-borderline`.
        rerun_borderline: whether borderline work is to be run again. Where it was before, it counts all the
            same, since two runs say more than one.
    """
    if row is None or row.run_status == "infrastructure":
        return False
    once = row.setting == settings[False] and not (rerun_borderline and row.borderline)
    if not once and row.setting != settings[True]:
        return False
    record = record_path(out, row.student, row.assignment)
    if not record.with_suffix(".html").is_file() or (row.scored and not record.with_suffix(".npz").is_file()):
        return False
    return row.submission == submission_hash(found)


def row_of(index: Index, found: Found) -> Row | None:
    """What the index knows of a submission's record."""
    return index.row(student_name(found.folder), found.slug)
