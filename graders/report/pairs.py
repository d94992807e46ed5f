"""What the class page says of two students whose theory answers are nearly the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students whose answers to a question are nearly the same."""

    question: str
    students: tuple[str, str]
    words: int
    """How many words they share."""
    shared: tuple[str, str]
    """The longest stretch that they share, as each of them wrote it."""
