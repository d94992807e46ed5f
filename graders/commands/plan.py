"""`grade plan PATH…`: how long grading will take, and what is over its budget; nothing runs."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console

from graders.batch import stretch
from graders.commands.batch import check_paths, found_at, tell
from graders.commands.options import (
    DeviceOption,
    JsonOption,
    LanguageOption,
    LimitOption,
    OutOption,
    ProfileOption,
    language_of,
    read_limits,
)
from graders.commands.whole import jobs_for
from graders.course import open_course, profile_for
from graders.device import cores, find_device
from graders.errors import UsageError
from graders.grading import wanted_mode
from graders.i18n import sentence
from graders.index import open_index
from graders.plan import (
    Asked,
    document,
    lesson_of,
    plan_table,
    together,
)
from graders.plan import plan as planned
from graders.spec import find_root, limits_for

FINE, ATTENTION = 0, 1


def plan(
    *paths: Annotated[
        Path,
        Parameter(help="A student's folder, one notebook, or a folder of students; several may be given."),
    ],
    assignment: Annotated[
        str | None, Parameter(help="Plan only this assignment.", show_default=False)
    ] = None,
    profile: ProfileOption = None,
    device: DeviceOption = "auto",
    jobs: Annotated[
        int | None,
        Parameter(
            help="How many submissions would be graded at a time; as `grade` would.", show_default=False
        ),
    ] = None,
    limit: LimitOption = None,
    mode: Annotated[
        Literal["rerun", "checkpoint", "auto"] | None,
        Parameter(help="Train again, score the weights handed in, or whichever fits.", show_default=False),
    ] = None,
    language: LanguageOption = None,
    out: OutOption = Path("reports"),
    json: JsonOption = False,
) -> int:
    """Say how long grading would take, which submissions are over their budget, and how that is known.

    Reads notebooks and earlier records, runs nothing, writes nothing. Exits 1 where a submission is over its
    budget, cannot be estimated, or had to be left out.
    """
    if jobs is not None and jobs < 1:
        raise UsageError(f"--jobs {jobs}: expected at least 1")
    check_paths(paths)
    limits = read_limits(limit)
    console = Console(stderr=True)
    course = open_course(find_root(paths[0]), profile=profile, public=True, calibrated=False)
    found, left_out = found_at(paths, course, assignment)
    device = find_device(device)
    profiles = {item.slug: profile_for(course, item, profile) for item in course.assignments}
    asked = Asked(
        out=out,
        lessons={item.slug: lesson_of(course, item, profiles[item.slug]) for item in course.assignments},
        limits={item.slug: limits_for(course, item, limits) for item in course.assignments},
        profiles=profiles,
        modes={item.slug: wanted_mode(course, item, mode) for item in course.assignments},
        on_gpu=device != "cpu",
    )
    with open_index(out) as index:
        submissions = planned(found, asked, index)
    shown = language_of(course, language)
    at_a_time, _ = jobs_for(list(asked.limits.values()), device, max(1, len(found)), jobs)
    all_of_them = together(submissions, at_a_time, stretch(at_a_time, course.runtime.threads, cores()))
    if json:
        sentences = [sentence(message, shown) for message in left_out]
        print(document(submissions, all_of_them, shown, sentences), end="")
    else:
        Console().print(plan_table(submissions, all_of_them, shown))
    for message in left_out:
        tell(console, message, shown)
    attention = left_out or any(one.over or one.left_open for one in submissions)
    return ATTENTION if attention else FINE
