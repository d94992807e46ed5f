"""What a student says of their own data, for the person who looks at it."""

from graders.grading.theory import documents_of
from graders.grading.work import Work, starter_cells
from graders.model import About, Diagnosis, OwnDataTask, say
from graders.theory import count_words, take_texts

FEW_WORDS = 12
"""Fewer can hardly say what the data is, where it is from and what helped."""
LONGEST = 4_000
"""Characters that are shown."""


def about_data(work: Work, task: OwnDataTask) -> tuple[About | Diagnosis, ...]:
    """The sentences under the task's heading, and what to write where they are missing or hardly any."""
    assignment = work.setting.assignment
    essays = assignment.rubric.essays if assignment.rubric is not None else ()
    wanted = {**{essay.id: essay.heading for essay in essays}, task.id: task.heading}
    found, _ = take_texts(wanted, assignment.rubric, documents_of(work))
    given = {line.strip() for cell in starter_cells(assignment.folder) for line in cell.splitlines()}
    lines = found[task.id].text.splitlines() if task.id in found else []
    text = "\n".join(line for line in lines if line.strip() not in given).strip()[:LONGEST]
    words = count_words(text)
    where = {"ru": task.heading.ru, "en": task.heading.en}
    shown = (About(text=text),) if text else ()
    if words >= FEW_WORDS:
        return shown
    message = say("own.about_short", n=words, **where) if text else say("own.no_about", **where)
    return (*shown, Diagnosis(message=message))
