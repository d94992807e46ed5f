"""`grade check PATH`: what would fail if this were handed in, on public data alone."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from graders.commands.early import early_zygote
from graders.commands.options import (
    DeviceOption,
    JsonOption,
    LanguageOption,
    LimitOption,
    ModeOption,
    ProfileOption,
    SandboxOption,
    language_of,
    read_limits,
)
from graders.model import Record

FINE, FOUND, FAULT = 0, 1, 3
WELL = ("passed", "borderline", "partial", "needs_review")


def check(
    path: Annotated[Path, Parameter(help="A notebook, or the folder to be handed in.")],
    /,
    *,
    profile: ProfileOption = None,
    device: DeviceOption = "auto",
    sandbox: SandboxOption = "auto",
    limit: LimitOption = None,
    mode: ModeOption = None,
    language: LanguageOption = None,
    json: JsonOption = False,
) -> int:
    """Check a notebook before handing it in: what would fail, and how to mend it.

    Runs the same path as grading on public data alone; writes nothing. Exits 1 where something would fail.
    """
    limits = read_limits(limit)
    with early_zygote([path], sandbox) as zygote:
        from graders.commands.batch import document, grade_all, open_batch, tell
        from graders.report.terminal import check_report

        with open_batch(
            [path],
            assignment=None,
            profile=profile,
            device=device,
            sandbox=sandbox,
            limits=limits,
            mode=mode,
            public=True,
            zygote=zygote,
        ) as batch:
            shown = language_of(batch.course, language)
            records = [record for _, record, _ in grade_all(batch, shown)]
    if json:
        print(document(records), end="")
    else:
        for record in records:
            assignment = batch.settings[record.assignment].assignment
            Console().print(check_report(record, assignment, shown))
    for message in batch.left_out:
        tell(Console(stderr=True), message, shown)
    if batch.faults:
        print(f"grade: a fault of the toolkit; not checked: {', '.join(batch.faults)}", file=sys.stderr)
        return FAULT
    return FINE if not batch.left_out and all(_is_fine(record) for record in records) else FOUND


def _is_fine(record: Record) -> bool:
    """Whether every cell ran and no task would earn nothing."""
    return record.run.status == "completed" and all(
        mark.status in WELL and mark.earned != 0 for mark in record.marks
    )
