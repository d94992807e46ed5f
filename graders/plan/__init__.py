"""How long grading will take, before anything runs: estimates out of records, saved timings and loops.

Notebooks are read as data; nothing of them is run.
"""

from graders.plan.budgets import Planned
from graders.plan.document import document
from graders.plan.estimating import FACTORS, Estimate, Known
from graders.plan.lessons import Lesson, lesson_of
from graders.plan.looking import Looked, estimated, look
from graders.plan.planning import Asked, expected_seconds, paces_of, plan, training_seconds
from graders.plan.table import plan_table
from graders.plan.whole import Whole, together

__all__ = [
    "FACTORS",
    "Asked",
    "Estimate",
    "Known",
    "Lesson",
    "Looked",
    "Planned",
    "Whole",
    "document",
    "estimated",
    "expected_seconds",
    "lesson_of",
    "look",
    "paces_of",
    "plan",
    "plan_table",
    "together",
    "training_seconds",
]
