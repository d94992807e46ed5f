"""Reads what a model replied, trusting nothing of it: its schema, its key points, its quotes.

The share is computed here. `yes` earns a point's weight, `partial` half of it, `no` and `unsure` nothing; an
answer that makes a required point not even in part earns at most half.
"""

from collections import Counter
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from graders.model import Frozen, Message, say
from graders.model.judge import PointAnswer, PointVerdict, Refusal, Verdict
from graders.model.theory import Question
from graders.theory.judges.prompt import visible
from graders.theory.judges.quotes import find_quote

MOST_ALIKE = 2
"""More points than these on one and the same quote are worth a person's look."""

_WORTH: dict[PointAnswer, float] = {"yes": 1.0, "partial": 0.5, "no": 0.0, "unsure": 0.0}


class ReplyPoint(Frozen):
    """What a model says of one key point."""

    id: Annotated[str, Field(max_length=200)]
    quote: Annotated[str, Field(max_length=4_000)]
    verdict: PointAnswer


class Reply(Frozen):
    """What a model replies; this is what the cache keeps."""

    points: Annotated[tuple[ReplyPoint, ...], Field(max_length=100)]


class _Said(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Said


class _Completion(BaseModel):
    """The envelope of a chat completion, as far as it is used; servers add keys of their own."""

    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]


def content_of(body: bytes) -> str | None:
    """What the model said in a chat completion; None where the body is none."""
    try:
        return _Completion.model_validate_json(body).choices[0].message.content
    except ValidationError:
        return None


def read_reply(content: str | bytes, question: Question) -> Reply | Refusal:
    """The reply in the question's own order, or why it is none."""
    try:
        reply = Reply.model_validate_json(content)
    except ValidationError:
        return Refusal(reason=say("theory_judge.schema"))
    wanted = [point.id for point in question.key_points]
    found = {point.id: point for point in reply.points}
    if Counter(point.id for point in reply.points) != Counter(wanted):
        return Refusal(reason=say("theory_judge.other_points", found=len(reply.points), expected=len(wanted)))
    return Reply(points=tuple(found[name] for name in wanted))


def verdict_of(reply: Reply, question: Question, answer: str, model: str) -> Verdict | Refusal:
    """The verdict that a reply bears out; a refusal where none of its quotes is in the answer."""
    shown = visible(answer)
    points = tuple(_checked(point, shown) for point in reply.points)
    claimed = [point for point in reply.points if _WORTH[point.verdict]]
    if claimed and not any(point.span for point in points):
        return Refusal(reason=say("theory_judge.no_quote_occurs", n=len(claimed)))
    return Verdict(
        model=model, points=points, share=share_of(question, points), review=_review(reply, points)
    )


def _checked(said: ReplyPoint, shown: str) -> PointVerdict:
    if not _WORTH[said.verdict]:
        return PointVerdict(id=said.id, answer=said.verdict)
    span = find_quote(said.quote, shown)
    return PointVerdict(id=said.id, answer=said.verdict if span else "unsure", span=span)


def share_of(question: Question, points: tuple[PointVerdict, ...]) -> float:
    """Share of the question's points, from its weights and what is said of each key point, in its order."""
    pairs = list(zip(question.key_points, points, strict=True))
    earned = sum(point.weight * _WORTH[verdict.answer] for point, verdict in pairs)
    share = earned / sum(point.weight for point in question.key_points)
    if any(point.required and not _WORTH[verdict.answer] for point, verdict in pairs):
        share = min(share, 0.5)
    return round(min(share, 1.0), 6)


def _review(reply: Reply, points: tuple[PointVerdict, ...]) -> tuple[Message, ...]:
    unsure = sum(said.verdict == "unsure" for said in reply.points)
    unfounded = sum(point.answer == "unsure" for point in points) - unsure
    alike = max(Counter(point.span for point in points if point.span).values(), default=0)
    found = []
    if unsure:
        found.append(say("theory_judge.unsure", n=unsure))
    if unfounded:
        found.append(say("theory_judge.quote", n=unfounded))
    if alike > MOST_ALIKE:
        found.append(say("theory_judge.one_quote", n=alike))
    return tuple(found)
