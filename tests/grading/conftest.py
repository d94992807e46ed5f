"""What tests of a lesson's notebooks share; each of them says in a fixture `lesson` which lesson it is."""

from collections.abc import Callable

import pytest

from graders.grading import Setting, mark_work, run_submission
from graders.grading.marking import Marked
from graders.model import Mark, Submission


@pytest.fixture
def graded(lesson: Setting, submitted: Callable[..., Submission]) -> Callable[..., Marked]:
    """Runs cells in the sandbox and marks what they leave behind."""
    return lambda *cells: mark_work(run_submission(lesson, submitted(*cells), lambda _: None))


@pytest.fixture
def marks(graded: Callable[..., Marked]) -> Callable[..., dict[str, Mark]]:
    """The same, and gives the marks by task."""
    return lambda *cells: {mark.task: mark for mark in graded(*cells).marks}
