"""`grade report`: make the HTML again from the records, running nothing."""

from pathlib import Path

from rich.console import Console

from graders.commands.options import LanguageOption, OutOption, language_of
from graders.course import open_course
from graders.errors import UsageError
from graders.pipeline import write_class, write_report
from graders.spec import find_root
from graders.store import read_records


def report(*, out: OutOption = Path("reports"), language: LanguageOption = None) -> int:
    """Rebuild every student's report and the page of the class from the records, running nothing."""
    if not out.is_dir():
        raise UsageError(f"{out} not found; expected the folder that `grade` wrote records to")
    course = open_course(find_root(out, Path.cwd()), public=True, calibrated=False)
    shown = language_of(course, language)
    records, unreadable = read_records(out)
    messages = Console(stderr=True)
    for path in unreadable:
        messages.print(f"{path}: not a record of this version; grade the submission again", markup=False)
    for record in records:
        write_report(out, course, record, shown)
    messages.print(str(write_class(out, course, shown)), markup=False, highlight=False, soft_wrap=True)
    return 1 if unreadable else 0
