"""`grade theory …`: what to read first, a person's marks, how well the grader agrees with them."""

import json as json_module
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, Token
from rich.console import Console

from graders.commands.options import JsonOption, LanguageOption, OutOption, language_of, login
from graders.commands.records import known_assignment, open_records
from graders.commands.theory_tables import (
    bench_table,
    changes_table,
    queue_list,
    report_table,
    rubric_tables,
)
from graders.course import open_course
from graders.errors import UsageError
from graders.model import Assignment, Course, Record
from graders.pipeline import write_class, write_report
from graders.review.agreement import lesson_report
from graders.review.answers import answered
from graders.review.mark_files import Given, read_marks
from graders.review.marks import give
from graders.review.queue import queue as make_queue
from graders.review.rubric import try_rubric
from graders.spec import find_root
from graders.store import rewrite_record
from graders.theory.bench import cases_of, measure_set, read_graded

app = App(name="theory", help="Theory answers: what to read first, your marks, how far to trust the grader.")

SlugOption = Annotated[str, Parameter(help="The assignment, by the name of its folder.")]
COMMAND_LINE = Path("command line")
"""What a message about a mark names that stands in no file."""


def _with_comma(_: type, tokens: Sequence[Token]) -> float:
    """A number as it is written in Russian, too: `0,5`."""
    return float(tokens[0].value.replace(",", "."))


@app.command
def queue(
    slug: SlugOption,
    /,
    *,
    question: Annotated[str | None, Parameter(help="Only this question, by its number.")] = None,
    limit: Annotated[int, Parameter(name=["--limit", "-n"], help="How many to show; 0 shows all.")] = 20,
    out: OutOption = Path("reports"),
    language: LanguageOption = None,
    json: JsonOption = False,
) -> int:
    """Show which answers to mark first: those that teach the grader most, question by question."""
    course, assignment, records = _opened(slug, out)
    _known_question(assignment, question)
    waiting = make_queue(list(answered(records, assignment)), question)
    shown = waiting[:limit] if limit > 0 else waiting
    if json:
        lines = [
            {
                "place": one.place,
                "student": one.answered.student,
                "question": one.answered.question.id,
                "points": one.answered.score.earned,
                "possible": one.answered.question.points,
                "route": one.answered.score.route,
                "marks": one.marks,
                "text": one.answered.score.text,
            }
            for one in shown
        ]
        print(json_module.dumps(lines, ensure_ascii=False, indent=1))
        return 0
    Console().print(queue_list(shown, len(waiting), language_of(course, language)))
    return 0


@app.command
def mark(
    slug: SlugOption,
    student: Annotated[str, Parameter(help="Whose answer; leave out with --from.")] = "",
    question: Annotated[str, Parameter(help="The question's number.")] = "",
    points: Annotated[float | None, Parameter(help="Your points.", converter=_with_comma)] = None,
    /,
    *,
    from_: Annotated[
        Path | None, Parameter(name="--from", help="CSV or JSON: student, question, points, reason, author.")
    ] = None,
    reason: Annotated[str, Parameter(help="Why, for the student and for whoever reads it later.")] = "",
    author: Annotated[str, Parameter(help="Who marks; your login by default.", show_default=False)] = "",
    out: OutOption = Path("reports"),
    language: LanguageOption = None,
) -> int:
    """Mark answers by hand: kept as edits, and all other answers of the lesson are scored anew."""
    if from_ is not None:
        if student:
            raise UsageError("both a student and --from were given; expected one of both")
        if reason:
            raise UsageError("both --from and --reason were given; a file says why in its column `reason`")
        given = read_marks(from_)
    elif not student.strip() or not question.strip() or points is None:
        raise UsageError("expected STUDENT QUESTION POINTS after the assignment, or --from FILE")
    elif not 0 <= points < math.inf:
        raise UsageError(f"{points:g} points: expected a number, 0 or more")
    else:
        given = [("", Given(student=student, question=question, points=points, reason=reason))]
    course, assignment, records = _opened(slug, out)
    changes = give(records, assignment, given, source=from_ or COMMAND_LINE, author=author or login())
    shown = language_of(course, language)
    for change in changes:
        write_report(out, course, change.after, shown)
        rewrite_record(out, change.after)
    write_class(out, course, shown)
    Console().print(changes_table(changes, len(given), shown))
    return 0


@app.command
def report(
    slug: SlugOption,
    /,
    *,
    out: OutOption = Path("reports"),
    language: LanguageOption = None,
    json: JsonOption = False,
) -> int:
    """Say how well your marks and the grader's agree, question by question, and what it learned."""
    course, assignment, records = _opened(slug, out)
    found = lesson_report(records, assignment)
    if json:
        print(json_module.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return 0
    Console().print(*report_table(found, language_of(course, language)), sep="\n")
    return 0


@app.command
def bench(
    graded: Annotated[
        Path, Parameter(help="JSON lines: question_id, question, reference, answer, score, max.")
    ],
    /,
    *,
    marks: Annotated[int, Parameter(help="Marks of each question that the grader is given.")] = 0,
    rubric: Annotated[
        Path | None, Parameter(help="A theory.toml whose questions have the ids of the set's.")
    ] = None,
    alone: Annotated[
        bool, Parameter(help="Learn nothing from the set: the grader as it ships.", negative=())
    ] = False,
    json: JsonOption = False,
) -> int:
    """Measure the grader on answers that people have marked, each question unseen.

    Each question is scored by what was learned from the set's other questions, and from `--marks` of its own.
    """
    if marks < 0:
        raise UsageError(f"--marks {marks}: expected 0 or more")
    rows = read_graded(graded)
    found = measure_set(rows, list(cases_of(rows, rubric)), marks=marks, learn=not alone)
    if not found.n:
        raise UsageError(
            f"--marks {marks}: no question of {graded} has more answers, so none is left to measure"
        )
    if json:
        print(json_module.dumps(asdict(found), indent=1))
        return 0
    Console().print(bench_table(found, graded))
    return 0


@app.command
def rubric(slug: SlugOption, /, *, language: LanguageOption = None) -> int:
    """Try a rubric: reference answers, examples, and what answers to one question earn as another's."""
    course = open_course(find_root(Path.cwd()), public=True, calibrated=False)
    assignment = _with_theory(known_assignment(course, slug))
    Console().print(*rubric_tables(try_rubric(assignment), language_of(course, language)), sep="\n")
    return 0


def _opened(slug: str, out: Path) -> tuple[Course, Assignment, list[Record]]:
    course, assignment, records = open_records(slug, out)
    return course, _with_theory(assignment), records


def _with_theory(assignment: Assignment) -> Assignment:
    if assignment.rubric is None:
        raise UsageError(f"{assignment.slug} has no theory.toml, so no theory questions")
    return assignment


def _known_question(assignment: Assignment, question: str | None) -> None:
    known = [one.id for one in assignment.rubric.questions] if assignment.rubric else []
    if question is not None and question not in known:
        raise UsageError(f"--question {question}: unknown; {assignment.slug} has {', '.join(known)}")
