r"""Which lines of a student's Markdown may begin an answer.

Known forms, mixed as they come: `**Вопрос 1**: text`, `## 1. text`, `5. text`, `1) text`, `### Question 1`,
`№1`, `Q1`, `Вопрос №1.`, `Ответ на вопрос 1`, `Второй вопрос`, `2-й вопрос`, a row `| 1 | text |` of a table
of answers, and the question's own words without a number. Bullets, quotes, emoji, HTML tags, escaped marks
and invisible characters around them change nothing. Lines in hidden stretches (`hidden.py`) begin no answer.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from graders.model import Rubric
from graders.theory.fenced import hidden_spans
from graders.theory.likeness import asks, likeness, restates
from graders.theory.marks import ASKED, BLANK, ORDINALS, TAG, TO

ALIKE = 72
"""Likeness from which a heading's text is the question's."""
CLEARLY_ALIKE = 85
"""Likeness from which the text may overrule the number."""
LOOKED_AT = 2000
"""Characters of a line that count as the line before another."""
MOST = 1000
"""Lines of one document that are looked at as headings; what follows belongs to the last of them."""

_PICTURE = r"[\u2190-\u22ff\u2300-\u2bff\ufe0f\U0001f000-\U0001faff]"
_PREFIX = (
    rf"(?P<indent>{BLANK}*+)(?:>{BLANK}*+)*+(?:\\?(?P<hashes>\#{{1,6}})(?!\#))?{BLANK}*+(?:[-+*•]{BLANK}++)?"
    rf"(?:\[[ xXхХ]\]{BLANK}*+)?(?:{_PICTURE}{{1,4}}{BLANK}*+)?(?:{TAG}{BLANK}*+)*+"
    rf"(?P<emphasis>[*_]{{1,3}})?{BLANK}*+"
)
_NUMBER = r"(?P<number>\d{1,2})(?!\d|[.,]\d)"
_ENDING = r"(?:й|ый|ий|ой|го|ом|st|nd|rd|th)"
_END = (
    rf"(?P<end>[*_]|{BLANK}*+(?:\\?[.):,/]|(?=</)|[*_]+(?=[\s:.)]|$)|\r?$)"
    rf"|(?={BLANK}*+(?:[-–—](?!\d)|\([^()\n]{{1,80}}\)[:.])))?"
)
_SHARP = r"(?<=(?<!\#)\#)(?=\d{1,2}\s)|\\\#(?=\d)"  # `#3 text` is no Markdown heading
_LABELLED = re.compile(
    rf"{_PREFIX}(?P<label>{TO}?{ASKED}|ответ|answer|q\.?|№|{_SHARP})(?:{BLANK}+|\b|(?=\d))(?:{TAG})?{BLANK}*+[*_]*+"
    rf"(?:№|\\?\#|no?\.?(?!\w)|n|номер|number)?{BLANK}*+{_NUMBER}{_END}",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"{_PREFIX}(?P<label>[aавов]\.?){_NUMBER}(?P<end>[*_]*+[.):])", re.IGNORECASE)
_ORDINAL = rf"(?P<word>(?:{'|'.join(ORDINALS)})(?:ый|ого|ому|ом|ой|ий|ий|ьего|ьему|ьем|ье|ое)?)(?!\w)"
_BEFORE = re.compile(
    rf"{_PREFIX}{TO}?(?:{_ORDINAL}|{_NUMBER}-?{_ENDING}?){BLANK}+(?P<label>{ASKED})(?!\w){_END}",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"{_PREFIX}(?P<label>{ASKED}){BLANK}+{_ORDINAL}{_END}", re.IGNORECASE)
_NUMBERED = re.compile(
    rf"{_PREFIX}(?:№|\\?\#|\()?{_NUMBER}"
    rf"(?P<end>\ufe0f?\u20e3|\\?[.):]++(?=[\s*_<]|[^\W\d_]|\u00a0|$)|[*_]++|(?=</)|"
    rf"(?={BLANK}+[-–—]{BLANK})|{BLANK}*+\r?$|[ ](?=[A-ZА-ЯЁ]))"
)
_ROW = re.compile(rf"{BLANK}*+\|{BLANK}*+[*_]*+(?:№{BLANK}*+)?{_NUMBER}[.)*_]*+{BLANK}*+\|")
_ROWS = re.compile(r"[ \t]*\|.*(?:вопрос|ответ|question|answer)", re.IGNORECASE)
_WRITTEN_OUT = re.compile(
    rf"{_PREFIX}(?:(?P<label>вопрос|question)(?!\w))?{BLANK}*+[*_]*:?{BLANK}*+", re.IGNORECASE
)
_BULLET = re.compile(rf"{BLANK}*+[-+*•]{BLANK}")
_SIGN = re.compile(r"№|\#\d|\bq\.?\d", re.IGNORECASE)
_TASKS = ("зада", "task")


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
    level: int
    """Of the Markdown heading that it is; 0 where it is none."""
    task: bool
    """Whether the label is a task's, which in a notebook need not mean a question."""
    alike: Mapping[str, float]
    """Likeness of its text to each question."""
    asks: bool
    """Whether its text puts the question that it is most like, and does not only speak of the same."""
    indent: int
    style: str
    """What stands around a bare number; the items of one list have the same."""
    apart: bool
    """Whether a blank line, a Markdown heading or nothing stands before it."""
    continues: bool
    """Whether the number before its own stands in the line before it, as in `Вопрос 3: 1. text`."""
    introduced: bool = False
    """Whether it may begin a list: below a line that ends with a colon, or below an item with a bullet."""

    @property
    def best(self) -> tuple[str | None, float]:
        """The question whose wording is closest, and how close it is."""
        question = max(self.alike, key=lambda key: self.alike[key], default=None)
        return (question, self.alike[question]) if question is not None else (None, 0.0)


def headings(rubric: Rubric, text: str, *, everywhere: bool = False) -> Iterator[Heading]:
    """Lines of `text` that have the form of an answer's beginning, in order; none is believed yet.

    Args:
        rubric: the questions.
        text: a student's Markdown.
        everywhere: whether lines in hidden stretches are told too.
    """
    hidden = hidden_spans(text)
    covered = yielded = at = 0
    before, rows, introduced, bullet = "", False, False, False
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        while hidden and hidden[0][0] < start:
            covered = max(covered, hidden.popleft()[1])
        rows = line.lstrip().startswith("|") and (rows or _ROWS.match(line) is not None)
        if line.strip() and (start >= covered or everywhere):
            found = _heading(rubric, text, start, line, before, rows=rows)
            if found:
                yield replace(found, introduced=introduced or (bullet and not _BULLET.match(line)))
                yielded += 1
            if yielded == MOST:
                return
        before = line[:LOOKED_AT].strip()
        introduced = before.endswith(":") if before else introduced
        bullet = _BULLET.match(line) is not None


def _heading(rubric: Rubric, text: str, start: int, line: str, before: str, *, rows: bool) -> Heading | None:
    labelled = _LABELLED.match(line) or _SHORT.match(line) or _BEFORE.match(line) or _BEHIND.match(line)
    match = labelled or (_ROW.match(line) if rows else _NUMBERED.match(line)) or _WRITTEN_OUT.match(line)
    if not match:
        return None
    groups = match.groupdict()
    begins = start + match.end()
    apart = not before or before.startswith("#")
    number = groups.get("number") or _ordinal(groups.get("word"))
    level = len(groups.get("hashes") or "")
    if number is None and not (apart or level or groups["label"]):
        return None
    lead = _lead(text, begins)
    alike = likeness(rubric, lead)
    best = max(alike.values(), default=0.0)
    if number is None and best < CLEARLY_ALIKE:
        return None
    puts = asks if number or "?" in lead else restates
    end = groups.get("end")
    if end == " " and (not apart or level) and best < ALIKE:
        return None  # `2 слоя`, `## 2 Обучение`: a number without a mark is an answer's only in a paragraph
    marked = end is not None and (apart or end.strip() != ",")
    if labelled and not (marked or level or groups["emphasis"] or _SIGN.search(match[0])) and best < ALIKE:
        return None  # `Вопрос 2 похож на первый`: a sentence, not a label
    return Heading(
        start=start,
        text=begins,
        number=number and number.lstrip("0"),
        kind="words" if number is None else "label" if labelled else "bare",
        level=level,
        task=bool(labelled) and any(task in groups["label"].lower() for task in _TASKS),
        alike=alike,
        asks=best >= ALIKE and any(puts(q, lead) for q in rubric.questions if alike[q.id] == best),
        indent=len(groups.get("indent") or ""),
        style=f"{groups.get('emphasis') or ''}{(end or '').strip()}",
        apart=apart,
        continues=bool(number) and _continues(before, int(number or 0), (end or "").strip()),
    )


def _continues(before: str, number: int, style: str) -> bool:
    """Whether a line has an item in it, not at its beginning, that `number` follows."""
    return before.find(f" {number - 1}{style} ") > 0 and style in {".", ")"}


def _ordinal(word: str | None) -> str | None:
    """The number that a word such as `второй` says."""
    named = (number for stem, number in ORDINALS.items() if word and word.lower().startswith(stem))
    return next(map(str, named), None)


def _lead(text: str, start: int) -> str:
    """The rest of the line, or the paragraph after it where the line holds no words."""
    line, _, rest = text[start : start + 1200].partition("\n")
    if re.search(r"\w{2}", line):
        return line
    following = re.split(r"\n[ \t\r\u00a0]*\n", rest.lstrip(), maxsplit=1)[0]
    return "" if _LABELLED.match(following) or _NUMBERED.match(following) else following
