"""Whether a comparison is stated with its roles right or swapped, in Russian and English.

A word of the comparison is a claim; `roles` finds what it compares. Nothing is said where a claim is denied
(`не медленнее`), doubted (`I thought that`, `if`), asked, or an equality (`as slow as`).

An honest sentence must never be called swapped, so much that is swapped is not found. A claim is swapped
only where its clause speaks of the two themselves: `LSTM converges faster than RNN` is no claim that it is
faster. Not covered: a Russian question without `разве` or `ли`, for a reading has no question marks; a
right claim about something else of the two, which is called right.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graders.model import Relation
from graders.theory import comparisons, negation
from graders.theory.patterns import Hit, parse, search
from graders.theory.reading import Reading
from graders.theory.roles import Mention, Place

WINDOW = 30
"""How many words from a claim the two that it compares may stand."""
MOST_CLAIMS = 300
"""Claims that are looked at in one answer."""


@dataclass(frozen=True, slots=True)
class RelationFinding:
    """Where a text states a comparison."""

    right: tuple[Hit, ...] = ()
    """Stretches that say it as the rubric does."""
    swapped: tuple[Hit, ...] = ()
    """Stretches that say it with exchanged roles."""


def find_relation(relation: Relation, reading: Reading) -> RelationFinding:
    """Where `reading` states `relation`, and where with its roles swapped.

    Raises:
        PatternError: words of the relation break the grammar of patterns.
    """
    mentions = _mentions(relation, reading)
    starts = [mention.hit.first for mention in mentions]
    right: list[Hit] = []
    swapped: list[Hit] = []
    for claim, reverse, own in _claims(relation, reading):
        low, high = bisect_left(starts, claim.first - WINDOW), bisect_right(starts, claim.last + WINDOW)
        if not mentions[low:high] or not _is_plain(reading, claim, own):
            continue
        place = Place(reading, claim)
        subject = place.subject(mentions[low:high])
        if subject is None or (subject.agent == reverse and not place.is_of_them(mentions[low:high])):
            continue
        hit = Hit(min(claim.first, subject.hit.first), max(claim.last, subject.hit.last))
        (right if subject.agent != reverse else swapped).append(hit)
    return RelationFinding(tuple(right), tuple(swapped))


def _claims(relation: Relation, reading: Reading) -> Iterator[tuple[Hit, bool, frozenset[str]]]:
    """Places of the comparison's words, whether they say the reverse, and the words of their pattern."""
    for source, reverse in ((relation.relation, False), (relation.opposite, True)):
        if source:
            pattern = parse(source)
            for hit in search(pattern, reading)[:MOST_CLAIMS]:
                yield hit, reverse, pattern.words


def _mentions(relation: Relation, reading: Reading) -> list[Mention]:
    """Places that name either, in order; of two that overlap or stand side by side only the first."""
    texts = [word.text for word in reading.words]
    found = [(hit, True) for hit in search(parse(relation.agent), reading)]
    found += [(hit, False) for hit in search(parse(relation.than), reading)]
    mentions: list[Mention] = []
    for hit, agent in sorted(found, key=lambda one: (one[0].first, -one[0].last)):
        last = mentions[-1] if mentions else None
        if last and (hit.first <= last.hit.last or (_side_by_side(reading, last, hit) and not last.marked)):
            continue
        mentions.append(Mention(hit, agent, _is_marked(texts, hit.first)))
    return mentions


def _side_by_side(reading: Reading, last: Mention, hit: Hit) -> bool:
    words = reading.words
    return hit.first == last.hit.last + 1 and words[hit.first].clause == words[last.hit.last].clause


def _is_marked(texts: Sequence[str], at: int) -> bool:
    """Whether `than`, `по сравнению с` or the like governs the word at `at`."""
    for before in range(at - 1, max(-1, at - 6), -1):
        two = f"{texts[before - 1]} {texts[before]}" if before else ""
        if texts[before] in comparisons.MARKERS or two in comparisons.MARKERS_OF_TWO:
            return True
        if texts[before] not in comparisons.GOVERNED and not texts[before].endswith(comparisons.ADJECTIVES):
            return False
    return False


def _is_plain(reading: Reading, claim: Hit, own: frozenset[str]) -> bool:
    """Whether a claim is neither denied, doubted, an equality nor one half of `чем …, тем …`."""
    words = reading.words
    start = max(0, claim.first - WINDOW)
    before = [
        word.text for word in words[start : claim.first] if word.sentence == words[claim.first].sentence
    ]
    conditional = not comparisons.CONDITIONS.isdisjoint(before)
    if conditional and not any(text.startswith(comparisons.COMPARE) for text in before):
        return False
    if any(text.startswith(comparisons.DOUBTS) for text in before):
        return False
    if not comparisons.ASKED.isdisjoint(before[:1]):
        return False
    if not comparisons.EQUAL.isdisjoint(before[-2:]) or not comparisons.PAIRED.isdisjoint(before[-1:]):
        return False
    return not negation.denies(reading, claim, own)
