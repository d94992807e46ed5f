"""Measures the theory grader on answers that people have graded."""

from graders.theory.bench.asked import cases_of, question_of, read_set
from graders.theory.bench.graded import GradedSet, read_graded
from graders.theory.bench.measure import Report, measure, measure_set

__all__ = [
    "GradedSet",
    "Report",
    "cases_of",
    "measure",
    "measure_set",
    "question_of",
    "read_graded",
    "read_set",
]
