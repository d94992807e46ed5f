"""Free text to marks with evidence: finds answers, scores them, reads conclusions, checks rubrics."""

from graders.theory.answers import find_answers
from graders.theory.conclusion import read_conclusion
from graders.theory.documents import Document, place
from graders.theory.essays import take_essays
from graders.theory.reading import count_words
from graders.theory.rubric import check_rubric
from graders.theory.scoring import score_answer

__all__ = [
    "Document",
    "check_rubric",
    "count_words",
    "find_answers",
    "place",
    "read_conclusion",
    "score_answer",
    "take_essays",
]
