"""What a student took back: stretches of Markdown that are struck out or commented out.

Covered: `~~…~~` within a paragraph (nested, over several lines), `<del>`, `<strike>` and `<s>` (nested, with
attributes, over paragraphs), HTML comments, and letters struck one by one with combining strokes. None of it
within code. Not covered: a mark that is never closed hides nothing, `~…~` stands for "about", and
`<s> a </s>` with spaces inside is a pair of tokens of a language model, as courses on text write them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from graders.theory.folding import in_order

_BLOCK = re.compile(r"\n[ \t\r]*(?=\n|[-*+•][ \t]|\d{1,2}[.)][ \t]|\#|\|)")
_TAG = r"(del|strike|s)"
_MARK = re.compile(
    rf"(?P<escape>\\[\\`~<])|(?P<code>`+)|(?P<tildes>~~+)|(?P<comment><!--)"
    rf"|<{_TAG}(?:\s[^<>]{{0,200}})?>|</{_TAG}\s{{0,9}}>",
    re.IGNORECASE,
)
_STROKES = re.compile(r"(?:[^\W_][\u0300-\u0334\u0339-\u036f]{0,3}[\u0335-\u0338])+")


def hidden(text: str) -> list[tuple[int, int]]:
    """Offsets of what `text` takes back, ascending and apart.

    >>> hidden("веса ~~разные~~ общие")
    [(5, 15)]
    """
    return in_order([*_marked(text), *(match.span() for match in _STROKES.finditer(text))])


def _marked(text: str) -> Iterator[tuple[int, int]]:
    blocks = [match.start() for match in _BLOCK.finditer(text)]
    code = _runs_of_backticks(text)
    struck: list[int] = []
    tags: dict[str, list[int]] = {}
    block = at = 0
    while match := _MARK.search(text, at):
        start, at = match.span()
        while block < len(blocks) and blocks[block] < start:
            block += 1
            struck.clear()
        if match["code"]:
            at = _end_of_code(match, code, blocks)
        elif match["comment"]:
            end = text.find("-->", at)
            if end < 0:
                # Without this, every further opening mark would search the rest again.
                text = text.replace("<!--", "    ")
                continue
            at = end + len("-->")
            yield start, at
        elif match["tildes"]:
            if at - start == 2:
                yield from _tildes(text, start, at, struck)
        elif opened := match[5]:
            if opened.lower() != "s" or _touches(text, at):
                tags.setdefault(opened.lower(), []).append(start)
        elif (closed := (match[6] or "").lower()) in tags and (closed != "s" or _touches(text, start - 1)):
            yield tags[closed].pop(), at
            if not tags[closed]:
                del tags[closed]


def _tildes(text: str, start: int, end: int, struck: list[int]) -> Iterator[tuple[int, int]]:
    if struck and _touches(text, start - 1):
        yield struck.pop(), end
    elif _touches(text, end):
        struck.append(start)


def _touches(text: str, at: int) -> bool:
    return 0 <= at < len(text) and not text[at].isspace()


def _runs_of_backticks(text: str) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = {}
    for match in re.finditer("`+", text):
        runs.setdefault(len(match[0]), []).append(match.start())
    return runs


def _end_of_code(opening: re.Match[str], runs: dict[int, list[int]], blocks: list[int]) -> int:
    """Where the code ends that `opening` begins; where `opening` itself ends, if nothing closes it."""
    same = runs.get(len(opening[0]), [])
    after = bisect_left(same, opening.end())
    if after == len(same):
        return opening.end()
    next_block = bisect_right(blocks, opening.start())
    fenced = len(opening[0]) >= 3
    if not fenced and next_block < len(blocks) and blocks[next_block] < same[after]:
        return opening.end()
    return same[after] + len(opening[0])
