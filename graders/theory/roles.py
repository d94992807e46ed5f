"""What a comparison in a text compares, and with what.

What it compares with stands behind `чем`, `than`, `по сравнению с`, `unlike` and the like, or in the
genitive after a Russian comparative. What is compared is then the other of the two: before the claim in its
clause, in an earlier clause or sentence where only `она`, `so it is` and such words stand between, or
behind a claim that opens its sentence. Without such an object both must be named, each in its own clause:
`LSTM slower, RNN faster`.

Not covered, and so never decided: both compared with a third, a third that may be meant, pronouns after a
sentence that names both, `the former`, and a bare `more` without `than`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from graders.theory import comparisons
from graders.theory.patterns import Hit
from graders.theory.reading import Reading

LONGEST_GENITIVE = 2
"""Adjectives between a Russian comparative and its genitive."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names one of the two."""

    hit: Hit
    agent: bool
    """Whether it is the relation's agent, and not what that is compared with."""
    marked: bool
    """Whether `than` or the like stands before it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A claim in its text."""

    reading: Reading
    claim: Hit

    def subject(self, near: Sequence[Mention]) -> Mention | None:
        """Which of the mentions `near` is compared; None where that is not clear."""
        sentence = self._sentence(self.claim.first)
        here = [one for one in near if self._sentence(one.hit.first) == sentence]
        earlier = [one for one in near if self._sentence(one.hit.first) == sentence - 1]
        objects = [one for one in here if self._is_object(one)]
        others = [one for one in here if one not in objects and not one.marked and not self._is_taken(one)]
        if any(self._is_joined(left, right) for left, right in pairwise(here)):
            return None
        if not objects:
            return self._contrasted(others)
        if len({one.agent for one in objects}) > 1:
            return None
        subject = self._before(others, earlier) or self._behind(others)
        return subject if subject and subject.agent != objects[0].agent else None

    def is_of_them(self, near: Sequence[Mention]) -> bool:
        """Whether the claim is about the two themselves and not, say, about how fast one's error falls."""
        if self._text(self.claim.first) in comparisons.BARE:
            return True
        start, end = self.claim.first, self.claim.last + 1
        while start and self._clause(start - 1) == self._clause(self.claim.first):
            start -= 1
        while end < len(self.reading.words) and self._clause(end) == self._clause(self.claim.last):
            if any(one.hit.first == end for one in near) or self._text(end) in comparisons.THAN:
                break
            end += 1
        named = {at for one in near for at in range(one.hit.first, one.hit.last + 1)}
        named.update(range(self.claim.first, self.claim.last + 1))
        return all(
            self._text(at) in comparisons.OPENINGS or self._text(at).endswith(comparisons.ADJECTIVES)
            for at in range(start, end)
            if at not in named and not self._text(at).isdecimal()
        )

    def _text(self, at: int) -> str:
        return self.reading.words[at].text

    def _texts(self, start: int, end: int) -> list[str]:
        return [word.text for word in self.reading.words[max(0, start) : max(0, end)]]

    def _sentence(self, at: int) -> int:
        return self.reading.words[at].sentence

    def _clause(self, at: int) -> int:
        return self.reading.words[at].clause

    def _is_taken(self, mention: Mention) -> bool:
        """Whether the words before `mention` deny it, or compare something else with it."""
        before = [
            self._text(at)
            for at in range(max(0, mention.hit.first - 2), mention.hit.first)
            if self._clause(at) == self._clause(mention.hit.first)
        ]
        genitive = any(text.endswith(comparisons.GENITIVE_AFTER) for text in before if _is_comparative(text))
        return genitive or not comparisons.NOT.isdisjoint(before)

    def _is_object(self, mention: Mention) -> bool:
        """Whether the claim compares with `mention`."""
        first, between = mention.hit.first, self._texts(self.claim.last + 1, mention.hit.first)
        if mention.marked:
            by_than = not comparisons.THAN.isdisjoint(self._texts(first - 6, first))
            return not by_than or (first > self.claim.last and not any(map(_is_comparative, between)))
        return (
            first > self.claim.last
            and self._clause(first) == self._clause(self.claim.last)
            and self._text(self.claim.first).endswith(comparisons.GENITIVE_AFTER)
            and len(between) <= LONGEST_GENITIVE
            and all(text.endswith(comparisons.ADJECTIVES) for text in between)
        )

    def _is_joined(self, left: Mention, right: Mention) -> bool:
        """Whether the two are named together: `LSTM и RNN`."""
        between = self._texts(left.hit.last + 1, right.hit.first)
        return (
            left.agent != right.agent
            and not comparisons.JOINS.isdisjoint(between)
            and comparisons.GOVERNED.union(comparisons.JOINS).issuperset(between)
        )

    def _before(self, others: Sequence[Mention], earlier: Sequence[Mention]) -> Mention | None:
        """The last that is named before the claim, where nothing else can be meant."""
        named = [one for one in others if one.hit.last < self.claim.first]
        start = self.claim.first
        while start and self._clause(start - 1) == self._clause(self.claim.first):
            start -= 1
        if named:
            subject = named[-1]
            if subject.hit.last >= start:
                return None if self._names_third(subject.hit.last + 1, self.claim.first) else subject
            return subject if self._is_light(start, self.claim.first) else None
        pronoun = not comparisons.PRONOUNS.isdisjoint(self._texts(start, self.claim.first))
        alone = len({one.agent for one in earlier}) == 1
        opens = start == 0 or self._sentence(start - 1) != self._sentence(start)
        if pronoun and alone and opens and self._is_light(start, self.claim.first):
            return earlier[-1]
        return None

    def _behind(self, others: Sequence[Mention]) -> Mention | None:
        """The only one that is named behind a claim that opens its sentence: `медленнее RNN именно LSTM`."""
        named = [one for one in others if one.hit.first > self.claim.last]
        start = self.claim.first
        while start and self._sentence(start - 1) == self._sentence(self.claim.first):
            start -= 1
        before = {
            text
            for at, text in enumerate(self._texts(start, self.claim.first), start)
            if not any(one.hit.first <= at <= one.hit.last for one in others)
        }
        return named[0] if len(named) == 1 and before <= comparisons.OPENINGS else None

    def _contrasted(self, others: Sequence[Mention]) -> Mention | None:
        """The one in the claim's clause, where the other stands in another: `LSTM slower, RNN faster`."""
        clause = self._clause(self.claim.first)
        mine = [one for one in others if self._clause(one.hit.first) == clause]
        end = self.claim.last + 1
        words = self.reading.words
        while end < len(words) and words[end].clause == clause:
            end += 1
        compared = not comparisons.THAN.isdisjoint(self._texts(end, end + 1))
        if len(mine) != 1 or compared or self._text(self.claim.first) in comparisons.BARE:
            return None
        subject = mine[0]
        apart = any(one.agent != subject.agent and self._clause(one.hit.first) != clause for one in others)
        named_first = subject.hit.last < self.claim.first
        plain = self._is_light(subject.hit.last + 1, self.claim.first) and self._is_light(
            self.claim.last + 1, end
        )
        return subject if apart and named_first and plain else None

    def _is_light(self, start: int, end: int) -> bool:
        """Whether only words stand there that name nothing."""
        return all(text in comparisons.LIGHT or text.isdecimal() for text in self._texts(start, end))

    def _names_third(self, start: int, end: int) -> bool:
        return any(text.startswith(comparisons.RIVALS) for text in self._texts(start, end))


def _is_comparative(text: str) -> bool:
    return text in comparisons.COMPARATIVES or text.endswith(("ее", "ier"))
