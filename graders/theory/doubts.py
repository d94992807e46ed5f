"""Questions that may have been answered in a way that is not understood.

They get no settled zero: a person is asked to look. Covered: numbers that stand together before one text,
numbers of sections (`2.1`), beginnings of answers in hidden stretches, a list of questions above one text.
"""

import re
from collections.abc import Sequence

from graders.model import Rubric
from graders.theory.headings import headings
from graders.theory.marks import ASKED, BLANK, TO
from graders.theory.matching import Match

SHORTEST_LIST = 3
"""So many questions in lines that follow one another, all without an answer, are a list of them."""

_NUMBERS = rf"\d{{1,2}}(?:{BLANK}*(?:,|и|and|&|[-–—]){BLANK}*\d{{1,2}})+"
_TOGETHER = re.compile(
    rf"^[^\w\n]{{0,12}}(?:{TO}?{ASKED}|ответ\w?|answers?){BLANK}+(?P<numbers>{_NUMBERS})",
    re.IGNORECASE | re.MULTILINE,
)
_SECTION = re.compile(r"^[^\w\n]{0,12}(?P<number>\d{1,2})\.\d{1,2}(?=[.)\s])", re.MULTILINE)


def doubtful_numbers(rubric: Rubric, text: str) -> set[str | None]:
    """Numbers of questions that some line of a student's file names, in whatever form or place."""
    found = {number for match in _TOGETHER.finditer(text) for number in re.findall(r"\d+", match["numbers"])}
    found |= {match["number"] for match in _SECTION.finditer(text)}
    # `# 2. step` in code is a comment
    named = (one for one in headings(rubric, text, everywhere=True) if one.kind == "label" or one.level > 1)
    return {number.lstrip("0") for number in found} | {one.number for one in named}


def listed_questions(told: Sequence[tuple[Match, bool]]) -> set[str | None]:
    """Questions of a list of questions with one text below it, which may answer all of them.

    Args:
        told: in the order of the text, the beginnings of answers, each with whether an answer follows.
    """
    listed: set[str | None] = set()
    run: list[str] = []
    for match, has_text in told:
        if not match.heading.asks or match.heading.apart:
            run = []
        run.append(match.question.id if match.question else "")
        if has_text:
            listed |= set(run) if len(run) >= SHORTEST_LIST else set()
            run = []
    return listed
