"""Keywords without grammar: lists of terms, and the reference's words in another order.

Two things are weighed: how well the words follow one another (`joints`), and how much of what is said
stands in the question, the reference or the patterns; words of grammar that are all but missing count too.
Terse answers, bullet points, formulas and code are no salad: what is mostly formulas, and what is shorter
than FEWEST, is not judged. Not covered: keywords in grammatical sentences without sense.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from graders.model import GuardFlag, Question, say
from graders.theory.guards.grammar import COMMA, EDGE, GRAMMAR, NUMBER, SYMBOL
from graders.theory.guards.joints import joints, kinds, kinds_and_places, language_of
from graders.theory.guards.subject import Subject, flag, is_content, outside_formulas, wording_of
from graders.theory.reading import fold, read, stem

FEWEST = 8
"""Pairs of words side by side from which on they are judged."""
LONG_LIST = 11
"""Items, or stretches between marks, from which on a text is judged without such pairs."""
MOST_FORMULA = 0.4
"""Share of numbers, letters and formulas from which on there is too little language to judge."""

# The least mean joint of a text that passes. Chosen on the questions that the guards are not reported on.
BASE = 0.08
FOR_KNOWN = 0.25
"""Added where all words are the rubric's; nothing where half of them or fewer are."""
FOR_BARE = 0.25
"""Added where there is no word of grammar; nothing from BARE on."""
BARE = 0.2
MANY = 18
"""Pairs from which on what is added counts in full: a terse answer has few words of grammar too."""
DOUBT = 0.8
"""Taken off, divided by the root of the number of pairs: a few pairs say little."""

LIKE_AUTHOR = 0.15
"""An answer passes that is no further than this below the reference, which may be a list itself."""

_PLACE = re.compile(r"[^\W\d_]{2,}\*?")
_NO_WORDS = frozenset({COMMA, EDGE, NUMBER, SYMBOL})


def salad(subject: Subject) -> GuardFlag | None:
    """Words of the subject that make no sentence."""
    found, places = _taken_apart(subject)
    fit = joints(found, _quoted(subject, places))
    formula = sum(kind in (NUMBER, SYMBOL) for kind in found)
    breaks = found.count(COMMA) + found.count(EDGE) // 2
    too_short = fit.between_words < FEWEST and breaks < LONG_LIST
    if too_short or formula > MOST_FORMULA * len(found):
        return None
    words = [kind for kind in found if kind not in _NO_WORDS]
    grammar = sum(kind in GRAMMAR for kind in words) / len(words)
    suspicion = FOR_KNOWN * max(0.0, 2 * known_share(subject) - 1) + FOR_BARE * max(0.0, 1 - grammar / BARE)
    least = BASE + suspicion * min(1.0, len(fit.values) / MANY) - DOUBT / math.sqrt(len(fit.values))
    least = min(least, _mean_of(subject.question.answer.to(language_of(found))) - LIKE_AUTHOR)
    if fit.mean >= least:
        return None
    return flag("salad", say("theory.guard.salad"), [subject.span(0, len(subject.words) - 1)])


def _taken_apart(subject: Subject) -> tuple[list[str], list[int]]:
    both = list(kinds_and_places(subject.text, subject.words, subject.prose))
    return [kind for kind, _ in both], [place for _, place in both]


def _quoted(subject: Subject, places: Sequence[int]) -> frozenset[int]:
    """Where in `places` a word follows the one that it follows in the question or the reference too."""
    known = [text.bigrams for text in (*subject.asked, *subject.right)]
    return frozenset(
        at
        for at, (one, other) in enumerate(pairwise(places), 1)
        if one >= 0
        and other == one + 1
        and any((subject.stems[one], subject.stems[other]) in bigrams for bigrams in known)
    )


def known_share(subject: Subject) -> float:
    """Share of the answer's content that stands in the question, the reference or the patterns."""
    whole, beginnings = _vocabulary(subject.question)
    known = total = 0
    for word, form, counts, prose in zip(
        subject.words, subject.stems, subject.content, subject.prose, strict=True
    ):
        if counts and prose:
            total += 1
            known += form in whole or word.text.startswith(beginnings)
    return known / total if total else 0.0


@lru_cache(maxsize=2048)
def _mean_of(text: str) -> float:
    """The mean joint of an author's text; what is too short to say does not lower what must be reached."""
    words = read(text).words
    fit = joints(kinds(text, words, outside_formulas(text, words)))
    return fit.mean if fit.between_words >= FEWEST else math.inf


@lru_cache(maxsize=512)
def _vocabulary(question: Question) -> tuple[frozenset[str], tuple[str, ...]]:
    """Stems of a rubric's content words, and the beginnings of words that its patterns name."""
    texts = (question.text.ru, question.text.en, question.answer.ru, question.answer.en)
    whole = {form for text in texts for form in wording_of(text).content}
    beginnings = set()
    for point in question.key_points:
        for place in (place for source in point.any for place in _PLACE.findall(source)):
            word = fold(place.rstrip("*"))
            if place.endswith("*"):
                beginnings.add(word)
            elif is_content(word):
                whole.add(stem(word))
    return frozenset(whole), tuple(sorted(beginnings))
