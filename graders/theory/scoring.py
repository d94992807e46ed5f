"""The first scorer: which key points an answer makes, with the words that show it.

Patterns over stems find the points, the words around each find guard against negation, and sentences that
only repeat the question count for nothing. Every mark on a text is provisional: keywords are evidence, not
understanding.
"""

import math
from collections.abc import Sequence

from graders.model import Answer, AnswerScore, KeyPoint, KeyPointFinding, Message, Question, Span, say
from graders.theory import negation
from graders.theory.likeness import restates
from graders.theory.patterns import Hit, parse, search
from graders.theory.reading import Reading, read, sentences

LONGEST_ANSWER = 12_000
"""Characters that are read of one answer."""
UNREAD = ("theory.unmatched_text", "theory.too_long", "essay.unread")
"""Notes that say that an answer may stand in what was not read as one."""
SPANS = 3
"""At most so many spans are shown for one point."""

# Not calibrated yet: an order of trust, from nothing found to several patterns agreeing.
_NOTHING, _DENIED, _ONE_PATTERN, _MORE_PATTERNS = 0.05, 0.2, 0.75, 0.9


def score_answer(question: Question, answer: Answer | None) -> AnswerScore:
    """Score one answer; deterministic.

    Only a blank or missing answer is settled, unless text was left unread or unmatched that may belong to it.
    """
    text = answer.text if answer else ""
    note = answer.note if answer else None
    told = text[:LONGEST_ANSWER]
    if len(told) < len(text):
        note = note or say("theory.too_long", read=LONGEST_ANSWER)
    copied = [span for span in sentences(told) if restates(question, told[slice(*span)])]
    reading = read(told, without=copied)
    if not reading.words:
        found = answer is not None and answer.source
        code = "theory.only_question" if copied else "theory.blank" if found else "theory.missing"
        unread = note is not None and note.code in UNREAD
        return AnswerScore(
            question=question.id,
            text=text,
            source=answer.source if answer else "",
            earned=0.0,
            possible=question.points,
            settled=not (copied or unread),
            findings=tuple(KeyPointFinding(id=point.id, probability=0.0) for point in question.key_points),
            reason=say(code),
            note=note,
        )
    findings = tuple(find_point(point, reading) for point in question.key_points)
    earned, reason = _mark(question, findings)
    return AnswerScore(
        question=question.id,
        text=text,
        source=answer.source if answer else "",
        earned=earned,
        possible=question.points,
        settled=False,
        findings=findings,
        reason=reason,
        note=note,
    )


def find_point(point: KeyPoint, reading: Reading) -> KeyPointFinding:
    """How probable it is that a text makes `point`, and the stretches that say so."""
    hits: set[Hit] = set()
    patterns = denied = 0
    for source in point.any:
        pattern = parse(source)
        found = search(pattern, reading)
        said = [hit for hit in found if not negation.denies(reading, hit, pattern.words)]
        patterns += bool(said)
        denied += len(found) - len(said)
        hits.update(said)
    if not hits:
        return KeyPointFinding(id=point.id, probability=_DENIED if denied else _NOTHING)
    return KeyPointFinding(
        id=point.id,
        probability=_MORE_PATTERNS if patterns > 1 else _ONE_PATTERN,
        spans=tuple(_span(reading, hit) for hit in _apart(sorted(hits))),
    )


def _mark(question: Question, findings: Sequence[KeyPointFinding]) -> tuple[float, Message]:
    share = sum(
        point.weight for point, finding in zip(question.key_points, findings, strict=True) if finding.made
    )
    count, total = sum(finding.made for finding in findings), len(findings)
    lacking = any(
        point.required and not finding.made
        for point, finding in zip(question.key_points, findings, strict=True)
    )
    capped = lacking and share > 0.5
    points = question.points * (0.5 if capped else share)
    # Half a step is rounded up; the small term keeps 0.1 + 0.2 from falling below it.
    steps = math.floor(points / question.step + 0.5 + 1e-9)
    earned = min(question.points, round(steps * question.step, 6))
    if count == total:
        return earned, say("theory.all_points", n=total)
    if count == 0:
        return earned, say("theory.no_points", total=total)
    return earned, say("theory.required_missing" if capped else "theory.some_points", n=count, total=total)


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """The shortest hits that do not overlap, in order."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.last - hit.first, hit)):
        if len(kept) < SPANS and all(hit.last < other.first or hit.first > other.last for other in kept):
            kept.append(hit)
    return sorted(kept)


def _span(reading: Reading, hit: Hit) -> Span:
    return Span(start=reading.words[hit.first].start, end=reading.words[hit.last].end)
