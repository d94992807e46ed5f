"""What every frozen type shares, and the small types that carry text or point into it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["ru", "en"]


class Frozen(BaseModel):
    """Immutable; unknown keys and non-finite numbers are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        populate_by_name=True,
        serialize_by_alias=True,
    )


class Text(Frozen):
    """An author's text in the languages of the course."""

    ru: str
    en: str

    def to(self, language: Language) -> str:
        """The text in `language`."""
        return self.ru if language == "ru" else self.en


class Message(Frozen):
    """A sentence as data: a code of the catalogues in `graders/locale` and the values it is filled with."""

    code: str
    """Such as `probe.missing_name`; every language's catalogue has it."""
    params: dict[str, str | int | float] = {}
    """What the sentence's `{placeholders}` are filled with."""


class Span(Frozen):
    """A stretch of the student's own Markdown: `text[start:end]` of the answer it belongs to."""

    start: int
    end: int


def say(code: str, **params: str | int | float) -> Message:
    """A `Message`, written as a call.

    >>> say("limit.cell_seconds", cell=3, seconds=5.0).params["cell"]
    3
    """
    return Message(code=code, params=params)
