"""The steps that every way through shares: run, probe, measure, mark, record."""

from graders.grading.checkpoint_asked import declared_seconds
from graders.grading.choice import chosen
from graders.grading.inputs import setting_hash, submission_hash
from graders.grading.marking import Marked, average, mark_work
from graders.grading.metric import Measured, measure
from graders.grading.mode import decide, wanted_mode
from graders.grading.own_jobs import longest_learning
from graders.grading.record import make_record
from graders.grading.running import run_submission, scored_arrays
from graders.grading.setting import Setting, prepare
from graders.grading.study import study_rows
from graders.grading.versions import all_versions, versions
from graders.grading.work import Work

__all__ = [
    "Marked",
    "Measured",
    "Setting",
    "Work",
    "all_versions",
    "average",
    "chosen",
    "decide",
    "declared_seconds",
    "longest_learning",
    "make_record",
    "mark_work",
    "measure",
    "prepare",
    "run_submission",
    "scored_arrays",
    "setting_hash",
    "study_rows",
    "submission_hash",
    "versions",
    "wanted_mode",
]
