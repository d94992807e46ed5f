"""The words around a hit, and where a denial among them ends; no judgement of what they say."""

from collections.abc import Sequence

from graders.theory import denials
from graders.theory.denials import phrase_at
from graders.theory.lexicon import CLAUSE_CONJUNCTIONS
from graders.theory.patterns import Hit
from graders.theory.reading import Word

LONG = 30
"""Words before and after a hit that are looked at."""
AFTER_AND = 3
"""Words after `и` among which a verb begins a new statement."""


def negates(word: str) -> bool:
    """Whether a folded word denies what follows it."""
    return word in denials.NEGATORS or word.endswith("n't")


class Near:
    """The words around a hit, counted from the first that is looked at, `n't` folded to `not`."""

    def __init__(self, words: Sequence[Word], hit: Hit) -> None:
        start = max(0, hit.first - LONG)
        sentence = words[hit.first].sentence
        while words[start].sentence < sentence:
            start += 1
        stretch = words[start : hit.last + 1 + LONG]
        self.texts = ["not" if negates(word.text) and "'" in word.text else word.text for word in stretch]
        self.clauses = [word.clause for word in stretch]
        self.sentences = [word.sentence for word in stretch]
        self.first, self.last = hit.first - start, hit.last - start

    def ends_clause(self, at: int) -> bool:
        """Whether the word at `at` is the last of its clause."""
        return at + 1 >= len(self.texts) or self.clauses[at + 1] != self.clauses[at]

    def begins_clause(self, at: int) -> bool:
        """Whether the word at `at` is the first of its clause."""
        return at == 0 or self.clauses[at - 1] != self.clauses[at]

    def opens(self, at: int) -> bool:
        """Whether a clause begins at `at`, a conjunction aside."""
        return self.begins_clause(at) or self.texts[at - 1] in CLAUSE_CONJUNCTIONS

    def stops(self, at: int) -> bool:
        """Whether a denial that comes from the left ends before `at`."""
        if phrase_at(denials.STOPS, self.texts, at):
            return True
        after = at + 1 + AFTER_AND
        return self.texts[at] == "и" and any(
            text.endswith(denials.VERB_ENDINGS)
            for text, clause in zip(self.texts[at + 1 : after], self.clauses[at + 1 : after], strict=True)
            if clause == self.clauses[at]
        )
