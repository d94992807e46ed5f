"""What follows where a notebook asked for something that the course's sandbox does not have.

A zero that may be owed to that is none: a person decides. The notes come from the student's own process and
can be forged, so they never earn anything; who forges them shows a person an address that is in no mirror,
beside work that earned nothing.
"""

import re
from collections.abc import Iterator, Sequence

from graders.model import Diagnosis, Flag, Mark, Message, RefusedKind, Run, say

TEXTS = ("theory", "essay")
"""Kinds of task that no download is needed for."""
MISSING = ("contract.missing_predict", "contract.missing_name", "contract.missing_function", "choice.none")
"""Reasons that name what a notebook does not define."""
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
ARGUMENTS = re.compile(r"\([^)]*\)")
UNSEEN: tuple[RefusedKind, ...] = ("url", "weights", "upload", "path")
"""What may be missing without any cell that fails: a notebook goes on with less, and is worth nothing."""
SEEN: tuple[RefusedKind, ...] = (*UNSEEN, "package", "secret")
"""What may be the reason of a cell that failed, and so of a value that is worth nothing."""
LEAST_LIKELY: dict[RefusedKind, int] = {"package": 1, "version": 2}
"""What is rather not why something is missing, and often stands in long lists, is told last."""
MOST_FLAGS = 8
"""Refusals that are told one by one."""


def spared(marks: Sequence[Mark], run: Run, code: Sequence[str]) -> tuple[Mark, ...]:
    """The marks, with settled zeros that may be owed to a refusal left for a person.

    Args:
        marks: of the notebook's tasks.
        run: what was refused in it.
        code: its code cells: what they do not name at all is not missing because of a refusal.
    """
    if not run.refused:
        return tuple(marks)
    return tuple(_spared(mark, run) if _tried(mark, code) else mark for mark in marks)


def _tried(mark: Mark, code: Sequence[str]) -> bool:
    """Whether the notebook names what a mark says is missing; True where it says nothing of that kind."""
    if mark.reason.code not in MISSING:
        return True
    # of a choice that nobody made, the reasons of its tasks stand behind it
    told = [mark.reason, *(item.message for item in mark.evidence if isinstance(item, Diagnosis))]
    asked = " ".join(str(message.params.get("name", "")) for message in told if message.code in MISSING)
    names = set(IDENTIFIER.findall(ARGUMENTS.sub("", asked)))
    return any("import *" in cell or names & set(IDENTIFIER.findall(cell)) for cell in code)


def _spared(mark: Mark, run: Run) -> Mark:
    if mark.kind in TEXTS or mark.status != "failed" or mark.earned != 0 or not mark.settled:
        return mark
    measured = mark.value is not None or any(item.kind in ("criteria", "study") for item in mark.evidence)
    causes = [one for one in run.refused if one.kind != "version"] or list(run.refused)
    if measured:
        failed = any(cell.status != "ok" for cell in run.cells)
        causes = [one for one in causes if one.kind in (SEEN if failed else UNSEEN)]
    if not causes:
        return mark
    cause, more = causes[0], len(causes) - 1
    first = Diagnosis(message=mark.reason)
    reason = say(f"refused.task.{cause.kind}", what=cause.what)
    others = (Diagnosis(message=say("refused.more", n=more)),) if more else ()
    return mark.model_copy(
        update={
            "status": "needs_review" if measured else "not_run",
            "earned": 0.0 if measured else None,
            "settled": False,
            "reason": reason,
            "hint": say(f"refused.hint.{cause.kind}"),
            "evidence": (first, *others, *mark.evidence),
        }
    )


def spared_apart(mark: Mark, run: Run) -> Mark:
    """The mark of own data, which is no zero where `train` or `predict` asked for what is not there.

    Args:
        mark: of a training or a prediction that left nothing to measure.
        run: the one in which it was to be measured, without the student's files and the course's mirror.
    """
    causes = [one.what for one in run.refused if one.kind != "version"]
    if mark.status != "failed" or not causes:
        return mark
    return mark.model_copy(
        update={
            "status": "not_run",
            "earned": None,
            "settled": False,
            "reason": say("own.refused", what=causes[0]),
            "hint": say("own.hint_refused"),
            "evidence": (Diagnosis(message=mark.reason), *mark.evidence),
        }
    )


def refusal_flags(marks: Sequence[Mark], run: Run) -> tuple[Flag, ...]:
    """One flag for each thing that was refused, where a mark waits for a person because of it."""
    if not any(mark.reason.code.startswith("refused.task.") for mark in marks):
        return ()
    return tuple(Flag(kind="refused", message=message) for message in told(run))


def told(run: Run) -> Iterator[Message]:
    """A sentence for each thing that was refused, as far as there is room."""
    likely_first = sorted(run.refused, key=lambda one: LEAST_LIKELY.get(one.kind, 0))
    for one in likely_first[:MOST_FLAGS]:
        yield say(f"refused.{one.kind}", what=one.what)
    if len(run.refused) > MOST_FLAGS:
        yield say("refused.more", n=len(run.refused) - MOST_FLAGS)
