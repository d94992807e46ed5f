"""Runs a submission's notebook in the sandbox, where there is one that can be run."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graders.checkpoint import find_brought
from graders.grading.checkpoint_asked import checkpoint_steps, declared_seconds
from graders.grading.checkpoint_problems import load_problem, long_hint, training_problem
from graders.grading.metric import OTHER_WAYS
from graders.grading.mode import decide, wanted_mode
from graders.grading.own_trial import try_own_data
from graders.grading.parts import together
from graders.grading.setting import Setting, job_for
from graders.grading.work import Work, arrays_of
from graders.model import Message, MetricTask, OwnDataTask, Run, RunMode, Submission
from graders.sandbox import Execution, Job, Progress, execute

LEAST_KEPT = 4 * 2**20
"""Bytes up to which an array is kept however small its targets are, as those of boxes and captions are."""
SCORED = ("own", "variant", "validation", *OTHER_WAYS)
"""Arrays of a metric's step that are read; whatever else a notebook put there is not kept."""


def run_submission(
    setting: Setting,
    submission: Submission,
    progress: Callable[[Progress], None],
    modules: tuple[Path, ...] = (),
) -> Work:
    """The submission with what its run left behind.

    Args:
        setting: what is the same for all submissions.
        submission: what came in.
        progress: called as the run goes on.
        modules: folders that the notebook may import from; the reference, for calibration only.
    """
    if submission.parts:
        # what is expected is told of all notebooks together
        each = {name: seconds / len(submission.parts) for name, seconds in setting.expected.items()}
        parts = tuple(
            run_submission(replace(setting.part(part.name), expected=each), part, progress, modules)
            for part in submission.parts
        )
        return Work(setting, submission, together(parts), None, parts)
    work = _run(setting, submission, progress, modules)
    loaded = [
        (task, work.step(task.id)) for task in setting.assignment.tasks if isinstance(task, OwnDataTask)
    ]
    own = {
        task.id: try_own_data(setting, submission, step, task, progress)
        for task, step in loaded
        if step is not None and step.status == "ok"
    }
    return replace(work, own=own) if own else work


def _run(
    setting: Setting,
    submission: Submission,
    progress: Callable[[Progress], None],
    modules: tuple[Path, ...],
) -> Work:
    """One notebook, run in the mode that is asked for."""
    if submission.unreadable is not None:
        status = "unsupported" if submission.unsupported else "unreadable"
        return Work(setting, submission, Run(status=status, message=submission.unreadable), None)
    if submission.notebook is None:
        return Work(setting, submission, Run(status="not_run"), None)
    wanted = wanted_mode(setting.course, setting.assignment, setting.mode)
    brought = find_brought(submission) if wanted != "rerun" else None

    def execution(mode: RunMode, *notes: Message | None) -> Work:
        more = checkpoint_steps(setting, brought) if mode == "checkpoint" and brought is not None else ()
        done = _executed(setting, job_for(setting, submission, modules, mode, more), progress)
        kept = (*notes, *(brought.problems if brought is not None else ()))
        told = tuple(note for note in kept if note is not None)
        return Work(setting, submission, done.run, done, (), brought, told)

    if brought is None:
        return execution("rerun")
    seconds = declared_seconds(brought.curve)
    decision = decide(
        wanted,
        brought,
        setting.limits.total_seconds,
        estimate=setting.expected.get(submission.student),
        declared=seconds,
    )
    work = execution(decision.mode, decision.note)
    if decision.otherwise == "rerun" and (problem := load_problem(work)) is not None:
        # the training is worth more than weights that cannot be used
        return execution("rerun", problem)
    if decision.otherwise == "checkpoint" and (ended := training_problem(work)) is not None:
        again = execution("checkpoint", ended)
        problem = load_problem(again)
        return again if problem is None else replace(work, notes=(*work.notes, problem))
    if work.run.status == "timed_out" and (hint := long_hint(work, brought)) is not None:
        return replace(work, notes=(*work.notes, hint))
    return work


def _executed(setting: Setting, job: Job, progress: Callable[[Progress], None]) -> Execution:
    loading = threading.Thread(target=_load_replay)
    loading.start()  # the notebook leaves this process time
    try:
        return execute(job, setting.sandbox, progress)
    finally:
        loading.join()  # it makes a temporary folder, which must go with the others


def _load_replay() -> None:
    from graders.metrics.replay import preload

    preload()


def scored_arrays(work: Work) -> Mapping[str, NDArray[np.generic]]:
    """Predictions that metrics were measured on, by `<task>.<array>`, so that they can be measured again."""
    if work.parts:
        return {name: array for part in work.parts for name, array in scored_arrays(part).items()}
    setting = work.setting
    kept: dict[str, NDArray[np.generic]] = {}
    for task in setting.assignment.tasks:
        if not isinstance(task, MetricTask):
            continue
        splits = setting.splits_of(task)
        numbers = max(
            sum(array.size for array in split.targets.values())
            for split in (splits.hidden, splits.validation)
        )
        most = max(8 * numbers * max(1, setting.classes), LEAST_KEPT)
        for result in (work.step(name) for name in (task.probe, task.diagnoses) if name is not None):
            arrays = arrays_of(work, result) if result is not None else {}
            if not isinstance(arrays, Message):
                found = {name: arrays[name] for name in SCORED if name in arrays}
                # what is larger was refused, and would only fill the disk
                kept.update(
                    {f"{task.id}.{name}": array for name, array in found.items() if array.nbytes <= most}
                )
    return kept
