"""Whether a stretch of a text is denied by the words around it.

Covered: a negation inside the stretch, up to three words before it in the same clause, right after it, or
after it behind `is`, `will` and the like; `неверно, что …` earlier in the sentence. Not covered yet: double
negation, irony, a denial in another sentence.
"""

from graders.theory import lexicon
from graders.theory.patterns import Hit
from graders.theory.reading import Reading, Word

_BEFORE = 3
"""How many words before a stretch are looked at."""


def denies(reading: Reading, hit: Hit, own: frozenset[str]) -> bool:
    """Whether the words around `hit` deny it; never where `own`, the words of the pattern, has a negation."""
    if any(_negates(word) for word in own):
        return False
    words = reading.words
    clauses = {words[at].clause for at in range(hit.first, hit.last + 1)}
    near = [at for at in range(max(0, hit.first - _BEFORE), hit.last + 1) if words[at].clause in clauses]
    after = hit.last + 1
    if after < len(words) and words[after].text in lexicon.COPULAS:
        after += 1
    if after < len(words) and words[after].clause in clauses:
        near.append(after)
    if any(_negates(words[at].text) and not _not_only(words, at) for at in near):
        return True
    return _called_false(words, hit)


def _negates(word: str) -> bool:
    return word in lexicon.NEGATORS or word.endswith("n't")


def _not_only(words: tuple[Word, ...], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].text in lexicon.ONLY


def _called_false(words: tuple[Word, ...], hit: Hit) -> bool:
    sentence = words[hit.first].sentence
    at = hit.first - 1
    while at >= 0 and words[at].sentence == sentence:
        if words[at].text in lexicon.CALLED_FALSE:
            return True
        at -= 1
    return False
