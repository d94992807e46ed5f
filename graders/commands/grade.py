"""`grade PATH…`: grade a student's folder, one notebook, or a folder of students."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from graders.commands.options import (
    DeviceOption,
    JsonOption,
    LanguageOption,
    LimitOption,
    ModeOption,
    OutOption,
    ProfileOption,
    SandboxOption,
    language_of,
    read_limits,
)
from graders.errors import UsageError


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
    jobs: Annotated[
        int | None,
        Parameter(
            help="How many submissions to grade at a time; the cores, or what memory allows, by default.",
            show_default=False,
        ),
    ] = None,
    sandbox: SandboxOption = "auto",
    limit: LimitOption = None,
    mode: ModeOption = None,
    language: LanguageOption = None,
    out: OutOption = Path("reports"),
    force: Annotated[
        bool, Parameter(help="Grade again what is already graded and unchanged.", negative=())
    ] = False,
    rerun_borderline: Annotated[
        bool, Parameter(help="Run borderline work again with another seed; the mean counts.", negative=())
    ] = False,
    open_: Annotated[
        bool, Parameter(name="--open", help="Open the report in a browser.", negative=())
    ] = False,
    json: JsonOption = False,
    trust_notebooks: Annotated[
        bool,
        Parameter(help="With `--sandbox none`: let them read the secret and hidden data.", negative=()),
    ] = False,
) -> int:
    """Grade submissions: a student's folder, one notebook, or a folder of students.

    Writes a record and a report for each, and the page of the class where there are several. What is already
    graded and unchanged is kept, so that an interrupted command goes on where it ended.
    """
    if jobs is not None and jobs < 1:
        raise UsageError(f"--jobs {jobs}: expected at least 1")
    if sandbox == "none" and not trust_notebooks:
        raise UsageError(
            "--sandbox none: every notebook could read the secret, hidden data and all submissions; add "
            "--trust-notebooks if it may. `grade check` needs neither secret nor hidden data"
        )
    limits = read_limits(limit)
    from graders.commands.early import early_zygote

    with early_zygote(paths, sandbox) as zygote:
        from graders.commands.batch import ask
        from graders.commands.whole import Wishes, grade_asked

        asked = ask(
            paths,
            assignment=assignment,
            profile=profile,
            device=device,
            sandbox=sandbox,
            limits=limits,
            mode=mode,
            zygote=zygote,
            out=out,
        )
        wishes = Wishes(
            out=out,
            language=language_of(asked.course, language),
            anew=language is not None,
            jobs=jobs,
            force=force,
            rerun_borderline=rerun_borderline,
            open_report=open_,
            json=json,
        )
        return grade_asked(asked, wishes)
