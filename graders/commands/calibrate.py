"""`grade calibrate SLUG…`: run the reference several times and write `calibration.json`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from graders.calibrate import calibrate as run_calibration
from graders.calibrate import with_profile
from graders.commands.options import (
    DeviceOption,
    LimitOption,
    ProfileOption,
    SandboxOption,
    read_limits,
)
from graders.commands.progress import RunProgress
from graders.course import open_course
from graders.device import find_device
from graders.errors import UsageError
from graders.grading import Setting, prepare
from graders.model import Calibration, ProfileCalibration
from graders.sandbox import Progress, open_sandbox
from graders.spec import find_root, limits_for, secret_of
from graders.store import write_text


def calibrate(
    *slugs: Annotated[str, Parameter(help="Assignments, by the names of their folders.")],
    seeds: Annotated[int, Parameter(help="How many times to run the reference and each baseline.")] = 5,
    profile: ProfileOption = None,
    device: DeviceOption = "auto",
    sandbox: SandboxOption = "auto",
    limit: LimitOption = None,
) -> int:
    """Run the reference and its baselines through the students' sandbox and write the thresholds.

    Replaces the profile's part of `assignments/SLUG/calibration.json`. Refuses thresholds that do not lie
    apart, and a reference that does not earn full marks with every seed.
    """
    if not slugs:
        raise UsageError("no assignment given; expected a name such as l04_cnn")
    if seeds < 2:
        raise UsageError(f"--seeds {seeds}: expected at least 2, so that there is a spread to measure")
    course = open_course(find_root(Path.cwd()), profile=profile, calibrated=False)
    messages = Console(stderr=True)
    for slug in slugs:
        assignment = course.assignment(slug)
        if assignment is None:
            known = ", ".join(known.slug for known in course.assignments)
            raise UsageError(f"unknown assignment {slug!r}; this course has: {known}")
        with open_sandbox(sandbox, course.runtime, warm=True) as opened:
            setting = prepare(
                course,
                assignment,
                # one that is asked for wins over a pin, or none could be calibrated before it is pinned
                profile=profile or assignment.profile or course.profile,
                limits=limits_for(course, assignment, read_limits(limit)),
                device=find_device(device),
                sandbox=opened,
                secret=secret_of(course),
            )
            measured = _calibrate_with_progress(setting, seeds, messages)
        path = assignment.folder / "calibration.json"
        # read again: the other profile may have been calibrated meanwhile
        kept = Calibration.model_validate_json(path.read_bytes()) if path.is_file() else None
        file = with_profile(kept, setting.profile, measured)
        write_text(path, file.model_dump_json(indent=1) + "\n")
        messages.print(_table(slug, setting.profile, measured))
        messages.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return 0


def _calibrate_with_progress(setting: Setting, seeds: int, messages: Console) -> ProfileCalibration:
    with RunProgress(messages, "en", total=0) as progress:
        shown = ""

        def update(run: str, seed: int, step: Progress) -> None:
            nonlocal shown
            if shown != f"{run}, seed {seed}":
                shown = f"{run}, seed {seed}"
                progress.begin(shown)
            progress.update(step)

        return run_calibration(setting, range(seeds), update)


def _table(slug: str, profile: str, measured: ProfileCalibration) -> Table:
    table = Table(title=f"{slug}, profile {profile}, {measured.device}, seeds {len(measured.seeds)}")
    for column in ("task", "run", "mean", "sd over seeds", "95 % interval of the mean"):
        table.add_column(column)
    for task, runs in measured.runs.items():
        for run, one in runs.items():
            table.add_row(task, run, f"{one.mean:.4f}", f"{one.sd:.4f}", f"{one.low:.4f} to {one.high:.4f}")
        line = measured.thresholds[task]
        table.add_row(
            task, "zero | full", f"{line.zero:.4f} | {line.full:.4f}", f"margin {line.margin:.4f}", ""
        )
    return table
