"""Judges essays: which of the required elements a text has. A person decides."""

from collections.abc import Sequence

from graders.grading.theory import documents_of
from graders.grading.work import Work, starter_cells
from graders.model import Answer, EssayTask, Mark, Rubric, say
from graders.score import essay_mark
from graders.theory import Document, count_words, find_answers, score_answer, take_essays

SHORT = 0.5
"""Share of the length aimed at, below which a text is pointed out as short."""


def judge_essay(work: Work, task: EssayTask) -> Mark:
    """The mark of an essay task; a self-check says only whether the text is there.

    Raises:
        ValueError: there are no essays; `graders.spec` refuses such an assignment.
    """
    essay = work.setting.assignment.essay_of(task)
    rubric = work.setting.assignment.rubric
    if rubric is None:
        raise ValueError(f"{work.setting.assignment.slug} has no theory.toml")
    found, rest = take_essays(rubric, documents_of(work))
    answer = found.get(essay.id)
    if answer is not None and answer.text.strip():
        words = count_words(answer.text)
        if words < SHORT * essay.words:
            answer = answer.model_copy(update={"note": say("essay.short", n=words, expected=essay.words)})
    elif _unread_words(work, rubric, rest) >= SHORT * essay.words:
        answer = Answer(question=essay.id, text="", source="", matched_by="text", note=say("essay.unread"))
    return essay_mark(task, score_answer(essay, answer), essay.heading, public=work.setting.public)


def _unread_words(work: Work, rubric: Rubric, documents: Sequence[Document]) -> int:
    """How many words of the student's own belong to no essay and to no answer."""
    given = starter_cells(work.setting.assignment.folder)
    own = [document for document in documents if document.text.strip() not in given]
    answers = sum(count_words(answer.text) for answer in find_answers(rubric, own))
    return sum(count_words(document.text) for document in own) - answers
