"""Judges theory: finds a student's answers in their Markdown and scores each under the rubric."""

from graders.grading.work import Work
from graders.model import AnswerScore, Mark, Rubric, TheoryTask, say
from graders.score import theory_mark
from graders.theory import Document, find_answers, score_answer


def judge_theory(work: Work, task: TheoryTask) -> Mark:
    """The mark of a theory task; a self-check says only which answers are there.

    Raises:
        ValueError: there are no questions; `graders.spec` refuses such an assignment.
    """
    rubric = work.setting.assignment.rubric
    if rubric is None:
        raise ValueError(f"{work.setting.assignment.slug} has no theory.toml")
    scores = score_all(work, rubric)
    if not work.setting.public:
        return theory_mark(task, scores)
    missing = [score.question for score in scores if not score.text.strip()]
    return Mark(
        task=task.id,
        kind=task.kind,
        status="failed" if missing else "needs_review",
        earned=None,
        possible=task.points,
        bonus=task.bonus,
        settled=False,
        reason=say("theory.mark", given=len(scores) - len(missing), n=len(scores)),
        hint=say("theory.hint_missing_ids", ids=", ".join(missing)) if missing else None,
    )


def score_all(work: Work, rubric: Rubric) -> list[AnswerScore]:
    """One score for each question of the rubric, in its order."""
    submission = work.submission
    documents = (
        [Document(source=f"{submission.slug}.md", text=submission.theory)] if submission.theory else []
    )
    documents.extend(
        Document(source=f"cell {index + 1}", text=text, cell=index) for index, text in work.markdown_cells()
    )
    answers = {answer.question: answer for answer in find_answers(rubric, documents)}
    return [score_answer(question, answers.get(question.id)) for question in rubric.questions]
