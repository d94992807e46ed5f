"""What is found in a student's own data."""

from dataclasses import dataclass
from typing import Literal

from graders.model import Message

Severity = Literal["stop", "look"]
"""`stop`: nothing can be measured on this data until it is changed. `look`: a person should judge."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the data that makes a measurement worthless, or may do so."""

    message: Message
    """What was found, and what to change."""
    severity: Severity
    rows: tuple[int, ...] = ()
    """Examples that show it, a few at most."""
    columns: tuple[int, ...] = ()
    """Columns, pixels of a flattened channel, or channels that show it, a few at most; counted from 0."""
