"""Whether a notebook trains again or the weights that came with it are scored.

The notebook is never told to skip its training where that would leave it with nothing: without weights that
can be read, or without code that loads them, it is run as always and the report says what to change. Where
`auto` cannot know how long a training takes, it is repeated, since that proves more; if it then does not end
in time or comes to nothing, the weights are scored after all.
"""

from dataclasses import dataclass
from typing import Literal

from graders.checkpoint import Brought
from graders.model import Assignment, Course, Message, Mode, RunMode, say

After = Literal["", "rerun", "checkpoint"]


@dataclass(frozen=True, slots=True)
class Decision:
    """How a notebook is run, and what is done if that comes to nothing."""

    mode: RunMode
    otherwise: After = ""
    """The mode of a second run where weights do not load, or a training does not end in time."""
    note: Message | None = None
    """Why it is not as was asked for, or what `auto` decided by."""


def wanted_mode(course: Course, assignment: Assignment, asked: Mode | None = None) -> Mode:
    """What is asked for a notebook: on the command line, by its tasks, its assignment or the course."""
    return asked or assignment.wanted_mode or course.mode


def decide(
    wanted: Mode,
    brought: Brought,
    budget: float,
    estimate: float | None = None,
    declared: float | None = None,
) -> Decision:
    """How to run one notebook.

    Args:
        wanted: what is asked for.
        brought: the files that came with it.
        budget: seconds that all cells may take together.
        estimate: seconds that its training takes on this machine; None where nobody knows.
        declared: seconds that the student's curve says it took; None where it does not say.
    """
    if wanted == "rerun":
        return Decision("rerun")
    if not brought.usable:
        # the files' own problems say more where there are any, and `auto` asks nobody for weights
        asked = wanted == "checkpoint" and not brought.problems
        return Decision(
            "rerun", note=say("checkpoint.no_weights", expected=brought.expected) if asked else None
        )
    if wanted == "checkpoint":
        return Decision("checkpoint", otherwise="rerun")
    seconds = estimate if estimate is not None else declared
    if seconds is None or seconds <= budget:
        return Decision("rerun", otherwise="checkpoint")
    code = "checkpoint.estimated" if estimate is not None else "checkpoint.declared"
    return Decision(
        "checkpoint",
        otherwise="rerun",
        note=Message(code=code, params={"n": round(seconds), "budget": round(budget)}),
    )
