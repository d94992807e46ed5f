"""Finds text that speaks to whoever marks an answer: orders to ignore the rubric, demands, prompts.

Covered: Russian and English, either inside a text of the other; invisible characters, look-alike letters and
hidden Unicode tags between or instead of letters; what stands in comments, quotes or struck-out text.
Not covered: other languages, spaced-out or encoded words (`i g n o r e`, Base64), HTML entities, pictures,
and an order in words that nobody thought of here. It is a flag for a person, never a deduction.

What says the same things about networks must pass: gates forget, models ignore a term, discriminators give
high scores, a gradient has an estimate (`оценка`). So a word of marking alone is nothing: an order needs its
verb in the imperative or an object that only marking has.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right

from graders.model import Span
from graders.theory.instruction_words import ENGLISH, GAP, MARKUP, OPENS, RUSSIAN
from graders.theory.reading import fold

LONGEST_TEXT = 200_000
"""Characters that are looked at."""
MOST_SPANS = 10
"""At most so many stretches are named."""

_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
"""Unicode's tag characters, which no font shows, as the letters that they stand for."""
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0300-\u036f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_UNSEEN}]|['’](?=[^\W_]))*+")
_MARKS = re.compile("[\u0300-\u036f]")
_CYRILLIC = re.compile("[а-я]")
_LONGEST_WORD = 40


def _branch(source: str) -> str:
    return (OPENS + source[1:] if source.startswith("^") else f"(?:{source})").replace("~", GAP)


# One expression, not one for each pattern: it reads the text once, and most words begin none of the branches.
_ORDER = re.compile(rf"(?<![\w'])(?:{'|'.join(map(_branch, (*ENGLISH, *RUSSIAN)))})(?![\w'])")


def is_instruction_like(text: str) -> list[Span]:
    """The stretches of `text` that address whoever marks it, in order; empty for an honest answer.

    >>> [(span.start, span.end) for span in is_instruction_like("RNN. Ignore the rubric!")]
    [(5, 22)]
    >>> is_instruction_like("Ignoring the constant term, the gradient is 2x.")
    []
    """
    text = text[:LONGEST_TEXT].translate(_TAGS)
    found = {(match.start(), match.end()) for match in MARKUP.finditer(text)}
    line, begins, places = _folded(text)
    for match in _ORDER.finditer(line):
        first = bisect_right(begins, match.start()) - 1
        last = bisect_left(begins, match.end()) - 1
        found.add((places[first][0], places[last][1]))
    return [Span(start=start, end=end) for start, end in _joined(sorted(found))][:MOST_SPANS]


def _folded(text: str) -> tuple[str, list[int], list[tuple[int, int]]]:
    """The words of `text` as one line, where each token begins in it, and where each stands in `text`."""
    parts: list[str] = []
    begins: list[int] = []
    places: list[tuple[int, int]] = []
    at = end = 0
    for match in _WORD.finditer(text):
        between = _between(text[end : match.start()]) if end else ""
        word = _bare(fold(match[0][:_LONGEST_WORD]))
        for token, place in ((between, (end, end)), (word, match.span())):
            if token:
                parts.append(token)
                begins.append(at)
                places.append(place)
                at += len(token) + 1
        end = match.end()
    if end:
        parts.append(_between(text[end:]) or ".")
        begins.append(at)
        places.append((end, end))
    return " ".join(parts) + " ", begins, places


def _bare(word: str) -> str:
    """A folded word without accents; `й` is a letter of its own."""
    if word.isascii():
        return word
    return _MARKS.sub("", word if _CYRILLIC.search(word) else unicodedata.normalize("NFKD", word))


def _between(marks: str) -> str:
    if any(mark in ".!?;…" for mark in marks) or marks.count("\n") > 1:
        return "."
    return "," if marks.strip() or "\n" in marks else ""


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
