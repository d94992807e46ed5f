"""Judges studies: the table of experiments, its conclusion, and the row that was trained again."""

from collections.abc import Sequence
from statistics import mean

from graders.artifacts import BadArtifactError, read_json
from graders.grading.metric import Measured
from graders.grading.setting import RETRAINED_ON, retrain_steps, retrained_studies, spot_check_draw
from graders.grading.work import Work, arrays_of, finished_step, markdown_cells
from graders.metrics import METRICS
from graders.metrics.spot_check import Unchecked, check_row
from graders.metrics.study import (
    DeclaredTable,
    judge_baseline,
    judge_sizes,
    read_row,
)
from graders.model import (
    Conclusion,
    Mark,
    Measurement,
    Message,
    MetricTask,
    SpotCheck,
    Study,
    StudyPoint,
    StudyRow,
    StudyTask,
    say,
)
from graders.sandbox import StepResult
from graders.score import criteria_mark, failed_mark
from graders.theory import read_conclusion


def judge_study(work: Work, task: StudyTask, measured: Measured | Mark | None) -> Mark:
    """The mark of a study or of a baseline."""
    result = finished_step(work, task, task.probe)
    if isinstance(result, Mark):
        return result
    all_rows = read_table(result)
    if isinstance(all_rows, Message):
        return failed_mark(task, all_rows, say("study.hint_table"))
    rows = [row for row in all_rows if row.study == task.study]
    validation = len(work.setting.validation)
    if task.varies is None:
        hidden = measured.hidden if isinstance(measured, Measured) else None
        criteria = judge_baseline(task, rows, hidden, validation)
        study = Study(varies=None, rows=tuple(rows), reference=reference_points(work, task.study))
    else:
        checked = spot_check(work, task, all_rows)
        conclusion = _conclusion(work, task)
        reference = reference_points(work, task.study)
        criteria = judge_sizes(
            task, rows, reference=reference, conclusion=conclusion, spot_check=checked, validation=validation
        )
        study = Study(
            varies=task.varies,
            rows=tuple(rows),
            reference=reference,
            spot_check=checked if isinstance(checked, SpotCheck) else None,
            conclusion=conclusion.text,
        )
    met = sum(1 for criterion in criteria if criterion.status == "met")
    reason = say("study.mark", met=met, n=len(criteria))
    return criteria_mark(task, criteria, reason=reason, trusted=True, evidence=(study,))


def read_table(result: StepResult) -> list[StudyRow] | Message:
    """All rows of the notebook's table, or what is wrong with it."""
    try:
        table = read_json(result.files.get(f"{result.name}.json", b""), DeclaredTable)
    except BadArtifactError as error:
        return error.message
    return [read_row(row) for row in table.rows]


def study_rows(work: Work) -> list[StudyRow]:
    """All rows of the notebook's table; empty where there is none."""
    task = next((task for task in work.setting.assignment.tasks if isinstance(task, StudyTask)), None)
    result = work.step(task.probe) if task is not None else None
    rows = read_table(result) if result is not None else []
    return [] if isinstance(rows, Message) else rows


def reference_points(work: Work, study: str) -> tuple[StudyPoint, ...]:
    """The reference's own study, as calibrated."""
    calibration = work.setting.calibration
    return calibration.studies.get(study, ()) if calibration else ()


def spot_check(work: Work, task: StudyTask, rows: Sequence[StudyRow]) -> SpotCheck | Unchecked:
    """The row that was trained again, scored on hidden pictures, or why there is none.

    Which row it was is drawn here again, not read from what the notebook's process wrote.
    """
    result = _retrained(work, task)
    if isinstance(result, Unchecked):
        return result
    asked = retrained_studies(work.setting.assignment)
    candidates = [row for row in rows if row.study in asked]
    if not candidates:
        return Unchecked(say("study.no_rows", study=task.study), by_student=True)
    row = candidates[int(spot_check_draw(work.setting, work.submission) * len(candidates))]
    measured = _measure(work, result)
    if isinstance(measured, Message):
        return Unchecked(measured, by_student=True)
    again = [work.step(name) for name in retrain_steps(result.name)[1:]]
    finished = [step for step in again if step is not None and step.status == "ok"]
    others = [found for step in finished if isinstance(found := _measure(work, step), Measurement)]
    return check_row(
        row,
        [measured, *others],
        validation=len(work.setting.validation),
        seed_sd=_seed_sd(reference_points(work, row.study)),
        seconds=result.seconds + sum(step.seconds for step in finished),
    )


def _retrained(work: Work, task: StudyTask) -> StepResult | Unchecked:
    result = work.step(task.retrain) if task.retrain else None
    if result is not None and result.status == "killed" and work.run.status == "killed":
        return Unchecked(say("study.retrain_died"), by_student=False, died=True)
    if result is None or result.status in ("not_run", "killed"):
        return Unchecked(say("study.retrain_not_run"), by_student=False)
    if result.status == "timed_out":
        seconds = work.setting.retrain_seconds
        return Unchecked(say("study.retrain_timed_out", seconds=seconds), by_student=False)
    if result.fault is not None and (result.shortage or not result.fault.traceback):
        # something ran out, or the probe itself failed: the row is neither right nor wrong
        return Unchecked(say("study.retrain_short", type=result.fault.type), by_student=False)
    if result.fault is not None:
        fault = say("study.train_failed", type=result.fault.type, message=result.fault.message[:200])
        return Unchecked(fault, by_student=True)
    if result.status == "failed":
        return Unchecked(result.message or say("study.retrain_not_run"), by_student=True)
    return result


def _measure(work: Work, result: StepResult) -> Measurement | Message:
    """Accuracy of the network trained again, by the assignment's metric."""
    arrays = arrays_of(work, result)
    if isinstance(arrays, Message):
        return arrays
    if "predictions" not in arrays:
        return say("probe.no_artifact", name="predictions")
    task = next(task for task in work.setting.assignment.tasks if isinstance(task, MetricTask))
    targets = work.setting.hidden.first(RETRAINED_ON).targets
    predicted = METRICS[task.metric].read(arrays["predictions"], targets, work.setting.classes)
    if isinstance(predicted, Message):
        return predicted
    return METRICS[task.metric].measure(predicted, targets)


def _seed_sd(points: Sequence[StudyPoint]) -> float:
    return mean(point.accuracy.sd for point in points) if points else 0.0


def _conclusion(work: Work, task: StudyTask) -> Conclusion:
    if task.varies is None:
        return Conclusion("", None)
    return read_conclusion([text for _, text in markdown_cells(work.submission)], task.varies)
