"""The table of all calibrations of a course, as a page of its documentation.

python -m graders.report.calibrations > docs/calibration.md
"""

from collections.abc import Iterator
from pathlib import Path

from graders.metrics import METRICS
from graders.model import Assignment, Course, MetricTask, ProfileCalibration
from graders.spec import find_root, read_course

HEAD = """# Calibration

What the reference and its baselines measured on hidden data, and the thresholds that follow.
The figures come from `grade calibrate`, as [authoring.md](authoring.md) says; this page is made of them by

    python -m graders.report.calibrations > docs/calibration.md

± is the standard deviation over seeds.
`full` is the mean of the reference less a margin: two standard deviations, at least 5 % of the way to `zero`.
Seconds are those of one run of the reference's notebook, with all its tasks and the probe.
"""
COLUMNS = ("task", "metric", "unit", "better", "run", "mean ± sd", "as a threshold")


def calibrations(course: Course) -> str:
    """The page as Markdown, with a section for each assignment that was calibrated."""
    lines = [HEAD]
    for assignment in course.assignments:
        profiles = assignment.calibration.profiles if assignment.calibration else {}
        for profile, measured in sorted(profiles.items(), reverse=True):
            lines.extend(_section(assignment, profile, measured))
    return "\n".join(lines)


def _section(assignment: Assignment, profile: str, measured: ProfileCalibration) -> Iterator[str]:
    torch, seconds = measured.versions.get("torch", "?"), measured.seconds
    yield f"## {assignment.slug}, {profile}"
    yield ""
    yield (
        f"{len(measured.seeds)} seeds on `{measured.device}`, {measured.measured_at[:10]}, torch {torch}; "
        f"{seconds.mean:.1f} ± {seconds.sd:.1f} s a run of the reference."
    )
    yield ""
    yield _row(*COLUMNS)
    yield _row(*["---"] * len(COLUMNS))
    for task in assignment.tasks:
        if isinstance(task, MetricTask) and task.id in measured.runs:
            yield from _rows(task, measured)
    yield ""


def _rows(task: MetricTask, measured: ProfileCalibration) -> Iterator[str]:
    metric, line = METRICS[task.metric], measured.thresholds[task.id]
    zero, full = (line.zero, line.full) if task.override is None else (task.override.zero, task.override.full)
    said = {task.zero: f"zero {zero:.4g}", task.full: f"full {full:.4g}"}
    runs = sorted(
        measured.runs[task.id].items(), key=lambda run: run[1].mean, reverse=metric.better == "lower"
    )
    for place, (name, found) in enumerate(runs):
        first = (task.id, task.metric, metric.unit, metric.better) if place == 0 else ("",) * 4
        yield _row(*first, f"`{name}`", f"{found.mean:.4g} ± {found.sd:.2g}", said.get(name, ""))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the page of the course in the current folder."""
    course, problems = read_course(find_root(Path.cwd()))
    if course is None:
        raise SystemExit("\n".join(map(str, problems)))
    print(calibrations(course), end="")


if __name__ == "__main__":
    main()
