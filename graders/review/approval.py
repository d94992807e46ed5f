"""A person's word on own data: it is what it says, its labels are right, and the points may stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graders.edits import approval_of, own_data_of, with_edits
from graders.errors import UsageError
from graders.model import Edit, Mark, OwnData, Record


@dataclass(frozen=True, slots=True)
class Brought:
    """One student's own data for one task."""

    record: Record
    mark: Mark
    """The machine's."""
    found: OwnData
    edit: Edit | None
    """What a person said of this very data; None where nobody has seen it."""
    others: tuple[str, ...]
    """Students who brought the very same."""


def brought(records: Sequence[Record]) -> list[Brought]:
    """All own data in the records that could be read, in their order."""
    everything = [
        (record, mark, found)
        for record in records
        if not record.public
        for mark, found in own_data_of(record)
    ]
    owners: dict[str, set[str]] = {}
    for record, _, found in everything:
        owners.setdefault(found.sha256, set()).add(record.student)
    return [
        Brought(
            record,
            mark,
            found,
            edit=approval_of(record, mark, found),
            others=tuple(sorted(owners[found.sha256] - {record.student})),
        )
        for record, mark, found in everything
    ]


def approve(one: Brought, points: float | None, *, author: str, reason: str) -> Record:
    """The record with a person's word on the data.

    Args:
        one: what was brought.
        points: what it is worth to the person; None lets the machine's points stand, also after it is graded
            again with the same data.
        author: who says so.
        reason: why, for the student and for whoever reads it later.

    Raises:
        UsageError: more points than there are, or none where nothing was measured.
    """
    machine = one.mark.earned
    if points is None and machine is None:
        raise UsageError("nothing could be measured on this data; say what it is worth with --points")
    if points is not None and points > one.mark.possible:
        raise UsageError(f"{points:g} points, but {one.mark.task} has {one.mark.possible:g}")
    edit = Edit(
        task=one.mark.task,
        answer=one.found.sha256,
        machine=machine,
        earned=points if points is not None else machine or 0.0,
        author=author,
        at=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        reason=reason,
    )
    return with_edits(one.record, [edit])
