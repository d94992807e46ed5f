"""Reads what students handed in, as data: finds their folders, their notebooks and their theory answers.

A file is looked for by the assignment's name, `<slug>.ipynb` and `<slug>.md`. One under another name is
matched by its name, then by whether its text mentions the slug, then by being the only one; the notes say so.
"""

from graders.submissions.finding import Found, find
from graders.submissions.naming import student_name
from graders.submissions.reading import read

__all__ = ["Found", "find", "read", "student_name"]
