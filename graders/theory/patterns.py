"""The little language of key points: what must stand near what.

    shared weight            the stems one after the other, at most two other words between them
    weight ~6 position       the second within six words of the first, before or after it
    weight|filter ~6 every   either of the first
    "feature map"            exactly these forms, side by side
    pool*                    every word that begins so
    max-pool                 a hyphen joins stems that stand side by side
    @dropout                 any name of the concept `dropout` in `glossary.toml`, in both languages
    @gate|фильтр* ~12 @cell  concepts are alternatives like any word

Words are compared by stem or lemma, so `weight` finds `weights` and `слой` finds `слоёв`. A word of the text
that is no known word also matches with one slip, from six letters on (`typos.py`): `градеинт` is `градиент`;
in a prefix the slip must lie before its last letter, and a phrase in quotes takes no slips. A pattern is
searched within one sentence. `~N` holds for the next word only; N is at most 30. A concept finds its names
inside longer ones too: `@gradient` holds in `vanishing gradient`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process

from graders.theory.glossary import glossary
from graders.theory.matcher import SHORTEST_PREFIX, Matcher, names_of, word_matcher
from graders.theory.reading import Reading, spans_of_words

NEAR = 3
"""How far, in words, the next word of a pattern may stand where no `~N` is given."""
FARTHEST = 30

SUGGESTED = 3
"""How many ids are named where a concept is unknown."""

_TOKEN = re.compile(r'"[^"]*"|[^\s"]+|"')


class PatternError(ValueError):
    """A pattern that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Term:
    """One place of a pattern: alternatives, each of one or more words side by side."""

    alternatives: tuple[tuple[Matcher, ...], ...]
    distance: int
    """How many words away from the term before it, at most."""
    ordered: bool
    """Whether it must come after the term before it."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read."""

    terms: tuple[Term, ...]
    words: frozenset[str]
    """All folded words that its source names, those of its concepts included."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Words `first` to `last` of a reading, both included."""

    first: int
    last: int


@lru_cache(maxsize=4096)
def parse(source: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: it breaks the grammar above.
    """
    terms: list[Term] = []
    distance: int | None = None
    for token in _TOKEN.findall(source):
        if token.startswith("~"):
            distance = _distance(token, first=not terms, repeated=distance is not None)
            continue
        terms.append(Term(tuple(_alternatives(token)), distance or NEAR, ordered=distance is None))
        distance = None
    if distance is not None:
        raise PatternError("ends in a distance; a word must follow `~N`")
    if not terms:
        raise PatternError("is empty; at least one word is needed")
    return Pattern(tuple(terms), frozenset(_words(source)))


def search(pattern: Pattern, reading: Reading) -> list[Hit]:
    """Every place where `pattern` holds, shortest stretch for each end, in order."""
    first, *rest = pattern.terms
    # Each stretch found so far, with the hit of its latest term.
    found: dict[Hit, Hit] = {hit: hit for hit in _matches(first, reading)}
    for term in rest:
        if not found:
            return []
        longer: dict[Hit, Hit] = {}
        candidates = _matches(term, reading)
        starts = [candidate.first for candidate in candidates]
        for latest, whole in found.items():
            low = latest.last + 1 if term.ordered else latest.first - term.distance
            for candidate in candidates[
                bisect_left(starts, low) : bisect_right(starts, latest.last + term.distance)
            ]:
                overlaps = candidate.first <= latest.last and candidate.last >= latest.first
                if overlaps or not _same_sentence(reading, latest, candidate):
                    continue
                stretch = Hit(min(whole.first, candidate.first), max(whole.last, candidate.last))
                known = longer.get(candidate)
                if known is None or stretch.last - stretch.first < known.last - known.first:
                    longer[candidate] = stretch
        found = longer
    return sorted(set(found.values()))


def _matches(term: Term, reading: Reading) -> list[Hit]:
    hits: set[Hit] = set()
    for first, *rest in term.alternatives:
        for start in first.positions(reading):
            if all(_stands(matcher, reading, start + offset) for offset, matcher in enumerate(rest, 1)):
                hit = Hit(start, start + len(rest))
                if _same_sentence(reading, Hit(start, start), Hit(hit.last, hit.last)):
                    hits.add(hit)
    return sorted(hits)


def _stands(matcher: Matcher, reading: Reading, position: int) -> bool:
    return position < len(reading.words) and matcher.accepts(reading.words[position])


def _same_sentence(reading: Reading, one: Hit, other: Hit) -> bool:
    return reading.words[one.first].sentence == reading.words[other.first].sentence


def _distance(token: str, *, first: bool, repeated: bool) -> int:
    if not re.fullmatch(r"~\d{1,3}", token) or not 1 <= int(token[1:]) <= FARTHEST:
        raise PatternError(f"has the distance `{token}`; expected `~1` to `~{FARTHEST}`")
    if first or repeated:
        raise PatternError(f"has `{token}` without a word before it; put it between two words")
    return int(token[1:])


def _alternatives(place: str) -> Iterator[tuple[Matcher, ...]]:
    if place.startswith('"'):
        forms = [word for word, _, _ in spans_of_words(place)]
        if place == '"' or not forms:
            raise PatternError(f'has the phrase {place} without words or without its closing `"`')
        yield tuple(Matcher(frozenset({f"={form}"})) for form in forms)
        return
    for choice in place.split("|"):
        if choice.startswith("@"):
            yield from names_of(_known(choice[1:]))
            continue
        words = [word for word, _, _ in spans_of_words(choice.removesuffix("*"))]
        if not words or "*" in choice[:-1] or "~" in choice or "@" in choice:
            raise PatternError(f"has `{place}`; expected a word, `word*`, `@concept`, or these joined by `|`")
        *fixed, last = words
        if choice.endswith("*"):
            if len(last) < SHORTEST_PREFIX:
                raise PatternError(f"has the prefix `{choice}`; give at least {SHORTEST_PREFIX} letters")
            yield (*(word_matcher(word) for word in fixed), Matcher(prefix=last))
        else:
            yield tuple(word_matcher(word) for word in words)


def _words(source: str) -> Iterator[str]:
    for token in _TOKEN.findall(source):
        for choice in (token,) if token.startswith('"') else token.split("|"):
            if choice.startswith("@"):
                yield from (part.word for form in glossary().concepts[choice[1:]] for part in form.parts)
            else:
                yield from (word for word, _, _ in spans_of_words(choice))


def _known(concept: str) -> str:
    ids = sorted(glossary().concepts)
    if concept not in glossary().concepts:
        close = ", ".join(f"`@{name}`" for name, _, _ in process.extract(concept, ids, limit=SUGGESTED))
        raise PatternError(f"has the unknown concept `@{concept}`; the closest of the glossary are {close}")
    return concept
