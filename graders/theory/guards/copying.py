"""Words that are not the student's own: the question's, or the reference answer's.

A reference is found word for word, with a few words changed, or inside other words; short standard phrases
that every right answer has are not enough, so the copy of a short reference is not found. Not covered: a
paraphrase.
"""

from collections.abc import Sequence
from itertools import islice

from rapidfuzz.distance import LCSseq

from graders.model import GuardFlag, Span, say
from graders.theory.guards.grammar import GRAMMAR
from graders.theory.guards.subject import MOST_WORDS, Subject, Wording, flag, grams, is_content
from graders.theory.reading import read, spans_of_words, stem, stems

FEWEST_ASKED = 5
"""Content words of the question that an answer must repeat before it counts as a copy."""
QUESTION_SHARE = 0.6
"""Of the question's content words."""
FEWEST_ALL, ALL_SHARE = 3, 0.85
"""The same where the answer adds nothing at all, for short questions."""
MOST_NEW = 0.12
"""Share of content words that the question does not have."""
FILLERS = frozenset(
    stems(
        "ответ ответить отвечаю вопрос думаю считаю следующий именно связано верно "
        "answer question think following simply exactly namely true due reason"
    )
) | frozenset(map(stem, GRAMMAR))
"""Stems that an answer may add without saying anything."""

RUN = 16
"""Words in the reference's order that no two people write by chance."""
NEW_IN_RUN = 6
"""Content words of such a run that the question does not have."""
LONG = 30
"""Words from which on an answer or a reference is compared as a whole."""
IN_ORDER = 0.78
"""Share of the answer's words that stand in the reference in the same order."""
OF_REFERENCE = 0.5
"""Share of the reference's groups of three words that stand in the answer."""


def question_copy(subject: Subject) -> GuardFlag | None:
    """An answer that says next to nothing but the question's own words."""
    whole = [Span(start=0, end=len(subject.text))]
    if not subject.words:
        visible = read(subject.text).words
        return flag("question_copy", say("theory.guard.question_only"), whole) if visible else None
    said = _content(subject.stems, subject.content)
    told = {stem(word) for word, _, _ in islice(spans_of_words(subject.text), MOST_WORDS) if is_content(word)}
    for asked in subject.asked:
        repeated, new = told & asked.content, said - asked.content
        enough = max(FEWEST_ASKED, QUESTION_SHARE * len(asked.content))
        nothing_else = not new and len(repeated) >= max(FEWEST_ALL, ALL_SHARE * len(asked.content))
        if nothing_else or (len(repeated) >= enough and len(new) <= MOST_NEW * len(said)):
            return flag("question_copy", say("theory.guard.question_copy", n=len(repeated)), whole)
    return None


def _content(stems: Sequence[str], content: Sequence[bool]) -> frozenset[str]:
    return frozenset(form for form, counts in zip(stems, content, strict=True) if counts) - FILLERS


def verbatim_reference(subject: Subject) -> GuardFlag | None:
    """Long stretches of the reference answer, in either language."""
    for right in subject.right:
        runs = _runs(subject, right)
        if runs:
            words = sum(last - first + 1 for first, last in runs)
            spans = [subject.span(first, last) for first, last in runs]
            return flag("verbatim_reference", say("theory.guard.verbatim_run", n=words), spans)
    for right in subject.right:
        share = _likeness(subject, right)
        if share:
            whole = [subject.span(0, len(subject.words) - 1)]
            message = say("theory.guard.verbatim_share", percent=round(100 * share))
            return flag("verbatim_reference", message, whole)
    return None


def _runs(subject: Subject, right: Wording) -> list[tuple[int, int]]:
    """Stretches of at least RUN words that stand so in the reference, first and last word of each."""
    known = grams(right.stems, RUN)
    asked = frozenset().union(*(asked.content for asked in subject.asked))
    runs: list[tuple[int, int]] = []
    for at in range(len(subject.stems) - RUN + 1):
        if subject.stems[at : at + RUN] in known:
            if runs and at <= runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], at + RUN - 1)
            else:
                runs.append((at, at + RUN - 1))
    return [run for run in runs if len(_new(subject, run) - asked) >= NEW_IN_RUN]


def _new(subject: Subject, run: tuple[int, int]) -> frozenset[str]:
    return frozenset(subject.stems[at] for at in range(run[0], run[1] + 1) if subject.content[at])


def _likeness(subject: Subject, right: Wording) -> float:
    """Share of the answer that is the reference, or of the reference in it; 0 where neither is much."""
    own = [
        form for form, prose in zip(subject.stems, subject.prose, strict=True) if prose and not form.isdigit()
    ]
    if len(right.stems) < LONG or len(own) < LONG:
        return 0.0
    whole = grams(own, 3)
    of_reference = len(whole & right.trigrams) / len(right.trigrams)
    if of_reference >= OF_REFERENCE:
        return of_reference
    in_order = LCSseq.similarity(own, right.stems) / len(own)
    return in_order if in_order >= IN_ORDER else 0.0
