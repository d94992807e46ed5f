"""Finds texts under a heading of their own, such as essays, in the student's file or in the notebook.

An essay goes on to the next Markdown heading of the same or a higher level or to an answer's (`Вопрос 2`), in
a notebook through the Markdown cells that follow one another. It is cut out of its document, so that it is
not read as part of an answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graders.model import Answer, Rubric, Text
from graders.theory.answers import LONGEST_TEXT
from graders.theory.documents import Document, Stretch, joined, without
from graders.theory.fenced import hidden_spans
from graders.theory.headings import headings
from graders.theory.reading import stems

MORE_WORDS = 4
"""Words that a heading may have before those that are asked for; after them it may have any."""
SHORTEST_WORD = 3
"""Letters of a word that a heading must have; `of` and `на` may be others."""
WHOLE = 1
"""Level of an answer's label: it ends every essay."""
DEEPEST = 7
"""Level of a title that is no Markdown heading: every one of those ends it."""

_HEADING = re.compile(
    r"^[ \t]{0,3}(?:(?P<hashes>\#{1,6})[ \t]+(?P<title>[^\n]*)|"
    r"(?P<bold>\*\*|__)(?P<strong>[^*_\n]{1,80})(?P=bold)[ \t:.]*\r?$|"
    r"(?P<underlined>[^\s#*_>|-][^\n]{0,80})\n[ \t]{0,3}(?:={3,}|-{3,})[ \t]*\r?$|"
    r"(?P<plain>[^\W\d_][^\n:.]{0,60}):[ \t]*\r?$)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class _Title:
    """A line that begins an essay or may end one."""

    start: int
    end: int
    level: int
    essay: str | None
    """The essay that it begins."""


@dataclass(frozen=True, slots=True)
class _Open:
    """The essay that is being read."""

    essay: str
    level: int
    cell: int | None
    """The notebook's cell that it has come to; None in a file."""


def take_essays(rubric: Rubric, documents: Sequence[Document]) -> tuple[dict[str, Answer], list[Document]]:
    """The essays of `rubric` that were written, by id, and the documents without them; see `take_texts`."""
    return take_texts({essay.id: essay.heading for essay in rubric.essays}, rubric, documents)


def take_texts(
    wanted: Mapping[str, Text], rubric: Rubric | None, documents: Sequence[Document]
) -> tuple[dict[str, Answer], list[Document]]:
    """The texts that were written, by id, and the documents without them.

    Args:
        wanted: the heading of each, by id.
        rubric: its questions end a text; None where none are asked.
        documents: the student's file and the Markdown cells of the notebook, in order.
    """
    parts: dict[str, list[Stretch]] = {}
    rest: list[Document] = []
    current: _Open | None = None
    for document in documents:
        if current is not None and not _goes_on(current, document, written=bool(parts[current.essay])):
            current = None
        text = document.text[:LONGEST_TEXT]
        left: list[tuple[int, int]] = []
        at = 0
        for title in _titles(wanted, rubric, text):
            _put(parts, left, current, Stretch(document, at, title.start))
            at = title.start
            if title.essay is not None:
                current, at = _Open(title.essay, title.level, document.cell), title.end
                parts.setdefault(title.essay, [])
            elif current is not None and title.level <= current.level:
                current = None
        _put(parts, left, current, Stretch(document, at, len(text)))
        if current is not None:
            current = replace(current, cell=document.cell)
        rest.append(without(document, [*left, (len(text), len(document.text))]))
    return {name: _joined(name, found) for name, found in parts.items()}, rest


def _goes_on(current: _Open, document: Document, *, written: bool) -> bool:
    """Whether an essay goes on in the next document: in the next cell, or after code where it has no text."""
    if current.cell is None or document.cell is None:
        return False
    return document.cell == current.cell + 1 or not written


def _put(
    parts: dict[str, list[Stretch]], left: list[tuple[int, int]], current: _Open | None, stretch: Stretch
) -> None:
    """A stretch of a document goes to the essay that it belongs to, or stays."""
    text = stretch.text
    if current is None:
        left.append((stretch.start, stretch.end))
    elif text.strip():
        start = stretch.start + len(text) - len(text.lstrip("\n"))
        end = stretch.end - len(text) + len(text.rstrip("\n"))
        parts[current.essay].append(Stretch(stretch.document, start, end))


def _titles(wanted: Mapping[str, Text], rubric: Rubric | None, text: str) -> Iterator[_Title]:
    """Markdown headings, other lines that name an essay, and lines that begin an answer by its label."""
    hidden = hidden_spans(text)
    labelled = headings(rubric, text) if rubric is not None else []
    answers = {one.start: one for one in labelled if not one.task and one.kind != "words"}
    found = {match.start(): match for match in _HEADING.finditer(text)}
    answering = 0  # level of the heading that an answer stands under
    for start in sorted(answers.keys() | found.keys()):
        while hidden and hidden[0][1] <= start:
            hidden.popleft()
        if hidden and hidden[0][0] <= start:
            continue
        match, answer = found.get(start), answers.get(start)
        level = len(match["hashes"] or "") if match else 0
        if answer is not None and answer.kind == "label":
            answering = level
            yield _Title(start, answer.text, WHOLE, None)
        elif match is not None:
            answering = 0 if 0 < level <= answering else answering
            words = match["title"] or match["strong"] or match["underlined"] or match["plain"] or ""
            # `## 3. Анализ градиента` and, below an answer's heading, `### Анализ градиента` are the answer's
            alone = match["plain"] is not None or answer is not None or level > answering > 0
            essay = next((name for name, asked in wanted.items() if _is(asked, words, alone=alone)), None)
            if answer is not None and essay is None:
                answering = level
            if essay is not None or level:
                yield _Title(start, match.end(), level or DEEPEST, essay)


def _is(heading: Text, title: str, *, alone: bool) -> bool:
    """Whether a title is a heading that is asked for; `alone` where it may say nothing else."""
    found = _words(title)
    for asked in (_words(heading.ru), _words(heading.en)):
        if set(found) == set(asked) or (not alone and found[: len(asked)] == asked):
            return True
        if not alone and set(asked) <= set(found) and len(found) <= len(asked) + MORE_WORDS:
            return True
    return False


def _words(title: str) -> list[str]:
    return [word for word in stems(title) if len(word) >= SHORTEST_WORD]


def _joined(name: str, parts: Sequence[Stretch]) -> Answer:
    text, pieces = joined(parts)
    return Answer(
        question=name,
        text=text,
        source=", ".join(dict.fromkeys(part.document.source for part in parts)),
        matched_by="text",
        pieces=pieces,
    )
