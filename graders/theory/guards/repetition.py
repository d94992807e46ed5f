"""The same words again and again: an answer that is long without saying more.

Found are sentences that stand several times and phrases that fill much of the text. Parallel sentences
(`TCP has …, UDP has …`) and short labels are no repetition.
"""

from collections import Counter
from itertools import groupby

from graders.model import GuardFlag, Span, say
from graders.theory.guards.subject import Subject, flag

FEWEST_WORDS = 12
PHRASE = 4
"""Words of a phrase."""
OFTEN = 3
"""A phrase that stands so often is counted."""
SHARE = 0.5
"""Of the words in phrases that repeat, from which on an answer is flagged."""
SENTENCE = 4
"""Words from which on a sentence counts."""
TWICE_SHARE = 0.3
"""Of the words in second copies of sentences."""


def repetition(subject: Subject) -> GuardFlag | None:
    """Sentences or phrases that fill the answer by standing in it again and again."""
    stems = subject.stems
    if len(stems) < FEWEST_WORDS:
        return None
    again = _sentences_again(subject)
    repeated = [at for first, last in again for at in range(first, last + 1)]
    if len(repeated) >= TWICE_SHARE * len(stems):
        return _flagged(subject, again)
    phrases = [stems[at : at + PHRASE] for at in range(len(stems) - PHRASE + 1)]
    counts = Counter(phrases)
    covered = sorted(
        {
            at + step
            for at, phrase in enumerate(phrases)
            if counts[phrase] >= OFTEN and _says_something(subject, at)
            for step in range(PHRASE)
        }
    )
    if len(covered) < SHARE * len(stems):
        return None
    return _flagged(subject, _runs(covered))


def _says_something(subject: Subject, at: int) -> bool:
    """Whether the phrase there is more than a calculation and more than one word."""
    return len({subject.stems[place] for place in range(at, at + PHRASE) if subject.content[place]}) > 1


def _sentences_again(subject: Subject) -> list[tuple[int, int]]:
    """First and last word of each sentence that stood in the answer before."""
    seen: set[tuple[str, ...]] = set()
    again = []
    for _, group in groupby(range(len(subject.words)), key=lambda at: subject.words[at].sentence):
        places = list(group)
        wording = tuple(subject.stems[at] for at in places)
        if len(places) >= SENTENCE and wording in seen:
            again.append((places[0], places[-1]))
        seen.add(wording)
    return again


def _runs(places: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at in places:
        if runs and at == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _flagged(subject: Subject, runs: list[tuple[int, int]]) -> GuardFlag:
    words = sum(last - first + 1 for first, last in runs)
    spans: list[Span] = [subject.span(first, last) for first, last in runs]
    return flag(
        "repetition", say("theory.guard.repetition", percent=round(100 * words / len(subject.words))), spans
    )
