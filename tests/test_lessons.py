"""What holds for every lesson of the sample course: it is found here, and nothing has to be added for it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graders.calibrate import reference_notebook
from graders.cli import run
from graders.course import open_course, reference_file
from graders.grading import Setting, mark_work, run_submission
from graders.model import FOR_A_PERSON, Assignment, Language, Mark, MetricTask
from graders.score import share
from graders.store import read_records

ROOT = Path(__file__).parent.parent
COURSE = open_course(ROOT)
LESSONS = {assignment.slug: assignment for assignment in COURSE.assignments}
QUICK_SECONDS = 20.0
"""A reference that was calibrated in less is run here too; the others only when they are calibrated."""
QUICK = [
    slug
    for slug, lesson in LESSONS.items()
    if lesson.calibration is not None
    and max(profile.seconds.mean for profile in lesson.calibration.profiles.values()) < QUICK_SECONDS
]
FILES = ("statement.ru.md", "statement.en.md", "starter.ipynb", "probe.py", "theory.toml", "calibration.json")


PARTS = [(slug, name) for slug, lesson in LESSONS.items() for name in lesson.notebooks]
"""Every notebook of every lesson."""


def metrics(lesson: Assignment) -> list[MetricTask]:
    return [task for task in lesson.tasks if isinstance(task, MetricTask)]


def marks_of(lesson: Assignment, name: str, setting: Setting) -> dict[str, Mark]:
    """Marks of one run of the reference module, through the students' way."""
    folder = reference_file(COURSE, lesson.slug).parent
    work = run_submission(setting, reference_notebook(lesson.slug, name, 0), lambda _: None, (folder,))
    return {mark.task: mark for mark in mark_work(work).marks}


@pytest.mark.parametrize("slug", LESSONS)
def test_a_lesson_is_whole(slug: str) -> None:
    assert [name for name in FILES if not (LESSONS[slug].folder / name).is_file()] == []
    students = {path.parent for path in ROOT.glob(f"submissions/*/{slug}*.ipynb")}
    assert len(students) >= 2, "a good and a flawed sample"


def plain(text: str) -> str:
    """Text without Markdown's marks, line breaks and capitals."""
    return " ".join(re.sub(r"[`*\\]", "", text).split()).casefold()


@pytest.mark.parametrize("slug", LESSONS)
def test_a_statement_asks_what_is_marked_word_for_word(slug: str) -> None:
    rubric = LESSONS[slug].rubric
    assert rubric is not None
    languages: tuple[Language, ...] = ("ru", "en")
    statements = {
        language: plain((LESSONS[slug].folder / f"statement.{language}.md").read_text(encoding="utf-8"))
        for language in languages
    }
    not_there = [
        (language, asked.id, asked.text.to(language))
        for asked in (*rubric.questions, *rubric.essays)
        for language, statement in statements.items()
        if plain(asked.text.to(language)) not in statement
    ]
    assert not_there == []


@pytest.mark.parametrize("slug", LESSONS)
def test_every_seed_of_the_reference_earned_everything_when_it_was_calibrated(slug: str) -> None:
    calibration = LESSONS[slug].calibration
    assert calibration is not None
    for profile in calibration.profiles.values():
        assert len(profile.seeds) >= 5
        for task in metrics(LESSONS[slug]):
            values = profile.runs[task.id][task.full].values
            assert {share(value, profile.thresholds[task.id]) for value in values} == {1.0}


@pytest.mark.parametrize(("slug", "name"), [part for part in PARTS if part[0] in QUICK])
def test_the_reference_earns_everything(slug: str, name: str, setting_of: Callable[[str], Setting]) -> None:
    lesson = LESSONS[slug].part(name)
    marks = marks_of(lesson, metrics(lesson)[0].full, setting_of(slug).part(name))
    measured = [mark for mark in marks.values() if mark.kind not in FOR_A_PERSON]
    short = {mark.task: mark.reason for mark in measured if mark.earned != mark.possible}
    assert short == {}


@pytest.mark.parametrize(("slug", "name"), PARTS)
def test_every_seed_of_a_weak_solution_landed_between_when_it_was_calibrated(slug: str, name: str) -> None:
    lesson = LESSONS[slug].part(name)
    task = metrics(lesson)[0]
    assert lesson.calibration is not None
    for profile in lesson.calibration.profiles.values():
        values = profile.runs[task.id][task.scale[0]].values
        assert all(0 < share(value, profile.thresholds[task.id]) < 1 for value in values)


@pytest.mark.parametrize(("slug", "name"), [part for part in PARTS if part[0] in QUICK])
def test_a_weak_solution_lands_between(slug: str, name: str, setting_of: Callable[[str], Setting]) -> None:
    lesson = LESSONS[slug].part(name)
    task = metrics(lesson)[0]
    mark = marks_of(lesson, task.scale[0], setting_of(slug).part(name))[task.id]
    assert mark.status == "partial"
    assert mark.earned is not None
    assert 0 < mark.earned < mark.possible


@pytest.mark.parametrize(
    "slug",
    [slug if slug in QUICK else pytest.param(slug, marks=pytest.mark.slow) for slug in LESSONS],
)
def test_an_untouched_starter_earns_nothing(slug: str, course: Path) -> None:
    student = course / "ann"
    student.mkdir()
    for name in LESSONS[slug].notebooks:
        file = ".".join(filter(None, (slug, name, "ipynb")))
        shutil.copy(LESSONS[slug].folder / "starter.ipynb", student / file)
    assert run([str(student), "--out", "reports"]) == 0
    (record,), _ = read_records(course / "reports")
    assert record.earned == 0
