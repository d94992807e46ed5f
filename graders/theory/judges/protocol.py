"""What a judge is: the plug-in that a language model, or anything else, can stand behind."""

from typing import Protocol

from graders.model.judge import Refusal, Verdict
from graders.model.theory import Question


class Judge(Protocol):
    """Says of each key point whether an answer makes it."""

    def judge(self, question: Question, answer: str) -> Verdict | Refusal:
        """Judge one answer.

        It never raises and ends within the judge's own time limit, whatever the answer or an endpoint holds.

        Args:
            question: the question with its key points.
            answer: the student's Markdown, unchanged; spans of the verdict index into it.
        """
        ...
