"""What a worker says: JSON that the main process checks, since a worker has handled a stranger's bytes."""

import json
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from graders.model import Frozen, Message, RunStatus

LONGEST = 2**16
"""Bytes of one message."""


class Step(Frozen):
    """A cell or a step of the probe begins."""

    event: Literal["step"] = "step"
    stage: Literal["start", "cell", "probe", "collect"]
    done: int
    total: int
    name: str = Field(max_length=200)


class Done(Frozen):
    """The record stands on the disk."""

    event: Literal["done"] = "done"
    student: str = Field(max_length=200)
    slug: str = Field(max_length=200)
    status: Literal["graded", "needs_review", "ungradable"]
    run_status: RunStatus
    earned: float
    possible: float
    seconds: float
    """From the reading of the submission to its record."""


class Trouble(Frozen):
    """The machine failed, not the work; nothing was written."""

    event: Literal["trouble"] = "trouble"
    message: Message


class Unwritten(Frozen):
    """It is graded, and the record or the report could not be written."""

    event: Literal["unwritten"] = "unwritten"
    reason: str = Field(max_length=1000)


class Fault(Frozen):
    """The toolkit failed; nothing was written."""

    event: Literal["fault"] = "fault"
    type: str
    traceback: str


Event = Annotated[Step | Done | Trouble | Unwritten | Fault, Field(discriminator="event")]
_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


def encode(event: Event) -> bytes:
    """The event as bytes for the pipe."""
    # a traceback may name a file whose name is no text
    return json.dumps(event.model_dump(), ensure_ascii=False).encode("utf-8", "replace")


def decode(data: bytes) -> Event:
    """The event that a worker sent.

    Raises:
        ValidationError: it is none.
    """
    return _EVENTS.validate_json(data)
