"""What the class page says of students whose theory answers are nearly the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlikeGroup:
    """Students whose answers to a question are nearly the same, each as some other's."""

    question: str
    students: tuple[str, ...]
    words: int
    """How many words the two most alike share."""
    shared: tuple[str, str]
    """The longest stretch that those two share, as each of them wrote it."""
