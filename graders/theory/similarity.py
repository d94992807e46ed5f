"""How alike an answer and a reference are, in numbers: what the statistical part of the scorer sees.

Words are compared by stem, words of grammar are left out, and what the question itself says is told apart
from what the answer adds. Not covered: meaning. A negated or shuffled reference looks like the reference;
polarity, roles and guards are other modules' work.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from graders.theory import lexicon
from graders.theory.nearby import negates
from graders.theory.reading import Reading, read, stem

_T = TypeVar("_T")

LONGEST = 600
"""Words of one text that are compared."""
SOFT = 70
"""From this likeness (0 to 100) on, two stems with the same first letter are partly the same."""
SHORTEST_SOFT = 4

FEATURES = (
    "precision",
    "recall",
    "jaccard",
    "new_precision",
    "new_recall",
    "new_jaccard",
    "soft_recall",
    "new_soft_recall",
    "from_question",
    "question_recall",
    "token_set",
    "token_sort",
    "trigram_precision",
    "trigram_recall",
    "trigram_cosine",
    "fourgram_cosine",
    "bigram_precision",
    "bigram_recall",
    "clause_mean",
    "clause_best",
    "clause_worst",
    "words",
    "length_ratio",
    "content_words",
    "new_words",
    "function_words",
    "negations",
    "numbers",
    "reference_words",
    "reference_from_question",
)
"""Names of the features, in their order; `new` leaves out the words of the question, shares are 0 to 1."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a text is compared."""

    stems: tuple[str, ...]
    content: frozenset[str]
    """Stems without words of grammar."""
    joined: str
    trigrams: frozenset[str]
    fourgrams: frozenset[str]
    bigrams: frozenset[tuple[str, str]]
    clauses: tuple[frozenset[str], ...]
    """Content of each clause that has any."""
    function_words: float
    """Share of words of grammar."""
    negations: int
    numbers: frozenset[str]


def profile(reading: Reading) -> Profile:
    """The profile of a text that was read."""
    words = reading.words[:LONGEST]
    stems = tuple(stem(word.text) for word in words)
    clauses: dict[int, set[str]] = {}
    for word, form in zip(words, stems, strict=True):
        if word.text not in lexicon.FUNCTION_WORDS:
            clauses.setdefault(word.clause, set()).add(form)
    joined = " ".join(stems)
    content = sum(word.text not in lexicon.FUNCTION_WORDS for word in words)
    return Profile(
        stems=stems,
        content=frozenset().union(*clauses.values()),
        joined=joined,
        trigrams=_grams(joined, 3),
        fourgrams=_grams(joined, 4),
        bigrams=frozenset(pairwise(stems)),
        clauses=tuple(frozenset(clause) for clause in clauses.values()),
        function_words=1 - content / len(words) if words else 0.0,
        negations=sum(negates(word.text) for word in words),
        numbers=frozenset(word.text for word in words if word.text.isdigit()),
    )


@lru_cache(maxsize=2048)
def profile_of(text: str) -> Profile:
    """The profile of an author's text; kept, since a class is compared with the same few."""
    return profile(read(text))


def features(question: str, reference: str, answer: Profile) -> NDArray[np.float64]:
    """How alike an answer and a reference are.

    Args:
        question: the question's text.
        reference: a right answer.
        answer: the student's, without what only repeats the question.

    Returns:
        float64, shape (len(FEATURES),), finite.
    """
    asked, right = profile_of(question), profile_of(reference)
    new, new_right = answer.content - asked.content, right.content - asked.content
    precision, recall, jaccard = _overlap(answer.content, right.content)
    new_precision, new_recall, new_jaccard = _overlap(new, new_right)
    trigram_precision, trigram_recall, _ = _overlap(answer.trigrams, right.trigrams)
    bigram_precision, bigram_recall, _ = _overlap(answer.bigrams, right.bigrams)
    covered = [len(clause & answer.content) / len(clause) for clause in right.clauses] or [0.0]
    values = (
        precision,
        recall,
        jaccard,
        new_precision,
        new_recall,
        new_jaccard,
        _soft_recall(right.content, answer.content),
        _soft_recall(new_right or right.content, answer.content),
        _share(answer.content & asked.content, answer.content),
        _share(answer.content & asked.content, asked.content),
        fuzz.token_set_ratio(answer.joined, right.joined) / 100,
        fuzz.token_sort_ratio(answer.joined, right.joined) / 100,
        trigram_precision,
        trigram_recall,
        _cosine(answer.trigrams, right.trigrams),
        _cosine(answer.fourgrams, right.fourgrams),
        bigram_precision,
        bigram_recall,
        sum(covered) / len(covered),
        max(covered),
        min(covered),
        math.log1p(len(answer.stems)),
        math.log((1 + len(answer.stems)) / (1 + len(right.stems))),
        math.log1p(len(answer.content)),
        math.log1p(len(new)),
        answer.function_words,
        float(min(3, answer.negations) - min(3, right.negations)),
        _share(right.numbers & answer.numbers, right.numbers) if right.numbers else 0.5,
        math.log1p(len(right.stems)),
        _share(right.content & asked.content, right.content),
    )
    return np.array(values, dtype=np.float64)


def _grams(text: str, size: int) -> frozenset[str]:
    return frozenset(text[at : at + size] for at in range(len(text) - size + 1))


def _share(part: frozenset[_T], whole: frozenset[_T]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _overlap(found: frozenset[_T], wanted: frozenset[_T]) -> tuple[float, float, float]:
    """Precision, recall and Jaccard index."""
    both = found & wanted
    return _share(both, found), _share(both, wanted), _share(both, found | wanted)


def _cosine(found: frozenset[str], wanted: frozenset[str]) -> float:
    if not found or not wanted:
        return 0.0
    return len(found & wanted) / math.sqrt(len(found) * len(wanted))


def _soft_recall(wanted: frozenset[str], found: frozenset[str]) -> float:
    """Recall that counts a stem with the same beginning by its likeness; order does not matter."""
    if not wanted:
        return 0.0
    by_letter: dict[str, list[str]] = {}
    for word in found:
        by_letter.setdefault(word[0], []).append(word)
    total = float(len(wanted & found))
    for word in sorted(wanted - found):
        if len(word) >= SHORTEST_SOFT:
            best = max((fuzz.ratio(word, other) for other in by_letter.get(word[0], ())), default=0.0)
            total += best / 100 if best >= SOFT else 0.0
    return total / len(wanted)
