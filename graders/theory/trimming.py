"""Where an answer proper begins and ends: without labels, restated questions and the layout around it.

The question may stand there whole or in part, in either language, in bold, quoted, over several lines, or in
one line with the answer. A question that the answer's own sentence takes up stays: it is theirs.
"""

import re
from collections.abc import Iterator
from itertools import islice

from graders.model import Question
from graders.theory.headings import ALIKE, Heading
from graders.theory.likeness import names, restates
from graders.theory.marks import BLANK, TAG
from graders.theory.reading import sentences

LOOKED_AT = 1500
"""Characters after a heading in which the question may be repeated, each time one was found."""

MOST_REPEATS = 50
"""Labels and restatements that are left out of one answer; what follows more of them is the answer."""
MOST_SENTENCES = 4
"""Beginnings of a line that are tried as the question, each up to the end of a sentence."""

_CLOSER = rf"(?:[*_]{{1,3}}(?=[\s:.)—–-]|{BLANK}|</|$)|{TAG})"
_EMPTY = rf"-(?={BLANK}*+(?:\r?\n|$))"
_HASHES = rf"\#++(?={BLANK}*+(?:\r?\n|$))"
_NO_LIST = rf"(?![^\n]*+\n{BLANK}*+-{BLANK})"  # a dash may be the bullet of a list's first item
_DASH = rf"{_CLOSER}{BLANK}*+-(?={BLANK}){_NO_LIST}"
_FIRST_DASH = re.compile(rf"(?<=[\d?]){BLANK}*+(?:[–—]|-(?!\d){_NO_LIST})")
_SAME_LINE = re.compile(rf"(?:{_DASH}|{_CLOSER}|{BLANK}|[:.)—–\ufe0f\u20e3]|{_EMPTY}|{_HASHES})*+")
_SENTENCE = re.compile(r"[.!?…][*_]{0,3}(?=\s)")
_LINES = re.compile(rf"(?:[>*_]{{0,3}}{BLANK}*+(?:[=\-*_]{{3,}}{BLANK}*+)?\r?\n)*+")
_LABEL = re.compile(
    rf"{BLANK}*+(?:>{BLANK}*+)*+(?:[-+*•]{BLANK}++)?\#{{0,6}}{BLANK}*+(?:{TAG})?[*_]{{0,3}}"
    rf"(?:(?:(?:мой|ваш|my|your){BLANK}+)?(?:ответы?|answers?)(?:{BLANK}+(?:здесь|here))?|[aао](?={BLANK}*:|\d))"
    rf"{BLANK}*+(?:\d{{1,2}}[*_]{{0,3}}[:.]|[*_]{{0,3}}(?:</\w{{1,8}}>)?{BLANK}*+(?:[:.—–-]|\r?$))"
    rf"|{BLANK}*+(?:>{BLANK}*+)*+[*_]{{0,3}}(?:вопрос|question|[qв]){BLANK}*+:",
    re.IGNORECASE | re.MULTILINE,
)
_INLINE_LABEL = re.compile(r"[*_]{0,3}\b(?:ответ|answer)[*_]{0,3}[ \t]*[:—–]", re.IGNORECASE)
_LAST_LINE = re.compile(rf"[>{BLANK[1:-1]}]*(?:[-=*_]{{3,}}|(?:{TAG}|<[bh]r ?/?>))?[{BLANK[1:-1]}\r]*")
_INVISIBLE = re.compile(rf"(?:\s|{BLANK})*+")
_WORD = re.compile(r"\w{2,}")


def trim(question: Question, heading: Heading | None, text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the answer in `text[start:end]`.

    Args:
        question: what is answered.
        heading: the line that it stands under, `start` being the end of its number; None in a notebook's next
            cell.
        text: the document's Markdown.
        start: where to begin.
        end: where the next answer begins.
    """
    begins = _after_title(question, heading, text, end) if heading else start
    begins = _after_question(question, text, begins, end)
    end = _before_layout(text, begins, end)
    begins = min(_skip(_INVISIBLE, text, begins, end), end)
    row = heading is not None and text[heading.text - 1] == "|"
    while end > begins and (_INVISIBLE.fullmatch(text[end - 1]) or (row and text[end - 1] == "|")):
        end -= 1
    return begins, end


def _after_title(question: Question, heading: Heading, text: str, end: int) -> int:
    """Offset after the heading's line, where that line is the question retold and more follows."""
    line_end = text.find("\n", heading.text, end) + 1
    if not line_end or not text[line_end:end].strip():
        return heading.text
    line = text[heading.text : line_end]
    asked = heading.best[1] >= ALIKE and line.rstrip().rstrip("*_").endswith("?")
    titled = heading.level and _WORD.search(line) and (names(question, line) or restates(question, line))
    return line_end if asked or titled else heading.text


def _after_question(question: Question, text: str, start: int, end: int) -> int:
    """Offset after labels and restatements of the question."""
    for _ in range(MOST_REPEATS):
        at = _after_decoration(text, _skip(_FIRST_DASH, text, start, end), end)
        at = _after_decoration(text, _skip(_LABEL, text, at, end), end)
        unit = next(_units(question, text[at : min(end, at + LOOKED_AT)]), 0)
        if at + unit == start:
            return start
        start = at + unit
    return start


def _after_decoration(text: str, at: int, end: int) -> int:
    """Offset after what closes a heading and after empty or ruled lines."""
    if at and text[at - 1] != "\n":
        at = _skip(_SAME_LINE, text, at, end)
    return _skip(_LINES, text, at, end)


def _skip(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    match = pattern.match(text, at, end)
    return match.end() if match else at


def _units(question: Question, text: str) -> Iterator[int]:
    """Lengths of beginnings of `text` that restate the question: a sentence, a line, all before a label."""
    line = text.find("\n") + 1 or len(text)
    label = _INLINE_LABEL.search(text, 0, min(line, 1000))
    ends = [end for _, end in sentences(text)[:1]]
    ends += [match.end() for match in islice(_SENTENCE.finditer(text, 0, line), MOST_SENTENCES)]
    for length in sorted({*ends, line, *([label.start()] if label else [])}):
        if restates(question, text[:length]):
            yield length


def _before_layout(text: str, start: int, end: int) -> int:
    """Offset before trailing lines that hold a rule, a lone tag or nothing, and the bar of a table's row."""
    while end > start:
        line = text.rfind("\n", start, end) + 1 or start
        rest = text[line:end]
        if line > start and len(rest) < LOOKED_AT and _LAST_LINE.fullmatch(rest):
            end = line - 1
        else:
            break
    return end
