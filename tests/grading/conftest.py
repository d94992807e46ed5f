"""What tests of a lesson's notebooks share; each of them says in a fixture `lesson` which lesson it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from checkpoint_notebooks import Weigh
from nbformat.v4 import new_output
from own_notebooks import Judge

from graders.grading import Setting, Work, make_record, mark_work, run_submission
from graders.grading.marking import Marked
from graders.model import OWN_KINDS, Mark, Mode, OwnDataTask, Record, Submission, Text


@pytest.fixture
def graded(lesson: Setting, submitted: Callable[..., Submission]) -> Callable[..., Marked]:
    """Runs cells in the sandbox and marks what they leave behind."""
    return lambda *cells: mark_work(run_submission(lesson, submitted(*cells), lambda _: None))


@pytest.fixture
def marks(graded: Callable[..., Marked]) -> Callable[..., dict[str, Mark]]:
    """The same, and gives the marks by task."""
    return lambda *cells: {mark.task: mark for mark in graded(*cells).marks}


@pytest.fixture
def own_lesson(setting_of: Callable[[str], Setting]) -> Setting:
    """A lesson whose only task is own data of any kind, with little time to train."""
    setting = setting_of("l06_unet")
    task = OwnDataTask(
        id="own",
        kind="own_data",
        title=Text(ru="Свои", en="Own"),
        points=4,
        accepts=OWN_KINDS,
        budget_seconds=2,
    )
    return replace(
        setting, assignment=setting.assignment.model_copy(update={"tasks": (task,), "possible": 4})
    )


@pytest.fixture
def judge(own_lesson: Setting, submitted: Callable[..., Submission]) -> Judge:
    """Grades cells and returns the mark."""

    def judged(*cells: str, stretch: float = 1, **changed: float) -> Mark:
        (task,) = own_lesson.assignment.tasks
        assignment = own_lesson.assignment.model_copy(update={"tasks": (task.model_copy(update=changed),)})
        changed_lesson = replace(own_lesson, assignment=assignment, stretch=stretch)
        work = run_submission(changed_lesson, submitted(*cells), lambda step: None)
        (mark,) = mark_work(work).marks
        return mark

    return judged


@pytest.fixture
def weigh(
    setting_of: Callable[[str], Setting], submitted: Callable[..., Submission], tmp_path: Path
) -> Weigh:
    """Grades cells beside files in lesson 6, with weights in place of its training."""

    def of(
        *cells: str, files: dict[str, bytes], mode: Mode = "checkpoint", said: str = "", **limits: float
    ) -> tuple[Work, Record]:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        lesson = setting_of("l06_unet")
        setting = replace(lesson, mode=mode, limits=lesson.limits.model_copy(update=limits))
        handed_in = replace(submitted(*cells), slug="l06_unet", folder=tmp_path)
        assert handed_in.notebook is not None
        handed_in.notebook.cells[0].outputs = [new_output("stream", name="stdout", text=said)]
        work = run_submission(setting, handed_in, lambda _: None)
        return work, make_record(work, mark_work(work))

    return of
