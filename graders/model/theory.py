"""Theory: what is asked in `theory.toml`, and what was found in a student's answer."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from graders.model.base import Frozen, Message, Span, Text
from graders.model.judge import Refusal, Verdict


class Formula(Frozen):
    """A formula that an answer may give, compared by its value and not by its letters' order."""

    latex: str
    """LaTeX; either side of its `=` is compared with the student's where there is one."""
    variables: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """For each symbol the range that it is tried in; a symbol that is not named is tried in 0.2 to 2."""

    def __hash__(self) -> int:
        return hash((self.latex, tuple(sorted(self.variables.items()))))


class Quantity(Frozen):
    """A number that an answer must give."""

    value: float
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    """How far from `value` an answer may be."""
    near: str = ""
    """A pattern that must stand in the same sentence; empty where the number alone says it."""


class KeyPoint(Frozen):
    """One thing that a full answer says: by a pattern, a paraphrase, a formula or a number."""

    id: str
    weight: Annotated[float, Field(gt=0)]
    """Share of the question's points; the weights of a question add up to 1."""
    title: Text
    """What the point is, in a few words for the report."""
    any: tuple[str, ...] = ()
    """Patterns, any of which earns the point: `share weight ~6 position` is those stems within six words."""
    paraphrases: tuple[str, ...] = ()
    """Sentences that say the point; an answer's sentence that is close to one is evidence for it."""
    formulas: tuple[Formula, ...] = ()
    """Formulas, any of which earns the point."""
    number: Quantity | None = None
    """A number that earns the point."""
    required: bool = False
    """Without it the answer earns at most half."""
    yes: tuple[str, ...] = ()
    """Sentences that must earn the point; checked when the rubric is loaded."""
    no: tuple[str, ...] = ()
    """Sentences that must not."""


class Misconception(Frozen):
    """Something wrong that students say; it costs points, and a person always looks at it."""

    id: str
    title: Text
    """What is wrong, in a few words for the report."""
    any: tuple[str, ...] = Field(min_length=1)
    """Patterns, as in a key point."""
    penalty: Annotated[float, Field(ge=0, le=1)]
    """Share of the question's points."""
    yes: tuple[str, ...] = ()
    """Sentences that must be found to say it; checked when the rubric is loaded."""
    no: tuple[str, ...] = ()
    """Sentences that must not."""


class Relation(Frozen):
    """A comparison whose roles students swap: `agent` is `relation` than `than`."""

    id: str
    title: Text
    """The comparison in a few words for the report: `an LSTM is slower than an RNN`."""
    agent: str
    """Words as one place of a pattern: `lstm|лстм`."""
    relation: str
    """Words of the comparison: `slower|медленн*`."""
    than: str
    """Words of what it is compared with: `rnn|рнн`."""
    opposite: str = ""
    """Words that say the reverse: `faster|быстре*`; with them the roles are exchanged."""
    penalty: Annotated[float, Field(ge=0, le=1)]
    """Share of the question's points that swapped roles cost."""
    yes: tuple[str, ...] = ()
    """Sentences with swapped roles, which must be found; checked when the rubric is loaded."""
    no: tuple[str, ...] = ()
    """Sentences that must not be found, the right comparison among them."""


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
    misconceptions: tuple[Misconception, ...] = ()
    relations: tuple[Relation, ...] = ()


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


PointEvidence = Literal[
    "nothing", "denied", "unread", "paraphrase", "pattern", "patterns", "formula", "number"
]
"""What a finding stands on; `denied`: the words are negated; `unread`: a formula could not be read."""


class KeyPointFinding(Frozen):
    """Whether an answer makes a key point, and where."""

    id: str
    probability: Annotated[float, Field(ge=0, le=1)]
    """How sure the scorer is that the point is made."""
    spans: tuple[Span, ...] = ()
    """Where; for `denied` what is denied."""
    evidence: PointEvidence = "nothing"

    @property
    def made(self) -> bool:
        """Whether the point counts as made."""
        return self.probability >= MADE


GuardKind = Literal[
    "question_copy",
    "salad",
    "verbatim_reference",
    "repetition",
    "negation",
    "invisible",
    "look_alike",
    "instruction",
    "wrong_language",
    "alike",
]


class GuardFlag(Frozen):
    """Something about an answer that a person should look at; never a deduction."""

    kind: GuardKind
    message: Message
    spans: tuple[Span, ...] = ()


class Piece(Frozen):
    """A stretch of an answer's text that stands unchanged in something that the student wrote."""

    at: int
    """Offset in the answer's text."""
    source: str
    """Where it stands: `l04_cnn.md` or `cell 7`."""
    start: int
    """Offset in the whole text of that source."""
    end: int


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
    pieces: tuple[Piece, ...] = ()
    """Where the text comes from, in order; what lies between two pieces only joins them."""


Route = Literal["settled", "provisional", "review"]
"""Settled: nobody need look. Provisional: a mark until someone does. Review: someone should look first."""


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
    route: Route = "provisional"
    why: Message | None = None
    """Why it is on that route."""
    low: float | None = None
    """Points that a person would give at least, in 95 of 100 such cases; None where nothing was judged."""
    high: float | None = None
    sureness: float | None = None
    """Probability that a person's points lie within a fifth of the possible ones."""
    findings: tuple[KeyPointFinding, ...] = ()
    misconceptions: tuple[KeyPointFinding, ...] = ()
    """Wrong statements and swapped comparisons that were found, by id; they have cost points."""
    guards: tuple[GuardFlag, ...] = ()
    reason: Message
    note: Message | None = None
    judged: Annotated[Verdict | Refusal, Field(discriminator="kind")] | None = None
    """What a judge said of it; None where none was asked. It moves no points and settles nothing."""


Trend = Literal["gain", "no_gain", "loss"]
"""What happens to a figure as a size grows: a change beyond the noise, or none."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a student says in Markdown about the trend of a study."""

    text: str
    """The student's own sentences, plain text, capped; empty where none were found."""
    says: Trend | None
    """None where nothing is said clearly."""
