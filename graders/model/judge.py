"""Judges of theory answers: how one is reached, and what it says of an answer or why it says nothing."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from graders.model.base import Frozen, Message, Span


class JudgeConfig(Frozen):
    """The table `[judge]` of `course.toml`; a judge is off unless both `base_url` and `model` are known."""

    base_url: str = ""
    """Address that `/chat/completions` is added to: `https://api.openai.com/v1`, `http://localhost:8000/v1`."""
    model: str = ""
    """Name of the model as the endpoint knows it."""
    seconds: Annotated[float, Field(gt=0, le=600)] = 60.0
    """Limit for one answer, all tries and pauses together."""
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    """How often a request is repeated that failed in a way which may pass."""
    failures: Annotated[int, Field(ge=1)] = 3
    """After so many answers in a row that the endpoint failed on, the judge is off for the rest of a run."""
    key_variable: str = Field(default="GRADE_JUDGE_KEY", pattern=r"^[A-Z][A-Z0-9_]*$")
    """Environment variable that holds the key; the key itself stands in no file."""

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        """An http(s) address without a name, a password or a query in it."""
        if not value:
            return value
        try:
            parts = urlsplit(value)
            sound = parts.port != 0 and bool(parts.hostname)
        except ValueError:
            sound = False
        if not sound or parts.scheme not in ("http", "https"):
            raise ValueError("is no address; expected one such as https://host/v1")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ValueError("holds more than an address; give the key in an environment variable")
        return value.rstrip("/")


PointAnswer = Literal["yes", "no", "partial", "unsure"]


class PointVerdict(Frozen):
    """What a judge says of one key point, as far as its quote bears it out."""

    id: str
    answer: PointAnswer
    """`unsure` too where a `yes` or `partial` came without a quote that holds."""
    span: Span | None = None
    """Where the quote stands in the answer; None where there is none that holds."""


class Verdict(Frozen):
    """A judge's verdict; its share is computed here from the answers to the key points."""

    kind: Literal["verdict"] = "verdict"
    model: str
    points: tuple[PointVerdict, ...]
    """One for each key point of the question, in its order."""
    share: Annotated[float, Field(ge=0, le=1)]
    """Share of the question's points; misconceptions are not looked at."""
    review: tuple[Message, ...] = ()
    """What a person should look at; empty where nothing stands out."""


_ABOUT_THE_ANSWER = frozenset(
    f"theory_judge.{code}" for code in ("instruction", "blank", "too_long", "no_quote_occurs")
)


class Refusal(Frozen):
    """Why there is no verdict; a person decides, and nothing is deducted."""

    kind: Literal["refusal"] = "refusal"
    reason: Message
    spans: tuple[Span, ...] = ()
    """Stretches of the answer that the reason is about."""

    @property
    def about_answer(self) -> bool:
        """Whether the reason lies in the answer, and not in a judge that no student can mend."""
        return self.reason.code in _ABOUT_THE_ANSWER
