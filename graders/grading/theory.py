"""Judges theory: finds a student's answers in their Markdown and scores each under the rubric."""

from graders.grading.work import Work, markdown_cells
from graders.model import AnswerScore, Mark, TheoryTask, say
from graders.score import theory_mark
from graders.theory import Document, find_answers, score_answer, take_essays
from graders.theory.judged import judged_by


def judge_theory(work: Work, task: TheoryTask) -> Mark:
    """The mark of a theory task; a self-check says only which answers are there.

    Raises:
        ValueError: there are no questions; `graders.spec` refuses such an assignment.
    """
    scores = score_all(work, task)
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


def score_all(work: Work, task: TheoryTask) -> list[AnswerScore]:
    """One score for each question of the task, in the rubric's order.

    Raises:
        ValueError: there are no questions.
    """
    rubric = work.setting.assignment.rubric
    if rubric is None:
        raise ValueError(f"{work.setting.assignment.slug} has no theory.toml")
    documents = documents_of(work)
    _, rest = take_essays(rubric, documents)
    answers = {answer.question: answer for answer in find_answers(rubric, rest)}
    for answer in find_answers(rubric, documents):
        before = answers.get(answer.question)
        if answer.text and (before is None or not before.text):
            answers[answer.question] = answer  # it stands where an essay was taken to go on
    judge = None if work.setting.public else work.setting.judge
    return [
        judged_by(judge, question, score_answer(question, answers.get(question.id), work.setting.taught))
        for question in work.setting.assignment.questions_of(task)
    ]


def documents_of(work: Work) -> list[Document]:
    """What a student wrote answers and essays in: the file, then the Markdown cells of its notebooks."""
    submission = work.submission
    documents = (
        [Document(source=f"{submission.slug}.md", text=submission.theory)] if submission.theory else []
    )
    before = 0
    for part in submission.parts or (submission,):
        named = f", {part.name}" if part.name else ""
        cells = markdown_cells(part)
        documents.extend(
            Document(source=f"cell {index + 1}{named}", text=text, cell=before + index)
            for index, text in cells
        )
        # a gap, so that nothing goes on from one notebook to the next
        before += cells[-1][0] + 2 if cells else 0
    return documents
