"""What a student wrote answers in, and the way from an answer's text back to it.

An answer may be put together from several stretches, and a document may have had an essay cut out of it.
Every character of an answer's text is that of a place in the student's own text or one of `JOIN`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graders.model import Answer, Piece, Span

JOIN = "\n\n"
"""Stands between two stretches of one answer."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something that a student wrote answers in."""

    source: str
    """How a person would call it: `l04_cnn.md`, `cell 7`."""
    text: str
    """Its Markdown."""
    cell: int | None = None
    """Number of the notebook's cell; None for a file."""
    kept: tuple[tuple[int, int], ...] = ()
    """Stretches of the student's text that `text` consists of; empty where it is the whole."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """`document.text[start:end]`."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its characters."""
        return self.document.text[self.start : self.end]


def without(document: Document, kept: Iterable[tuple[int, int]]) -> Document:
    """The document with nothing but the stretches `kept` of its text, ascending."""
    stretches = [(start, end) for start, end in kept if start < end]
    return Document(
        document.source,
        "".join(document.text[start:end] for start, end in stretches),
        document.cell,
        tuple(
            (first, last) for start, end in stretches for _, first, last in _original(document, start, end)
        ),
    )


def joined(stretches: Iterable[Stretch]) -> tuple[str, tuple[Piece, ...]]:
    """The text of several stretches with `JOIN` between them, and where each part of it stands."""
    text = ""
    pieces: list[Piece] = []
    for stretch in stretches:
        text += JOIN if text else ""
        pieces.extend(
            Piece(at=len(text) + at, source=stretch.document.source, start=start, end=end)
            for at, start, end in _original(stretch.document, stretch.start, stretch.end)
        )
        text += stretch.text
    return text, tuple(pieces)


def place(answer: Answer, span: Span) -> tuple[Piece, ...]:
    """Where the characters `answer.text[span.start:span.end]` stand in what the student wrote.

    >>> stretches = [Stretch(Document("a.md", "1. One"), 3, 6), Stretch(Document("b", "two"), 0, 3)]
    >>> text, pieces = joined(stretches)
    >>> answer = Answer(question="1", text=text, source="a.md, b", matched_by="number", pieces=pieces)
    >>> [(piece.source, piece.start, piece.end) for piece in place(answer, Span(start=1, end=7))]
    [('a.md', 4, 6), ('b', 0, 2)]
    """
    found = []
    for piece in answer.pieces:
        start = max(span.start - piece.at, 0)
        end = min(span.end - piece.at, piece.end - piece.start)
        if start < end:
            found.append(
                Piece(
                    at=piece.at + start,
                    source=piece.source,
                    start=piece.start + start,
                    end=piece.start + end,
                )
            )
    return tuple(found)


def _original(document: Document, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """For each stretch of the student's text in `text[start:end]`: its offset there, and its own offsets."""
    at = 0  # offset in the document's text of the kept stretch
    for first, last in document.kept or ((0, len(document.text)),):
        begin, stop = max(start, at), min(end, at + last - first)
        if begin < stop:
            yield begin - start, first + begin - at, first + stop - at
        at += last - first
