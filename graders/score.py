"""Measurements against thresholds become marks."""

from collections.abc import Sequence

from graders.model import (
    AnswerScore,
    Criteria,
    Criterion,
    EssayTask,
    Evidence,
    Mark,
    MarkStatus,
    Measurement,
    Message,
    MetricTask,
    OwnDataTask,
    Pictures,
    PictureTask,
    StructureTask,
    StudyTask,
    Task,
    Text,
    TheoryTask,
    Threshold,
    say,
)

EXACT = 1e-9
"""Points closer than this are the same points."""


def favourable_end(measurement: Measurement, threshold: Threshold) -> float:
    """The end of the 95 % interval that is better for the student."""
    return measurement.high if threshold.full > threshold.zero else measurement.low


def share(value: float, threshold: Threshold) -> float:
    """How far `value` lies on the way from `zero` to `full`, from 0 to 1.

    >>> share(0.8, Threshold(zero=0.7, full=0.9))
    0.5
    >>> share(1.2, Threshold(zero=2.0, full=1.0))
    0.8
    """
    way = (value - threshold.zero) / (threshold.full - threshold.zero)
    return round(min(1.0, max(0.0, way)), 12)


def metric_mark(
    task: MetricTask | OwnDataTask,
    measurement: Measurement,
    threshold: Threshold,
    evidence: Sequence[Evidence] = (),
    *,
    hint: str | None = None,
) -> Mark:
    """The mark of a metric: points at the favourable end of the interval.

    Args:
        task: what was measured.
        measurement: the value with its interval.
        threshold: what earns nothing and what everything.
        evidence: shown under the mark.
        hint: code of what to do next where points are missing; None for that of a network that was trained.
    """
    earned = task.points * share(favourable_end(measurement, threshold), threshold)
    status = metric_status(measurement, threshold)
    shown = {"value": measurement.value, "low": measurement.low, "high": measurement.high}
    limits = {"zero": threshold.zero, "full": threshold.full}
    hints = {
        "passed": None,
        "borderline": say("metric.hint_borderline"),
        "partial": say(hint) if hint else say("metric.hint_partial", **limits),
        "failed": say(hint) if hint else say("metric.hint_failed", **limits),
    }
    return Mark(
        task=task.id,
        kind=task.kind,
        status=status,
        earned=earned,
        possible=task.points,
        bonus=task.bonus,
        settled=True,
        n=measurement.n,
        threshold=threshold,
        reason=say(f"metric.{status}", **shown, **limits),
        hint=hints[status],
        evidence=tuple(evidence),
        **shown,
    )


def metric_status(measurement: Measurement, threshold: Threshold) -> MarkStatus:
    """Where a measurement stands: see `From a measurement to a mark` in docs/architecture.md."""
    favourable = share(favourable_end(measurement, threshold), threshold)
    if favourable >= 1:
        return "passed" if share(measurement.value, threshold) >= 1 else "borderline"
    return "partial" if favourable > 0 else "failed"


def standing(mark: Mark, earned: float) -> MarkStatus:
    """Where a mark stands once a person stands behind its points.

    The machine's own points stand where the measurement does; a person's by how many they are.
    """
    measured = mark.value is not None and mark.low is not None and mark.high is not None
    if earned == mark.earned and measured and mark.threshold is not None:
        value, low, high = mark.value or 0.0, mark.low or 0.0, mark.high or 0.0
        return metric_status(Measurement(value=value, low=low, high=high, n=mark.n or 1), mark.threshold)
    return by_points(earned, mark.possible)


def by_points(earned: float, possible: float) -> MarkStatus:
    """Where settled points stand."""
    if earned >= possible - EXACT:
        return "passed"
    return "partial" if earned > EXACT else "failed"


def criteria_mark(
    task: StructureTask | StudyTask,
    criteria: tuple[Criterion, ...],
    *,
    reason: Message,
    trusted: bool,
    evidence: Sequence[Evidence] = (),
) -> Mark:
    """The mark of a structure or a study: the sum of its criteria.

    Args:
        task: what is asked.
        criteria: what was found.
        reason: one sentence for the report.
        trusted: False where only the notebook's own process stands behind what was found.
        evidence: shown after the criteria.
    """
    earned = sum(criterion.earned for criterion in criteria)
    unclear = [criterion for criterion in criteria if criterion.status == "unknown"]
    short = [item for item in criteria if item.status in ("missed", "partly")]
    dearest = max(short, key=lambda item: item.possible - item.earned, default=None)
    status: MarkStatus
    if unclear or not trusted:
        status = "needs_review"
    elif earned >= task.points - EXACT:
        status = "passed"
    else:
        status = "partial" if earned > EXACT else "failed"
    return Mark(
        task=task.id,
        kind=task.kind,
        status=status,
        earned=earned,
        possible=task.points,
        bonus=task.bonus,
        settled=status != "needs_review",
        reason=reason,
        hint=say(f"{task.kind}.hint_{dearest.code}") if dearest else None,
        evidence=(Criteria(items=criteria), *evidence),
    )


def theory_mark(task: TheoryTask, answers: Sequence[AnswerScore]) -> Mark:
    """The mark of a theory task: the sum of its answers, provisional while any with text is."""
    earned = sum(answer.earned for answer in answers)
    given = sum(1 for answer in answers if answer.text.strip())
    settled = all(answer.settled for answer in answers)
    status: MarkStatus = "needs_review" if not settled else "partial" if earned > EXACT else "failed"
    return Mark(
        task=task.id,
        kind=task.kind,
        status=status,
        earned=earned,
        possible=task.points,
        bonus=task.bonus,
        settled=settled,
        reason=say("theory.mark", given=given, n=len(answers)),
        hint=say("theory.hint_missing", n=len(answers) - given) if given < len(answers) else None,
        evidence=tuple(answers),
    )


def essay_mark(task: EssayTask, found: AnswerScore, heading: Text, *, public: bool) -> Mark:
    """The mark of an essay: that of the elements found, provisional while there is a text.

    Args:
        task: what is asked.
        found: the text with its elements.
        heading: what it stands under.
        public: True for a self-check, which says only whether the text is there.
    """
    written = bool(found.text.strip())
    made = sum(finding.made for finding in found.findings)
    where = {"ru": heading.ru, "en": heading.en}
    status: MarkStatus = "needs_review" if written or not found.settled else "failed"
    if not written:
        reason = say("essay.missing", **where)
    elif public:
        reason = say("essay.there")
    else:
        reason = say("essay.mark", made=made, n=len(found.findings))
    return Mark(
        task=task.id,
        kind=task.kind,
        status=status,
        earned=None if public else found.earned,
        possible=task.points,
        bonus=task.bonus,
        settled=found.settled and not public,
        reason=reason,
        hint=None if written else say("essay.hint_missing", **where),
        evidence=() if public else (found,),
    )


def picture_mark(task: PictureTask, pictures: Pictures, *, blank: bool) -> Mark:
    """The mark of pictures: provisional, whole where there is something on them and none where not."""
    return Mark(
        task=task.id,
        kind=task.kind,
        status="needs_review",
        earned=0.0 if blank else task.points,
        possible=task.points,
        bonus=task.bonus,
        settled=False,
        reason=say("picture.blank" if blank else "picture.mark", n=len(pictures.items)),
        evidence=(pictures,),
    )


def failed_mark(task: Task, reason: Message, hint: Message | None, evidence: Sequence[Evidence] = ()) -> Mark:
    """No points: the work is missing or wrong, and what is known of it says so for sure."""
    return Mark(
        task=task.id,
        kind=task.kind,
        status="failed",
        earned=0.0,
        possible=task.points,
        bonus=task.bonus,
        settled=True,
        reason=reason,
        hint=hint,
        evidence=tuple(evidence),
    )


def not_run_mark(task: Task, reason: Message, hint: Message | None = None) -> Mark:
    """Could not be measured, which is not a zero."""
    return Mark(
        task=task.id,
        kind=task.kind,
        status="not_run",
        earned=None,
        possible=task.points,
        bonus=task.bonus,
        settled=False,
        reason=reason,
        hint=hint,
    )


def totals(marks: Sequence[Mark]) -> tuple[float, float, float]:
    """Points earned, the provisional part of them, and points possible without bonus tasks."""
    earned = sum(mark.earned or 0.0 for mark in marks)
    provisional = sum(_provisional(mark) for mark in marks)
    possible = sum(mark.possible for mark in marks if not mark.bonus)
    return round(earned, 9), round(provisional, 9), round(possible, 9)


def _provisional(mark: Mark) -> float:
    """The part of a mark that is not settled; of theory, that of the answers that are not."""
    answers = [item for item in mark.evidence if isinstance(item, AnswerScore)]
    if mark.kind == "theory" and answers:
        return sum(answer.earned for answer in answers if not answer.settled)
    return 0.0 if mark.settled else mark.earned or 0.0
