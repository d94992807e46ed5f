"""The steps that every way through shares: run, probe, measure, mark, record."""

from graders.grading.marking import Marked, average, mark_work
from graders.grading.metric import Measured, measure
from graders.grading.record import make_record, versions
from graders.grading.running import run_submission, scored_arrays
from graders.grading.setting import Setting, prepare
from graders.grading.study import study_rows
from graders.grading.work import Work

__all__ = [
    "Marked",
    "Measured",
    "Setting",
    "Work",
    "average",
    "make_record",
    "mark_work",
    "measure",
    "prepare",
    "run_submission",
    "scored_arrays",
    "study_rows",
    "versions",
]
