"""Tasks that a student chooses between: of those that share a `choice` only one is marked."""

from collections.abc import Sequence

from graders.model import Diagnosis, Mark, Task, say
from graders.score import failed_mark

NOT_TRIED = "contract.missing_function"


def chosen(tasks: Sequence[Task], marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks without those of the choices that were not made.

    Where several were made the one that earned most counts. One that could not be measured comes before one
    that earned nothing, since it may be worth something, and leaves any other that is not full unsettled.

    Args:
        tasks: of the assignment.
        marks: one for each, in the same order.
    """
    groups: dict[tuple[str, str], list[tuple[Task, Mark]]] = {}
    for task, mark in zip(tasks, marks, strict=True):
        groups.setdefault(task.group, []).append((task, mark))  # in the place of the first
    return tuple(group[0][1] if len(group) == 1 else _best(group) for group in groups.values())


def _best(group: Sequence[tuple[Task, Mark]]) -> Mark:
    tried = [mark for _, mark in group if mark.reason.code != NOT_TRIED]
    if not tried:
        missing = [Diagnosis(message=mark.reason) for _, mark in group]
        return failed_mark(group[0][0], say("choice.none"), group[0][1].hint, missing)
    best = max(tried, key=_worth)
    unknown = next((mark for mark in tried if mark.earned is None and mark is not best), None)
    if unknown is None or best.earned == best.possible:
        return best
    noticed = (Diagnosis(message=say("choice.unknown", task=unknown.task)), Diagnosis(message=unknown.reason))
    return best.model_copy(update={"settled": False, "evidence": (*best.evidence, *noticed)})


def _worth(mark: Mark) -> tuple[int, float]:
    """How a mark compares with those of the other choices."""
    if mark.earned is None:
        return 1, 0.0
    return (2, mark.earned) if mark.earned > 0 else (0, 0.0)
