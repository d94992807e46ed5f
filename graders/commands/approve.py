"""`grade approve`: a person's word on students' own data, once for each data set."""

import math
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from graders.commands.options import LanguageOption, OutOption, language_of, login
from graders.commands.records import open_records
from graders.edits import effective
from graders.errors import UsageError
from graders.i18n import number, sentence
from graders.model import Language, say
from graders.pipeline import write_class, write_report
from graders.report.text import visible
from graders.review.approval import Brought, approve, brought
from graders.store import rewrite_record


def approve_data(
    slug: Annotated[str, Parameter(help="The assignment, by the name of its folder.")],
    student: Annotated[str, Parameter(help="Whose data; leave out to see who waits.")] = "",
    /,
    *,
    task: Annotated[str, Parameter(help="Which task, where the assignment has several of the kind.")] = "",
    points: Annotated[float | None, Parameter(help="Points in place of the measured ones.")] = None,
    reason: Annotated[str, Parameter(help="Why, for the student and for whoever reads it later.")] = "",
    author: Annotated[str, Parameter(help="Who approves; your login by default.", show_default=False)] = "",
    out: OutOption = Path("reports"),
    language: LanguageOption = None,
) -> int:
    """Say that a student's own data is what it seems, so that the points measured on it stand.

    Without a student: who brought data along, what was measured on it, and who waits. Look at the sheet of
    examples in the report first. It holds for this very data, also after the work is graded again.
    """
    course, _, records = open_records(slug, out)
    shown = language_of(course, language)
    all_data = [one for one in brought(records) if not task or one.mark.task == task]
    if not student:
        Console().print(_table(all_data, shown))
        return 0
    mine = [one for one in all_data if one.record.student == student]
    if len(mine) != 1:
        names = ", ".join(sorted({one.record.student for one in all_data})) or "nobody"
        tasks = ", ".join(one.mark.task for one in mine)
        found = (
            f"{student} has data for several tasks: {tasks}; add --task" if mine else f"no data of {student}"
        )
        raise UsageError(f"{found}; there is data of {names}")
    if points is not None and not 0 <= points < math.inf:
        raise UsageError(f"{points:g} points: expected a number, 0 or more")
    record = approve(mine[0], points, author=author or login(), reason=reason)
    write_report(out, course, record, shown)
    rewrite_record(out, record)
    write_class(out, course, shown)
    said = say("approve.done", student=student, earned=record.earned, possible=record.possible)
    Console(stderr=True).print(sentence(said, shown), markup=False, soft_wrap=True)
    return 0


def _table(found: list[Brought], language: Language) -> Table | Text:
    if not found:
        return Text(sentence(say("approve.none"), language))
    table = Table()
    for column in ("student", "data", "yours", "reference", "points", "state"):
        table.add_column(sentence(say(f"approve.{column}"), language), overflow="fold")
    for one in found:
        values = {rival.name: rival.measured.value for rival in one.found.rivals}
        earned = next(mark.earned for mark in effective(one.record).marks if mark.task == one.mark.task)
        state = say("approve.waits") if one.edit is None else say("approve.by", author=one.edit.author)
        told = visible(sentence(state, language))
        if one.others:
            told += f"; {visible(sentence(say('approve.same', students=', '.join(one.others)), language))}"
        data = say("approve.size", n=one.found.examples, groups=one.found.groups)
        table.add_row(
            visible(one.record.student),
            f"{sentence(say('report.own.data.' + one.found.data), language)} {sentence(data, language)}",
            *(_shown(values.get(name), language) for name in ("yours", "reference")),
            f"{_shown(earned, language)} / {number(one.mark.possible, language, 3)}",
            told,
        )
    return table


def _shown(value: float | None, language: Language) -> str:
    return "–" if value is None else number(value, language, 3)
