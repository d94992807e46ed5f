"""Grades many submissions in several processes, with a live table, and keeps the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from graders.batch import (
    Done,
    Fault,
    Forecast,
    GaveUp,
    Orders,
    Pool,
    Unwritten,
    cheap_first,
    give_up,
    row_of,
    stoppable,
)
from graders.commands.progress import BatchProgress
from graders.device import cores
from graders.grading import Setting
from graders.index import Index
from graders.model import Language, Message, say
from graders.pipeline import write_graded
from graders.plan import expected_seconds, lesson_of
from graders.submissions import Found, student_name


@dataclass(slots=True)
class Outcome:
    """How a batch ended."""

    faults: list[str] = field(default_factory=list)
    """Submissions that a fault of the toolkit kept from being graded."""
    unwritten: list[str] = field(default_factory=list)
    """Submissions whose record could not be written, and pages."""
    interrupted: bool = False
    """True where Ctrl-C was pressed."""
    left: int = 0
    """Submissions that were not begun because of it."""


def grade_many(
    found: Sequence[Found],
    settings: Mapping[str, Setting],
    index: Index,
    *,
    jobs: int,
    folder: Path,
    out: Path,
    language: Language,
    rerun_borderline: bool,
    console: Console,
) -> Outcome:
    """Grades submissions and writes what comes of them.

    Args:
        found: what to grade.
        settings: by slug.
        index: knows how long each took before; is told of each record.
        jobs: how many at a time.
        folder: for temporary files.
        out: the reports folder.
        language: of reports and of what is shown.
        rerun_borderline: whether to run borderline work again.
        console: standard error.

    Raises:
        KeyboardInterrupt: interrupted for the second time; nothing runs any more.
    """
    seconds = _expected(found, settings, index)
    order = cheap_first(seconds, [_size(one) for one in found], jobs)
    orders = Orders(
        found=tuple(found),
        settings=dict(settings),
        out=out.resolve(),
        language=language,
        rerun_borderline=rerun_borderline,
        threads=max(1, cores() // jobs),
    )
    lessons = {one.slug for one in found}
    names = [
        f"{student_name(one.folder)}, {one.slug}" if len(lessons) > 1 else student_name(one.folder)
        for one in found
    ]
    view = BatchProgress(console, language, names, order, Forecast(seconds, jobs))
    outcome = Outcome()

    def stopping() -> None:
        view.tell(say("batch.stopping"))

    with stoppable() as stop, Pool(orders, jobs, folder, stop, stopping=stopping) as pool, view:
        for item, happening in pool.run(order):
            view.show(item, happening)
            one = found[item]
            if isinstance(happening, Done):
                index.put(names[item], one.slug)
            elif isinstance(happening, Unwritten):
                outcome.unwritten.append(names[item])
            elif isinstance(happening, Fault):
                outcome.faults.append(f"{names[item]}: {happening.type}")
            elif isinstance(happening, GaveUp):
                failed = _write_given_up(settings[one.slug], one, happening.message, out, language)
                if failed is None:
                    index.put(names[item], one.slug)
                else:
                    outcome.unwritten.append(names[item])
                    view.tell(say("batch.not_written", student=names[item], reason=failed))
        outcome.interrupted, outcome.left = stop.asked, len(pool.waiting)
    return outcome


def _write_given_up(
    setting: Setting, found: Found, message: Message, out: Path, language: Language
) -> str | None:
    """Writes the record of a submission that the machine would not grade; the reason where that fails too."""
    record, work = give_up(setting, found, message)
    try:
        write_graded(out, setting, record, work, language)
    except OSError as error:  # a full disk must not end the batch
        return error.strerror or type(error).__name__
    return None


def _expected(found: Sequence[Found], settings: Mapping[str, Setting], index: Index) -> list[float | None]:
    """Seconds that each will take: what its last run took, else what its notebook lets expect."""
    lessons = {slug: lesson_of(one.course, one.assignment, one.profile) for slug, one in settings.items()}
    return [
        _earlier(index, one)
        or expected_seconds(
            one, lessons[one.slug], settings[one.slug].limits, on_gpu=settings[one.slug].device != "cpu"
        )
        for one in found
    ]


def _earlier(index: Index, found: Found) -> float | None:
    """Seconds of the last run; None where there was none."""
    row = row_of(index, found)
    return row.seconds if row is not None and row.seconds > 0 else None


def _size(found: Found) -> int:
    """Bytes of the notebook; 0 where it is yet to be found."""
    path = found.notebook or found.folder / f"{found.slug}.ipynb"
    try:
        return path.stat().st_size
    except OSError:
        return 0
