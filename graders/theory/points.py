"""What a rubric finds in an answer: key points, wrong statements, swapped comparisons, each with its place.

How probable each kind of evidence makes a point is fitted to answers that people marked; see
`benchmarks/theory/fit_prior.py`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from graders.model import (
    KeyPoint,
    KeyPointFinding,
    Misconception,
    PointEvidence,
    Quantity,
    Question,
    Relation,
    Span,
)
from graders.theory import negation
from graders.theory.formulas import find_formulas
from graders.theory.hidden import hidden
from graders.theory.learning.prior import load_prior
from graders.theory.nearby import negates
from graders.theory.paraphrases import find_paraphrase
from graders.theory.patterns import Hit, parse, search
from graders.theory.quantities import find_quantity
from graders.theory.reading import Reading
from graders.theory.relations import find_relation

SPANS = 3
"""At most so many spans are shown for one point."""
BESIDE = 2
"""Words before a number among which it is denied: `without padding the size is 8` denies no 8."""


def find_point(point: KeyPoint, reading: Reading) -> KeyPointFinding:
    """How probable it is that a text makes `point`, and the stretches that say so."""
    said, denied, patterns = _search(point.any, reading)
    evidence: PointEvidence = "patterns" if patterns > 1 else "pattern"
    spans = _spans(reading, said)
    unread: list[Span] = []
    if not spans and point.formulas:
        found = find_formulas(point.formulas, reading.text, hidden(reading.text))
        spans, evidence = [span for one in found if one.status == "same" for span in one.spans], "formula"
        unread = [span for one in found if one.status == "unread" for span in one.spans]
    if not spans and point.number:
        given, refused = _numbers(point.number, reading)
        spans, denied, evidence = _spans(reading, given), [*denied, *refused], "number"
    if not spans and point.paraphrases:
        spans, evidence = find_paraphrase(point.paraphrases, reading), "paraphrase"
    if not spans:
        spans, evidence = _spans(reading, denied), "denied" if denied else "nothing"
    if not spans and unread:
        spans, evidence = unread, "unread"
    probability = load_prior().evidence[evidence]
    return KeyPointFinding(
        id=point.id, probability=probability, spans=tuple(spans[:SPANS]), evidence=evidence
    )


def find_wrong(question: Question, reading: Reading) -> tuple[KeyPointFinding, ...]:
    """The misconceptions and swapped comparisons of `question` that a text states; those alone."""
    found = []
    for misconception in question.misconceptions:
        finding = find_misconception(misconception, reading)
        if finding:
            found.append(finding)
    for relation in question.relations:
        finding = find_swapped(relation, reading)
        if finding:
            found.append(finding)
    return tuple(found)


def find_misconception(misconception: Misconception, reading: Reading) -> KeyPointFinding | None:
    """Where a text states a misconception; None where it does not, or denies it."""
    said, _, patterns = _search(misconception.any, reading)
    return _wrong(misconception.id, reading, said, "patterns" if patterns > 1 else "pattern")


def find_swapped(relation: Relation, reading: Reading) -> KeyPointFinding | None:
    """Where a text states a comparison with its roles swapped; None where it does not."""
    return _wrong(relation.id, reading, list(find_relation(relation, reading).swapped), "pattern")


def _wrong(
    name: str, reading: Reading, hits: Sequence[Hit], evidence: PointEvidence
) -> KeyPointFinding | None:
    if not hits:
        return None
    return KeyPointFinding(
        id=name,
        probability=load_prior().evidence[evidence],
        spans=tuple(_spans(reading, hits)[:SPANS]),
        evidence=evidence,
    )


def _search(sources: Sequence[str], reading: Reading) -> tuple[list[Hit], list[Hit], int]:
    """What patterns find, what they find denied, and how many of them find something that is not."""
    said: set[Hit] = set()
    denied: set[Hit] = set()
    patterns = 0
    for source in sources:
        pattern = parse(source)
        found = search(pattern, reading)
        refused = {hit for hit in found if negation.denies(reading, hit, pattern.words)}
        patterns += len(refused) < len(found)
        denied |= refused
        said.update(hit for hit in found if hit not in refused)
    return sorted(said), sorted(denied - said), patterns


def _numbers(quantity: Quantity, reading: Reading) -> tuple[list[Hit], list[Hit]]:
    """Where a text gives a number, and where it says that it is not that."""
    starts = [word.start for word in reading.words]
    given: list[Hit] = []
    refused: list[Hit] = []
    for span in find_quantity(quantity, reading.text, reading):
        first = max(0, bisect_right(starts, span.start) - 1)
        first += reading.words[first].end <= span.start
        hit = Hit(first, bisect_left(starts, span.end) - 1)
        beside = reading.words[max(0, hit.first - BESIDE) : hit.last + 2]
        denied = any(negates(word.text) for word in beside) and negation.denies(reading, hit, ())
        (refused if denied else given).append(hit)
    return given, refused


def _spans(reading: Reading, hits: Sequence[Hit]) -> list[Span]:
    """The shortest hits that do not overlap, in order."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.last - hit.first, hit)):
        if len(kept) < SPANS and all(hit.last < other.first or hit.first > other.last for other in kept):
            kept.append(hit)
    words = reading.words
    return [Span(start=words[hit.first].start, end=words[hit.last].end) for hit in sorted(kept)]
