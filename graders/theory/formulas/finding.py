"""Which of the wanted formulas an answer gives, and where."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from graders.model import Formula, Span
from graders.theory.formulas.compare import same
from graders.theory.formulas.parser import Parser, read_equation
from graders.theory.formulas.parts import named_only, variables
from graders.theory.formulas.signs import GREEK
from graders.theory.formulas.stretches import Stretch, stretches
from graders.theory.formulas.tokens import tokens
from graders.theory.formulas.trees import Equation, Sym, UnreadableError
from graders.theory.formulas.values import Range
from graders.theory.formulas.wanted import Wanted, prepare

LONGEST = 12_000
"""Characters of an answer that are read."""
COMPARED = 24
"""Formulas of an answer that are compared with each wanted one."""

_NAME = re.compile(r"[^\W\d_]+")

Status = Literal["same", "different", "unread", "absent"]


@dataclass(frozen=True, slots=True)
class FormulaFinding:
    """What an answer has of one wanted formula."""

    formula: Formula
    status: Status
    """`unread`: something that may be it could not be read, so a person must look."""
    spans: tuple[Span, ...] = ()
    """The formulas that are the same, or those that were unread, or those that differ."""


def find_formulas(
    wanted: Sequence[Formula], text: str, without: Iterable[tuple[int, int]] = ()
) -> tuple[FormulaFinding, ...]:
    """For each wanted formula whether `text` gives it.

    Args:
        wanted: Formulas of a rubric; one that cannot be read is `unread`.
        text: The student's Markdown.
        without: Stretches of it that do not count, such as those struck out.
    """
    if not wanted:
        return ()
    for start, end in without:
        text = text[:start] + " " * (min(end, len(text)) - start) + text[end:]
    found = stretches(text[:LONGEST])
    return tuple(_find(formula, found, text) for formula in wanted)


def readable(formula: Formula) -> bool:
    """Whether a formula of a rubric can be compared at all; a rubric is refused where it cannot."""
    return _prepared(formula.latex, tuple(sorted(formula.variables.items()))) is not None


def _find(formula: Formula, found: Sequence[Stretch], text: str) -> FormulaFinding:
    goal = _prepared(formula.latex, tuple(sorted(formula.variables.items())))
    if not found:
        return FormulaFinding(formula, "absent")
    if goal is None:
        return FormulaFinding(formula, "unread", tuple(map(_span, found)))
    equal: list[Stretch] = []
    unread: list[Stretch] = []
    differ: list[Stretch] = []
    for stretch in found:
        readings = [reading for reading in stretch.readings if not _bare(reading)]
        if stretch.readings and not readings:
            continue
        if len(equal) + len(differ) + len(unread) >= COMPARED:
            unread.append(stretch)
            break
        try:
            if not readings:
                unread.append(stretch)
            elif any(same(goal, reading) for reading in readings):
                equal.append(stretch)
            else:
                differ.append(stretch)
        except UnreadableError:
            unread.append(stretch)
    ours = {name.casefold() for name in variables(goal.equation, named=True)}
    unread = [stretch for stretch in unread if _touches(ours, text[stretch.start : stretch.end])]
    differ = [stretch for stretch in differ if _touches(ours, text[stretch.start : stretch.end])]
    status: Status = "same" if equal else "unread" if unread else "different" if differ else "absent"
    return FormulaFinding(formula, status, tuple(map(_span, equal or unread or differ)))


def _touches(ours: set[str], shown: str) -> bool:
    """Whether a stretch may be about the variables `ours`; `end-systems` and `p = 0.5` mostly are not."""
    names = {GREEK.get(name, name).casefold() for name in _NAME.findall(shown)}
    return "\\" in shown or not names.isdisjoint({*ours, *(name[-1] for name in ours)})


def _bare(equation: Equation) -> bool:
    """Whether it is a mere name, which says nothing: `c_t`."""
    return all(named_only(side) for side in equation.sides) and len(equation.sides) < 2


def _span(stretch: Stretch) -> Span:
    return Span(start=stretch.start, end=stretch.end)


@lru_cache(maxsize=512)
def _prepared(latex: str, variables: tuple[tuple[str, Range], ...]) -> Wanted | None:
    ranges = {}
    for name, among in variables:
        symbol = _equation(name)
        side = symbol.sides[0] if symbol else None
        ranges[side.base if isinstance(side, Sym) else name] = among
    equation = _equation(latex)
    try:
        return prepare(equation, ranges) if equation else None
    except UnreadableError:
        return None


def _equation(latex: str) -> Equation | None:
    """The formula that all of `latex` is, or None."""
    parser = Parser(tokens(latex, 0, len(latex), latex=True))
    if not parser.tokens:
        return None
    equation = read_equation(parser)
    return equation if equation and parser.at == len(parser.tokens) else None
