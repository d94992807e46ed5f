"""Thresholds from real runs: the reference is wrapped into a notebook and sent through the students' way."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import sqrt
from statistics import NormalDist, fmean, stdev

from nbformat.v4 import new_code_cell, new_notebook
from scipy.stats import t as student_t

from graders.course import calibration_hashes, reference_file
from graders.device import device_name
from graders.errors import AuthorError, Problem
from graders.grading import Measured, Setting, Work, mark_work, measure, run_submission, study_rows, versions
from graders.metrics import METRICS
from graders.model import (
    FOR_A_PERSON,
    Calibration,
    Criteria,
    Mark,
    MetricTask,
    ProfileCalibration,
    Run,
    Statistics,
    StudyPoint,
    StudyRow,
    Submission,
    Threshold,
)
from graders.sandbox import Progress

SEPARATION = 3.0
"""Standard errors by which `full` must be better than `zero`."""
Z = NormalDist().inv_cdf(0.975)
"""Standard errors on each side of a 95 % interval."""
LEAST_MARGIN = 0.05
"""Least margin of `full`, as a share of the way to `zero`."""
RULE = "full = mean of the reference, less 2 sd over seeds and at least 5 % of the way to zero"

Report = Callable[[str, int, Progress], None]
"""Called with the run's name, the seed and how far it is."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of the reference module with one seed."""

    run: str
    seed: int
    work: Work


def calibrate(setting: Setting, seeds: Sequence[int], progress: Report) -> ProfileCalibration:
    """Runs the reference and its baselines with each seed and derives the thresholds.

    Raises:
        AuthorError: a run leaves nothing to measure, `zero` and `full` do not lie apart, or the reference
            does not earn full marks with every seed.
    """
    parts = [_calibrate(setting.part(name), seeds, progress) for name in setting.assignment.notebooks]
    seconds = [sum(values) for values in zip(*(part.seconds.values for part in parts), strict=True)]
    return parts[0].model_copy(
        update={
            "runs": {task: runs for part in parts for task, runs in part.runs.items()},
            "thresholds": {task: line for part in parts for task, line in part.thresholds.items()},
            "studies": {study: points for part in parts for study, points in part.studies.items()},
            "seconds": statistics(seconds),
        }
    )


def _calibrate(setting: Setting, seeds: Sequence[int], progress: Report) -> ProfileCalibration:
    """The same for the tasks of one notebook."""
    metrics = [task for task in setting.assignment.tasks if isinstance(task, MetricTask)]
    if not metrics:
        path = setting.assignment.folder / "assignment.toml"
        raise AuthorError(
            [Problem(path, "tasks", "has no task of kind metric, so there is nothing to calibrate")]
        )
    full = metrics[0].full
    names = list(dict.fromkeys(name for task in metrics for name in (task.full, task.zero, *task.scale)))
    trials = [_try(setting, name, seed, progress) for name in names for seed in seeds]
    reference = [trial.work for trial in trials if trial.run == full]
    values = {
        task.id: {
            name: [_measured(setting, trial, task) for trial in trials if trial.run == name]
            for name in dict.fromkeys((task.full, task.zero, *task.scale))
        }
        for task in metrics
    }
    calibration = ProfileCalibration(
        seeds=tuple(seeds),
        device=device_name(setting.device),
        measured_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        versions=versions(setting.course.runtime),
        hashes=calibration_hashes(setting.course, setting.assignment, setting.profile),
        runs={task: {name: _values(one) for name, one in runs.items()} for task, runs in values.items()},
        thresholds={task.id: _threshold(setting, task, values[task.id]) for task in metrics},
        studies=_studies([study_rows(work) for work in reference]),
        variant_gap=_variant_gap(values[metrics[0].id][full]),
        seconds=statistics([work.run.seconds for work in reference]),
    )
    _refuse_short_reference(setting, calibration, reference)
    return calibration


def reference_notebook(slug: str, run: str, seed: int) -> Submission:
    """A submission whose notebook imports one run of the reference module and defines what it returns."""
    cells = [
        f"import os\nimport torch\nfrom {slug} import load, {run}",
        'data = load("data")',
        f'solution = {run}(data, torch.device(os.environ["GRADE_DEVICE"]), int(os.environ["GRADE_SEED"]), '
        'os.environ["GRADE_PROFILE"])',
        "for name in solution.__dataclass_fields__:\n"
        "    if (value := getattr(solution, name)) not in (None, []):\n"
        "        globals()[name] = value",
    ]
    notebook = new_notebook(cells=[new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(cells)])
    return Submission(
        student=f"{run}-{seed}",
        slug=slug,
        folder=None,
        notebook_path=None,
        notebook=notebook,
        theory_path=None,
        theory="",
        notebook_sha256=hashlib.sha256(f"{slug} {run} {seed}".encode()).hexdigest(),
    )


def statistics(values: Sequence[float]) -> Statistics:
    """Mean, standard deviation over seeds and the 95 % t-interval of the mean.

    >>> round(statistics([0.8, 0.9]).mean, 3)
    0.85
    """
    mean = fmean(values)
    sd = stdev(values) if len(values) > 1 else 0.0
    half = float(student_t.ppf(0.975, len(values) - 1)) * sd / sqrt(len(values)) if len(values) > 1 else 0.0
    return Statistics(values=tuple(values), mean=mean, sd=sd, low=mean - half, high=mean + half)


def threshold(zero: Statistics, full: Statistics) -> Threshold:
    """The ends of a scale from what earns nothing and from the reference.

    >>> line = threshold(statistics([0.7, 0.7]), statistics([0.9, 0.9]))
    >>> round(line.full, 3), round(line.margin, 3)
    (0.89, 0.01)
    """
    way = full.mean - zero.mean
    margin = max(2 * full.sd, LEAST_MARGIN * abs(way))
    return Threshold(
        zero=zero.mean, full=full.mean - margin if way > 0 else full.mean + margin, margin=margin, rule=RULE
    )


def with_profile(old: Calibration | None, profile: str, new: ProfileCalibration) -> Calibration:
    """The calibration with one profile measured anew."""
    return Calibration(profiles={**(old.profiles if old else {}), profile: new})


def _try(setting: Setting, run: str, seed: int, progress: Report) -> Trial:
    submission = reference_notebook(setting.assignment.slug, run, seed)
    folder = reference_file(setting.course, setting.assignment.slug).parent
    work = run_submission(
        replace(setting, seed=seed), submission, lambda step: progress(run, seed, step), modules=(folder,)
    )
    failed = next((cell for cell in work.run.cells if cell.status != "ok"), None)
    if failed is not None or work.run.status != "completed":
        error = (
            f"{failed.error.type}: {failed.error.message}" if failed and failed.error else _ended(work.run)
        )
        path = reference_file(setting.course, setting.assignment.slug)
        raise AuthorError([Problem(path, run, f"does not run with seed {seed}: {error}")])
    return Trial(run, seed, work)


def _ended(run: Run) -> str:
    """How a run ended that no exception of a cell explains."""
    return f"{run.status} {run.message.params}" if run.message is not None else run.status


def _measured(setting: Setting, trial: Trial, task: MetricTask) -> Measured:
    measured = measure(trial.work, task)
    if isinstance(measured, Mark):
        path = reference_file(setting.course, setting.assignment.slug)
        message = f"leaves nothing to measure for {task.id} with seed {trial.seed}: {measured.reason.code}"
        raise AuthorError([Problem(path, trial.run, message)])
    return measured


def _threshold(setting: Setting, task: MetricTask, values: dict[str, list[Measured]]) -> Threshold:
    zero, full = _values(values[task.zero]), _values(values[task.full])
    error = sqrt(sum(_error(values[name]) ** 2 for name in (task.zero, task.full)))
    better = METRICS[task.metric].better
    if (full.mean - zero.mean) * (1 if better == "higher" else -1) < SEPARATION * error:
        message = (
            f"{task.full} ({full.mean:.3f}) is not {better} than {task.zero} ({zero.mean:.3f}) by "
            f"{SEPARATION:g} standard errors ({error:.4f}); choose a weaker baseline, a stronger reference, "
            "or more examples"
        )
        raise AuthorError([Problem(setting.assignment.folder / "assignment.toml", task.id, message)])
    others = {name: _values(values[name]).mean for name in task.scale}
    line = threshold(zero, full)
    return line.model_copy(update={"zero_run": task.zero, "full_run": task.full, "others": others})


def _variant_gap(measured: Sequence[Measured]) -> Statistics | None:
    """How much better the reference is on the hidden set than on its private variant."""
    gaps = [one.hidden.value - one.variant.value for one in measured if one.variant is not None]
    return statistics(gaps) if gaps else None


def _error(measured: Sequence[Measured]) -> float:
    """Standard error of a mean over seeds: what seeds and the choice of hidden examples contribute."""
    seeds = _values(measured)
    sampling = fmean(one.hidden.high - one.hidden.low for one in measured) / (2 * Z)
    return sqrt(seeds.sd**2 / len(measured) + sampling**2)


def _values(measured: Sequence[Measured]) -> Statistics:
    return statistics([one.hidden.value for one in measured])


def _studies(tables: Sequence[Sequence[StudyRow]]) -> dict[str, tuple[StudyPoint, ...]]:
    """The reference's rows of each study, with accuracy over the seeds."""
    points: dict[str, list[StudyPoint]] = {}
    for rows in zip(*tables, strict=True):
        first = rows[0]
        point = StudyPoint(
            width=first.width,
            depth=first.depth,
            parameters=first.parameters,
            accuracy=statistics([row.accuracy for row in rows]),
        )
        points.setdefault(first.study, []).append(point)
    return {study: tuple(found) for study, found in points.items()}


def _refuse_short_reference(
    setting: Setting, calibration: ProfileCalibration, reference: Sequence[Work]
) -> None:
    """The reference must earn full marks with every seed, what is written or drawn for a person apart."""
    file = with_profile(setting.assignment.calibration, setting.profile, calibration)
    tasks = tuple(  # of a choice every task must be full, not the best alone
        task.model_copy(update={"choice": None}) if isinstance(task, MetricTask) else task
        for task in setting.assignment.tasks
    )
    assignment = setting.assignment.model_copy(update={"calibration": file, "tasks": tasks})
    problems = []
    for work in reference:
        judged = replace(work, setting=replace(work.setting, assignment=assignment))
        for mark in mark_work(judged).marks:
            short = _short(mark)
            if mark.kind not in FOR_A_PERSON and short:
                message = f"the reference falls short with seed {work.setting.seed}: {short}"
                problems.append(Problem(assignment.folder / "assignment.toml", mark.task, message))
    if problems:
        raise AuthorError(problems)


def _short(mark: Mark) -> str:
    """What a mark lacks to be full; empty where nothing."""
    if mark.kind == "structure" and mark.status == "needs_review":
        return "the replay does not give its predictions"
    tables = [evidence for evidence in mark.evidence if isinstance(evidence, Criteria)]
    if tables:
        items = [item for table in tables for item in table.items]
        return ", ".join(item.code for item in items if item.status != "met" and item.code != "conclusion")
    return "" if mark.status in ("passed", "borderline") else mark.reason.code
