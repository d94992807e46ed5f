"""Judges essays: which of the required elements a text has. A person decides."""

from graders.grading.theory import documents_of
from graders.grading.work import Work
from graders.model import EssayTask, Mark, say
from graders.score import essay_mark
from graders.theory import count_words, score_answer, take_essays

SHORT = 0.5
"""Share of the length aimed at, below which a text is pointed out as short."""


def judge_essay(work: Work, task: EssayTask) -> Mark:
    """The mark of an essay task; a self-check says only whether the text is there."""
    essay = work.setting.assignment.essay_of(task)
    rubric = work.setting.assignment.rubric
    found = take_essays(rubric, documents_of(work))[0] if rubric else {}
    answer = found.get(essay.id)
    words = count_words(answer.text) if answer is not None else 0
    if answer is not None and words < SHORT * essay.words:
        answer = answer.model_copy(update={"note": say("essay.short", n=words, expected=essay.words)})
    return essay_mark(task, score_answer(essay, answer), essay.heading, public=work.setting.public)
