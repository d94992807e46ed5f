"""Near-identical answers of two students to one question: who, and which stretches.

MinHash over groups of three words finds candidates, and exact comparison decides. What stands in the
question, the reference or the statement does not count, nor do short answers: two right sentences are often
the same. A copy with some words changed or sentences moved is found; a paraphrase and a translation are
not. Who copied from whom is not said, and both may have a third source.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from datasketch import MinHash, MinHashLSH

from graders.model import GuardFlag, Span, say
from graders.theory.guards.subject import MOST_CHARACTERS, MOST_SPANS, MOST_WORDS, flag, grams, is_content
from graders.theory.reading import spans_of_words, stem

SHINGLE = 3
"""Words of a group."""
FEWEST_CONTENT = 12
"""Content words of an answer, and of what two share, that are not the author's."""
LONGEST_RUN = 7
"""The longest stretch that two share has at least so many words."""
SHARE = 0.6
"""Of the shorter answer's groups that the other has too."""
CANDIDATE = 0.3
"""Estimated Jaccard likeness from which on two answers are compared exactly."""
PERMUTATIONS = 64
SEED = 5
MOST_PARTNERS = 10
"""Answers that one is compared with; where a whole class hands in one text, that is enough."""


class Handed(NamedTuple):
    """One answer that was handed in."""

    student: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Two students' answers to a question that are nearly the same."""

    question: str
    students: tuple[str, str]
    """In alphabetical order."""
    words: int
    """How many words of the first student's answer the other has too."""
    spans: tuple[tuple[Span, ...], tuple[Span, ...]]
    """For each of the two students the stretches that they share."""

    def flag_for(self, student: str) -> GuardFlag:
        """The flag for the answer of `student`, one of the two, which names the other."""
        own = self.students.index(student)
        message = say("theory.guard.alike", n=self.words, student=self.students[1 - own])
        return flag("alike", message, self.spans[own])


@dataclass(frozen=True, slots=True)
class _Answer:
    student: str
    stems: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    content: tuple[bool, ...]
    groups: frozenset[tuple[str, ...]]
    """Groups of words that no author's text has."""


def find_alike(
    answers: Sequence[tuple[str, str, str]], known: Mapping[str, Iterable[str]] | None = None
) -> tuple[Alike, ...]:
    """Pairs of near-identical answers, by question and students.

    Args:
        answers: student, question and text of each; see `Handed`.
        known: for each question the texts that anybody may quote: question, reference, statement.
    """
    by_question: dict[str, list[tuple[str, str]]] = {}
    for student, question, text in answers:
        by_question.setdefault(question, []).append((student, text))
    found: list[Alike] = []
    for question in sorted(by_question):
        quoted = frozenset().union(*(_groups(text) for text in (known or {}).get(question, ())))
        prepared = [_prepare(student, text, quoted) for student, text in sorted(by_question[question])]
        told = [answer for answer in prepared if sum(answer.content) >= FEWEST_CONTENT and answer.groups]
        for one, other in _candidates(told):
            alike = _compare(question, one, other)
            if alike is not None:
                found.append(alike)
    return tuple(found)


def _prepare(student: str, text: str, quoted: frozenset[tuple[str, ...]]) -> _Answer:
    words = _words(text)
    stems = tuple(form for form, _, _ in words)
    return _Answer(
        student,
        stems,
        tuple((start, end) for _, start, end in words),
        tuple(is_content(text[start:end].casefold()) for _, start, end in words),
        grams(stems, SHINGLE) - quoted,
    )


def _words(text: str) -> list[tuple[str, int, int]]:
    words = []
    for word, start, end in spans_of_words(text[:MOST_CHARACTERS]):
        words.append((stem(word), start, end))
        if len(words) == MOST_WORDS:
            break
    return words


def _groups(text: str) -> frozenset[tuple[str, ...]]:
    return grams(tuple(form for form, _, _ in _words(text)), SHINGLE)


def _candidates(answers: Sequence[_Answer]) -> Iterator[tuple[_Answer, _Answer]]:
    """Pairs of two students that are probably alike, in order."""
    index = MinHashLSH(threshold=CANDIDATE, num_perm=PERMUTATIONS)
    for place, answer in enumerate(answers):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=_hash)
        sketch.update_batch(" ".join(group).encode() for group in sorted(answer.groups))
        partners = sorted(
            partner for partner in index.query(sketch) if answers[partner].student != answer.student
        )
        for partner in partners[:MOST_PARTNERS]:
            yield answers[partner], answer
        index.insert(place, sketch)


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=4).digest(), "little")


def _compare(question: str, one: _Answer, other: _Answer) -> Alike | None:
    shared = one.groups & other.groups
    if len(shared) < SHARE * min(len(one.groups), len(other.groups)):
        return None
    first, second = _runs(one, shared), _runs(other, shared)
    for answer, runs in ((one, first), (other, second)):
        said = sum(answer.content[at] for start, end in runs for at in range(start, end))
        if said < FEWEST_CONTENT or max(end - start for start, end in runs) < LONGEST_RUN:
            return None
    return Alike(
        question=question,
        students=(one.student, other.student),
        words=sum(end - start for start, end in first),
        spans=(_spans(one, first), _spans(other, second)),
    )


def _runs(answer: _Answer, shared: frozenset[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Stretches of words, first and one past the last, that shared groups cover."""
    runs: list[tuple[int, int]] = []
    for at in range(len(answer.stems) - SHINGLE + 1):
        if answer.stems[at : at + SHINGLE] in shared:
            if runs and at <= runs[-1][1]:
                runs[-1] = (runs[-1][0], at + SHINGLE)
            else:
                runs.append((at, at + SHINGLE))
    return runs


def _spans(answer: _Answer, runs: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """The longest stretches, in the order of the text."""
    longest = sorted(sorted(runs, key=lambda run: run[0] - run[1])[:MOST_SPANS])
    return tuple(Span(start=answer.places[start][0], end=answer.places[end - 1][1]) for start, end in longest)
