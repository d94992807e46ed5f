"""What `grade` and `grade check` share: find submissions, open the course, grade them in this process."""

import importlib
import os
import socket
import traceback
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from graders import data
from graders.batch import distinct, scratch, several_attempts
from graders.commands.options import Sandboxes
from graders.commands.progress import RunProgress
from graders.course import open_course, profile_for
from graders.device import find_device
from graders.errors import UsageError
from graders.grading import Setting, Work, all_versions, prepare, setting_hash, wanted_mode
from graders.i18n import sentence
from graders.model import Assignment, Course, Language, Limits, Message, Mode, Profile, Record
from graders.plan import lesson_of, training_seconds
from graders.review.answers import taught_by
from graders.sandbox import open_sandbox
from graders.spec import find_root, limits_for, secret_of
from graders.store import read_records
from graders.submissions import Found, find, student_name
from graders.theory import Taught
from graders.theory.judges import chosen, judge_of

JUDGES = "judges"
"""Folder of judges' replies, beside the data sets."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks for, read and checked; no data and no sandbox yet."""

    course: Course
    found: tuple[Found, ...]
    left_out: tuple[Message, ...]
    """What is wrong with folders that had to be left out."""
    device: str
    sandbox: Sandboxes
    public: bool
    profiles: dict[str, Profile]
    """By slug."""
    limits: dict[str, Limits]
    """By slug."""
    zygote: socket.socket | None
    """Where to ask for warm kernels, where one was started early."""
    mode: Mode | None = None
    """Whether notebooks train again, as the command line has it."""
    out: Path | None = None
    """Where people's marks of earlier runs are; None where they do not count."""

    @property
    def secret(self) -> bytes:
        """What hidden data are drawn from; empty for a self-check."""
        return b"" if self.public else secret_of(self.course)

    def assignments(self, found: Collection[Found]) -> list[Assignment]:
        """The assignments of some submissions, in the order of the course."""
        slugs = {one.slug for one in found}
        return [assignment for assignment in self.course.assignments if assignment.slug in slugs]

    def setting_hashes(self, assignment: Assignment) -> dict[bool, str]:
        """What a record of this command would say it was graded with, without and with a second run."""
        return {
            twice: setting_hash(
                self.course,
                assignment,
                profile=self.profiles[assignment.slug],
                limits=self.limits[assignment.slug],
                device=self.device,
                sealed=self.sandbox != "none",
                secret=self.secret,
                twice=twice,
                mode=wanted_mode(self.course, assignment, self.mode),
            )
            for twice in (False, True)
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """Submissions that are graded in this process, with the setting of each assignment."""

    course: Course
    found: tuple[Found, ...]
    settings: dict[str, Setting]
    """By slug."""
    left_out: tuple[Message, ...] = ()
    """What is wrong with folders that had to be left out."""
    faults: list[str] = field(default_factory=list)
    """Submissions that a fault of the toolkit kept from being graded; filled while grading."""


def ask(
    paths: Sequence[Path],
    *,
    assignment: str | None,
    profile: Profile | None,
    device: str,
    sandbox: Sandboxes,
    limits: dict[str, float],
    mode: Mode | None = None,
    public: bool = False,
    zygote: socket.socket | None = None,
    out: Path | None = None,
) -> Asked:
    """Finds the submissions at `paths` and reads the course.

    Raises:
        GradeError: a path, an option or the course is not in order.
    """
    check_paths(paths)
    course = open_course(find_root(paths[0]), profile=profile, public=public)
    judge = None if public else chosen(course.judge, os.environ)
    course = course.model_copy(update={"judge": judge})
    all_versions(course.runtime)  # an interpreter that lacks what grading needs is said before anything runs
    found, left_out = found_at(paths, course, assignment)
    if left_out and not found:
        raise UsageError("\n".join(sentence(message, "en") for message in left_out))
    return Asked(
        course=course,
        found=found,
        left_out=left_out,
        device=find_device(device),
        sandbox=sandbox,
        public=public,
        profiles={item.slug: profile_for(course, item, profile) for item in course.assignments},
        limits={item.slug: limits_for(course, item, limits) for item in course.assignments},
        zygote=zygote,
        mode=mode,
        out=out,
    )


def check_paths(paths: Sequence[Path]) -> None:
    """Refuse a command without a path, or with one that is not there.

    Raises:
        UsageError: says what was expected.
    """
    expected = "expected a student's folder, a notebook, or a folder of students"
    if not paths:
        raise UsageError(f"no path given; {expected}")
    missing = next((path for path in paths if not os.access(path, os.F_OK)), None)
    if missing is not None:
        raise UsageError(f"{missing} not found; {expected}")


def found_at(
    paths: Sequence[Path], course: Course, assignment: str | None
) -> tuple[tuple[Found, ...], tuple[Message, ...]]:
    """The submissions at `paths`, each once, and for each folder that is left out, what to do about it.

    Raises:
        UsageError: the course has no such assignment, or nothing is found at a path.
    """
    known = [item.slug for item in course.assignments]
    if assignment is not None and assignment not in known:
        raise UsageError(f"unknown assignment {assignment!r}; this course has: {', '.join(known)}")
    several = [item.slug for item in course.assignments if len(item.notebooks) > 1]
    parts = [find(path, [assignment] if assignment else known, several) for path in paths]
    found = distinct([item for items, _ in parts for item in items])
    return found, tuple(message for _, messages in parts for message in messages)


@contextmanager
def prepared(asked: Asked, found: Sequence[Found]) -> Iterator[dict[str, Setting]]:
    """Data and sandbox for some of the submissions: settings by slug, usable until the block ends.

    Raises:
        GradeError: the data cannot be had, or notebooks cannot be sealed off as asked.
    """
    many = len(found) > 1
    # one for all lessons, so that an endpoint that is given up stays given up
    judge = judge_of(asked.course.judge, os.environ, data.cache_folder() / JUDGES)
    with open_sandbox(asked.sandbox, asked.course.runtime, warm=many, zygote=asked.zygote) as sandbox:
        settings = {
            item.slug: prepare(
                asked.course,
                item,
                profile=asked.profiles[item.slug],
                limits=asked.limits[item.slug],
                device=asked.device,
                sandbox=sandbox,
                secret=asked.secret,
                public=asked.public,
                taught=_taught(asked, item),
                judge=judge,
                mode=asked.mode,
            )
            for item in asked.assignments(found)
        }
        yield {slug: replace(one, expected=_expected(one, found)) for slug, one in settings.items()}


def _expected(setting: Setting, found: Sequence[Found]) -> dict[str, float]:
    """Seconds that each student's notebooks will take, where weights may be scored in place of a training."""
    if wanted_mode(setting.course, setting.assignment, setting.mode) != "auto":
        return {}
    lesson = lesson_of(setting.course, setting.assignment, setting.profile)
    seconds = {
        student_name(one.folder): training_seconds(
            one, lesson, setting.limits, on_gpu=setting.device != "cpu"
        )
        for one in found
        if one.slug == setting.assignment.slug
    }
    return {student: value for student, value in seconds.items() if value is not None}


def _taught(asked: Asked, assignment: Assignment) -> Taught | None:
    """What people's marks in the records taught of a lesson; None without any."""
    if asked.out is None or assignment.rubric is None or not asked.out.is_dir():
        return None
    records, _ = read_records(asked.out)
    return taught_by(records, assignment)


@contextmanager
def open_batch(
    paths: Sequence[Path],
    *,
    assignment: str | None,
    profile: Profile | None,
    device: str,
    sandbox: Sandboxes,
    limits: dict[str, float],
    mode: Mode | None = None,
    public: bool = False,
    zygote: socket.socket | None = None,
) -> Iterator[Batch]:
    """`ask` and `prepared` in one, for commands that grade all that is asked for in this process.

    Raises:
        GradeError: a path, an option, the course, the data or the sandbox is not in order.
    """
    asked = ask(
        paths,
        assignment=assignment,
        profile=profile,
        device=device,
        sandbox=sandbox,
        limits=limits,
        mode=mode,
        public=public,
        zygote=zygote,
    )
    with prepared_here(asked) as batch:
        yield batch


@contextmanager
def prepared_here(asked: Asked) -> Iterator[Batch]:
    """All that grading the submissions in this process needs.

    Raises:
        GradeError: the data cannot be had, or notebooks cannot be sealed off as asked.
    """
    importlib.import_module("torch")  # at the same time as the zygote
    with scratch(), prepared(asked, asked.found) as settings:
        yield Batch(asked.course, asked.found, settings, asked.left_out)


def grade_all(
    batch: Batch, language: Language, *, rerun_borderline: bool = False
) -> Iterator[tuple[Setting, Record, Work]]:
    """Grades the submissions one after another, with a live progress bar on standard error."""
    with RunProgress(Console(stderr=True), language, total=len(batch.found)) as progress:
        for item in batch.found:
            setting = batch.settings[item.slug]
            progress.begin(item.folder.name)
            try:
                graded = several_attempts(setting, item, progress.update, rerun_borderline=rerun_borderline)
            except Exception as error:
                if len(batch.found) == 1:
                    raise
                # one submission that the toolkit fails on must not cost the others their marks
                batch.faults.append(f"{item.folder.name}: {type(error).__name__}")
                traceback.print_exc()
                continue
            yield setting, *graded
            progress.end()


def tell(console: Console, message: Message, language: Language) -> None:
    """Prints the sentence of a message."""
    console.print(sentence(message, language), markup=False, highlight=False, soft_wrap=True)


def document(records: Sequence[Record]) -> str:
    """One JSON document: the record where there is one, else a list of them."""
    texts = [record.model_dump_json(indent=1) for record in records]
    return texts[0] + "\n" if len(texts) == 1 else "[" + ",\n".join(texts) + "]\n"
