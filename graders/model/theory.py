"""Theory: what is asked in `theory.toml`, and what was found in a student's answer."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from graders.model.base import Frozen, Message, Text


class KeyPoint(Frozen):
    """One thing that a full answer says."""

    id: str
    weight: Annotated[float, Field(gt=0)]
    """Share of the question's points; the weights of a question add up to 1."""
    title: Text
    """What the point is, in a few words for the report."""
    any: tuple[str, ...] = Field(min_length=1)
    """Patterns, any of which earns the point: `share weight ~6 position` is those stems within six words."""
    required: bool = False
    """Without it the answer earns at most half."""
    yes: tuple[str, ...] = ()
    """Sentences that must earn the point; checked when the rubric is loaded."""
    no: tuple[str, ...] = ()
    """Sentences that must not."""


class Question(Frozen):
    """One question of `theory.toml`."""

    id: str
    """Its number as students see it: `1`."""
    points: Annotated[float, Field(gt=0)]
    step: Annotated[float, Field(gt=0)] = 0.25
    """Points are rounded to a multiple of it."""
    text: Text
    answer: Text
    """The reference answer; it must earn full marks under its own rubric."""
    key_points: tuple[KeyPoint, ...] = Field(min_length=1)


class Essay(Question):
    """An essay of `theory.toml`: its key points are the elements that it must have."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """That of its task."""
    heading: Text
    """The Markdown heading that students write it under."""
    words: Annotated[int, Field(gt=0)]
    """A length to aim at; a much shorter text is pointed out to the person who reads it."""


class Rubric(Frozen):
    """`theory.toml` as a whole."""

    questions: tuple[Question, ...] = Field(min_length=1)
    essays: tuple[Essay, ...] = ()


MADE = 0.5
"""A point counts as made from this probability on."""


class Span(Frozen):
    """A stretch of the student's own Markdown: `text[start:end]` of the answer it belongs to."""

    start: int
    end: int


class KeyPointFinding(Frozen):
    """Whether an answer makes a key point, and where."""

    id: str
    probability: Annotated[float, Field(ge=0, le=1)]
    """How sure the scorer is that the point is made."""
    spans: tuple[Span, ...] = ()

    @property
    def made(self) -> bool:
        """Whether the point counts as made."""
        return self.probability >= MADE


class Answer(Frozen):
    """A student's answer to one question, as it was found, before it is scored."""

    question: str
    """Id of the question that it was matched to."""
    text: str
    """The student's Markdown of the answer, unchanged; spans index into it."""
    source: str
    """Where it stands: `l04_cnn.md` or `cell 7`."""
    matched_by: Literal["number_and_text", "number", "text"]
    note: Message | None = None
    """What a person should know about the match, such as a number that contradicts the text."""


class AnswerScore(Frozen):
    """A scored answer."""

    kind: Literal["answer"] = "answer"
    question: str
    text: str
    """The student's Markdown; empty where no answer was found."""
    source: str
    earned: float
    possible: float
    settled: bool
    """False while no person or settled rule stands behind the points."""
    findings: tuple[KeyPointFinding, ...] = ()
    reason: Message
    note: Message | None = None


Trend = Literal["gain", "no_gain", "loss"]
"""What happens to a figure as a size grows: a change beyond the noise, or none."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a student says in Markdown about the trend of a study."""

    text: str
    """The student's own sentences, plain text, capped; empty where none were found."""
    says: Trend | None
    """None where nothing is said clearly."""
