r"""Where formulas stand in a text: between `$`, `\(`, `\[`, backquotes, and in plain lines.

A plain formula begins at a variable, a number or a sign and needs an operator; words of prose end it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graders.theory.formulas.atoms import BEGINS
from graders.theory.formulas.parser import Parser, read_equation
from graders.theory.formulas.tokens import Token, tokens
from graders.theory.formulas.trees import Equation

MOST = 60
"""Stretches of one answer that are read."""

_ANCHOR = re.compile(r"[=^_*/+∂∏∑ΣΠ√·⊙×∇⌊∩]|\\[a-zA-Z]|\w\s?[-−]\s?\w")
_MARKED = re.compile(
    r"\$\$(?P<display>[^$]{1,2000})\$\$|\$(?P<inline>[^$\n]{1,1000})\$"
    r"|\\\[(?P<square>(?:(?!\\\]).){1,2000})\\\]|\\\((?P<round>(?:(?!\\\)).){1,1000})\\\)"
    r"|`(?P<code>[^`\n]{1,400})`",
    re.DOTALL,
)
_OPERATORS = frozenset((*"+-*/=^_(){}∂", "sum", "prod", "sqrt", "frac", "dots", "cap", "cup"))
_CONTINUE = frozenset("+-*/=^_'!") | BEGINS
_JOINS = frozenset("+*/=^_∂")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A formula that was found, read or not."""

    readings: tuple[Equation, ...]
    """Ways to read it, the likelier first; empty where it cannot be read."""
    start: int
    end: int


def stretches(text: str) -> list[Stretch]:
    """The formulas in `text`, in order."""
    if not _ANCHOR.search(text):
        return []
    found: list[Stretch] = []
    rest = 0
    for match in _MARKED.finditer(text):
        found += _plain(text, rest, match.start())
        group = match.lastgroup or ""
        found += _marked(text, match.start(group), match.end(group), latex=group != "code")
        rest = match.end()
        if len(found) >= MOST:
            break
    else:
        found += _plain(text, rest, len(text))
    return found[:MOST]


def _marked(text: str, start: int, end: int, *, latex: bool) -> Iterator[Stretch]:
    if not _ANCHOR.search(text, start, end):
        return
    latex = latex or "\\" in text[start:end]
    yield from _read(tokens(text, start, end, latex=latex), unread=True, whole=True)


def _plain(text: str, start: int, end: int) -> Iterator[Stretch]:
    """Formulas in lines without marks."""
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if _ANCHOR.search(text, at, stop):
            run: list[Token] = []
            parts = tokens(text, at, stop, latex=False)
            for place, token in enumerate(parts):
                if _prose(parts, place):
                    yield from _run(run)
                    run = []
                else:
                    run.append(token)
            yield from _run(run)
        at = stop + 1


def _run(run: Sequence[Token]) -> Iterator[Stretch]:
    if len(run) > 2 and any(token.kind in _OPERATORS for token in run):
        yield from _read(run, unread=any(token.kind == "=" for token in run))


def _prose(parts: Sequence[Token], place: int) -> bool:
    """Whether a token belongs to the words around a formula: a word that no sign joins to anything."""
    token = parts[place]
    if token.kind == "prose":
        return True
    if token.kind not in ("name", "pair") or token.end - token.start < 2 or not token.plain:
        return False
    before = parts[place - 1].kind if place else ""
    after = parts[place + 1].kind if place + 1 < len(parts) else ""
    if token.kind == "pair":
        return before not in _OPERATORS and after not in _OPERATORS
    return token.text.isalpha() and before not in _JOINS | {"-", "("} and after not in _JOINS | {"-", ")"}


def _goes_on(parser: Parser, *, whole: bool) -> bool:
    """Whether the formula that was read has an unreadable rest, so that it is not what was meant."""
    return parser.at < len(parser.tokens) - (not whole) and parser.kind() in _CONTINUE


def _read(parts: Sequence[Token], *, unread: bool, whole: bool = False) -> Iterator[Stretch]:
    """Formulas in a run of tokens.

    Args:
        parts: The tokens.
        unread: Whether tokens that make no formula are told of too.
        whole: Whether a sign at the end belongs to the formula rather than to the prose behind it.
    """
    parser, other = Parser(parts), Parser(parts, tight=True)
    failed: Token | None = None
    while parser.at < len(parser.tokens):
        token = parser.tokens[parser.at]
        parser.ambiguous = False
        mark = parser.at
        equation = read_equation(parser)
        broken = equation is not None and _goes_on(parser, whole=whole)
        if equation is None or broken:
            parser.at += not broken
            failed = failed or (token if token.kind not in ("sep", "rel", "space", ")", "}", "|") else None)
            continue
        readings = [equation]
        if parser.ambiguous and len(other.tokens) == len(parser.tokens):
            other.at = mark
            second = read_equation(other)
            if second is not None:
                readings.append(second)
                parser.at = max(parser.at, other.at)
        yield Stretch(tuple(readings), equation.start, readings[-1].end)
    if failed is not None and unread:
        yield Stretch((), failed.start, parts[-1].end)
