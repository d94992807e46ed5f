"""Why a notebook that was run in one mode came to nothing, and is run in the other."""

from graders.checkpoint import Brought
from graders.grading.checkpoint_asked import LOADED, Loaded, told_of
from graders.grading.work import LIMITS, Work
from graders.model import Fault, Message, OwnDataTask, Probed, say

LIMITED = ("not_run", "killed", "timed_out")
"""Ends of a step that say nothing of what it asked."""


def load_problem(work: Work) -> Message | None:
    """Why the weights could not be used; None where they could, or where a limit hides that."""
    result, name = work.step(LOADED), work.brought.expected if work.brought is not None else ""
    if result is None or result.status in LIMITED or result.shortage or work.run.status in LIMITS:
        return None
    if result.fault is not None:
        return say("checkpoint.not_loaded", name=name, detail=told_fault(result.fault))
    if result.status != "ok":
        return result.message or say("step.failed")
    found = told_of(work, LOADED, Loaded)
    if found is not None and found.spoiled:
        return say("checkpoint.not_finite", name=name, n=found.spoiled, built=found.parameters)
    if found is not None and 0 < found.trainable == found.absent:
        return say("checkpoint.nothing_loaded", name=name, n=found.absent)
    left, detail = _left(work)
    if left:
        return None
    return say("checkpoint.left_fault", detail=detail) if detail else say("checkpoint.left_nothing")


def training_problem(work: Work) -> Message | None:
    """Why a training came to nothing, so that weights beside it are worth more; None where it did not."""
    if work.run.status in LIMITS and work.run.status != "infrastructure":
        return say("checkpoint.not_ended")
    left, detail = _left(work)
    if left:
        return None
    return say("checkpoint.not_trained", detail=detail) if detail else None


def long_hint(work: Work, brought: Brought) -> Message | None:
    """What to change where a notebook did not end in time; None where its files' own problems say it."""
    if work.run.mode == "checkpoint":
        return say("checkpoint.still_long")
    if brought.weights is None and not brought.problems:
        return say("checkpoint.no_weights", expected=brought.expected)
    return None


def _left(work: Work) -> tuple[bool, str]:
    """Whether a notebook left something to measure, or a limit hides that, and else its first exception."""
    tasks = work.setting.assignment.tasks
    names = [
        *(task.probe for task in tasks if isinstance(task, Probed)),
        *(task.id for task in tasks if isinstance(task, OwnDataTask)),
    ]
    results = [result for name in names if (result := work.step(name)) is not None]
    ended = [result for result in results if result.status not in ("ok", *LIMITED)]
    if not results or len(ended) < len(results) or work.run.status in LIMITS:
        return True, ""
    fault = next((result.fault for result in ended if result.fault is not None), None)
    return False, told_fault(fault) if fault is not None else ""


def told_fault(fault: Fault) -> str:
    """An exception in one line, for within a sentence."""
    return " ".join(f"{fault.type}: {fault.message}".split())[:300].rstrip(" .,;:")
