"""Tasks that a student chooses between: of those that share a `choice` only one is marked."""

from collections.abc import Sequence

from graders.model import Mark, MetricTask, Task, say
from graders.score import failed_mark

NOT_TRIED = "contract.missing_function"


def chosen(tasks: Sequence[Task], marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks without those of the choices that were not made.

    Where several were made the one that earned most counts. One that could not be measured comes before one
    that earned nothing, since it may be worth something.

    Args:
        tasks: of the assignment.
        marks: one for each, in the same order.
    """
    groups: dict[str, list[tuple[MetricTask, Mark]]] = {}
    for task, mark in zip(tasks, marks, strict=True):
        if isinstance(task, MetricTask) and task.choice is not None:
            groups.setdefault(task.choice, []).append((task, mark))
    kept = {name: _best(group) for name, group in groups.items()}
    found: list[Mark] = []
    for task, mark in zip(tasks, marks, strict=True):
        if not isinstance(task, MetricTask) or task.choice is None:
            found.append(mark)
        elif task.choice in kept:
            found.append(kept.pop(task.choice))  # in the place of the first
    return tuple(found)


def _best(group: Sequence[tuple[MetricTask, Mark]]) -> Mark:
    tried = [mark for _, mark in group if mark.reason.code != NOT_TRIED]
    if tried:
        return max(tried, key=_worth)
    first = group[0][0]
    names = "; ".join(", ".join(task.needs) for task, _ in group)
    return failed_mark(first, say("choice.none", names=names), group[0][1].hint)


def _worth(mark: Mark) -> tuple[int, float]:
    """How a mark compares with those of the other choices."""
    if mark.earned is None:
        return 1, 0.0
    return (2, mark.earned) if mark.earned > 0 else (0, 0.0)
