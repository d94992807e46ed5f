"""What a rubric alone says of an answer: its key points, what is wrong in it, and the share they make."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from graders.model import KeyPointFinding, Message, Question, say
from graders.theory.learning.cases import LONGEST_ANSWER, case_of, read_answer
from graders.theory.learning.course import Case
from graders.theory.points import find_point, find_wrong
from graders.theory.reading import Reading

CAP = 0.5
"""Share that an answer earns at most without a required point."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rubric says of an answer."""

    findings: tuple[KeyPointFinding, ...]
    """One for each key point, in order."""
    wrong: tuple[KeyPointFinding, ...]
    """Misconceptions and swapped comparisons that were found."""
    whole: float
    """Share of the points that were made, before anything is taken off."""
    share: float
    """Share that is earned."""
    reason: Message

    @property
    def features(self) -> tuple[float, ...]:
        """What the models see of it: the share, what was taken off it, and how probable the points are."""
        return (self.share, self.whole - self.share, sum(one.probability for one in self.findings))


def rule(question: Question, reading: Reading) -> Ruling:
    """What the rubric of `question` says of an answer."""
    findings = tuple(find_point(point, reading) for point in question.key_points)
    wrong = find_wrong(question, reading)
    pairs = list(zip(question.key_points, findings, strict=True))
    whole = min(1.0, sum(point.weight for point, finding in pairs if finding.made))
    capped = any(point.required and not finding.made for point, finding in pairs) and whole > CAP
    taken = sum(penalties(question)[finding.id] for finding in wrong)
    share = max(0.0, (CAP if capped else whole) - taken)
    return Ruling(findings, wrong, whole, share, _reason(findings, capped=capped))


def penalties(question: Question) -> dict[str, float]:
    """Share of the points that each misconception and swapped comparison costs, by id."""
    return {
        **{one.id: one.penalty for one in question.misconceptions},
        **{one.id: one.penalty for one in question.relations},
    }


def points_of(question: Question, share: float) -> float:
    """A share as points, rounded to the question's step; half a step is rounded up."""
    # The small term keeps 0.1 + 0.2 from falling below half a step.
    steps = math.floor(question.points * share / question.step + 0.5 + 1e-9)
    return min(question.points, round(steps * question.step, 6))


def _reason(findings: Sequence[KeyPointFinding], *, capped: bool) -> Message:
    made, total = sum(finding.made for finding in findings), len(findings)
    if made == total:
        return say("theory.all_points", n=total)
    if made == 0:
        return say("theory.no_points", total=total)
    return say("theory.required_missing" if capped else "theory.some_points", n=made, total=total)


def case_for(question: Question, text: str) -> Case:
    """An answer to a question with a rubric, as the models see it."""
    reading, _ = read_answer(question, text[:LONGEST_ANSWER])
    return case_of(question, reading, rule(question, reading).features)
