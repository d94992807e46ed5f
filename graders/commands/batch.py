"""What `grade` and `grade check` share: find submissions, open the course, take them one by one."""

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from graders.commands.options import Devices, Sandboxes
from graders.commands.progress import RunProgress
from graders.course import open_course, profile_for
from graders.device import find_device
from graders.errors import UsageError
from graders.grading import Setting, Work, prepare
from graders.model import Course, Language, Profile, Record
from graders.pipeline import grade_submission
from graders.sandbox import open_sandbox
from graders.spec import find_root, limits_for, secret_of
from graders.submissions import Found, find, read


@dataclass(frozen=True, slots=True)
class Batch:
    """Submissions of one command, with the setting of each assignment."""

    course: Course
    found: tuple[Found, ...]
    settings: dict[str, Setting]
    """By slug."""
    faults: list[str] = field(default_factory=list)
    """Submissions that a fault of the toolkit kept from being graded; filled while grading."""


@contextmanager
def open_batch(
    paths: Sequence[Path],
    *,
    assignment: str | None,
    profile: Profile | None,
    device: Devices,
    sandbox: Sandboxes,
    limits: dict[str, float],
    public: bool = False,
) -> Iterator[Batch]:
    """Finds the submissions at `paths` and prepares what grading them needs.

    Raises:
        GradeError: a path, an option, the course, the data or the sandbox is not in order.
    """
    if not paths:
        raise UsageError("no path given; expected a student's folder, a notebook, or a folder of students")
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        raise UsageError(
            f"{missing} not found; expected a student's folder, a notebook, or a folder of students"
        )
    course = open_course(find_root(paths[0]), profile=profile, public=public)
    known = [item.slug for item in course.assignments]
    if assignment is not None and assignment not in known:
        raise UsageError(f"unknown assignment {assignment!r}; this course has: {', '.join(known)}")
    found = tuple(item for path in paths for item in find(path, [assignment] if assignment else known))
    where = find_device(device)
    with open_sandbox(sandbox, course.runtime) as opened:
        settings = {
            item.slug: prepare(
                course,
                item,
                profile=profile_for(course, item, profile),
                limits=limits_for(course, item, limits),
                device=where,
                sandbox=opened,
                secret=b"" if public else secret_of(course),
                public=public,
            )
            for item in course.assignments
            if item.slug in {one.slug for one in found}
        }
        yield Batch(course, found, settings)


def grade_all(
    batch: Batch, language: Language, *, rerun_borderline: bool = False
) -> Iterator[tuple[Setting, Record, Work]]:
    """Grades the submissions one after another, with a live progress bar on standard error."""
    with RunProgress(Console(stderr=True), language, total=len(batch.found)) as progress:
        for item in batch.found:
            setting = batch.settings[item.slug]
            progress.begin(item.folder.name)
            try:
                submission = read(item.folder, item.slug, setting.limits, item.notebook, alone=item.alone)
                record, work = grade_submission(
                    setting, submission, progress.update, rerun_borderline=rerun_borderline
                )
            except Exception as error:
                if len(batch.found) == 1:
                    raise
                # one submission that the toolkit fails on must not cost the others their marks
                batch.faults.append(f"{item.folder.name}: {type(error).__name__}")
                traceback.print_exc()
                continue
            yield setting, record, work
            progress.end()


def document(records: Sequence[Record]) -> str:
    """One JSON document: the record where there is one, else a list of them."""
    texts = [record.model_dump_json(indent=1) for record in records]
    return texts[0] + "\n" if len(texts) == 1 else "[" + ",\n".join(texts) + "]\n"
