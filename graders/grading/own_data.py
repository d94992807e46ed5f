"""Judges own data: points from how far the student's model came between the baselines and the reference.

Labels are the student's own, so a person looks at some of them once; until then the points are provisional.
Where the data does not tell the reference from the baselines nothing can be measured, which is no zero.
"""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from graders.grading.own_about import about_data
from graders.grading.own_jobs import Lesson, step_names, trained_seconds
from graders.grading.own_trial import Examined, OwnTrial
from graders.grading.refused import spared_apart
from graders.grading.work import Work, arrays_of, finished_step
from graders.model import (
    Diagnosis,
    Evidence,
    Mark,
    Measurement,
    Message,
    OwnData,
    OwnDataTask,
    Rival,
    Threshold,
    say,
)
from graders.own.asking import answered
from graders.own.kind import Kind, Values
from graders.own.kinds import KINDS
from graders.own.sheet import pairs_alike, random_examples
from graders.own.skill import MARGIN, Comparison, compare
from graders.sandbox import Execution
from graders.score import failed_mark, metric_mark, not_run_mark

MOST_CONSTANTS = 64 * 1024
"""Characters of constants in the part of the notebook that learns; more may be the data itself."""
MOST_SOURCES = 5
"""That are named."""


def judge_own_data(work: Work, task: OwnDataTask) -> Mark:
    """The mark of a task on the student's own data."""
    loading = finished_step(work, task, task.id)
    if isinstance(loading, Mark):
        return loading
    trial = work.own.get(task.id)
    if trial is None:
        return not_run_mark(task, say("probe.not_run"))
    if isinstance(trial.brought, Message):
        return failed_mark(task, trial.brought, say("own.hint_load"))
    mark = _judge(work, task, trial, trial.brought)
    found = list(mark.evidence)
    if not any(isinstance(item, OwnData) for item in found):
        found.append(_own_data(task, trial, trial.brought, None))
    shown = _shown(trial, trial.brought, mark)
    return mark.model_copy(update={"evidence": (*found, *about_data(work, task), *shown)})


def _judge(work: Work, task: OwnDataTask, trial: OwnTrial, brought: Examined) -> Mark:
    if brought.stopped is not None:
        return not_run_mark(task, brought.stopped, say("own.hint_data"))
    if trial.part is not None and trial.part.missing:
        reason = say("contract.missing_function", name=trial.part.missing[0])
        return failed_mark(task, reason, say("own.hint_load"))
    lesson, yours, reference = trial.lesson, trial.yours, trial.reference
    if lesson is None or yours is None:
        return not_run_mark(task, say("probe.not_run"))
    for name in step_names(""):
        apart = Work(work.setting, work.submission, yours.run, yours)
        finished = finished_step(apart, task, name)
        if isinstance(finished, Mark):
            return spared_apart(_explained(finished, yours, lesson.budget), yours.run)
    if reference is None:
        mark = not_run_mark(task, say("own.only_checked"))
        return mark.model_copy(update={"status": "needs_review"})
    kind = KINDS[lesson.loaded.kind]
    checked = _students(work, yours, kind, lesson)
    if isinstance(checked, Message):
        return failed_mark(task, checked, say("predictions.hint"))
    others = _others(work, reference, kind, lesson)
    if isinstance(others, Message):
        return not_run_mark(task, others)
    compared = compare(
        kind,
        kind.statistics(checked, lesson.asked),
        others[""],
        {name: others[name] for name in kind.baselines},
        lesson.groups,
    )
    doubt = kind.doubt(checked, lesson.asked)
    mark = _marked(task, compared, _own_data(task, trial, brought, compared))
    told = (Diagnosis(message=doubt),) if doubt is not None else ()
    return mark.model_copy(update={"evidence": (*told, *mark.evidence)})


def _explained(mark: Mark, yours: Execution, budget: float) -> Mark:
    """The mark with what a student can do about it: stop in time, or mend the line that failed."""
    if yours.steps[step_names("")[0]].status == "timed_out":
        late = {"reason": say("own.too_long", budget=budget), "hint": say("own.hint_budget")}
        return mark.model_copy(update=late)
    failed = next((cell.error for cell in yours.run.cells if cell.error is not None), None)
    if mark.reason.code != "contract.own_lost" or failed is None:
        return mark
    told = {"type": failed.type, "message": failed.message[:200]}
    return mark.model_copy(update={"reason": say("own.lost", **mark.reason.params, **told)})


def _students(work: Work, execution: Execution, kind: Kind, lesson: Lesson) -> NDArray[Any] | Message:
    """The student's predictions, checked, or what is wrong with them."""
    predictions = _predictions(work, execution, "")
    laid = predictions if isinstance(predictions, Message) else answered(lesson.loaded, predictions)
    return laid if isinstance(laid, Message) else kind.read(laid, lesson.asked)


def _others(work: Work, execution: Execution, kind: Kind, lesson: Lesson) -> Mapping[str, Values] | Message:
    """Statistics of the reference, under an empty name, and of each baseline; why not, where one failed."""
    found: dict[str, Values] = {}
    for run in ("", *kind.baselines):
        predictions = _predictions(work, execution, run)
        checked = predictions if isinstance(predictions, Message) else kind.read(predictions, lesson.asked)
        if isinstance(checked, Message):
            return say("own.reference_failed", name=run or "reference", found=checked.code)
        found[run] = kind.statistics(checked, lesson.asked)
    return found


def _predictions(work: Work, execution: Execution, run: str) -> NDArray[Any] | Message:
    arrays = arrays_of(work, execution.steps[step_names(run)[1]])
    if isinstance(arrays, Message):
        return arrays
    return arrays.get("predictions", say("probe.no_artifact", name="predictions"))


def _marked(task: OwnDataTask, compared: Comparison, shown: OwnData) -> Mark:
    """Points for the way from the best baseline to the reference, until a person has looked provisional."""
    zero, goal = compared.baselines[compared.best].value, compared.reference.value
    values = {"zero": zero, "reference": goal, "value": compared.yours.value}
    if not compared.opened and not compared.ahead:
        mark = not_run_mark(task, say("own.closed", **values), say("own.hint_closed"))
        return mark.model_copy(update={"evidence": (shown,)})
    end = goal if compared.opened else compared.yours.value
    margin = MARGIN * (end - zero)
    threshold = Threshold(zero=zero, full=end - margin, margin=abs(margin))
    mark = metric_mark(task, compared.yours, threshold, (shown,), hint="own.hint")
    return mark.model_copy(
        update={
            "status": "needs_review",
            "settled": False,
            "reason": say("own.compared", **values, low=compared.yours.low, high=compared.yours.high),
            "evidence": (Diagnosis(message=mark.reason), *mark.evidence),
        }
    )


def _own_data(task: OwnDataTask, trial: OwnTrial, brought: Examined, compared: Comparison | None) -> OwnData:
    return OwnData(
        data=brought.loaded.kind,
        sha256=brought.loaded.sha256,
        examples=len(brought.loaded.examples),
        groups=int(brought.groups.max()) + 1,
        trained_on=len(trial.lesson.split.train) if trial.lesson is not None else 0,
        budget=trial.lesson.budget if trial.lesson is not None else task.budget_seconds,
        unit=KINDS[brought.loaded.kind].unit,
        rivals=_rivals(trial, compared) if compared is not None else (),
    )


def _rivals(trial: OwnTrial, compared: Comparison) -> tuple[Rival, ...]:
    if trial.yours is None or trial.reference is None:
        return ()
    steps = trial.reference.steps
    measured: dict[str, tuple[Measurement, float]] = {
        "yours": (compared.yours, trained_seconds(trial.yours.steps, "")),
        "reference": (compared.reference, trained_seconds(steps, "")),
    }
    for name, baseline in compared.baselines.items():
        measured[name] = (baseline, trained_seconds(steps, name))
    return tuple(
        Rival(name=name, measured=value, seconds=round(seconds, 2))
        for name, (value, seconds) in measured.items()
    )


def _shown(trial: OwnTrial, brought: Examined, mark: Mark) -> list[Evidence]:
    """What a person should see of the data: what stands out, some examples, and copies."""
    examples, alike = brought.loaded.examples, brought.alike
    told = [finding.message for finding in brought.findings if finding.message != mark.reason]
    if trial.part is not None and trial.part.constants > MOST_CONSTANTS:
        kib = trial.part.constants // 1024
        told.append(say("own.constants", kib=kib, most=MOST_CONSTANTS // 1024))
    if trial.part is not None and trial.part.sources:
        told.append(say("own.sources", names=", ".join(trial.part.sources[:MOST_SOURCES])))
    if brought.shows_copies and alike.kept_together:
        told.append(say("own.copies", n=alike.copies, count=len(examples)))
    pairs = pairs_alike(examples, alike) if brought.shows_copies else None
    return [
        *(Diagnosis(message=message) for message in told),
        random_examples(examples, brought.seed),
        *([pairs] if pairs is not None else []),
    ]
