"""`grade PATH…`: grade a student's folder, one notebook, or a folder of students."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from graders.commands.options import (
    DeviceOption,
    JsonOption,
    LanguageOption,
    LimitOption,
    OutOption,
    ProfileOption,
    SandboxOption,
    language_of,
    read_limits,
)

GRADED, INCOMPLETE, FAULT = 0, 1, 3


def grade(
    *paths: Annotated[
        Path,
        Parameter(help="A student's folder, one notebook, or a folder of students; several may be given."),
    ],
    assignment: Annotated[
        str | None, Parameter(help="Grade only this assignment.", show_default=False)
    ] = None,
    profile: ProfileOption = None,
    device: DeviceOption = "auto",
    sandbox: SandboxOption = "auto",
    limit: LimitOption = None,
    language: LanguageOption = None,
    out: OutOption = Path("reports"),
    rerun_borderline: Annotated[
        bool, Parameter(help="Run borderline work again with another seed; the mean counts.", negative=())
    ] = False,
    open_: Annotated[
        bool, Parameter(name="--open", help="Open the report in a browser.", negative=())
    ] = False,
    json: JsonOption = False,
) -> int:
    """Grade submissions: a student's folder, one notebook, or a folder of students.

    Writes a record and a report for each, and the page of the class where there are several.
    """
    from rich.console import Console

    from graders.commands.batch import document, grade_all, open_batch
    from graders.pipeline import write_class, write_graded
    from graders.report.terminal import class_table, marks_table

    records, report = [], out
    with open_batch(
        paths,
        assignment=assignment,
        profile=profile,
        device=device,
        sandbox=sandbox,
        limits=read_limits(limit),
    ) as batch:
        shown = language_of(batch.course, language)
        for setting, record, work in grade_all(batch, shown, rerun_borderline=rerun_borderline):
            report = write_graded(out, setting, record, work, shown)
            records.append(record)
    if len(records) > 1:
        report = write_class(out, batch.course, shown)
    if json:
        print(document(records), end="")
    elif len(records) == 1:
        Console().print(marks_table(records[0], batch.settings[records[0].assignment].assignment, shown))
    else:
        Console().print(class_table(records, batch.course.assignments, shown))
    messages = Console(stderr=True)
    messages.print(str(report), markup=False, highlight=False, soft_wrap=True)
    if open_:
        import webbrowser

        webbrowser.open(report.resolve().as_uri())
    if batch.faults:
        messages.print(f"grade: a fault of the toolkit; not graded: {', '.join(batch.faults)}", markup=False)
        return FAULT
    return INCOMPLETE if any(record.status == "ungradable" for record in records) else GRADED
