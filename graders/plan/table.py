"""The plan for a terminal of 80 columns."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from graders.i18n import number, sentence
from graders.model import Language, say
from graders.plan.budgets import Planned, advice
from graders.plan.whole import Whole
from graders.report.text import visible

MOST_NAMED = 20
"""Submissions that are named one by one under a heading; the table has them all."""
WIDEST_NAME = 14
"""Columns for a student or a lesson; a longer name is broken into lines, and leaves room for the rest."""
INDENT = (0, 0, 0, 2)


def plan_table(plan: Sequence[Planned], whole: Whole, language: Language) -> RenderableType:
    """Each submission with its estimate and where it is from, what to do about some, and the time of all."""
    table = Table(expand=True)
    table.add_column(_words("class.student", language), overflow="fold", max_width=WIDEST_NAME)
    table.add_column(_words("plan.lesson", language), overflow="fold", max_width=WIDEST_NAME)
    table.add_column(_words("plan.time", language), justify="right", no_wrap=True)
    table.add_column(_words("plan.between", language), justify="right", no_wrap=True)
    table.add_column(_words("plan.source", language), ratio=1, overflow="fold")
    for one in sorted(plan, key=_longest_first):
        table.add_row(*_row(one, language), style="dim" if one.left_open else "")
    return Group(
        table,
        *_over(plan, language),
        *_listed("plan.may_be_over", [one for one in plan if one.may_be_over], language),
        *_listed("plan.checkpoints", [one for one in plan if one.checkpoint], language),
        *_listed("plan.left_open", [one for one in plan if one.left_open], language),
        *_whole(whole, language),
    )


def clock(seconds: float, language: Language) -> str:
    """A time as minutes and seconds, or as hours where it is long.

    >>> clock(65, "en"), clock(44_400, "ru"), clock(1e6, "en"), clock(1e12, "en")
    ('1:05', '12,3 ч', '278 h', '∞')
    """
    if round(seconds) < 3600:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes}:{rest:02}"
    if seconds >= 1e9:
        return "∞"
    hours = seconds / 3600
    return sentence(say("plan.hours", hours=number(hours, language, 1 if hours < 100 else 0)), language)


def _longest_first(one: Planned) -> tuple[float, str, str]:
    seconds = one.estimate.seconds
    return -(seconds + one.own_seconds if seconds is not None else -1.0), one.student, one.slug


def _row(one: Planned, language: Language) -> list[Text]:
    found, own = one.estimate, one.own_seconds
    mark, style = ("✗ ", "red") if one.over else ("? ", "yellow") if one.may_be_over else ("", "")
    least = "≥ " if found.at_least else ""
    time = "—" if found.seconds is None else f"{mark}{least}{clock(found.seconds + own, language)}"
    ends = [clock(end + own, language) for end in (found.low, found.high) if end is not None]
    between = " … ".join(ends) if len(ends) == 2 else ""
    source = sentence(found.source, language)
    if own:
        source = sentence(say("plan.source.own", source=source, time=clock(own, language)), language)
    if one.checkpoint:
        source = sentence(say("plan.source.weights", source=source), language)
    return [
        Text(visible(one.student)),
        Text(visible(one.slug)),
        Text(time, style=style),
        Text("" if found.kind == "nothing" else between, style="dim"),
        Text(source),
    ]


def _over(plan: Sequence[Planned], language: Language) -> list[RenderableType]:
    """The submissions that are over their budget, each with its limits, and what to do."""
    over = [one for one in plan if one.over]
    lines = _listed("plan.over", over, language)
    if over:
        most = max(over, key=lambda one: one.estimate.seconds or 0.0)
        lines.append(Padding(Text(sentence(advice(most), language), style="italic"), INDENT))
    return lines


def _listed(code: str, some: Sequence[Planned], language: Language) -> list[RenderableType]:
    if not some:
        return []
    lines: list[RenderableType] = [Text(sentence(say(code, n=len(some)), language), style="bold")]
    for one in some[:MOST_NAMED]:
        limits = (f"{key} = {number(getattr(one.limits, key), language)}" for key in one.over)
        name = "; ".join((f"{one.student}, {one.slug}", *limits))
        lines.append(Padding(Text(visible(name)), INDENT))
    if len(some) > MOST_NAMED:
        lines.append(Padding(Text(sentence(say("plan.more", n=len(some) - MOST_NAMED), language)), INDENT))
    return lines


def _whole(whole: Whole, language: Language) -> list[RenderableType]:
    lines = [
        say(
            "plan.whole",
            time=clock(whole.seconds, language),
            low=clock(whole.low, language),
            high=clock(whole.high, language),
            n=whole.jobs,
        )
    ]
    if whole.guessed:
        lines.append(say("plan.whole_guessed", n=whole.guessed))
    return [Text(sentence(line, language), style="bold" if line is lines[0] else "") for line in lines]


def _words(code: str, language: Language) -> Text:
    return Text(sentence(say(code), language))
