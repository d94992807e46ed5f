"""Free text to marks with evidence: finds answers, scores them, reads conclusions, checks rubrics."""

from graders.theory.answers import find_answers
from graders.theory.checked import check_once
from graders.theory.conclusion import read_conclusion
from graders.theory.documents import Document, place
from graders.theory.essays import take_essays, take_texts
from graders.theory.learning.cases import profile_for
from graders.theory.learning.lesson import Marked, Taught, teach, untaught
from graders.theory.learning.prior import load_prior
from graders.theory.learning.question import first_to_mark
from graders.theory.reading import count_words
from graders.theory.rubric import check_rubric
from graders.theory.ruling import case_for
from graders.theory.scoring import score_answer

__all__ = [
    "Document",
    "Marked",
    "Taught",
    "case_for",
    "check_once",
    "check_rubric",
    "count_words",
    "find_answers",
    "first_to_mark",
    "load_prior",
    "place",
    "profile_for",
    "read_conclusion",
    "score_answer",
    "take_essays",
    "take_texts",
    "teach",
    "untaught",
]
