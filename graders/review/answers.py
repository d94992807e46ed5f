"""A lesson's theory answers out of the records of a class, and what people's marks of them taught."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graders.edits import answers_of, edit_of, with_marks
from graders.model import Answer, AnswerScore, Assignment, Edit, Question, Record, TheoryTask
from graders.score import theory_mark
from graders.theory import Marked, Taught, case_for, load_prior, score_answer, teach
from graders.theory.judged import with_verdict


@dataclass(frozen=True, slots=True)
class Answered:
    """One student's answer to one question."""

    student: str
    task: str
    question: Question
    score: AnswerScore
    """The machine's."""
    edit: Edit | None
    """The latest mark of a person for this very text."""


def answered(records: Sequence[Record], assignment: Assignment) -> Iterator[Answered]:
    """All answers to questions that the assignment still has, in the order of the records.

    A blank is among them where no answer was found: a person may know better.
    """
    questions = _questions(assignment)
    for record in records:
        if record.assignment != assignment.slug or record.public:
            continue
        for mark, score in answers_of(record):
            question = questions.get(score.question)
            if question is not None:
                yield Answered(record.student, mark.task, question, score, edit_of(record, mark.task, score))


def taught_by(records: Sequence[Record], assignment: Assignment) -> Taught:
    """What all marks of people in `records` taught of a lesson."""
    marked = [one for one in answered(records, assignment) if one.edit and one.score.text.strip()]
    marked.sort(key=lambda one: (one.edit.at if one.edit else "", one.student))
    return teach(
        load_prior(),
        [
            Marked(
                case_for(one.question, one.score.text),
                one.score.text,
                (one.edit.earned if one.edit else 0.0) / one.question.points,
            )
            for one in marked
        ],
    )


def rescored(record: Record, assignment: Assignment, taught: Taught) -> Record:
    """The record with its theory answers scored again from their text; no notebook is run, edits stay.

    What a person has marked keeps the machine's score from before, which the person's is compared with.
    """
    questions = _questions(assignment)
    tasks = {task.id: task for task in assignment.tasks if isinstance(task, TheoryTask)}
    marks = []
    for mark in record.marks:
        scores = [one for one in mark.evidence if isinstance(one, AnswerScore)]
        task = tasks.get(mark.task)
        known = all(score.question in questions for score in scores)
        if mark.kind != "theory" or task is None or not scores or not known:
            marks.append(mark)
            continue
        again = [
            score if edit_of(record, task.id, score) else _again(questions[score.question], score, taught)
            for score in scores
        ]
        marks.append(theory_mark(task, again))
    return with_marks(record, marks)


def _questions(assignment: Assignment) -> dict[str, Question]:
    rubric = assignment.rubric
    return {question.id: question for question in rubric.questions} if rubric else {}


def _again(question: Question, score: AnswerScore, taught: Taught) -> AnswerScore:
    if not score.text.strip():
        return score
    answer = Answer(
        question=question.id, text=score.text, source=score.source, matched_by="number", note=score.note
    )
    return with_verdict(score_answer(question, answer, taught), score.judged, question)
