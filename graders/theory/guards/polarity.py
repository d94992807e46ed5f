"""Statements of the reference turned into their opposite, and key points that are only denied.

An answer's clause that has the words of a clause of the reference, but one denial more or less, is found;
so is a key point whose patterns stand in the answer only where its words deny them. Not covered: a
paraphrase with another polarity, and opposites in other words (`grows` for `falls`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from graders.model import GuardFlag, Question, Span, say
from graders.theory import negation
from graders.theory.guards.subject import MOST_CHARACTERS, Subject, flag, is_content
from graders.theory.nearby import negates
from graders.theory.patterns import PatternError, parse, search
from graders.theory.reading import Reading, Word, read, stem

FEWEST = 4
"""Content words of a clause that can be told from others."""
ALIKE = 0.8
"""Dice likeness of two clauses' content words from which on they say the same."""
AGREES = 0.6
"""Likeness from which on a clause of the reference that says the same takes the suspicion back."""
REACH = 4
"""Words behind a denial among which the denied one is looked for."""
WEAK = frozenset(("rarely", "hardly", "scarcely", "barely", "seldom", "редко", "едва", "вряд"))
"""Deny enough for two statements not to be opposed."""
MOST_CLAUSES = 150
FEWEST_DENIED = 2
"""Key points that are found only denied, from which on an answer is flagged; or a required one."""


@dataclass(frozen=True, slots=True)
class _Clause:
    content: frozenset[str]
    denied: frozenset[str]
    """The stems that its denials stand before."""
    first: int
    last: int


def polarity(subject: Subject) -> GuardFlag | None:
    """A statement of the reference with another polarity, or key points that are only denied."""
    found = _turned(subject)
    if found:
        return flag("negation", say("theory.guard.turned", n=len(found)), found)
    denied = _denied_points(subject)
    return flag("negation", say("theory.guard.denied", n=len(denied)), denied) if denied else None


def _turned(subject: Subject) -> list[Span]:
    right = tuple(clause for text in _references(subject.question) for clause in _clauses_of(text))
    found = []
    for clause in _clauses(subject.words)[:MOST_CLAUSES]:
        close = [other for other in right if _dice(clause.content, other.content) >= AGREES]
        alike = [other for other in close if _dice(clause.content, other.content) >= ALIKE]
        if any(_opposed(clause, other) for other in alike) and all(
            _opposed(clause, other) for other in close
        ):
            found.append(subject.span(clause.first, clause.last))
    return found


def _opposed(one: _Clause, other: _Clause) -> bool:
    """Whether either denies a word that the other says."""
    return bool((one.denied & other.content) - other.denied or (other.denied & one.content) - one.denied)


def _references(question: Question) -> tuple[str, ...]:
    ru, en = question.answer.ru, question.answer.en
    return (ru,) if ru == en else (ru, en)


@lru_cache(maxsize=2048)
def _clauses_of(text: str) -> tuple[_Clause, ...]:
    return tuple(_clauses(read(text[:MOST_CHARACTERS]).words))


def _clauses(words: Sequence[Word]) -> list[_Clause]:
    found = []
    for _, group in groupby(range(len(words)), key=lambda at: words[at].clause):
        places = list(group)
        texts = [words[at].text for at in places]
        content = frozenset(stem(text) for text in texts if is_content(text))
        if len(content) >= FEWEST:
            denied = frozenset(
                target for at, text in enumerate(texts) if _denies(text) and (target := _target(texts, at))
            )
            found.append(_Clause(content, denied, places[0], places[-1]))
    return found


def _denies(word: str) -> bool:
    return negates(word) or word in WEAK


def _target(texts: Sequence[str], at: int) -> str:
    """The stem of the next word with content; empty where there is none."""
    return next((stem(text) for text in texts[at + 1 : at + 1 + REACH] if is_content(text)), "")


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _denied_points(subject: Subject) -> list[Span]:
    """Where key points are found only denied."""
    reading = subject.reading
    if not any(negates(word.text) for word in subject.words):
        return []
    denied: list[Span] = []
    points = 0
    for point in subject.question.key_points:
        places = _only_denied(point.any, reading)
        points += bool(places) * (FEWEST_DENIED if point.required else 1)
        denied += places[:1]
    return denied if points >= FEWEST_DENIED else []


def _only_denied(patterns: Sequence[str], reading: Reading) -> list[Span]:
    denied = []
    for source in patterns:
        try:
            pattern = parse(source)
        except PatternError:
            continue
        for hit in search(pattern, reading):
            if not negation.denies(reading, hit, pattern.words):
                return []
            denied.append(Span(start=reading.words[hit.first].start, end=reading.words[hit.last].end))
    return denied
