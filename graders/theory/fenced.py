"""Stretches of Markdown in which no line begins an answer: fenced code, formulas, comments, struck-out text.

A fence, a formula or a mark that is never closed is taken as a slip and hides nothing.
"""

import re
from collections import deque

_FENCE = re.compile(r"[ \t]{0,3}(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\r\n]*)")
# No form reads past the next opening one, so that thousands of unclosed ones cost no time.
_SPAN = re.compile(
    r"\$\$(?:(?!\$\$).)*+\$\$|\\\[(?:(?!\\[\[\]]).)*+\\\]|<!--(?:(?!<!--|-->).)*+-->"
    r"|(?<!~)~~(?=[^\s~])(?:(?!~~|\n[ \t\r]*\n).)*+~~(?!~)",
    re.DOTALL,
)
_PROSE = frozenset({"markdown", "md"})
"""What a fence says whose text is to be read; its end opens a fence that is never closed."""
_LONGEST_SPAN = 2000
"""Characters; a longer stretch between two `$$` is not one formula but two slips."""


def hidden_spans(text: str) -> deque[tuple[int, int]]:
    """Offsets of what is hidden, ascending."""
    found = [match.span() for match in _SPAN.finditer(text) if match.end() - match.start() <= _LONGEST_SPAN]
    opened: tuple[int, str] | None = None
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        fence = _FENCE.match(line)
        if not fence or fence["info"].strip().lower() in _PROSE:
            continue
        if opened is None or fence["info"].strip():  # only an opening fence names a language
            opened = (start, fence["ticks"])
        elif fence["ticks"].startswith(opened[1]):
            found.append((opened[0], at))
            opened = None
    return deque(sorted(found))
