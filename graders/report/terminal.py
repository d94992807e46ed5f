"""Tables for the terminal; what a student wrote goes through `visible` and `rich.text.Text`, never markup."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from graders.i18n import number, sentence
from graders.model import Assignment, Criteria, Diagnosis, Language, Mark, MarkStatus, Message, Record, say
from graders.report.text import measured, visible

STYLES: dict[MarkStatus, str] = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "borderline": "cyan",
    "not_run": "dim",
    "needs_review": "magenta",
}
GLYPHS: dict[MarkStatus, str] = {
    "passed": "✓",
    "partial": "◐",
    "failed": "✗",
    "borderline": "≈",
    "not_run": "–",
    "needs_review": "?",
}
UNBOUNDED = 10_000
"""Characters of a terminal in which no table is too wide."""
INDENT = (0, 0, 0, 2)
MOST_STUDENT = 24
"""Width up to which names of students are never broken into lines."""


def marks_table(record: Record, assignment: Assignment, language: Language) -> RenderableType:
    """Tasks with points, value and status; the reason and what to do next under each."""
    table = Table(expand=True, show_lines=True)
    table.add_column(_words("report.task", language), ratio=1, overflow="fold")
    table.add_column(_words("report.points", language), justify="right", no_wrap=True)
    table.add_column(_words("terminal.value", language), justify="right")
    table.add_column(_words("report.status", language))
    titles = _titles(assignment, language)
    for mark in record.marks:
        table.add_row(
            Group(Text(visible(titles.get(mark.task, mark.task)), style="bold"), *_advice(mark, language)),
            _points(mark.earned, mark.possible, language),
            _value(mark, language),
            _status(mark, language),
        )
    return Group(table, *_faults(record, language), _total(record, language))


def class_table(
    records: Sequence[Record], assignments: Sequence[Assignment], language: Language
) -> RenderableType:
    """One table an assignment: students with their points by task, total and state."""
    known = {assignment.slug: assignment for assignment in assignments}
    slugs = sorted({record.assignment for record in records})
    return Group(
        *(
            _ClassTable(
                sorted(
                    (record for record in records if record.assignment == slug),
                    key=lambda record: record.student,
                ),
                known.get(slug),
                language,
            )
            for slug in slugs
        )
    )


def summary(records: Sequence[Record], language: Language) -> Text:
    """How many submissions are in which state, and how their runs ended."""
    states = Counter(sentence(say(f"class.{record.status}"), language) for record in records)
    runs = Counter(sentence(say(f"batch.run.{record.run.status}"), language) for record in records)
    lines = (("batch.summary", states), ("batch.summary_runs", runs))
    return Text(
        "\n".join(
            sentence(
                say(
                    code,
                    statuses="; ".join(
                        sentence(say("batch.count", word=word, n=n), language)
                        for word, n in counts.most_common()
                    ),
                ),
                language,
            )
            for code, counts in lines
        )
    )


def check_report(record: Record, assignment: Assignment, language: Language) -> RenderableType:
    """What would fail if the notebook were handed in as it is, and how to mend it."""
    titles = _titles(assignment, language)
    unmeasured = [mark for mark in record.marks if mark.status == "not_run"]
    waiting = [mark for mark in record.marks if mark.status == "needs_review"]
    failing = [mark for mark in record.marks if mark.status == "failed"]
    short = [mark for mark in record.marks if mark.status == "partial"]
    fine = [mark for mark in record.marks if mark.status in ("passed", "borderline")]
    return Group(
        _line("report.public.title", language),
        *([_line("report.checkpoint.title", language)] if record.run.mode == "checkpoint" else []),
        *(Text(visible(sentence(note, language))) for note in record.notes),
        *_faults(record, language),
        *_listed("terminal.check.fails", failing, titles, language),
        *_listed("terminal.check.unmeasured", unmeasured, titles, language),
        *_listed("terminal.check.improve", short, titles, language),
        *_listed("terminal.check.person", waiting, titles, language),
        *([_line("terminal.check.fine", language, n=len(fine))] if fine else []),
    )


@dataclass(frozen=True, slots=True)
class _ClassTable:
    """Students of one assignment; tasks are numbered where their titles would be broken within a word."""

    records: Sequence[Record]
    assignment: Assignment | None
    language: Language

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        titles = _titles(self.assignment, self.language) if self.assignment else {}
        table = _class_table(self.records, self.assignment, titles, self.language)
        narrow = _class_table(self.records, self.assignment, titles, self.language, narrow=True)
        unbounded = options.update(max_width=UNBOUNDED)
        if Measurement.get(console, unbounded, table).maximum <= options.max_width:
            yield table
        elif Measurement.get(console, unbounded, narrow).minimum <= options.max_width:
            yield narrow
        else:
            numbers = {task: str(number) for number, task in enumerate(titles, start=1)}
            yield _class_table(self.records, self.assignment, numbers, self.language)
            yield Text("\n".join(f"{numbers[task]} {visible(title)}" for task, title in titles.items()))
        weighed = sum(record.run.mode == "checkpoint" for record in self.records)
        if weighed:
            yield Text(sentence(say("class.legend.weights", n=weighed), self.language))


def _class_table(
    records: Sequence[Record],
    assignment: Assignment | None,
    titles: dict[str, str],
    language: Language,
    *,
    narrow: bool = False,
) -> Table:
    """The table; `narrow` where columns are as wide as their longest word, since Rich would break words."""
    tasks = list(dict.fromkeys([*titles, *(mark.task for record in records for mark in record.marks)]))
    lesson = assignment.title.to(language) if assignment else records[0].assignment
    table = Table(title=Text(visible(lesson), style="bold"), title_justify="left")
    names = [visible(record.student) for record in records]
    short = all(cell_len(name) <= MOST_STUDENT for name in names)  # who is meant should be seen at a glance
    table.add_column(_words("class.student", language), overflow="fold", no_wrap=short)
    totals = [
        _points(None if record.status == "ungradable" else record.earned, record.possible, language)
        for record in records
    ]
    # a column that is not wrapped counts as one that could be, unless it says how wide it is
    width = max(cell_len(total.plain) for total in totals) if narrow else None
    table.add_column(_words("terminal.total", language), justify="right", no_wrap=True, min_width=width)
    marked = [{mark.task: mark for mark in record.marks} for record in records]
    for task in tasks:
        title = visible(titles.get(task, task))
        words = [*title.split(), *(_cell(marks.get(task), language).plain for marks in marked)]
        width = max(map(cell_len, words), default=0) if narrow else None
        table.add_column(Text(title), justify="right", overflow="fold", width=width)
    table.add_column(_words("class.state", language), overflow="fold")
    for name, record, total, marks in zip(names, records, totals, marked, strict=True):
        table.add_row(
            Text(name),
            total,
            *(_cell(marks.get(task), language) for task in tasks),
            _state(record, language),
        )
    return table


def _listed(
    code: str, marks: Sequence[Mark], titles: dict[str, str], language: Language
) -> list[RenderableType]:
    lines: list[RenderableType] = [_line(code, language, n=len(marks))] if marks else []
    for mark in marks:
        title = visible(titles.get(mark.task, mark.task))
        lines.append(Text(f"{GLYPHS[mark.status]} {title}", style=STYLES[mark.status]))
        lines.extend(Padding(line, INDENT) for line in _advice(mark, language))
    return lines


def _advice(mark: Mark, language: Language) -> list[Text]:
    """The reason, what fell short or was noticed, and what to do next."""
    lines = [Text(visible(sentence(mark.reason, language)))]
    lines.extend(Text(visible(f"• {sentence(found, language)}")) for found in _findings(mark))
    if mark.hint is not None:
        hint = say("terminal.hint", hint=sentence(mark.hint, language))
        lines.append(Text(visible(sentence(hint, language)), style="italic"))
    return lines


def _findings(mark: Mark) -> list[Message]:
    found = []
    for evidence in mark.evidence:
        if isinstance(evidence, Diagnosis):
            found.append(evidence.message)
        elif isinstance(evidence, Criteria):
            found.extend(item.message for item in evidence.items if item.status != "met")
    return found


def _faults(record: Record, language: Language) -> list[Text]:
    """Why the run ended early, and the cells that failed."""
    lines = [sentence(record.run.message, language)] if record.run.message else []
    for cell in record.run.cells:
        if cell.error:
            error = f"{cell.error.type}: {cell.error.message}"
            where = f"{cell.number}, {cell.notebook}" if cell.notebook else cell.number
            lines.append(sentence(say("terminal.cell", cell=where, error=error), language))
    return [Text(visible(line), style="red") for line in lines]


def _total(record: Record, language: Language) -> Text:
    if record.status == "ungradable":
        return Text(sentence(say("report.record.ungradable.title"), language), style="bold red")
    total = Text.assemble(
        (sentence(say("terminal.total"), language), "bold"),
        (f" {number(record.earned, language, 3)} ", "bold"),
        sentence(say("report.of_points", n=record.possible), language),
    )
    if record.provisional > 0:
        total.append(
            ", "
            + sentence(say("terminal.total.provisional", n=number(record.provisional, language, 3)), language)
        )
    if record.run.mode == "checkpoint":
        total.append("\n" + sentence(say("report.checkpoint.title"), language), style="bold")
    if record.run.sandbox == "none":
        total.append("\n" + sentence(say("report.sandbox_none.title"), language), style="bold red")
    return total


def _points(earned: float | None, possible: float, language: Language) -> Text:
    return Text(f"{'—' if earned is None else number(earned, language, 3)} / {number(possible, language, 3)}")


def _value(mark: Mark, language: Language) -> Text:
    if mark.value is None:
        return Text("")
    shown = Text(measured(mark.value, language))
    if mark.low is not None and mark.high is not None:
        shown.append(f"\n{measured(mark.low, language)} … {measured(mark.high, language)}", style="dim")
    return shown


def _status(mark: Mark, language: Language) -> Text:
    word = sentence(say(f"report.status.{mark.status}"), language)
    shown = Text(f"{GLYPHS[mark.status]} {word}", style=STYLES[mark.status])
    if not mark.settled and mark.earned is not None:
        shown.append("\n" + sentence(say("report.provisional.tag"), language), style="dim")
    return shown


def _cell(mark: Mark | None, language: Language) -> Text:
    if mark is None:
        return Text("")
    earned = "—" if mark.earned is None else number(mark.earned, language, 3)
    return Text(f"{GLYPHS[mark.status]} {earned}", style=STYLES[mark.status])


def _state(record: Record, language: Language) -> Text:
    shown = _words(f"class.{record.status}", language)
    if record.run.mode == "checkpoint":
        shown.append("\n" + sentence(say("class.weights"), language), style="dim")
    return shown


def _titles(assignment: Assignment, language: Language) -> dict[str, str]:
    return {task.id: task.title.to(language) for task in assignment.tasks}


def _words(code: str, language: Language) -> Text:
    return Text(sentence(say(code), language))


def _line(code: str, language: Language, **params: int) -> Text:
    return Text(sentence(Message(code=code, params=dict(params)), language), style="bold")
