"""The whole of `grade PATH…`: what is left to grade, here or in several processes, and what is shown."""

import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from graders.batch import is_finished, most_jobs, row_of, scratch, stretch, warm_up
from graders.commands.batch import Asked, document, grade_all, prepared, prepared_here, tell
from graders.commands.many import Outcome, grade_many
from graders.device import cores, free_memory_mib, gpu_free_memory_mib
from graders.edits import answers_of, effective
from graders.index import Index, open_index
from graders.model import Language, Limits, Record, say
from graders.pipeline import write_class, write_graded, write_report
from graders.report.terminal import class_table, marks_table, summary
from graders.store import class_path, read_records, report_path
from graders.submissions import Found, student_name
from graders.theory.judged import troubles

GRADED, INCOMPLETE, FAULT, INTERRUPTED = 0, 1, 3, 130


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the submissions of a command are to be graded and shown."""

    out: Path
    language: Language
    anew: bool
    """Whether reports that are kept are written again, since a language was asked for."""
    jobs: int | None
    force: bool
    rerun_borderline: bool
    open_report: bool
    json: bool


def grade_asked(asked: Asked, wishes: Wishes) -> int:
    """Grades what is not yet graded, shows all that was asked for, and returns the exit code."""
    console = Console(stderr=True)
    with open_index(wishes.out) as index:
        todo = asked.found if wishes.force else _unfinished(asked, wishes, index)
        kept = len(asked.found) - len(todo)
        if kept:
            one = len(asked.found) == 1
            tell(console, say("batch.kept_one") if one else say("batch.kept", n=kept), wishes.language)
        outcome = Outcome()
        if len(asked.found) == 1 and todo:
            outcome = _grade_one(asked, wishes, index, console)
        elif todo:
            outcome = _grade_several(asked, todo, wishes, index, console)
    records = _show(asked, todo, wishes, outcome, console)
    graded = {(student_name(found.folder), found.slug) for found in todo}
    _tell_of_judge([one for one in records if (one.student, one.assignment) in graded], wishes, console)
    for message in asked.left_out:
        tell(console, message, wishes.language)
    return _exit_code(asked, outcome, records, wishes, console)


def _unfinished(asked: Asked, wishes: Wishes, index: Index) -> tuple[Found, ...]:
    """The submissions that have no record yet, or one that was made from something else."""
    hashes = {one.slug: asked.setting_hashes(one) for one in asked.assignments(asked.found)}
    return tuple(
        found
        for found in asked.found
        if not is_finished(
            found,
            wishes.out,
            row_of(index, found),
            hashes[found.slug],
            rerun_borderline=wishes.rerun_borderline,
        )
    )


def _grade_one(asked: Asked, wishes: Wishes, index: Index, console: Console) -> Outcome:
    """In this process, so that one submission costs no start of others."""
    outcome = Outcome()
    with prepared_here(asked) as batch:
        for setting, record, work in grade_all(
            batch, wishes.language, rerun_borderline=wishes.rerun_borderline
        ):
            try:
                write_graded(wishes.out, setting, record, work, wishes.language)
            except OSError as error:
                _tell_unwritten(record.student, error, wishes, outcome, console)
            else:
                index.put(record.student, record.assignment)
    return outcome


def _grade_several(
    asked: Asked, todo: Sequence[Found], wishes: Wishes, index: Index, console: Console
) -> Outcome:
    jobs = _jobs(asked, len(todo), wishes, console)
    warm_up()
    longer = stretch(jobs, asked.course.runtime.threads, cores())
    with scratch() as folder, prepared(asked, todo) as settings:
        return grade_many(
            todo,
            {slug: replace(setting, stretch=longer) for slug, setting in settings.items()},
            index,
            jobs=jobs,
            folder=folder,
            out=wishes.out,
            language=wishes.language,
            rerun_borderline=wishes.rerun_borderline,
            console=console,
        )


def _jobs(asked: Asked, submissions: int, wishes: Wishes, console: Console) -> int:
    """How many submissions to grade at a time; says so where it is fewer than were asked for."""
    jobs, wanted = jobs_for(list(asked.limits.values()), asked.device, submissions, wishes.jobs)
    if jobs < wanted:
        tell(console, say("batch.jobs", jobs=jobs, asked=wanted), wishes.language)
    return jobs


def jobs_for(limits: Sequence[Limits], device: str, submissions: int, wanted: int | None) -> tuple[int, int]:
    """How many submissions to grade at a time, and how many it would be if there were memory for all.

    Args:
        limits: of the assignments.
        device: where notebooks run.
        submissions: how many there are.
        wanted: how many at a time were asked for; None for as many as suit the machine.
    """
    largest = _largest(limits)
    free = gpu_free_memory_mib(device)
    gpu = (free, largest.gpu_memory_mib) if free is not None else None
    usual, most = most_jobs(cores(), free_memory_mib(), largest.memory_mib, gpu)
    jobs = min(wanted or usual, submissions)
    return min(jobs, most), jobs


def _largest(limits: Sequence[Limits]) -> Limits:
    """The most that a run of any assignment may take of the host's and the GPU's memory."""
    return limits[0].model_copy(
        update={
            "memory_mib": max(one.memory_mib for one in limits),
            "gpu_memory_mib": max(one.gpu_memory_mib for one in limits),
        }
    )


def _show(
    asked: Asked, todo: Sequence[Found], wishes: Wishes, outcome: Outcome, console: Console
) -> list[Record]:
    """Writes the pages that are made of several records, prints tables, and returns what was asked for."""
    everything, _ = read_records(wishes.out)
    known = {(record.student, record.assignment): record for record in everything}
    keys = [(student_name(found.folder), found.slug) for found in asked.found]
    records = [known[key] for key in keys if key in known]
    if wishes.anew:
        graded = {(student_name(found.folder), found.slug) for found in todo}
        for record in records:
            if (record.student, record.assignment) not in graded:
                write_report(wishes.out, asked.course, record, wishes.language)
    if len(keys) > 1:
        report = class_path(wishes.out)
        try:
            write_class(wishes.out, asked.course, wishes.language, everything)
        except OSError as error:
            _tell_unwritten(str(report), error, wishes, outcome, console)
    else:
        report = report_path(wishes.out, *keys[0])
    if wishes.json:
        print(document(records), end="")
    elif len(keys) == 1 and records:
        assignment = asked.assignments(asked.found)[0]
        Console().print(marks_table(effective(records[0]), assignment, wishes.language))
    elif records:
        shown = [effective(record) for record in records]
        Console().print(class_table(shown, asked.course.assignments, wishes.language))
        console.print(summary(records, wishes.language))
    if report.is_file():
        console.print(str(report), markup=False, highlight=False, soft_wrap=True)
        if wishes.open_report:
            webbrowser.open(report.resolve().as_uri())
    return records


def _tell_of_judge(records: Sequence[Record], wishes: Wishes, console: Console) -> None:
    """Says why a judge gave no verdict on some answers: it is in no report, since no student can mend it."""
    for reason, count in troubles(score for record in records for _, score in answers_of(record)):
        tell(console, say("batch.not_judged", n=count), wishes.language)
        tell(console, reason, wishes.language)


def _tell_unwritten(what: str, error: OSError, wishes: Wishes, outcome: Outcome, console: Console) -> None:
    said = say("batch.not_written", student=what, reason=error.strerror or str(error))
    tell(console, said, wishes.language)
    outcome.unwritten.append(what)


def _exit_code(
    asked: Asked, outcome: Outcome, records: Sequence[Record], wishes: Wishes, console: Console
) -> int:
    if outcome.faults:
        text = f"grade: a fault of the toolkit; not graded: {', '.join(outcome.faults)}"
        console.print(text, markup=False, soft_wrap=True)
    if outcome.left:
        again = say("batch.interrupted_force", n=outcome.left) if wishes.force else None
        tell(console, again or say("batch.interrupted", n=outcome.left), wishes.language)
    if outcome.interrupted:
        return INTERRUPTED
    if outcome.faults:
        return FAULT
    ungraded = asked.left_out or outcome.unwritten or any(one.status == "ungradable" for one in records)
    return INCOMPLETE if ungraded else GRADED
