"""The answers of a graded set as the models see them, with a rubric where the set names one."""

from collections.abc import Iterator
from pathlib import Path

from graders.errors import AuthorError, Problem
from graders.model import KeyPoint, Question, Rubric, Text
from graders.spec import read_rubric
from graders.theory.bench.graded import Graded, GradedSet
from graders.theory.learning.cases import LONGEST_ANSWER, case_of, read_answer
from graders.theory.learning.course import Case
from graders.theory.reading import Reading, read
from graders.theory.rubric import check_rubric
from graders.theory.ruling import rule


def cases_of(graded: GradedSet, rubric: Path | None = None) -> Iterator[Case]:
    """The answers of a set, in order; arguments and errors as of `read_set`."""
    for question, reading, ruled in read_set(graded, rubric):
        yield case_of(question, reading, rule(question, reading).features if ruled else None)


def read_set(graded: GradedSet, rubric: Path | None = None) -> Iterator[tuple[Question, Reading, bool]]:
    """The questions and answers of a set, in order, and whether a question has a rubric.

    Args:
        graded: the set.
        rubric: a `theory.toml` whose questions have the ids of the set's; it goes before what lines name.

    Raises:
        AuthorError: a rubric is missing or wrong, or lacks a question that a line names.
    """
    rubrics: dict[Path, Rubric] = {}
    asked: dict[tuple[str, str, str, str], tuple[Question, bool]] = {}
    for row in graded.rows:
        key = (row.question_id, row.question, row.reference, row.rubric)
        if key not in asked:
            found = _ruled(graded, row, rubric, rubrics)
            asked[key] = (found or question_of(row), found is not None)
        question, ruled = asked[key]
        text = row.answer[:LONGEST_ANSWER]
        reading, copied = read_answer(question, text)
        if copied and not reading.words and not ruled:
            reading = read(text)  # a question that names the choices has the answer in it
        yield question, reading, ruled


def _ruled(
    graded: GradedSet, row: Graded, rubric: Path | None, rubrics: dict[Path, Rubric]
) -> Question | None:
    """The question of a line with its rubric; None where it has none."""
    name, _, asked = row.rubric.partition("#")
    path, wanted = (rubric, row.question_id) if rubric else (graded.path.parent / name, asked)
    if not rubric and not row.rubric:
        return None
    if path not in rubrics:
        rubrics[path] = read_rubric(path)
        problems = check_rubric(rubrics[path], path)
        if problems:
            raise AuthorError(problems)
    for question in rubrics[path].questions:
        if question.id == wanted:
            return question.model_copy(update={"id": row.question_id})
    has = ", ".join(question.id for question in rubrics[path].questions)
    raise AuthorError(
        [Problem(graded.path, row.question_id, f"{path} has no question {wanted}; it has {has}")]
    )


def question_of(row: Graded) -> Question:
    """A question whose only key point is its reference."""
    return Question(
        id=row.question_id,
        points=row.max,
        text=Text(ru=row.question, en=row.question),
        answer=Text(ru=row.reference, en=row.reference),
        key_points=(KeyPoint(id="reference", weight=1, title=Text(ru="эталон", en="the reference")),),
    )
