"""Tables of `grade theory`, for the terminal. What students wrote is printed as text, never as markup."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from graders.i18n import number, sentence
from graders.model import Language, say
from graders.report.text import visible
from graders.review.agreement import QuestionReport
from graders.review.marks import Change
from graders.review.queue import Waiting
from graders.review.rubric import Tried
from graders.theory.bench import Report

LONGEST = 2000
"""Characters of an answer on the terminal."""
NONE = "–"


def queue_list(shown: Sequence[Waiting], total: int, language: Language) -> Group:
    """What to mark first: the answers as a whole, since whoever marks them has to read them."""
    if not total:
        return Group(Text(sentence(say("theory_table.queue.empty"), language)))
    parts: list[Text] = [Text(sentence(say("theory_table.queue.title"), language), style="bold")]
    for one in shown:
        score = one.answered.score
        head = say(
            "theory_table.queue.head",
            place=one.place,
            student=visible(one.answered.student),
            question=one.answered.question.id,
            earned=number(score.earned, language, 3),
            possible=number(score.possible, language, 3),
            n=one.marks,
        )
        parts.append(Text("\n" + sentence(head, language), style="bold cyan"))
        parts.append(Text(_cut(visible(score.text.strip()))))
        if score.why:
            parts.append(Text(visible(sentence(score.why, language)), style="dim"))
    parts.append(
        Text("\n" + sentence(say("theory_table.queue.caption", n=len(shown), total=total), language))
    )
    return Group(*parts)


def changes_table(changes: Sequence[Change], given: int, language: Language) -> Table:
    """Whose points changed, and by how much."""
    table = _table("changes", ("student", "before", "after", "provisional"), language)
    moved = [change for change in changes if change.before.earned != change.after.earned]
    kept = sum(len(change.after.edits) - len(change.before.edits) for change in changes)
    said = [say("theory_table.changes.caption", n=kept, changed=len(moved))]
    if kept < given:
        said.append(say("theory_table.changes.repeated", n=given - kept))
    table.caption = " ".join(sentence(one, language) for one in said)
    for change in changes:
        table.add_row(
            Text(visible(change.after.student)),
            number(change.before.earned, language, 3),
            number(change.after.earned, language, 3),
            number(change.after.provisional, language, 3),
        )
    return table


def report_table(found: Sequence[QuestionReport], language: Language) -> list[Table]:
    """How person and machine agree: one column a question, and where they differ."""
    table = Table(title=sentence(say("theory_table.report.title"), language))
    table.add_column(_heading("question", language))
    for one in found:
        table.add_column(one.question, justify="right")
    for name in ("answers", "marked", "settled", "review"):
        table.add_row(_heading(name, language), *(str(getattr(one, name)) for one in found))
    table.add_row(_heading("qwk", language), *(_figure(one.qwk, language) for one in found))
    for name in ("exact", "near"):
        table.add_row(_heading(name, language), *(_percent(getattr(one, name), language) for one in found))
    table.add_row(_heading("error", language), *(_figure(one.before, language, 3) for one in found))
    table.add_row(_heading("learned", language), *(_figure(one.learned, language, 3) for one in found))
    return [table, *(_confusion(one, language) for one in found if one.marked)]


def bench_table(found: Report, path: Path) -> Group:
    """The benchmark's figures; they are the same in every language."""
    counted = f"{found.n} answers, {found.questions} questions, {found.marks} marks each"
    table = Table()
    table.add_column("")
    table.add_column("grader", justify="right")
    if found.second_rater:
        table.add_column("second person", justify="right")
    for name in ("r", "rho", "qwk", "rmse5", "agreement", "coverage95", "precision95"):
        figures = [getattr(found, name), found.second_rater.get(name)][: len(table.columns) - 1]
        table.add_row(name, *(_figure(value, "en", 3) for value in figures))
    return Group(Text(f"{path.name}: {counted}", style="bold"), table)


def rubric_tables(tried: Tried, language: Language) -> list[Table]:
    """Examples of each part, and what a reference to one question earns as an answer to the others."""
    examples = _table("examples", ("question", "part", "kind", "yes", "no"), language)
    for one in tried.examples:
        examples.add_row(
            one.question,
            one.part,
            sentence(say(f"theory_table.kind.{one.kind}"), language),
            f"{one.yes[0]} / {one.yes[1]}",
            f"{one.no[0]} / {one.no[1]}",
            style="" if one.yes[0] == one.yes[1] and not one.no[0] else "bold red",
        )
    return [examples, *(_mixed_up(tried, asked, language) for asked in tried.confusion)]


def _mixed_up(tried: Tried, asked: Language, language: Language) -> Table:
    title = sentence(say("theory_table.confusion.title", language=asked), language)
    table = Table(title=title)
    table.add_column("")
    for question in tried.questions:
        table.add_column(question, justify="right")
    for row, shares in enumerate(tried.confusion[asked]):
        cells = [
            Text(f"{share:.0%}", style=_colour(share, own=row == column))
            for column, share in enumerate(shares)
        ]
        table.add_row(tried.questions[row], *cells)
    return table


def _colour(share: float, *, own: bool) -> str:
    if own:
        return "green" if share >= 1 else "bold red"
    return "bold red" if share >= 0.5 else "" if share else "dim"


def _confusion(one: QuestionReport, language: Language) -> Table:
    title = sentence(say("theory_table.person.title", question=one.question), language)
    table = Table(title=title)
    steps = len(one.confusion) - 1
    table.add_column(sentence(say("theory_table.person"), language))
    for column in range(len(one.confusion)):
        table.add_column(f"{column / steps:.0%}", justify="right")
    for row, counts in enumerate(one.confusion):
        table.add_row(f"{row / steps:.0%}", *(str(count) if count else NONE for count in counts))
    return table


def _table(name: str, columns: Sequence[str], language: Language) -> Table:
    table = Table(title=sentence(say(f"theory_table.{name}.title"), language))
    for column in columns:
        text = column in ("student", "part", "kind")
        table.add_column(_heading(column, language), justify="left" if text else "right")
    return table


def _heading(name: str, language: Language) -> str:
    return sentence(say(f"theory_table.{name}"), language)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _figure(value: float | None, language: Language, digits: int = 2) -> str:
    return NONE if value is None else number(value, language, digits)


def _percent(value: float | None, language: Language) -> str:
    return NONE if value is None else f"{number(100 * value, language, 0)} %"
