r"""Which lines of a student's Markdown begin an answer.

Known forms, mixed as they come: `**Вопрос 1**: text`, `## 1. text`, `5. text`, `1) text`, `### Question 1`,
`№1`, `Q1`, `Вопрос №1.`, `Ответ на вопрос 1`, and the question's own words without a number. Lines inside
fenced code, inside `$$ … $$` and inside `\[ … \]` never do. A fence or a formula that is never closed is
taken as a slip and hides nothing.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from graders.model import Rubric
from graders.theory.likeness import likeness

ALIKE = 72
"""Likeness from which a heading's text is the question's."""
CLEARLY_ALIKE = 85
"""Likeness from which the text may overrule the number."""
MOST = 1000
"""Lines of one document that are looked at as headings; what follows belongs to the last of them."""
CLEARLY_BETTER = 20
"""By how much it must beat the question that the number names."""

_PREFIX = (
    r"[ \t]{0,3}(?:>[ \t]?)*(?P<hashes>\#{1,6}(?!\#))?[ \t]*(?:[-+*•][ \t]+)?"
    r"(?P<emphasis>[*_]{1,3})?[ \t]*"
)
_NUMBER = r"(?P<number>\d{1,2})(?!\d|[.,]\d)"
_LABELLED = re.compile(
    _PREFIX
    + r"(?P<label>(?:ответ\w*|answer)[ \t]+(?:на|to)[ \t]+(?:вопрос\w*|question)|"
    + r"вопрос|ответ|question|answer|"
    + r"задание|задача|task|q|№)(?:[ \t]+|\b|(?=\d))[ \t]*[*_]*(?:№|\#|no?\.)?[ \t]*"
    + _NUMBER
    + r"(?P<end>[ \t]*[.):,*_]|[ \t]*[-–—]|[ \t]*\r?$)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    _PREFIX + r"(?:№|\#)?" + _NUMBER + r"(?P<end>[.):]+(?=[\s*_]|$)|[*_]+|[ \t]+[-–—][ \t]|[ \t]*\r?$)"
)
_WRITTEN_OUT = re.compile(_PREFIX + r"(?P<label>вопрос|question)?[ \t]*[*_]*:?[ \t]*", re.IGNORECASE)
_SIGN = re.compile(r"№|\bq\d", re.IGNORECASE)
_TASKS = frozenset({"задание", "задача", "task"})

_FENCE = re.compile(r"[ \t]{0,3}(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\r\n]*)")
# Neither form reads past the next opening one, so that thousands of unclosed ones cost no time.
_FORMULA = re.compile(r"\$\$(?:(?!\$\$).)*+\$\$|\\\[(?:(?!\\[\[\]]).)*+\\\]", re.DOTALL)
_LONGEST_FORMULA = 2000
"""Characters; a longer stretch between two `$$` is not one formula but two slips."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may begin an answer."""

    start: int
    """Offset of the line."""
    text: int
    """Offset of what follows the label and the number."""
    number: str | None
    kind: Literal["label", "bare", "words"]
    """Word and number (`Вопрос 1`), a number alone, or no number at all."""
    hashes: bool
    """Whether it is a Markdown heading: `## 1. text`."""
    task: bool
    """Whether the label is a task's, which in a notebook need not mean a question."""
    alike: Mapping[str, float]
    """Likeness of its text to each question."""

    @property
    def best(self) -> tuple[str | None, float]:
        """The question whose wording is closest, and how close it is."""
        question = max(self.alike, key=lambda key: self.alike[key], default=None)
        return (question, self.alike[question]) if question is not None else (None, 0.0)


def headings(rubric: Rubric, text: str) -> Iterator[Heading]:
    """Lines of `text` that have the form of an answer's beginning, in order; none is believed yet."""
    hidden = hidden_spans(text)
    covered = yielded = 0
    after_blank = True
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        blank = not line.strip()
        while hidden and hidden[0][0] < start:
            covered = max(covered, hidden.popleft()[1])
        if not blank and start >= covered:
            found = _heading(rubric, text, start, line, after_blank=after_blank)
            if found:
                yield found
                yielded += 1
            if yielded == MOST:
                return
        after_blank = blank or line.lstrip().startswith("#")


def _heading(rubric: Rubric, text: str, start: int, line: str, *, after_blank: bool) -> Heading | None:
    labelled = _LABELLED.match(line)
    numbered = None if labelled else _NUMBERED.match(line)
    match = labelled or numbered
    if match:
        begins = start + match.end()
        alike = likeness(rubric, _lead(text, begins))
        marked = match["end"] is not None or match["hashes"] or match["emphasis"] or _SIGN.search(match[0])
        if labelled and not marked and max(alike.values(), default=0) < ALIKE:
            return None  # `Вопрос 2 похож на первый`: a sentence, not a label
        task = bool(labelled and match["label"].lower() in _TASKS)
        kind: Literal["label", "bare"] = "label" if labelled else "bare"
        return Heading(start, begins, match["number"].lstrip("0"), kind, bool(match["hashes"]), task, alike)
    match = _WRITTEN_OUT.match(line)
    if match and (after_blank or match["hashes"] or match["label"]):
        begins = start + match.end()
        alike = likeness(rubric, _lead(text, begins))
        if max(alike.values(), default=0) >= CLEARLY_ALIKE:
            return Heading(start, begins, None, "words", bool(match["hashes"]), False, alike)
    return None


def _lead(text: str, start: int) -> str:
    """The rest of the line, or the paragraph after it where the line holds no words."""
    line, _, rest = text[start : start + 1200].partition("\n")
    if re.search(r"\w{2}", line):
        return line
    return rest.lstrip().split("\n\n", 1)[0].split("\r\n\r\n", 1)[0]


def hidden_spans(text: str) -> deque[tuple[int, int]]:
    """Offsets of closed fences and formulas, ascending."""
    found = [
        match.span() for match in _FORMULA.finditer(text) if match.end() - match.start() <= _LONGEST_FORMULA
    ]
    opened: tuple[int, str] | None = None
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        fence = _FENCE.match(line)
        if not fence:
            continue
        if opened is None or fence["info"].strip():  # only an opening fence names a language
            opened = (start, fence["ticks"])
        elif fence["ticks"].startswith(opened[1]):
            found.append((opened[0], at))
            opened = None
    return deque(sorted(found))
