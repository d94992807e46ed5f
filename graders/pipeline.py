"""The way of one submission: read, run, probe, measure, mark, record, report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from graders.errors import UsageError
from graders.grading import (
    Marked,
    Setting,
    Work,
    average,
    make_record,
    mark_work,
    run_submission,
    scored_arrays,
)
from graders.model import Course, Language, Record, Submission
from graders.report import class_report, student_report
from graders.sandbox import Progress
from graders.store import class_path, read_records, report_path, write_record, write_text

Report = Callable[[Progress], None]


def grade_submission(
    setting: Setting, submission: Submission, progress: Report, *, rerun_borderline: bool = False
) -> tuple[Record, Work]:
    """Runs, measures and marks one submission; writes nothing."""
    work, marked = _mark(setting, submission, progress)
    if rerun_borderline and any(mark.status == "borderline" for mark in marked.marks):
        _, again = _mark(replace(setting, seed=setting.seed + 1), submission, progress)
        marked = average(setting, marked, again)
    return make_record(work, marked), work


def _mark(setting: Setting, submission: Submission, progress: Report) -> tuple[Work, Marked]:
    work = run_submission(setting, submission, progress)
    return work, mark_work(work)


def write_graded(out: Path, setting: Setting, record: Record, work: Work, language: Language) -> Path:
    """Writes the record, the predictions that were scored and the student's report; returns the report."""
    write_record(out, record, scored_arrays(work))
    return write_report(out, setting.course, record, language)


def write_report(out: Path, course: Course, record: Record, language: Language) -> Path:
    """Writes the student's report from a record; returns its path.

    Raises:
        UsageError: the course has no such assignment.
    """
    assignment = course.assignment(record.assignment)
    if assignment is None:
        raise UsageError(f"the record of {record.student} is of {record.assignment}, which this course lacks")
    path = report_path(out, record.student, record.assignment)
    write_text(path, student_report(record, assignment, course, language))
    return path


def write_class(out: Path, course: Course, language: Language) -> Path:
    """Writes the page of the whole class from all records in the reports folder; returns its path."""
    records, _ = read_records(out)
    path = class_path(out)
    write_text(path, class_report(records, course, language))
    return path
