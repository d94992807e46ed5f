"""Finds essays: texts under a Markdown heading of their own, in the student's file or in the notebook.

An essay goes on to the next heading of the same or a higher level or to an answer's (`Вопрос 2`), in a
notebook through the Markdown cells that follow one another. It is cut out of its document, so that it is not
read as part of an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graders.model import Answer, Essay, Rubric
from graders.theory.answers import LONGEST_TEXT, Document
from graders.theory.headings import headings
from graders.theory.reading import stems

MORE_WORDS = 4
"""Words that a heading may have besides those that are asked for: `## Анализ: что помогло`."""
WHOLE = 1
"""Level of a heading that is no Markdown heading but a line in bold."""

_HEADING = re.compile(
    r"^[ \t]{0,3}(?:(?P<hashes>\#{1,6})[ \t]+(?P<title>[^\n]*)|"
    r"(?P<bold>\*\*|__)(?P<strong>[^*_\n]{1,80})(?P=bold)[ \t:.]*\r?$)",
    re.M,
)
_FENCE = re.compile(r"^[ \t]{0,3}(?P<ticks>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]{0,3}(?P=ticks)|\Z)", re.M | re.S)


@dataclass(frozen=True, slots=True)
class _Title:
    """A heading of a document."""

    start: int
    end: int
    level: int
    text: str


def take_essays(rubric: Rubric, documents: Sequence[Document]) -> tuple[dict[str, Answer], list[Document]]:
    """The essays that were written, by id, and the documents without them.

    Args:
        rubric: its essays are what is asked for, its questions what ends one.
        documents: the student's file and the Markdown cells of the notebook, in order.
    """
    parts: dict[str, list[tuple[str, str]]] = {}
    rest: list[Document] = []
    open_essay: tuple[str, int, int] | None = None  # id, level, and the cell it has come to
    for document in documents:
        text = document.text[:LONGEST_TEXT]
        left: list[str] = []
        at = 0
        titles = _titles(rubric, text)
        goes_on = open_essay is not None and document.cell == open_essay[2] + 1
        if not goes_on:
            open_essay = None
        for title in [*titles, None]:
            start = title.start if title is not None else len(text)
            _put(parts, left, open_essay, text[at:start], document.source)
            at = start
            if title is None:
                continue
            asked = next((essay.id for essay in rubric.essays if _is(essay, title.text)), None)
            if asked is not None:
                open_essay, at = (asked, title.level, 0), title.end
                parts.setdefault(asked, [])
            elif open_essay is not None and title.level <= open_essay[1]:
                open_essay = None
        if open_essay is not None:
            open_essay = (*open_essay[:2], document.cell) if document.cell is not None else None
        rest.append(replace(document, text="".join(left)))
    return {name: _joined(name, found) for name, found in parts.items()}, rest


def _put(
    parts: dict[str, list[tuple[str, str]]],
    left: list[str],
    essay: tuple[str, int, int] | None,
    text: str,
    source: str,
) -> None:
    """A stretch of a document goes to the essay that it belongs to, or stays."""
    if essay is None:
        left.append(text)
    elif text.strip():
        parts[essay[0]].append((text.strip("\n"), source))


def _titles(rubric: Rubric, text: str) -> list[_Title]:
    """Markdown headings, lines in bold, and lines that begin an answer by its label, in order."""
    fences = [match.span() for match in _FENCE.finditer(text)]
    found = [
        _Title(
            match.start(),
            match.end(),
            len(match["hashes"]) if match["hashes"] else WHOLE,
            match["title"] or match["strong"] or "",
        )
        for match in _HEADING.finditer(text)
        if not any(start <= match.start() < end for start, end in fences)
    ]
    taken = {title.start for title in found}
    labels = [
        _Title(label.start, label.text, WHOLE, "")
        for label in headings(rubric, text)
        if label.kind == "label" and not label.task and label.start not in taken
    ]
    return sorted([*found, *labels], key=lambda title: title.start)


def _is(essay: Essay, title: str) -> bool:
    found = stems(title)
    return any(
        set(asked) <= set(found) and len(found) <= len(asked) + MORE_WORDS
        for asked in (stems(essay.heading.ru), stems(essay.heading.en))
    )


def _joined(name: str, parts: Sequence[tuple[str, str]]) -> Answer:
    return Answer(
        question=name,
        text="\n\n".join(text for text, _ in parts),
        source=", ".join(dict.fromkeys(source for _, source in parts)),
        matched_by="text",
    )
