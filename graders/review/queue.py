"""What a person should mark first: the answers that teach most, question by question."""

from collections.abc import Sequence
from dataclasses import dataclass

from graders.review.answers import Answered
from graders.theory import first_to_mark, profile_for


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits for a mark."""

    place: int
    """From 1: where it stands in the whole queue."""
    marks: int
    """How many marks of people its question has."""
    answered: Answered


def queue(answers: Sequence[Answered], question: str | None = None) -> list[Waiting]:
    """The answers without a mark of a person, what to mark first at the top.

    Within a question in k-centre order, beginning from the answers that are marked; of several questions by
    turns, the one with the fewest marks first.

    Args:
        answers: all of a lesson.
        question: the id of the only one that is asked for; None for all.
    """
    by_question: dict[str, list[Answered]] = {}
    for one in answers:
        if question is None or one.question.id == question:
            by_question.setdefault(one.question.id, []).append(one)
    lines: list[tuple[int, int, int, Answered]] = []
    for number, own in enumerate(by_question.values()):
        known = [at for at, one in enumerate(own) if one.edit is not None]
        order = first_to_mark([profile_for(one.question, one.score.text) for one in own], len(own), known)
        waiting = [own[at] for at in order if own[at].edit is None and own[at].score.route != "settled"]
        lines.extend((len(known) + turn, number, len(known), one) for turn, one in enumerate(waiting))
    lines.sort(key=lambda line: line[:2])
    return [Waiting(place, marks, one) for place, (_, _, marks, one) in enumerate(lines, 1)]
