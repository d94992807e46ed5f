"""The student's report: one record as a page that explains every mark."""

from dataclasses import dataclass

from graders.edits import answers_of, approval_of, edit_of, own_data_of
from graders.model import (
    AnswerScore,
    Assignment,
    Course,
    Edit,
    Essay,
    KeyPointFinding,
    Language,
    Message,
    Question,
    Record,
    Verdict,
    say,
)
from graders.report.curve_plot import curve_plot
from graders.report.html import render
from graders.report.scale import scale
from graders.report.study_plot import study_plot
from graders.report.text import Piece, pieces


@dataclass(frozen=True, slots=True)
class PointView:
    """A key point under an answer, or something wrong that it says."""

    number: int
    title: str
    made: bool
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer with the spans that earned points."""

    essay: str
    """What the essay is called; empty where it is an answer to a question."""
    question: str
    """Text of the question; empty where the rubric has it no more."""
    pieces: tuple[Piece, ...]
    points: tuple[PointView, ...]
    """Empty in a self-check, where naming what is missing would hand over the answer."""
    judged: tuple[Message, ...]
    """What a judge said, or why it said nothing; empty where none was asked."""


def student_report(record: Record, assignment: Assignment, course: Course, language: Language) -> str:
    """One self-contained HTML file with everything that `record` says, in `language`."""
    titles = {task.id: task.title.to(language) for task in assignment.tasks}
    return render(
        "student.html.jinja",
        language,
        record=record,
        title=assignment.title.to(language),
        course=course.title.to(language),
        titles=titles,
        bonus=sum(mark.earned or 0.0 for mark in record.marks if mark.bonus),
        unmeasured=[mark for mark in record.marks if mark.earned is None],
        failed_cells=[
            cell for cell in record.run.cells if cell.error or cell.status not in ("ok", "not_run")
        ],
        margins=any(mark.threshold for mark in record.marks),
        scale=scale,
        study_plot=study_plot,
        curve_plot=curve_plot,
        answer_view=lambda answer: answer_view(answer, assignment, language, public=record.public),
        settled=settled,
        applies=lambda edit: applies(record, edit),
    )


def applies(record: Record, edit: Edit) -> bool:
    """Whether an edit is of a text or data that the record still has, and the latest of it."""
    answers = (edit_of(record, mark.task, score) for mark, score in answers_of(record))
    approvals = (approval_of(record, mark, found) for mark, found in own_data_of(record))
    return any(found is edit for found in (*answers, *approvals))


def settled(record: Record) -> float:
    """The part of what was earned that stands; no negative zero by rounding."""
    return max(0.0, record.earned - record.provisional)


def answer_view(
    answer: AnswerScore, assignment: Assignment, language: Language, *, public: bool
) -> AnswerView:
    """What the page shows of `answer`: its question, its text cut into spans, its key points."""
    rubric = assignment.rubric
    asked = (*rubric.questions, *rubric.essays) if rubric else ()
    question = next((one for one in asked if one.id == answer.question), None)
    names = _names(question, language) if question else {}
    findings: list[KeyPointFinding] = [] if public else [*answer.findings, *answer.misconceptions]
    points = tuple(
        PointView(index, names.get(found.id, found.id), found.made, index > len(answer.findings))
        for index, found in enumerate(findings, start=1)
    )
    spans = {point.number: found.spans for point, found in zip(points, findings, strict=True) if point.made}
    return AnswerView(
        essay=question.heading.to(language) if isinstance(question, Essay) else "",
        question=question.text.to(language) if question else "",
        pieces=tuple(pieces(answer.text, spans)) if answer.text else (),
        points=points,
        judged=_judged(answer),
    )


def _judged(answer: AnswerScore) -> tuple[Message, ...]:
    """The line about a judge: what it found and leaves open, or why there is no verdict."""
    found = answer.judged
    if found is None:
        return ()
    if not isinstance(found, Verdict):
        return (found.reason if found.about_answer else say("report.answer.not_judged"),)
    said = [point.answer for point in found.points]
    told: dict[str, str | int | float] = {
        "model": found.model,
        "made": said.count("yes"),
        "n": len(said),
        "points": round(found.share * answer.possible, 3),
        "possible": answer.possible,
    }
    if partly := said.count("partial"):
        line = say("report.answer.judged_partly", partly=partly, **told)
    else:
        line = say("report.answer.judged", **told)
    return (line, *found.review)


def _names(question: Question, language: Language) -> dict[str, str]:
    """Titles of the key points and of what may be wrong, by id."""
    return {
        **{point.id: point.title.to(language) for point in question.key_points},
        **{wrong.id: wrong.title.to(language) for wrong in question.misconceptions},
        **{relation.id: relation.title.to(language) for relation in question.relations},
    }
