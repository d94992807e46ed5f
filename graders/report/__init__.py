"""Views of records: HTML for the student and the class, tables for the terminal, the record's JSON Schema."""

from graders.report.class_page import class_report
from graders.report.student import student_report

__all__ = ["class_report", "student_report"]
